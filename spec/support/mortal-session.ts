import type { Clock, Timer } from '../../lib/clock.js'
import { type FixMessage, FixSession, MemoryJournal, MemoryTransport, type SessionConfig } from '../../lib/index.js'
import type { Journal, JournalBatch } from '../../lib/journal/journal.js'
import type { MemoryNetwork } from '../../lib/transport/memory-network.js'
import type { Connection, Dial, DialEvents, Endpoint, Listener, Transport } from '../../lib/transport/transport.js'

/** One delivery to a listener, over all lives of a session. */
export interface Delivered {
  readonly msgSeqNum: number
  readonly possDup: boolean
  readonly text: string
  /** In which life of the process it happened. */
  readonly life: number
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * A session whose process can be killed: everything it would still do is cut off at that moment, its sockets break, and its
 * next life finds the journal as it was committed.
 */
export class MortalSession {
  readonly delivered: Delivered[] = []
  readonly errors: Error[] = []
  private journal = new MemoryJournal()
  private process: Process | undefined
  private life = 0
  private readonly config: SessionConfig
  private readonly clock: Clock
  private readonly network: MemoryNetwork
  private readonly onMessage: (message: FixMessage, session: FixSession) => void
  /** Told of each new life, before it connects. */
  onStart: (session: FixSession) => void = () => {}
  /** Dies inside the listener of this many deliveries from now. */
  dieAtDelivery: number | undefined

  constructor(
    config: SessionConfig,
    clock: Clock,
    network: MemoryNetwork,
    onMessage: (message: FixMessage, session: FixSession) => void
  ) {
    this.config = config
    this.clock = clock
    this.network = network
    this.onMessage = onMessage
  }

  get session(): FixSession | undefined {
    return this.process?.session
  }

  get alive(): boolean {
    return this.process !== undefined
  }

  /** What is durable. */
  get durable(): MemoryJournal {
    return this.journal
  }

  start(): void {
    if (this.process !== undefined) return
    this.life++
    const { life } = this
    const process = new Process(this.config, this.clock, this.network, this.journal)
    this.process = process
    process.session.on('message', (message) => {
      if (process.dead) return
      this.delivered.push({
        msgSeqNum: message.msgSeqNum ?? 0,
        possDup: message.get(43) === 'Y',
        text: message.get(58) ?? '',
        life
      })
      this.onMessage(message, process.session)
      if (this.dieAtDelivery !== undefined && --this.dieAtDelivery <= 0) this.kill()
    })
    process.session.on('error', (error) => {
      if (!process.dead) this.errors.push(error)
    })
    this.onStart(process.session)
    void process.session.connect()
  }

  kill(): void {
    this.dieAtDelivery = undefined
    if (this.process === undefined) return
    this.journal = this.journal.snapshot()
    this.process.kill()
    this.process = undefined
  }
}

/** What dies together: one session with its clock, sockets and journal. */
class Process implements Clock, Transport, Journal {
  readonly session: FixSession
  dead = false
  /** Of its own, since the listeners of a process are known to itself only. */
  readonly network = {}
  private readonly clock: Clock
  private readonly journal: MemoryJournal
  private readonly transport: MemoryTransport
  private readonly connections = new Set<Connection>()
  private listener: Listener | undefined

  constructor(config: SessionConfig, clock: Clock, network: MemoryNetwork, journal: MemoryJournal) {
    this.clock = clock
    this.journal = journal
    this.transport = new MemoryTransport(network)
    this.session = new FixSession(config, { clock: this, transport: this, journal: this, logger: quiet })
  }

  kill(): void {
    this.dead = true
    for (const connection of this.connections) connection.destroy()
    void this.listener?.close()
  }

  now(): number {
    return this.clock.now()
  }

  monotonic(): number {
    return this.clock.monotonic()
  }

  setTimer(callback: () => void, delay: number): Timer {
    return this.clock.setTimer(() => this.dead || callback(), delay)
  }

  endOfTurn(callback: () => void): void {
    this.clock.endOfTurn(() => this.dead || callback())
  }

  load(sessionId: string, now: number) {
    return this.journal.load(sessionId, now)
  }

  commit(batches: readonly JournalBatch[]): void {
    if (!this.dead) this.journal.commit(batches)
  }

  read(...args: Parameters<MemoryJournal['read']>) {
    return this.journal.read(...args)
  }

  close(): void {}

  dial(endpoint: Endpoint, events: DialEvents): Dial {
    return this.transport.dial(endpoint, {
      connected: (connection) => (this.dead ? connection.destroy() : events.connected(this.own(connection))),
      failed: (reason) => this.dead || events.failed(reason)
    })
  }

  async listen(endpoint: Endpoint, accept: (connection: Connection) => void): Promise<Listener> {
    if (this.dead) return new Promise(() => {})
    this.listener = await this.transport.listen(endpoint, (connection) => {
      if (this.dead) connection.destroy()
      else accept(this.own(connection))
    })
    if (this.dead) void this.listener.close()
    return this.listener
  }

  private own(connection: Connection): Connection {
    this.connections.add(connection)
    const start = connection.start.bind(connection)
    connection.start = (events) =>
      start({
        data: (bytes) => this.dead || events.data(bytes),
        drain: () => this.dead || events.drain(),
        close: (reason) => {
          this.connections.delete(connection)
          if (!this.dead) events.close(reason)
        }
      })
    return connection
  }
}
