import { type Clock, systemClock, type Timer } from '../clock.js'

/**
 * Watches the one moment at which a session has to act although nothing happened: a Heartbeat(0) to send, a
 * TestRequest(1), a time-out. The session's core says when that is; this part only keeps the time.
 */
export interface Heartbeat {
  /** Says whom to call when the deadline has come. Calling it again replaces the callback. It must not throw. */
  start(onDeadline: () => void): void
  /**
   * Sets the deadline, in milliseconds of `Clock.monotonic()`, in place of the one before; undefined: there is none.
   * Called with every message sent or received, so it has to cost next to nothing.
   */
  arm(deadline: number | undefined): void
  /** No deadline, no timer, and no call any more until the next `arm`. */
  stop(): void
}

export interface HeartbeatMonitorOptions {
  /** Default: Node's. */
  readonly clock?: Clock | undefined
}

/** The longest delay that Node's timers hold, in milliseconds; a longer one would fire at once. */
const LONGEST_DELAY = 2_147_483_647

/** Turns of the event loop that may read what waits before the verdict. */
const TURNS_BEFORE_VERDICT = 2

/**
 * One timer at most, armed at the earliest deadline.
 *
 * A deadline that moves later leaves the timer alone: it fires early, sees that and sets itself anew, once per
 * interval instead of once per message. Only an earlier deadline sets the timer again.
 *
 * When the time has come, the event loop first runs two whole turns. If this process was held up (a long computation,
 * a suspended machine) the counterparty's bytes may be waiting in the socket; reading them moves the deadline, and a
 * counterparty that was never silent is not disconnected for our own lateness. `onDeadline` is called when the
 * deadline still stands after that, and the deadline is then spent: the next one comes with the next `arm`.
 *
 * The timer keeps the process alive: a session that waits for a time has something to do.
 */
export class HeartbeatMonitor implements Heartbeat {
  readonly #clock: Clock
  #onDeadline: (() => void) | undefined
  #deadline: number | undefined
  #timer: Timer | undefined
  #timerAt = 0
  /** Turns left before the verdict; undefined when none is due. */
  #turnsLeft: number | undefined

  constructor(options: HeartbeatMonitorOptions = {}) {
    this.#clock = options.clock ?? systemClock
  }

  start(onDeadline: () => void): void {
    this.#onDeadline = onDeadline
  }

  arm(deadline: number | undefined): void {
    this.#deadline = deadline
    if (deadline === undefined) this.#clearTimer()
    else if (this.#turnsLeft === undefined && (this.#timer === undefined || deadline < this.#timerAt))
      this.#setTimer(deadline)
  }

  stop(): void {
    this.arm(undefined)
  }

  #setTimer(deadline: number): void {
    this.#clearTimer()
    const now = this.#clock.monotonic()
    this.#timerAt = Math.min(deadline, now + LONGEST_DELAY)
    // Rounded up: Node cuts fractions off and would wake us before the time.
    const delay = Math.max(0, Math.ceil(this.#timerAt - now))
    this.#timer = this.#clock.setTimer(() => this.#fired(), delay)
  }

  #clearTimer(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #fired(): void {
    this.#timer = undefined
    const deadline = this.#deadline
    if (deadline === undefined) return
    if (deadline > this.#clock.monotonic()) {
      this.#setTimer(deadline)
      return
    }
    this.#turnsLeft = TURNS_BEFORE_VERDICT
    this.#clock.endOfTurn(this.#turnOver)
  }

  readonly #turnOver = (): void => {
    const turnsLeft = (this.#turnsLeft ?? 0) - 1
    if (turnsLeft > 0) {
      this.#turnsLeft = turnsLeft
      this.#clock.endOfTurn(this.#turnOver)
      return
    }
    this.#turnsLeft = undefined
    const deadline = this.#deadline
    if (deadline === undefined) return
    if (deadline > this.#clock.monotonic()) {
      this.#setTimer(deadline)
      return
    }
    this.#deadline = undefined
    this.#onDeadline?.()
  }
}
