/** Windows in a row in which nothing came, until it is left alone. */
const MOST_MISSES = 3

/** For how many writes it is left alone, at first and at most: each time nothing came it is twice as long. */
const FIRST_REST = 64
const LONGEST_REST = 4096

/** How long the answers of most counterparties on the same network take, microseconds. */
export const DEFAULT_BUSY_POLL = 150

/**
 * Keeps the event loop awake for a moment after a write, because the answer may be near: a process that sleeps has to be
 * woken, and that costs more than all that gapfill does with a message (140 us against 45 us for an order and its report
 * on an idle machine with two cores).
 *
 * It does so only while it pays. Where nothing came in a few such moments it stops, and tries again later: an application that
 * is seldom answered at once does not burn its processor, and where both sides share one core, so that the answer cannot come
 * before this side sleeps, the other side gets it.
 *
 * One for all connections, as there is one event loop. It goes by the machine's time and not by an injected clock: a virtual
 * one that stands still would keep it awake for ever.
 */
export class BusyPoll {
  readonly #now: () => number
  /** When the window ends, milliseconds; 0: there is none. */
  #until = 0
  #looking = false
  #misses = 0
  #resting = 0
  #nextRest = FIRST_REST

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Something was written. `microseconds`: how long to stay awake for the answer, 0 for not at all. */
  sent(microseconds: number): void {
    if (microseconds === 0) return
    if (this.#resting > 0) {
      this.#resting--
      return
    }
    this.#until = this.#now() + microseconds / 1000
    if (this.#looking) return
    this.#looking = true
    setImmediate(this.#look)
  }

  /** Something came. */
  received(): void {
    if (this.#until === 0) return
    this.#until = 0
    this.#misses = 0
    this.#nextRest = FIRST_REST
  }

  /** While an immediate is pending, Node looks for input without sleeping. */
  readonly #look = (): void => {
    if (this.#until !== 0 && this.#now() < this.#until) {
      setImmediate(this.#look)
      return
    }
    this.#looking = false
    if (this.#until === 0) return
    this.#until = 0
    this.#misses++
    if (this.#misses < MOST_MISSES) return
    this.#misses = 0
    this.#resting = this.#nextRest
    this.#nextRest = Math.min(2 * this.#nextRest, LONGEST_REST)
  }
}

/** The one of this process. */
export const busyPoll = new BusyPoll()
