import {
  FixMessage,
  FixSession,
  MemoryTransport,
  type SessionConfig,
  type SessionParts
} from '../../lib/index.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { MemoryNetwork } from '../../lib/transport/memory-network.js'

export const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** What a session's listeners were given. */
export interface Seen {
  readonly messages: FixMessage[]
  readonly events: string[]
  readonly errors: Error[]
}

/** Two sessions of one process, joined by a network in memory under a virtual clock. */
export class TwoSessions {
  readonly clock = new VirtualClock()
  readonly network = new MemoryNetwork({ clock: this.clock })

  acceptor(config: Partial<SessionConfig> = {}, parts: SessionParts = {}): FixSession & { seen: Seen } {
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

  initiator(config: Partial<SessionConfig> = {}, parts: SessionParts = {}): FixSession & { seen: Seen } {
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

  private make(config: SessionConfig, parts: SessionParts): FixSession & { seen: Seen } {
    const session = new FixSession(
      { journal: { path: ':memory:' }, ...config },
      { clock: this.clock, transport: new MemoryTransport(this.network), logger: silent, ...parts }
    )
    const seen: Seen = { messages: [], events: [], errors: [] }
    session.on('message', (message) => seen.messages.push(message))
    session.on('connect', () => seen.events.push('connect'))
    session.on('logon', (_, healthy) => seen.events.push(healthy ? 'logon' : 'logon unhealthy'))
    session.on('logout', () => seen.events.push('logout'))
    session.on('disconnect', ({ code }) => seen.events.push(`disconnect ${code}`))
    session.on('stateChange', (state) => seen.events.push(state))
    session.on('error', (error) => seen.errors.push(error))
    return Object.assign(session, { seen })
  }

  /** Lets everything happen that happens at once. */
  async settle(): Promise<void> {
    await this.clock.settleAsync()
  }

  async pass(seconds: number): Promise<void> {
    await this.clock.advanceAsync(seconds * 1000)
  }
}

export function order(clOrdId: string): FixMessage {
  return new FixMessage('D', { 11: clOrdId, 55: 'MSFT', 54: '1', 38: '100', 40: '1' })
}
