import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Timer } from '../../lib/clock.js'
import { HeartbeatMonitor } from '../../lib/heartbeat/heartbeat-monitor.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'

class CountingClock extends VirtualClock {
  timersSet = 0

  override setTimer(callback: () => void, delay: number): Timer {
    this.timersSet += 1
    return super.setTimer(callback, delay)
  }
}

/** A monitor whose calls are noted with their time. */
function monitored() {
  const clock = new CountingClock()
  const monitor = new HeartbeatMonitor({ clock })
  const calls: number[] = []
  monitor.start(() => calls.push(clock.monotonic()))
  return { clock, monitor, calls }
}

describe('HeartbeatMonitor', () => {
  it('calls once when the deadline has come', () => {
    const { clock, monitor, calls } = monitored()
    monitor.arm(30_000)
    clock.advance(29_999)
    expect(calls).toEqual([])
    clock.advance(1)
    expect(calls).toEqual([30_000])
    clock.advance(1_000_000)
    expect(calls).toEqual([30_000])
    expect(clock.pendingTimers).toBe(0)
  })

  it('never wakes before a deadline between two milliseconds', () => {
    const { clock, monitor, calls } = monitored()
    monitor.arm(10.25)
    clock.advance(10)
    expect(calls).toEqual([])
    clock.advance(1)
    expect(calls).toEqual([11])
    expect(clock.timersSet).toBe(1)
  })

  it('costs one timer an interval, not one a message', () => {
    const { clock, monitor, calls } = monitored()
    // A message every millisecond for ten minutes, with a heartbeat interval of 30 s.
    for (let millisecond = 0; millisecond < 600_000; millisecond += 1) {
      monitor.arm(clock.monotonic() + 30_000)
      clock.advance(1)
    }
    expect(calls).toEqual([])
    expect(clock.timersSet).toBeLessThanOrEqual(21)
    expect(clock.pendingTimers).toBe(1)
    clock.advance(30_000)
    expect(calls).toEqual([629_999])
  })

  it('sets no timer for the same deadline again', () => {
    const { clock, monitor } = monitored()
    for (let round = 0; round < 10; round += 1) monitor.arm(100.3)
    expect(clock.timersSet).toBe(1)
  })

  it('takes an earlier deadline at once', () => {
    const { clock, monitor, calls } = monitored()
    monitor.arm(30_000)
    monitor.arm(5_000)
    expect(clock.pendingTimers).toBe(1)
    clock.advance(5_000)
    expect(calls).toEqual([5_000])
  })

  it('calls for a deadline that has passed already, but not from inside arm', () => {
    const { clock, monitor, calls } = monitored()
    clock.advance(100)
    monitor.arm(50)
    expect(calls).toEqual([])
    clock.advance(0)
    expect(calls).toEqual([100])
  })

  it('goes on with the deadline that is set by the callback', () => {
    const clock = new VirtualClock()
    const monitor = new HeartbeatMonitor({ clock })
    const calls: number[] = []
    monitor.start(() => {
      calls.push(clock.monotonic())
      monitor.arm(clock.monotonic() + 10)
    })
    monitor.arm(10)
    clock.advance(35)
    expect(calls).toEqual([10, 20, 30])
  })

  it('is silent and holds no timer after stop or without a deadline', () => {
    const { clock, monitor, calls } = monitored()
    monitor.arm(10)
    monitor.stop()
    expect(clock.pendingTimers).toBe(0)
    monitor.arm(20)
    monitor.arm(undefined)
    expect(clock.pendingTimers).toBe(0)
    clock.advance(100)
    expect(calls).toEqual([])
    monitor.arm(110)
    clock.advance(10)
    expect(calls).toEqual([110])
  })

  it('is silent when it is stopped between the timer and the verdict', () => {
    const { clock, monitor, calls } = monitored()
    clock.setTimer(() => clock.endOfTurn(() => monitor.stop()), 10)
    monitor.arm(10)
    clock.advance(100)
    expect(calls).toEqual([])
    expect(clock.pendingTimers).toBe(0)
  })

  it('hears the counterparty first when the process was held up', () => {
    const { clock, monitor, calls } = monitored()
    monitor.arm(36_000)
    // The counterparty was never silent: its bytes came at 20 s, and are read within two turns of waking at 50 s.
    const read = () => monitor.arm(clock.monotonic() + 36_000)
    clock.setTimer(() => clock.endOfTurn(() => clock.endOfTurn(read)), 20_000)
    clock.holdUp(50_000)
    clock.advance(0)
    expect(calls).toEqual([])
    clock.advance(35_999)
    expect(calls).toEqual([])
    clock.advance(1)
    expect(calls).toEqual([86_000])
  })

  it('still disconnects a counterparty that was silent while the process was held up', () => {
    const { clock, monitor, calls } = monitored()
    monitor.arm(36_000)
    clock.holdUp(50_000)
    clock.advance(0)
    expect(calls).toEqual([50_000])
  })

  it('does not mind the wall clock', () => {
    const { clock, monitor, calls } = monitored()
    monitor.arm(1_000)
    clock.stepWall(86_400_000)
    clock.advance(999)
    expect(calls).toEqual([])
    clock.advance(1)
    expect(calls).toEqual([1_000])
  })

  it('keeps deadlines that Node timers cannot hold', () => {
    const { clock, monitor, calls } = monitored()
    const days = 86_400_000
    monitor.arm(60 * days)
    clock.advance(60 * days - 1)
    expect(calls).toEqual([])
    clock.advance(1)
    expect(calls).toEqual([60 * days])
    monitor.arm(Number.POSITIVE_INFINITY)
    clock.advance(60 * days)
    expect(calls).toHaveLength(1)
  })

  it('replaces the callback', () => {
    const { clock, monitor, calls } = monitored()
    const others: number[] = []
    monitor.arm(10)
    monitor.start(() => others.push(clock.monotonic()))
    clock.advance(10)
    expect(calls).toEqual([])
    expect(others).toEqual([10])
  })

  it('holds one timer a session for 10,000 sessions', () => {
    const clock = new CountingClock()
    let calls = 0
    const monitors = Array.from({ length: 10_000 }, () => new HeartbeatMonitor({ clock }))
    for (const monitor of monitors) {
      monitor.start(() => {
        calls += 1
      })
    }
    for (let message = 0; message < 100; message += 1) for (const monitor of monitors) monitor.arm(30_000 + message)
    expect(clock.timersSet).toBe(10_000)
    clock.advance(30_098)
    expect(calls).toBe(0)
    clock.advance(1)
    expect(calls).toBe(10_000)
  })

  it("runs on Node's clock by default", async () => {
    const monitor = new HeartbeatMonitor()
    const called = new Promise<void>((resolve) => monitor.start(resolve))
    const deadline = performance.now() + 2
    monitor.arm(deadline)
    await called
    expect(performance.now()).toBeGreaterThanOrEqual(deadline)
  })

  it('law: it calls exactly when the deadline that stands at that time has come, with one timer at most', () => {
    const deadline = fc.option(fc.nat(300), { nil: undefined })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60), deadline), { maxLength: 40 }), (steps) => {
        const { clock, monitor, calls } = monitored()
        const expected: number[] = []
        let standing: number | undefined
        for (const [wait, next] of steps) {
          const now = clock.monotonic()
          if (standing !== undefined && standing <= now + wait) {
            expected.push(Math.max(standing, now))
            standing = undefined
          }
          clock.advance(wait)
          standing = next
          monitor.arm(next)
          expect(clock.pendingTimers).toBeLessThanOrEqual(1)
        }
        expect(calls).toEqual(expected)
      })
    )
  })
})
