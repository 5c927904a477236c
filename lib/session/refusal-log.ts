import type { Clock, Timer } from '../clock.js'

/** Lines in a window; a scan of an open port must not push everything else out of the log. */
const MAX_LINES = 100

/** Milliseconds. */
const WINDOW = 10_000

interface Warner {
  warn(fields: object, text: string): void
}

/** Warnings of what comes from outside: each one, until there are too many; then only how many more there were. */
export class RefusalLog {
  private readonly clock: Clock
  private readonly logger: Warner
  private since = Number.NEGATIVE_INFINITY
  private lines = 0
  private untold = 0
  private timer: Timer | undefined

  /** `logger` takes what is told to no other. */
  constructor(clock: Clock, logger: Warner) {
    this.clock = clock
    this.logger = logger
  }

  warn(fields: object, text: string, logger: Warner = this.logger): void {
    const now = this.clock.monotonic()
    if (now - this.since >= WINDOW) {
      this.close()
      this.since = now
      this.lines = 0
    }
    this.lines++
    if (this.lines <= MAX_LINES) {
      logger.warn(fields, text)
      return
    }
    this.untold++
    this.timer ??= this.clock.setTimer(() => this.close(), Math.max(0, this.since + WINDOW - now))
  }

  /** Tells what has not been told. */
  close(): void {
    this.timer?.cancel()
    this.timer = undefined
    const { untold } = this
    this.untold = 0
    if (untold === 0) return
    this.logger.warn({ refused: untold }, `Refused ${untold} more connections within ${WINDOW / 1000} s.`)
  }
}
