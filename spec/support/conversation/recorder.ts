import { type Clock, systemClock, type Timer } from '../../../lib/clock.js'
import { FixSession, type SessionConfig } from '../../../lib/index.js'
import { TcpTransport } from '../../../lib/transport/tcp-transport.js'
import type { Connection, Dial, DialEvents, Endpoint, Listener, Transport } from '../../../lib/transport/transport.js'
import { silent } from '../two-sessions.js'
import { act, attachApplication, shouldReplay } from './application.js'
import { type RecordedConversation, type RecordedEvent, toText } from './conversation-file.js'

/**
 * Records a live session. Time stands still between what comes from outside, and a timer sees the moment it was set for, so that
 * a replay under a virtual clock can be equal to the millisecond.
 */
export class Recorder implements Clock, Transport {
  readonly session: FixSession
  readonly network = {}
  private readonly tcp = new TcpTransport()
  private readonly config: SessionConfig
  private readonly origin = systemClock.monotonic()
  private readonly start = systemClock.now()
  private readonly events: RecordedEvent[] = []
  private elapsed = 0
  private connection: Connection | undefined
  /** What is sent and received does not arrive. */
  private losing = false

  constructor(config: SessionConfig) {
    this.config = config
    this.session = new FixSession(config, { clock: this, transport: this, logger: silent, shouldReplay })
    attachApplication(this.session)
  }

  get conversation(): RecordedConversation {
    return {
      config: { ...this.config },
      start: new Date(this.start).toISOString(),
      events: [...this.events]
    }
  }

  app(text: string): void {
    this.tick()
    this.note('app', text)
    act(this.session, text)
  }

  /** From now until `cut` nothing arrives at either side. */
  lose(): void {
    this.losing = true
  }

  cut(): void {
    this.tick()
    this.losing = false
    this.connection?.destroy()
  }

  now(): number {
    return this.start + this.elapsed
  }

  monotonic(): number {
    return this.elapsed
  }

  setTimer(callback: () => void, delay: number): Timer {
    const due = this.elapsed + delay
    return systemClock.setTimer(() => {
      this.elapsed = Math.max(this.elapsed, due)
      this.note('timer')
      callback()
    }, delay)
  }

  endOfTurn(callback: () => void): void {
    systemClock.endOfTurn(() => {
      this.note('turn')
      callback()
    })
  }

  dial(endpoint: Endpoint, events: DialEvents): Dial {
    return this.tcp.dial(endpoint, {
      connected: (connection) => {
        this.tick()
        this.note('linked')
        events.connected(this.watch(connection))
      },
      failed: (reason) => {
        throw new Error(`The recording needs its counterparty: ${reason.text}`)
      }
    })
  }

  listen(endpoint: Endpoint, accept: (connection: Connection) => void): Promise<Listener> {
    return this.tcp.listen(endpoint, accept)
  }

  private watch(connection: Connection): Connection {
    this.connection = connection
    const start = connection.start.bind(connection)
    const write = connection.write.bind(connection)
    connection.start = (events) =>
      start({
        data: (bytes) => {
          if (this.losing) return
          this.tick()
          this.note('in', toText(bytes))
          events.data(bytes)
        },
        drain: () => events.drain(),
        close: (reason) => {
          this.tick()
          this.note('cut')
          events.close(reason)
        }
      })
    connection.write = (bytes) => {
      this.note('out', toText(bytes))
      return this.losing ? true : write(bytes)
    }
    return connection
  }

  private tick(): void {
    this.elapsed = Math.max(this.elapsed, Math.ceil(systemClock.monotonic() - this.origin))
  }

  private note(kind: RecordedEvent['kind'], text = ''): void {
    this.events.push({ at: this.elapsed, kind, text })
  }
}
