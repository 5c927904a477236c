import type { Clock, Timer } from '../clock.js'
import { networkOf } from '../transport/remote-address.js'

/** Lines in a window; a scan of an open port must not push everything else out of the log. */
const MAX_LINES = 100

/** The second half of them is for networks that have had fewer than this: a crowd must not hide why somebody else is turned away. */
const FEW_LINES = 10

/** Milliseconds. */
const WINDOW = 10_000

interface Warner {
  warn(fields: object, text: string): void
}

interface Line {
  /** Where it comes from whom the line is about; undefined: nobody knows. */
  readonly from?: string | undefined
  /** Whose log it is for; undefined: the one for all. */
  readonly logger?: Warner | undefined
}

/** Warnings of what comes from outside: each one, until there are too many; then only how many more there were. */
export class RefusalLog {
  private readonly clock: Clock
  private readonly logger: Warner
  private since = Number.NEGATIVE_INFINITY
  private lines = 0
  private untold = 0
  /** Lines of this window, by the network that they are about. */
  private readonly networks = new Map<string, number>()
  private timer: Timer | undefined

  /** `logger` takes what is told to no other. */
  constructor(clock: Clock, logger: Warner) {
    this.clock = clock
    this.logger = logger
  }

  warn(fields: object, text: string, { from, logger = this.logger }: Line = {}): void {
    const now = this.clock.monotonic()
    if (now - this.since >= WINDOW) {
      this.close()
      this.since = now
      this.lines = 0
      this.networks.clear()
    }
    if (this.mayTell(from)) {
      logger.warn(fields, text)
      return
    }
    this.untold++
    this.timer ??= this.clock.setTimer(() => this.close(), Math.max(0, this.since + WINDOW - now))
  }

  private mayTell(from: string | undefined): boolean {
    const network = from === undefined ? '' : networkOf(from)
    const before = this.networks.get(network) ?? 0
    if (this.lines >= (before < FEW_LINES ? MAX_LINES : MAX_LINES / 2)) return false
    this.lines++
    this.networks.set(network, before + 1)
    return true
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
