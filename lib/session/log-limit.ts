import type { Clock } from '../clock.js'
import type { LogLevel } from '../core/effect.js'
import type { Logger } from '../log.js'

/** Lines of one kind that are logged in a minute; of further ones only the number is. */
export const MOST_LINES = 10

/** Characters of a line: what it quotes may be as long as a message. */
const LONGEST_LINE = 1000

/** Milliseconds. */
const MINUTE = 60_000

/** Lines of one kind. */
interface Kind {
  readonly level: LogLevel
  /** When the minute began, by the monotonic clock. */
  since: number
  logged: number
  leftOut: number
}

/**
 * Lines that a counterparty can make us log as often as it likes: it is not to fill the disk, nor to hide in its noise what else
 * happens. The first ones of a minute are logged, then only how many there were.
 */
export class LogLimit {
  /** Of most sessions there are none: they are many. */
  private kinds: Map<string, Kind> | undefined
  private readonly logger: Logger
  private readonly clock: Clock

  constructor(logger: Logger, clock: Clock) {
    this.logger = logger
    this.clock = clock
  }

  /** `code`: the kind, one of a few. */
  log(level: LogLevel, code: string, text: string, fields: object = {}): void {
    const now = this.clock.monotonic()
    this.kinds ??= new Map()
    let kind = this.kinds.get(code)
    if (kind === undefined) {
      kind = { level, since: now, logged: 0, leftOut: 0 }
      this.kinds.set(code, kind)
    } else if (now - kind.since >= MINUTE) {
      this.tell(code, kind, now)
      kind.since = now
      kind.logged = 0
    }
    if (kind.logged >= MOST_LINES) {
      kind.leftOut++
      return
    }
    kind.logged++
    this.logger[level]({ ...fields, code }, text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}...` : text)
  }

  /** Says how many lines were left out, of those kinds whose minute is over; `now`: of all. */
  sumUp(when: 'due' | 'now'): void {
    if (this.kinds === undefined) return
    const now = this.clock.monotonic()
    for (const [code, kind] of this.kinds) if (when === 'now' || now - kind.since >= MINUTE) this.tell(code, kind, now)
  }

  private tell(code: string, kind: Kind, now: number): void {
    const { leftOut } = kind
    if (leftOut === 0) return
    kind.leftOut = 0
    const seconds = Math.round((now - kind.since) / 1000)
    this.logger[kind.level](
      { code, leftOut, seconds },
      `${leftOut} further lines ${code} were left out in the last ${seconds} seconds.`
    )
  }
}
