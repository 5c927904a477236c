import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type FixError, FixMessage, type SessionConfig } from '../../lib/index.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { MemoryNetwork } from '../../lib/transport/memory-network.js'
import { MortalSession } from '../support/mortal-session.js'

/*
 * However an application pauses, iterates and acknowledges, and whatever happens to link and process meanwhile: each message of the
 * sender is delivered in order, again only in a later life, marked as a possible duplicate, and only if it was not acknowledged
 * together with all before it; never more than maxUnacknowledged are in the application's hands; and in the end all of them are
 * acknowledged and both sides agree on the numbers.
 */

type Mode = 'manual' | 'iterator'

type Step =
  | { readonly kind: 'send'; readonly count: number }
  | { readonly kind: 'deal'; readonly which: number }
  | { readonly kind: 'pass'; readonly milliseconds: number }
  | { readonly kind: 'turns'; readonly count: number }
  | { readonly kind: 'killAtDelivery'; readonly deliveries: number }
  | { readonly kind: 'pause' | 'resume' | 'cut' | 'kill' | 'start' | 'logout' | 'stop' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('deal' as const), which: fc.nat(10) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.integer({ min: 1, max: 60_000 }) })
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('killAtDelivery' as const), deliveries: fc.integer({ min: 1, max: 4 }) })
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('pause', 'resume', 'resume', 'cut', 'kill', 'start', 'start', 'logout', 'stop')
    })
  }
)

interface Weather {
  readonly mode: Mode
  readonly receiver: 'acceptor' | 'initiator'
  readonly maxUnacknowledged: number
  readonly maxHeldMessages: number
  readonly latency: number
  readonly chunkSize: number | undefined
}

const weather: fc.Arbitrary<Weather> = fc.record({
  mode: fc.constantFrom<Mode>('manual', 'iterator'),
  receiver: fc.constantFrom<'acceptor' | 'initiator'>('acceptor', 'initiator'),
  maxUnacknowledged: fc.constantFrom(1, 2, 5, 1000),
  maxHeldMessages: fc.constantFrom(1, 3, 1000),
  latency: fc.constantFrom(0, 0, 5),
  chunkSize: fc.constantFrom(undefined, undefined, 1, 50)
})

it('delivers again what was not dealt with, and nothing else; and loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      weather,
      fc.array(step, { minLength: 1, maxLength: 50, size: 'max' }),
      async (conditions, steps) => {
        const world = new World(conditions)
        for (const one of steps) await world.take(one)
        await world.heal()
        world.judge()
      }
    ),
    {
      numRuns: Number(process.env.GAPFILL_RUNS ?? 300),
      seed: Number(process.env.GAPFILL_SEED ?? 20260102),
      endOnFailure: false
    }
  )
}, 120_000)

class World {
  private readonly clock = new VirtualClock()
  private readonly network: MemoryNetwork
  private readonly receiver: MortalSession
  private readonly sender: MortalSession
  private readonly weather: Weather
  /** What the application has and has not dealt with, in this life. */
  private inHand: (() => void)[] = []
  /** In the end everything is dealt with as it comes. */
  private diligent = false
  /** The durable number with which each life began. */
  private readonly began: number[] = []
  private count = 0

  constructor(conditions: Weather) {
    const { mode, receiver, latency, chunkSize, ...options } = conditions
    this.weather = conditions
    this.network = new MemoryNetwork({ clock: this.clock, latency, chunkSize })
    const common = {
      beginString: 'FIX.4.4',
      port: 9000,
      host: '127.0.0.1',
      heartBtInt: 10,
      journal: { path: ':memory:' }
    } as const
    const manual = mode === 'manual' ? ({ ack: 'manual' } as const) : {}
    const config = (role: 'acceptor' | 'initiator'): SessionConfig => {
      const ids =
        role === 'acceptor' ? { senderCompId: 'B', targetCompId: 'A' } : { senderCompId: 'A', targetCompId: 'B' }
      const own = role === receiver ? { ...options, ...manual } : {}
      return role === 'acceptor'
        ? { ...common, ...ids, ...own, role }
        : { ...common, ...ids, ...own, role, reconnectInterval: 1 }
    }
    const other = receiver === 'acceptor' ? 'initiator' : 'acceptor'
    this.sender = new MortalSession(config(other), this.clock, this.network, () => {})
    this.receiver = new MortalSession(config(receiver), this.clock, this.network, (message, session) => {
      expect(session.paused).toBe(false)
      expect(session.unacknowledged).toBeLessThanOrEqual(options.maxUnacknowledged)
      if (mode === 'manual') this.give(() => message.ack())
    })
    this.receiver.onStart = (session) => {
      this.inHand = []
      this.began.push(this.durable())
      if (mode === 'manual') return
      void (async () => {
        for await (const _ of session.messages()) await new Promise<void>((resolve) => this.give(resolve))
      })()
    }
    this.sender.start()
    this.receiver.start()
  }

  private get id(): string {
    return this.weather.receiver === 'acceptor' ? 'FIX.4.4:B->A' : 'FIX.4.4:A->B'
  }

  private durable(): number {
    return this.receiver.durable.load(this.id, 0).nextNumIn
  }

  private give(dealWith: () => void): void {
    if (this.diligent) dealWith()
    else this.inHand.push(dealWith)
  }

  async take(one: Step): Promise<void> {
    const { session } = this.receiver
    switch (one.kind) {
      case 'send':
        for (let n = 0; n < one.count; n++) {
          try {
            this.sender.session?.send(new FixMessage('D', { 58: String(++this.count) }))
          } catch (error) {
            expect(error).toMatchObject({ code: 'NOT_LOGGED_ON' })
          }
        }
        return
      case 'deal':
        this.inHand.splice(one.which % Math.max(1, this.inHand.length), 1)[0]?.()
        return
      case 'pause':
        session?.pause()
        return
      case 'resume':
        session?.resume()
        return
      case 'cut':
        this.network.cut()
        return
      case 'kill':
        this.receiver.kill()
        return
      case 'killAtDelivery':
        this.receiver.dieAtDelivery = one.deliveries
        return
      case 'start':
        this.receiver.start()
        return
      case 'logout':
        void session?.logout().then(() => this.again(session))
        return
      case 'stop':
        void session?.stop().then(() => this.again(session))
        return
      case 'turns':
        for (let n = 0; n < one.count; n++) {
          this.clock.runTurn()
          for (let m = 0; m < 5; m++) await Promise.resolve()
        }
        return
      case 'pass':
        await this.clock.advanceAsync(one.milliseconds)
    }
  }

  /** After the session's own end a new life begins: what was in hand is forgotten by it. */
  private again(session: unknown): void {
    if (this.receiver.session !== session) return
    this.receiver.kill()
    this.receiver.start()
  }

  /** Everything works again, and the application deals with all that comes. */
  async heal(): Promise<void> {
    this.receiver.dieAtDelivery = undefined
    await this.clock.advanceAsync(5000)
    this.diligent = true
    this.receiver.start()
    this.sender.start()
    this.receiver.session?.resume()
    for (const dealWith of this.inHand.splice(0)) dealWith()
    this.network.cut()
    await this.clock.advanceAsync(300_000)
  }

  judge(): void {
    const errors = [...this.receiver.errors, ...this.sender.errors]
    expect(errors.filter((error) => (error as FixError).code !== 'HELD_MESSAGES_FULL')).toEqual([])
    const { session } = this.receiver
    expect([session?.state, this.sender.session?.state]).toEqual(['Active', 'Active'])
    expect(session?.unacknowledged).toBe(0)
    expect(this.durable()).toBe(session?.nextNumIn)
    expect(session?.nextNumIn).toBe(this.sender.session?.nextNumOut)
    const seen = new Map<number, string>()
    const last = new Map<number, number>()
    for (const { msgSeqNum, possDup, text, life } of this.receiver.delivered) {
      const before = seen.get(msgSeqNum)
      if (before !== undefined) expect([before, possDup]).toEqual([text, true])
      seen.set(msgSeqNum, text)
      expect(msgSeqNum).toBeGreaterThan(last.get(life) ?? 0)
      expect(msgSeqNum).toBeGreaterThanOrEqual(this.began[life - 1] ?? 0)
      last.set(life, msgSeqNum)
    }
    const sent = [
      ...this.sender.durable.messages(this.weather.receiver === 'acceptor' ? 'FIX.4.4:A->B' : 'FIX.4.4:B->A', 'out')
    ]
      .map(({ bytes }) => Buffer.from(bytes).toString('latin1').replaceAll('\u0001', '|'))
      .filter((text) => text.includes('|35=D|'))
      .map((text) => /\|58=([^|]*)/.exec(text)?.[1])
    expect([...seen].sort(([a], [b]) => a - b).map(([, text]) => text)).toEqual(sent)
  }
}
