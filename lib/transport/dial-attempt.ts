import type { Clock, Timer } from '../clock.js'
import { connectTimeout } from './close-reason.js'
import { warn } from './delivery.js'
import { MAX_TIMER_DELAY } from './limits.js'
import type { CloseReason, Connection, Dial, DialEvents, Endpoint } from './transport.js'

/** A dial under way: it comes to one end, connected, failed, timed out or aborted, and says so at most once. */
export class DialAttempt implements Dial {
  readonly #events: DialEvents
  readonly #timer: Timer | undefined
  #giveUp: (() => void) | undefined
  #settled = false

  /** `seconds` is the time-out; 0 means none. `way` is said of it: ` through the proxy ...`. */
  constructor(endpoint: Endpoint, seconds: number, clock: Clock, events: DialEvents, way = '') {
    this.#events = events
    if (seconds > 0) {
      const timedOut = () => this.failed(connectTimeout(endpoint, `within ${seconds} s${way}`))
      this.#timer = clock.setTimer(timedOut, Math.min(seconds * 1000, MAX_TIMER_DELAY))
    }
  }

  get settled(): boolean {
    return this.#settled
  }

  /** `giveUp` is called when the attempt ends without a connection. */
  begin(giveUp: () => void): void {
    this.#giveUp = giveUp
  }

  connected(connection: Connection): void {
    if (!this.#settle()) return
    try {
      this.#events.connected(connection)
    } catch (error) {
      warn(error)
      connection.destroy()
    }
  }

  failed(reason: CloseReason): void {
    if (!this.#settle()) return
    this.#giveUp?.()
    try {
      this.#events.failed(reason)
    } catch (error) {
      warn(error)
    }
  }

  abort(): void {
    if (this.#settle()) this.#giveUp?.()
  }

  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    this.#timer?.cancel()
    return true
  }
}
