/** A timer that can be cancelled; what it is made of is the clock's own business. */
export interface Timer {
  cancel(): void
}

/**
 * The time and the turns of the event loop, as an injectable part: specs replace it by a virtual one.
 */
export interface Clock {
  /** Wall-clock time, milliseconds since the epoch, UTC; for SendingTime(52) and schedules. May step. */
  now(): number
  /** Milliseconds of a clock that never steps; for heartbeats and time-outs. */
  monotonic(): number
  /** Runs `callback` once, `delay` milliseconds from now (0 or more). */
  setTimer(callback: () => void, delay: number): Timer
  /** Runs `callback` when the current turn of the event loop has read what there was to read. */
  endOfTurn(callback: () => void): void
}

/** Node's own clocks and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(callback, delay) {
    const handle = setTimeout(callback, delay)
    return { cancel: () => clearTimeout(handle) }
  },
  endOfTurn(callback) {
    setImmediate(callback)
  }
}
