import type { Clock } from '../clock.js'

/** A read of as many bytes may be followed by another in the same turn of the event loop; TLS hands over no more at once. */
const FULL_READ = 16_384

/** Milliseconds of a turn after which the next one is to begin. */
const LONG_TURN = 2

/**
 * Node reads up to 32 times from one socket before it looks at anything else: megabytes of messages, and tens of milliseconds. This tells
 * when that is enough, so that timers and other connections have their turn in between.
 */
export class ReadingTurn {
  private readonly clock: Clock
  private since: number | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Before what was read is handed over. */
  begin(length: number): void {
    if (length < FULL_READ) this.since = undefined
    else this.since ??= this.clock.monotonic()
  }

  /** After it was handed over: whether the rest had better wait for the next turn. */
  isLong(): boolean {
    if (this.since === undefined || this.clock.monotonic() - this.since < LONG_TURN) return false
    this.since = undefined
    return true
  }
}
