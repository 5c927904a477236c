import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'

describe('VirtualClock', () => {
  it('starts where it is told and moves only when told', () => {
    const clock = new VirtualClock('2024-03-01T09:30:00.250Z')
    expect(new Date(clock.now()).toISOString()).toBe('2024-03-01T09:30:00.250Z')
    expect(clock.monotonic()).toBe(0)
    clock.advance(1_500)
    expect(new Date(clock.now()).toISOString()).toBe('2024-03-01T09:30:01.750Z')
    expect(clock.monotonic()).toBe(1_500)
    expect(new VirtualClock(86_400_000).now()).toBe(86_400_000)
    expect(new VirtualClock(new Date(5)).now()).toBe(5)
  })

  it('runs timers at their time, by time and then by age', () => {
    const clock = new VirtualClock(0)
    const ran: string[] = []
    const at = (name: string) => () => ran.push(`${name}@${clock.monotonic()}/${clock.now()}`)
    clock.setTimer(at('late'), 30)
    clock.setTimer(at('first'), 10)
    clock.setTimer(at('second'), 10)
    clock.advance(10)
    expect(ran).toEqual(['first@10/10', 'second@10/10'])
    clock.advance(19)
    expect(ran).toHaveLength(2)
    clock.advance(1)
    expect(ran[2]).toBe('late@30/30')
    expect(clock.pendingTimers).toBe(0)
  })

  it('runs what timers set, within the same advance', () => {
    const clock = new VirtualClock()
    const ran: number[] = []
    const again = () => {
      ran.push(clock.monotonic())
      clock.setTimer(again, 10)
    }
    clock.setTimer(again, 10)
    clock.advance(35)
    expect(ran).toEqual([10, 20, 30])
    expect(clock.monotonic()).toBe(35)
    expect(clock.nextTimerAt).toBe(40)
  })

  it('does not run a timer that was cancelled, by another one of the same moment either', () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimer(() => {
      ran.push('canceller')
      victim.cancel()
    }, 5)
    const victim = clock.setTimer(() => ran.push('victim'), 5)
    const early = clock.setTimer(() => ran.push('early'), 1)
    early.cancel()
    early.cancel()
    clock.advance(10)
    expect(ran).toEqual(['canceller'])
  })

  it('finishes the turn before time moves', () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimer(() => {
      ran.push('timer 1')
      clock.endOfTurn(() => {
        ran.push(`end of turn at ${clock.monotonic()}`)
        clock.endOfTurn(() => ran.push(`next turn at ${clock.monotonic()}`))
      })
    }, 1)
    clock.setTimer(() => ran.push('timer 1 too'), 1)
    clock.setTimer(() => ran.push('timer 2'), 2)
    clock.advance(2)
    expect(ran).toEqual(['timer 1', 'timer 1 too', 'end of turn at 1', 'next turn at 1', 'timer 2'])
  })

  it('runs one turn at a time when asked', () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.endOfTurn(() => {
      ran.push('first')
      clock.endOfTurn(() => ran.push('second'))
      clock.setTimer(() => ran.push('timer of 0 ms'), 0)
    })
    expect(clock.runTurn()).toBe(true)
    expect(ran).toEqual(['first'])
    expect(clock.runTurn()).toBe(true)
    expect(ran).toEqual(['first', 'timer of 0 ms', 'second'])
    expect(clock.runTurn()).toBe(false)
  })

  it('keeps a timer set by a timer for a later turn, even one of 0 ms', () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimer(() => {
      clock.setTimer(() => ran.push('timer of 0 ms'), 0)
      clock.endOfTurn(() => ran.push('end of turn'))
    }, 1)
    clock.advance(1)
    expect(ran).toEqual(['end of turn', 'timer of 0 ms'])
  })

  it('settles everything that is to be done now, and nothing later', () => {
    const clock = new VirtualClock()
    let turns = 0
    const again = () => {
      turns += 1
      if (turns < 5) clock.endOfTurn(again)
    }
    clock.endOfTurn(again)
    clock.setTimer(() => {
      turns = 100
    }, 1)
    clock.settle()
    expect(turns).toBe(5)
    expect(clock.monotonic()).toBe(0)
  })

  it('steps the wall clock without the monotonic one or the timers noticing', () => {
    const clock = new VirtualClock(1_000_000)
    const fired: number[] = []
    clock.setTimer(() => fired.push(clock.now()), 100)
    clock.stepWall(-3_600_000)
    expect(clock.now()).toBe(1_000_000 - 3_600_000)
    expect(clock.monotonic()).toBe(0)
    clock.advance(100)
    expect(fired).toEqual([1_000_100 - 3_600_000])
  })

  it('held up, runs late all that became due, and only then the end of the turn', () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimer(() => {
      ran.push(`deadline at ${clock.monotonic()}`)
      clock.endOfTurn(() => ran.push('verdict'))
    }, 10)
    clock.setTimer(() => ran.push('bytes'), 40)
    clock.holdUp(50)
    expect(ran).toEqual([])
    clock.advance(0)
    expect(ran).toEqual(['deadline at 50', 'bytes', 'verdict'])
  })

  it('keeps the callbacks behind one that throws', () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.endOfTurn(() => {
      throw new Error('boom')
    })
    clock.endOfTurn(() => ran.push('still there'))
    expect(() => clock.settle()).toThrow('boom')
    clock.settle()
    expect(ran).toEqual(['still there'])
  })

  it('lets promises run between turns in the asynchronous variants', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    const work = async () => {
      for (let step = 0; step < 50; step += 1) await Promise.resolve()
      ran.push(`continued at ${clock.monotonic()}`)
      clock.endOfTurn(() => ran.push(`turn at ${clock.monotonic()}`))
      clock.setTimer(() => ran.push(`timer at ${clock.monotonic()}`), 5)
    }
    clock.setTimer(() => void work(), 10)
    clock.setTimer(() => ran.push('later'), 11)
    await clock.advanceAsync(20)
    expect(ran).toEqual(['continued at 10', 'turn at 10', 'later', 'timer at 15'])
    expect(clock.monotonic()).toBe(20)
    void work()
    await clock.settleAsync()
    expect(ran.slice(4)).toEqual(['continued at 20', 'turn at 20'])
  })

  it('refuses what would never end, and what a real clock would not do', () => {
    const clock = new VirtualClock(0, { maxTurns: 100 })
    const forever = () => clock.endOfTurn(forever)
    forever()
    expect(() => clock.settle()).toThrow(/without coming to rest/)
    expect(() => clock.setTimer(() => {}, 2_147_483_648)).toThrow(/at most 2147483647 ms/)
    expect(() => clock.setTimer(() => {}, Number.NaN)).toThrow(/NaN/)
    expect(() => clock.advance(-1)).toThrow(/0 or more/)
    expect(() => new VirtualClock('yesterday')).toThrow(/yesterday/)
    const other = new VirtualClock()
    other.setTimer(() => other.advance(1), 1)
    expect(() => other.advance(2)).toThrow(/inside one of its own callbacks/)
  })

  it('law: however time is cut into advances, the same things run at the same times in the same order', () => {
    const plan = fc.array(
      fc.record({
        delay: fc.nat(200),
        turns: fc.nat(3),
        child: fc.option(fc.nat(50), { nil: undefined }),
        cancels: fc.nat(20)
      }),
      { maxLength: 25 }
    )
    const cuts = fc.array(fc.nat(100), { maxLength: 20 })
    fc.assert(
      fc.property(plan, cuts, (timers, steps) => {
        const inOneGo = run(timers, [400])
        const left = Math.max(0, 400 - steps.reduce((sum, step) => sum + step, 0))
        const total = steps.reduce((sum, step) => sum + step, 0) + left
        const inSteps = run(timers, [...steps, left])
        expect(inSteps.slice(0, inOneGo.length)).toEqual(inOneGo)
        expect(total).toBeGreaterThanOrEqual(400)
        const times = inOneGo.map((line) => Number(line.split('@')[1]))
        expect(times).toEqual(times.toSorted((a, b) => a - b))
      })
    )
  })
})

interface Planned {
  readonly delay: number
  readonly turns: number
  readonly child: number | undefined
  readonly cancels: number
}

/** Sets the planned timers, each with end-of-turn callbacks, a timer of its own, and one that it cancels. */
function run(planned: readonly Planned[], advances: readonly number[]): string[] {
  const clock = new VirtualClock()
  const lines: string[] = []
  const note = (text: string) => lines.push(`${text}@${clock.monotonic()}`)
  const timers = planned.map((plan, index) =>
    clock.setTimer(() => {
      note(`timer ${index}`)
      for (let turn = 0; turn < plan.turns; turn += 1) clock.endOfTurn(() => note(`turn ${turn} of ${index}`))
      if (plan.child !== undefined) clock.setTimer(() => note(`child of ${index}`), plan.child)
      timers[plan.cancels]?.cancel()
    }, plan.delay)
  )
  for (const milliseconds of advances) clock.advance(milliseconds)
  return lines
}
