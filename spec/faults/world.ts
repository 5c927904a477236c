import { FixMessage, FixSession, MemoryTransport, type SessionConfig } from '../../lib/index.js'
import { FaultProxy, MemoryNetwork, VirtualClock } from '../../lib/testing/index.js'
import type { NetworkConditions } from '../../lib/transport/byte-pipe.js'
import type { FaultyLink, FaultyNetwork } from '../../lib/transport/network-faults.js'
import { silent } from '../support/two-sessions.js'

export type Network = FaultyNetwork<FaultyLink> & NetworkConditions

/** A session, what it has sent and what its listeners were given. */
export class Party {
  readonly session: FixSession
  readonly sent: string[] = []
  readonly got: string[] = []
  readonly ends: string[] = []
  readonly errors: string[] = []

  constructor(session: FixSession) {
    this.session = session
    session.on('message', (message) => this.got.push(message.get(11) ?? ''))
    session.on('disconnect', ({ code }) => this.ends.push(code))
    session.on('error', (error) => this.errors.push(error.message))
  }

  /** Sends, if it is logged on. */
  send(): boolean {
    if (this.session.state === 'DisconnectedBrokenConn') return false
    const text = `${this.session.role}-${this.sent.length}`
    try {
      this.session.send(new FixMessage('D', { 11: text, 58: 'x'.repeat(1 + ((this.sent.length * 37) % 200)) }))
    } catch {
      return false
    }
    this.sent.push(text)
    return true
  }
}

/** Two sessions with a bad network between them. */
export interface World {
  readonly network: Network
  readonly broker: Party
  readonly buySide: Party
  /** Lets the world go on until it is so; the spec's own time-out is the limit. */
  until(met: () => boolean): Promise<void>
  stop(): Promise<void>
}

export type MakeWorld = (acceptor?: Partial<SessionConfig>, initiator?: Partial<SessionConfig>) => Promise<World>

const common = { beginString: 'FIX.4.4', host: '127.0.0.1', journal: { path: ':memory:' } } as const

const acceptorOf = (config: object) =>
  ({
    ...common,
    role: 'acceptor',
    senderCompId: 'BROKER',
    targetCompId: 'BUYSIDE',
    port: 0,
    ...config
  }) as SessionConfig

const initiatorOf = (port: number, config: object) =>
  ({
    ...common,
    role: 'initiator',
    senderCompId: 'BUYSIDE',
    targetCompId: 'BROKER',
    port,
    heartBtInt: 1,
    reconnectInterval: 0.05,
    logonTimeout: 1,
    ...config
  }) as SessionConfig

/** In memory, time included: every run is the same. */
export const inMemory: MakeWorld = async (acceptor = {}, initiator = {}) => {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock })
  const parts = () => ({ clock, transport: new MemoryTransport(network), logger: silent })
  const broker = new Party(new FixSession(acceptorOf(acceptor), parts()))
  await broker.session.connect()
  const buySide = new Party(new FixSession(initiatorOf(broker.session.listeningPort ?? 0, initiator), parts()))
  return world(network, broker, buySide, () => clock.advanceAsync(10))
}

/** By TCP, through the proxy that is part of gapfill/testing. */
export const throughProxy: MakeWorld = async (acceptor = {}, initiator = {}) => {
  const broker = new Party(new FixSession(acceptorOf(acceptor), { logger: silent }))
  await broker.session.connect()
  const proxy = new FaultProxy({ targetPort: broker.session.listeningPort ?? 0 })
  const port = await proxy.start()
  const buySide = new Party(new FixSession(initiatorOf(port, initiator), { logger: silent }))
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 1))
  return world(proxy, broker, buySide, turn, () => proxy.stop())
}

function world(
  network: Network,
  broker: Party,
  buySide: Party,
  goOn: () => Promise<void>,
  close: () => Promise<void> = async () => {}
): World {
  return {
    network,
    broker,
    buySide,
    async until(met) {
      while (!met()) await goOn()
    },
    async stop() {
      let stopped = false
      const all = Promise.all([buySide.session.disconnect(), broker.session.disconnect()])
      const both = all.then(() => Promise.all([buySide.session.stop(), broker.session.stop()]))
      void both.finally(() => {
        stopped = true
      })
      while (!stopped) await goOn()
      await close()
    }
  }
}
