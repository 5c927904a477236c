import { FixMessage, FixSession, MemoryTransport, type SessionConfig, type SessionParts } from '../../lib/index.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { MemoryNetwork, type MemoryNetworkOptions } from '../../lib/transport/memory-network.js'

export const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** What a session's listeners were given. */
export interface Seen {
  readonly messages: FixMessage[]
  /** Events and states in the order they came: `connect`, `Active`, `logon`, `disconnect PEER_CLOSED`, ... */
  readonly events: string[]
  readonly errors: Error[]
}

export type SeenSession = FixSession & { readonly seen: Seen }

/** Two sessions of one process, joined by a network in memory under a virtual clock. */
export class TwoSessions {
  readonly clock: VirtualClock
  readonly network: MemoryNetwork

  /** `start`: what the clock on the wall shows first. */
  constructor(start?: string, network: Omit<MemoryNetworkOptions, 'clock'> = {}) {
    this.clock = new VirtualClock(start)
    this.network = new MemoryNetwork({ ...network, clock: this.clock })
  }

  acceptor(config: Partial<SessionConfig> = {}, parts: SessionParts = {}): SeenSession {
    return this.make(
      {
        role: 'acceptor',
        beginString: 'FIX.4.4',
        senderCompId: 'BROKER',
        targetCompId: 'BUYSIDE',
        port: 9878,
        ...config
      } as SessionConfig,
      parts
    )
  }

  initiator(config: Partial<SessionConfig> = {}, parts: SessionParts = {}): SeenSession {
    return this.make(
      {
        role: 'initiator',
        beginString: 'FIX.4.4',
        senderCompId: 'BUYSIDE',
        targetCompId: 'BROKER',
        host: '127.0.0.1',
        port: 9878,
        reconnectInterval: 1,
        ...config
      } as SessionConfig,
      parts
    )
  }

  /** Two sessions that have exchanged Logons; what they saw until then is forgotten. */
  async loggedOn(
    broker: SeenSession = this.acceptor(),
    buySide: SeenSession = this.initiator()
  ): Promise<{ readonly broker: SeenSession; readonly buySide: SeenSession }> {
    await broker.connect()
    void buySide.connect()
    await this.settle()
    forget(broker)
    forget(buySide)
    return { broker, buySide }
  }

  private make(config: SessionConfig, parts: SessionParts): SeenSession {
    const session = new FixSession(
      { journal: { path: ':memory:' }, ...config },
      { clock: this.clock, transport: new MemoryTransport(this.network), logger: silent, ...parts }
    )
    return Object.assign(session, { seen: watch(session) })
  }

  /** Lets everything happen that happens at once. */
  async settle(): Promise<void> {
    await this.clock.settleAsync()
  }

  async pass(seconds: number): Promise<void> {
    await this.clock.advanceAsync(seconds * 1000)
  }

  /** One turn of the event loop, and the promises it settles. */
  async turn(): Promise<void> {
    this.clock.runTurn()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function watch(session: FixSession): Seen {
  const seen: Seen = { messages: [], events: [], errors: [] }
  session.on('message', (message) => seen.messages.push(message))
  session.on('connect', () => seen.events.push('connect'))
  session.on('logon', (_, healthy) => seen.events.push(healthy ? 'logon' : 'logon unhealthy'))
  session.on('logout', () => seen.events.push('logout'))
  session.on('disconnect', ({ code }) => seen.events.push(`disconnect ${code}`))
  session.on('stateChange', (state) => seen.events.push(state))
  session.on('error', (error) => seen.errors.push(error))
  return seen
}

export function forget({ seen }: SeenSession): void {
  seen.messages.length = 0
  seen.events.length = 0
  seen.errors.length = 0
}

export function order(clOrdId: string): FixMessage {
  return new FixMessage('D', { 11: clOrdId, 55: 'MSFT', 54: '1', 38: '100', 40: '1' })
}

export function report(clOrdId: string): FixMessage {
  return new FixMessage('8', { 11: clOrdId, 37: `O-${clOrdId}`, 150: '0' })
}

export function clOrdIds(messages: readonly FixMessage[]): (string | undefined)[] {
  return messages.map((message) => message.get(11))
}

/** How a promise ended, without waiting for it: for specs that look at it while time stands still. */
export function outcome(promise: Promise<unknown>): { state: 'pending' | 'resolved' | 'rejected'; error?: unknown } {
  const result: { state: 'pending' | 'resolved' | 'rejected'; error?: unknown } = { state: 'pending' }
  promise.then(
    () => {
      result.state = 'resolved'
    },
    (error: unknown) => {
      result.state = 'rejected'
      result.error = error
    }
  )
  return result
}
