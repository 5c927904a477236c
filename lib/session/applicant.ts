import type { Clock, Timer } from '../clock.js'
import type { Connection } from '../transport/transport.js'
import { turnAway } from './farewells.js'

/** A connection whose Logon is being looked at. What still comes meanwhile is kept: one read's worth, then reading stops. */
export class Applicant {
  readonly connection: Connection
  private readonly chunks: Uint8Array[]
  private readonly timer: Timer
  private readonly over: (why: string) => void
  /** It is still there and wanted. */
  waiting = true

  /** `over` is called once: when it is gone, when it is dismissed after `patience` seconds or before, and when it is released. */
  constructor(connection: Connection, bytes: Uint8Array, clock: Clock, patience: number, over: (why: string) => void) {
    this.connection = connection
    this.chunks = [bytes]
    this.over = over
    this.timer = clock.setTimer(
      () => this.dismiss(`not through within ${patience} seconds (logonTimeout)`),
      patience * 1000
    )
    connection.start({
      data: (data) => this.receive(data),
      drain: () => {},
      close: () => this.end('it has gone')
    })
  }

  /** Closes it without a byte. */
  dismiss(why = 'dismissed'): void {
    if (this.end(why)) turnAway(this.connection)
  }

  /** Lets go of it, for a session: what was read of it so far. */
  release(): Uint8Array {
    this.end('let in')
    this.connection.resume()
    return Buffer.concat(this.chunks)
  }

  /** Reading stops only now, so that the end of a counterparty that waits in silence is seen. */
  private receive(data: Uint8Array): void {
    this.chunks.push(Uint8Array.from(data))
    this.connection.pause()
  }

  private end(why: string): boolean {
    if (!this.waiting) return false
    this.waiting = false
    this.timer.cancel()
    this.over(why)
    return true
  }
}
