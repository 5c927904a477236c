import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type FixError,
  FixJournalError,
  FixMessage,
  type FixSession,
  type Journal,
  type JournalBatch,
  type JournalMessage,
  type JournalState,
  MemoryJournal
} from '../../lib/index.js'
import { compareJournals } from '../../lib/journal/compare.js'
import type { Direction } from '../../lib/journal/journal.js'
import { TwoSessions } from '../support/two-sessions.js'

/*
 * Journals that answer late, and at times fail: whatever else happens, what was on the wire had been saved, no number has a
 * hole behind it, and once the journals are mended both sides have everything, once, or marked as a possible duplicate.
 */

type Side = 'broker' | 'buySide'

type Step =
  | { readonly kind: 'send'; readonly side: Side; readonly count: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'fail'; readonly side: Side; readonly what: 'commit' | 'read' | 'load' }
  /** A commit fails while the next one gathers. */
  | { readonly kind: 'failBusy'; readonly side: Side; readonly turns: number }
  | { readonly kind: 'connect' }
  | { readonly kind: 'logout'; readonly side: Side }
  | { readonly kind: 'stop'; readonly side: Side }
  | { readonly kind: 'turns'; readonly count: number }
  | { readonly kind: 'pass'; readonly milliseconds: number }

const side = fc.constantFrom<Side>('broker', 'buySide')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('send' as const), side, count: fc.integer({ min: 1, max: 8 }) })
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'cut' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      side,
      what: fc.constantFrom('commit' as const, 'commit' as const, 'read' as const, 'load' as const)
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('failBusy' as const), side, turns: fc.integer({ min: 1, max: 10 }) })
  },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'connect' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('logout' as const), side }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), side }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.integer({ min: 1, max: 20_000 }) })
  }
)

/** Turns that each answer of a journal takes, over and over; 0: at once. */
const delays = fc.oneof(
  fc.constant([0]),
  fc.integer({ min: 1, max: 20 }).map((turns) => [turns]),
  fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 12 })
)

const conditions = fc.record({
  broker: delays,
  buySide: delays,
  latency: fc.constantFrom(0, 0, 5),
  answers: fc.boolean()
})

interface Weather {
  readonly broker: readonly number[]
  readonly buySide: readonly number[]
  readonly latency: number
  readonly answers: boolean
}

it('loses nothing and doubles nothing, however late journals answer and whenever they fail', async () => {
  await fc.assert(
    fc.asyncProperty(
      conditions,
      fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
      async (weather, steps) => {
        const world = new World(weather)
        await world.take({ kind: 'connect' })
        for (const one of steps) await world.take(one)
        await world.heal()
        world.judge()
      }
    ),
    {
      numRuns: Number(process.env.GAPFILL_RUNS ?? 200),
      seed: Number(process.env.GAPFILL_SEED ?? 20260102),
      endOnFailure: false
    }
  )
}, 120_000)

/** Answers after some turns of the clock, and fails when it is told to. */
class SlowJournal implements Journal {
  readonly inner = new MemoryJournal()
  failing: 'commit' | 'read' | 'load' | undefined
  private readonly two: TwoSessions
  private readonly delays: readonly number[]
  private asked = 0

  constructor(two: TwoSessions, delays: readonly number[]) {
    this.two = two
    this.delays = delays
  }

  load(sessionId: string, now: number): JournalState | Promise<JournalState> {
    return this.later('load', () => this.inner.load(sessionId, now))
  }

  commit(batches: readonly JournalBatch[]): void | Promise<void> {
    return this.later('commit', () => this.inner.commit(batches))
  }

  read(sessionId: string, direction: Direction, from: number, to: number, limit: number) {
    return this.later<readonly JournalMessage[]>('read', () => this.inner.read(sessionId, direction, from, to, limit))
  }

  close(): void {}

  private later<T>(what: 'commit' | 'read' | 'load', work: () => T): T | Promise<T> {
    const failing = this.failing === what
    if (failing) this.failing = undefined
    const answer = (): T => {
      if (failing) throw new FixJournalError('JOURNAL_WRITE', `told to fail at ${what}`)
      return work()
    }
    const turns = this.delays[this.asked++ % this.delays.length] ?? 0
    if (turns === 0) return answer()
    return new Promise((resolve, reject) => {
      const wait = (left: number): void => {
        if (left > 0) {
          this.two.clock.endOfTurn(() => wait(left - 1))
          return
        }
        try {
          resolve(answer())
        } catch (error) {
          reject(error)
        }
      }
      wait(turns)
    })
  }
}

interface Delivery {
  readonly msgSeqNum: number
  readonly possDup: boolean
  readonly text: string
}

class World {
  private readonly two = new TwoSessions()
  private readonly journals: Record<Side, SlowJournal>
  private readonly sessions: Record<Side, FixSession>
  private readonly delivered: Record<Side, Delivery[]> = { broker: [], buySide: [] }
  private readonly errors: Error[] = []
  private count = 0

  constructor({ broker, buySide, latency, answers }: Weather) {
    const { two } = this
    two.network.latency = latency
    this.journals = { broker: new SlowJournal(two, broker), buySide: new SlowJournal(two, buySide) }
    this.sessions = {
      broker: two.acceptor({}, { journal: this.journals.broker }),
      buySide: two.initiator({ heartBtInt: 10 }, { journal: this.journals.buySide })
    }
    for (const [name, session] of Object.entries(this.sessions) as [Side, FixSession][]) {
      session.on('message', (message) => {
        const text = message.get(58) ?? ''
        this.delivered[name].push({ msgSeqNum: message.msgSeqNum ?? 0, possDup: message.get(43) === 'Y', text })
        if (answers && name === 'broker' && session.state !== 'InitiateLogout') {
          session.send(new FixMessage('8', { 58: `answer to ${text}` }))
        }
      })
      session.on('error', (error) => this.errors.push(error))
      void session.connect()
    }
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'send':
        for (let n = 0; n < step.count; n++) this.send(step.side)
        return
      case 'cut':
        this.two.network.cut()
        return
      case 'fail':
        this.journals[step.side].failing = step.what
        return
      case 'failBusy':
        this.journals[step.side].failing = 'commit'
        for (let burst = 0; burst < 3; burst++) {
          for (const from of ['broker', 'buySide'] as const) this.send(from)
          await this.take({ kind: 'turns', count: step.turns })
        }
        return
      case 'connect':
        for (const session of Object.values(this.sessions)) void session.connect()
        await this.two.pass(1)
        return
      case 'logout':
        void this.sessions[step.side].logout()
        return
      case 'stop':
        void this.sessions[step.side].stop()
        return
      case 'turns':
        for (let n = 0; n < step.count; n++) {
          this.two.clock.runTurn()
          for (let m = 0; m < 6; m++) await Promise.resolve()
        }
        return
      case 'pass':
        await this.two.pass(step.milliseconds / 1000)
        return
    }
  }

  private send(from: Side): void {
    try {
      this.sessions[from].send(new FixMessage('D', { 58: `${from} ${++this.count}` }))
    } catch (error) {
      expect(error).toMatchObject({ code: 'NOT_LOGGED_ON' })
    }
  }

  /** Journals are mended, and both sides want to be connected. */
  async heal(): Promise<void> {
    for (const journal of Object.values(this.journals)) journal.failing = undefined
    await this.two.pass(30)
    for (let round = 0; round < 3; round++) {
      for (const session of Object.values(this.sessions)) void session.connect()
      await this.two.pass(120)
    }
    // A Heartbeat may be under way, or be saved just now.
    for (let n = 0; n < 100 && !this.atRest; n++) await this.two.pass(0.02)
  }

  private get atRest(): boolean {
    const { broker, buySide } = this.sessions
    return broker.nextNumIn === buySide.nextNumOut && buySide.nextNumIn === broker.nextNumOut
  }

  judge(): void {
    const { broker, buySide } = this.sessions
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
    const codes = this.errors.map((error) => (error as FixError).code)
    expect(codes.filter((code) => code !== 'JOURNAL_WRITE' && code !== 'JOURNAL_FAILED')).toEqual([])
    expect([broker.nextNumIn, buySide.nextNumIn]).toEqual([buySide.nextNumOut, broker.nextNumOut])
    const comparison = compareJournals(this.journals.broker.inner, this.journals.buySide.inner, broker.id, buySide.id)
    expect(comparison.differences).toEqual([])
    this.sawEverything('broker', 'buySide')
    this.sawEverything('buySide', 'broker')
  }

  private sawEverything(sender: Side, receiver: Side): void {
    const sent = [...this.journals[sender].inner.messages(this.sessions[sender].id, 'out')]
      .map(({ msgSeqNum, bytes }) => ({ msgSeqNum, wire: Buffer.from(bytes).toString('latin1') }))
      .filter(({ wire }) => wire.includes('\u000135=D\u0001') || wire.includes('\u000135=8\u0001'))
      .map(({ msgSeqNum, wire }) => [msgSeqNum, wire.split('\u000158=')[1]?.split('\u0001')[0]])
    const once = new Map<number, string>()
    for (const { msgSeqNum, possDup, text } of this.delivered[receiver]) {
      if (once.has(msgSeqNum)) expect([msgSeqNum, possDup, text]).toEqual([msgSeqNum, true, once.get(msgSeqNum)])
      once.set(msgSeqNum, text)
    }
    expect([...once]).toEqual(sent)
  }
}
