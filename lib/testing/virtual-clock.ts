import type { Clock, Timer } from '../clock.js'
import { FixError } from '../fix/errors.js'

export interface VirtualClockOptions {
  /**
   * Turns that may pass without time moving before the clock decides that the code under test goes round in circles
   * and throws. Default 10,000,000.
   */
  readonly maxTurns?: number | undefined
}

interface PendingTimer extends Timer {
  /** On the monotonic clock. */
  readonly time: number
  /** Breaks ties: timers for one moment run in the order they were set. */
  readonly order: number
  readonly callback: () => void
}

const LONGEST_DELAY = 2_147_483_647

/**
 * A clock for specs: time moves only when told to, and everything that waits for it runs in one fixed order.
 *
 * One turn of its event loop is what a turn of Node's is: first every timer that is due, by time and then by age; then
 * the callbacks of `endOfTurn` that were pending when the turn reached them. Time never moves while a turn's callback
 * is pending, and the same calls give the same order, always. No real timer is used, so no spec waits.
 *
 * ```ts
 * const clock = new VirtualClock('2024-01-02T09:30:00Z')
 * const session = new FixSession(config, { clock, transport: new MemoryTransport(new MemoryNetwork({ clock })) })
 * await clock.advanceAsync(30_000)   // half a minute of heartbeats
 * ```
 *
 * `advance` and `settle` are synchronous; where the code under test awaits promises (a `shouldReplay` that answers by
 * one, a journal on a server), use `advanceAsync` and `settleAsync`, which let all continuations run between turns.
 */
export class VirtualClock implements Clock {
  readonly #maxTurns: number
  /** Wall-clock time when the monotonic clock showed 0, as stepWall left it. */
  #wallAtZero: number
  #monotonic = 0
  #timers: PendingTimer[] = []
  #timersSet = 0
  readonly #endOfTurn: (() => void)[] = []
  #turning = false

  /**
   * @param start wall-clock time to begin at: a Date, milliseconds since the epoch, or ISO text in UTC. Default
   * 2024-01-02T00:00:00Z.
   */
  constructor(start: Date | number | string = '2024-01-02T00:00:00Z', options: VirtualClockOptions = {}) {
    this.#wallAtZero = new Date(start).getTime()
    this.#maxTurns = options.maxTurns ?? 10_000_000
    if (Number.isNaN(this.#wallAtZero)) {
      throw new FixError('VIRTUAL_CLOCK', `Expected a date and time to start at, got "${start}".`)
    }
  }

  /** Whole milliseconds, as `Date.now()`. */
  now(): number {
    return Math.floor(this.#wallAtZero + this.#monotonic)
  }

  /** Milliseconds since the clock was made. */
  monotonic(): number {
    return this.#monotonic
  }

  /** Timers that are set and neither fired nor cancelled. */
  get pendingTimers(): number {
    return this.#timers.length
  }

  /** When the next timer is due, on the monotonic clock; undefined when none is set. */
  get nextTimerAt(): number | undefined {
    return this.#timers[0]?.time
  }

  /**
   * A negative delay counts as 0. Throws FixError `VIRTUAL_CLOCK` for a delay that Node's timers would not hold (not a
   * number, or above 2,147,483,647 ms), which would otherwise fire at once in production only.
   */
  setTimer(callback: () => void, delay: number): Timer {
    if (!(delay <= LONGEST_DELAY)) {
      throw new FixError(
        'VIRTUAL_CLOCK',
        `Expected a delay of at most ${LONGEST_DELAY} ms, got ${delay}: set it in parts.`
      )
    }
    this.#timersSet += 1
    const timer: PendingTimer = {
      time: this.#monotonic + Math.max(0, delay),
      order: this.#timersSet,
      callback,
      cancel: () => this.#cancel(timer)
    }
    this.#timers.splice(this.#position(timer), 0, timer)
    return timer
  }

  endOfTurn(callback: () => void): void {
    this.#endOfTurn.push(callback)
  }

  /** Runs one turn: the timers that are due, then the end-of-turn callbacks. False when there was nothing to run. */
  runTurn(): boolean {
    if (this.#turning) throw new FixError('VIRTUAL_CLOCK', 'The clock was moved from inside one of its own callbacks.')
    this.#turning = true
    try {
      const ranTimers = this.#runDueTimers()
      return this.#runEndOfTurn() || ranTimers
    } finally {
      this.#turning = false
    }
  }

  /** Runs turns until nothing is left to do now. Throws FixError `VIRTUAL_CLOCK` where that never comes. */
  settle(): void {
    for (let turns = 0; this.runTurn(); turns += 1) this.#refuseCircles(turns)
  }

  /** Lets `milliseconds` (0 or more) pass, running what becomes due, each at its own time. */
  advance(milliseconds: number): void {
    const end = this.#endOf(milliseconds)
    this.settle()
    while (this.#moveToNextTimer(end)) this.settle()
    this.#monotonic = end
  }

  /** As `settle`, and promises' continuations run after each turn. */
  async settleAsync(): Promise<void> {
    await continuations()
    for (let turns = 0; this.runTurn(); turns += 1) {
      this.#refuseCircles(turns)
      await continuations()
    }
  }

  /** As `advance`, and promises' continuations run after each turn. */
  async advanceAsync(milliseconds: number): Promise<void> {
    const end = this.#endOf(milliseconds)
    await this.settleAsync()
    while (this.#moveToNextTimer(end)) await this.settleAsync()
    this.#monotonic = end
  }

  /** A fault: the wall clock is set forward (or back, when negative) by so much. `monotonic` and timers do not notice. */
  stepWall(milliseconds: number): void {
    this.#wallAtZero += milliseconds
  }

  /**
   * A fault: the process stands still for so long (a long computation, a suspended machine). Time passes and nothing
   * runs; what became due meanwhile runs late, in the next turn, all of it before any end-of-turn callback.
   */
  holdUp(milliseconds: number): void {
    this.#monotonic = this.#endOf(milliseconds)
  }

  #endOf(milliseconds: number): number {
    if (!(milliseconds >= 0 && milliseconds < Number.POSITIVE_INFINITY)) {
      throw new FixError('VIRTUAL_CLOCK', `Expected milliseconds to let pass, 0 or more, got ${milliseconds}.`)
    }
    return this.#monotonic + milliseconds
  }

  #moveToNextTimer(end: number): boolean {
    const next = this.nextTimerAt
    if (next === undefined || next > end) return false
    // An overdue one (after holdUp) does not turn time back.
    this.#monotonic = Math.max(next, this.#monotonic)
    return true
  }

  /** Those that are due as the turn begins; one set meanwhile waits for the next turn even when its delay is 0. */
  #runDueTimers(): boolean {
    const lastOrder = this.#timersSet
    let ran = false
    for (;;) {
      const index = this.#timers.findIndex((timer) => timer.time > this.#monotonic || timer.order <= lastOrder)
      const timer = this.#timers[index]
      if (timer === undefined || timer.time > this.#monotonic) return ran
      this.#timers.splice(index, 1)
      timer.callback()
      ran = true
    }
  }

  #runEndOfTurn(): boolean {
    const pending = this.#endOfTurn.length
    // One by one, so that those behind one that throws are still there.
    for (let left = pending; left > 0; left -= 1) this.#endOfTurn.shift()?.()
    return pending > 0
  }

  #cancel(timer: PendingTimer): void {
    const index = this.#position(timer)
    if (this.#timers[index] === timer) this.#timers.splice(index, 1)
  }

  /** Where `timer` stands, or would, in the order they fire. */
  #position(timer: PendingTimer): number {
    let low = 0
    let high = this.#timers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#timers[middle]
      if (
        other !== undefined &&
        (other.time < timer.time || (other.time === timer.time && other.order < timer.order))
      ) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  #refuseCircles(turns: number): void {
    if (turns < this.#maxTurns) return
    throw new FixError('VIRTUAL_CLOCK', `${turns} turns without coming to rest: something schedules itself forever.`)
  }
}

/** Node runs every continuation that is ready, and those they make ready, before the next immediate. */
function continuations(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
