import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type FixError, FixMessage, type SessionConfig } from '../../lib/index.js'
import { compareJournals } from '../../lib/journal/compare.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { MemoryNetwork } from '../../lib/transport/memory-network.js'
import { type Delivered, MortalSession } from '../support/mortal-session.js'

/*
 * Whatever happens to link and processes, and in whatever order: in the end both listeners have seen every message that
 * was saved by its sender, in order, once but for re-deliveries after a crash that are marked as possible duplicates, and the
 * journals are equal.
 */

type Side = 'acceptor' | 'initiator'

type Step =
  | { readonly kind: 'send'; readonly side: Side; readonly count: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'cutAfter'; readonly side: Side; readonly bytes: number }
  | { readonly kind: 'kill'; readonly side: Side }
  | { readonly kind: 'killAtDelivery'; readonly side: Side; readonly deliveries: number }
  | { readonly kind: 'start'; readonly side: Side }
  | { readonly kind: 'testRequest'; readonly side: Side }
  | { readonly kind: 'logout'; readonly side: Side }
  | { readonly kind: 'turns'; readonly count: number }
  | { readonly kind: 'pass'; readonly milliseconds: number }

const side = fc.constantFrom<Side>('acceptor', 'initiator')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('send' as const), side, count: fc.integer({ min: 1, max: 12 }) })
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'cut' }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('cutAfter' as const), side, bytes: fc.integer({ min: 0, max: 2000 }) })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), side }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('killAtDelivery' as const),
      side,
      deliveries: fc.integer({ min: 1, max: 8 })
    })
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('start' as const), side }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('testRequest' as const), side }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('logout' as const), side }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.integer({ min: 1, max: 10 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.integer({ min: 1, max: 40_000 }) })
  }
)

interface Weather {
  readonly latency: number
  readonly chunkSize: number | undefined
  /** The acceptor answers each message, as a broker does. */
  readonly answers: boolean
  readonly maxHeldMessages: number
  readonly resendRequestChunkSize: number
}

const weather: fc.Arbitrary<Weather> = fc.record({
  latency: fc.constantFrom(0, 0, 3, 50),
  chunkSize: fc.constantFrom(undefined, undefined, 1, 7, 100),
  answers: fc.boolean(),
  maxHeldMessages: fc.constantFrom(1, 3, 1000),
  resendRequestChunkSize: fc.constantFrom(0, 0, 1, 4)
})

it('loses nothing and doubles nothing, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(weather, fc.array(step, { minLength: 1, maxLength: 40 }), async (conditions, steps) => {
      const world = new World(conditions)
      for (const one of steps) await world.take(one)
      await world.heal()
      world.judge()
    }),
    {
      numRuns: Number(process.env.GAPFILL_RUNS ?? 300),
      seed: Number(process.env.GAPFILL_SEED ?? 20260101),
      endOnFailure: false
    }
  )
}, 120_000)

class World {
  private readonly clock = new VirtualClock()
  private readonly network: MemoryNetwork
  private readonly acceptor: MortalSession
  private readonly initiator: MortalSession
  private count = 0

  constructor({ latency, chunkSize, answers, ...options }: Weather) {
    this.network = new MemoryNetwork({ clock: this.clock, latency, chunkSize })
    const common = { beginString: 'FIX.4.4', port: 9000, journal: { path: ':memory:' }, ...options } as const
    const broker: SessionConfig = { ...common, role: 'acceptor', senderCompId: 'B', targetCompId: 'A' }
    const buySide: SessionConfig = {
      ...common,
      role: 'initiator',
      host: '127.0.0.1',
      heartBtInt: 10,
      senderCompId: 'A',
      targetCompId: 'B',
      reconnectInterval: 1
    }
    this.acceptor = new MortalSession(broker, this.clock, this.network, (message, session) => {
      if (answers && session.state !== 'InitiateLogout' && !message.get(58)?.startsWith('answer')) {
        session.send(new FixMessage('8', { 58: `answer to ${message.get(58)}` }))
      }
    })
    this.initiator = new MortalSession(buySide, this.clock, this.network, () => {})
    this.acceptor.start()
    this.initiator.start()
  }

  private of(which: Side): MortalSession {
    return which === 'acceptor' ? this.acceptor : this.initiator
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'send': {
        const { session } = this.of(step.side)
        for (let n = 0; n < step.count && session !== undefined; n++) {
          try {
            session.send(new FixMessage('D', { 58: `${step.side} ${++this.count}` }))
          } catch (error) {
            expect(error).toMatchObject({ code: 'NOT_LOGGED_ON' })
          }
        }
        return
      }
      case 'cut':
        this.network.cut()
        return
      case 'cutAfter':
        this.network.cutAfterBytes(step.side === 'acceptor' ? 'toInitiator' : 'toAcceptor', step.bytes)
        return
      case 'kill':
        this.of(step.side).kill()
        return
      case 'killAtDelivery':
        this.of(step.side).dieAtDelivery = step.deliveries
        return
      case 'start':
        this.of(step.side).start()
        return
      case 'testRequest':
        try {
          this.of(step.side).session?.sendTestRequest()
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/NOT_LOGGED_ON|TEST_REQUEST_PENDING/) })
        }
        return
      case 'logout': {
        const { session } = this.of(step.side)
        if (session === undefined) return
        void session.logout().then(() => {
          if (session === this.initiator.session) void session.connect()
        })
        return
      }
      case 'turns':
        for (let n = 0; n < step.count; n++) {
          this.clock.runTurn()
          for (let m = 0; m < 5; m++) await Promise.resolve()
        }
        return
      case 'pass':
        await this.clock.advanceAsync(step.milliseconds)
        return
    }
  }

  /** Everything works again, for long enough to recover. */
  async heal(): Promise<void> {
    this.acceptor.dieAtDelivery = undefined
    this.initiator.dieAtDelivery = undefined
    this.network.cutAfterBytes('toAcceptor', Number.MAX_SAFE_INTEGER)
    this.network.cutAfterBytes('toInitiator', Number.MAX_SAFE_INTEGER)
    this.network.cut()
    this.acceptor.start()
    this.initiator.start()
    await this.clock.advanceAsync(120_000)
    if (this.initiator.session?.state === 'DisconnectedWConnToday') void this.initiator.session.connect()
    await this.clock.advanceAsync(120_000)
  }

  judge(): void {
    expect(this.initiator.session?.state).toBe('Active')
    expect(this.acceptor.session?.state).toBe('Active')
    const errors = [...this.acceptor.errors, ...this.initiator.errors]
    // That a limit was met is told, and recovered from.
    expect(errors.filter((error) => (error as FixError).code !== 'HELD_MESSAGES_FULL')).toEqual([])
    sawEverything(this.initiator, 'FIX.4.4:A->B', this.acceptor)
    sawEverything(this.acceptor, 'FIX.4.4:B->A', this.initiator)
    const comparison = compareJournals(this.initiator.durable, this.acceptor.durable, 'FIX.4.4:A->B', 'FIX.4.4:B->A')
    expect(comparison.differences).toEqual([])
    expect(this.initiator.session?.nextNumIn).toBe(this.acceptor.session?.nextNumOut)
    expect(this.initiator.session?.nextNumOut).toBe(this.acceptor.session?.nextNumIn)
  }
}

function sawEverything(sender: MortalSession, sessionId: string, receiver: MortalSession): void {
  const sent = [...sender.durable.messages(sessionId, 'out')]
    .map(({ msgSeqNum, bytes }) => ({
      msgSeqNum,
      text: Buffer.from(bytes).toString('latin1').replaceAll('\u0001', '|')
    }))
    .filter(({ text }) => /\|35=[D8]\|/.test(text))
    .map(({ msgSeqNum, text }) => ({ msgSeqNum, text: /\|58=([^|]*)/.exec(text)?.[1] ?? '' }))
  const once: Delivered[] = []
  for (const delivery of receiver.delivered) {
    const before = once.findIndex(({ msgSeqNum }) => msgSeqNum === delivery.msgSeqNum)
    if (before < 0) {
      once.push(delivery)
      continue
    }
    // Only a later life may see it again, marked, and with the same content.
    expect(delivery.possDup).toBe(true)
    expect(delivery.life).toBeGreaterThan(once[before]?.life ?? 0)
    expect(delivery.text).toBe(once[before]?.text)
  }
  expect(once.map(({ msgSeqNum, text }) => ({ msgSeqNum, text }))).toEqual(sent)
}
