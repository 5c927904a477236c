import { FixConfigError } from '../errors.js'
import type { ScheduleProblem } from './fields.js'
import { type Occurrence, RecurringWindow, type Span } from './recurring-window.js'
import type { ScheduleConfig } from './schedule-config.js'
import { readSchedule } from './schedule-plan.js'

/*
 * When a session lives: from the start of a window to its end, in the time of a zone whose clocks are changed.
 *
 * The clock on the wall decides. A window starts at the first moment at which the clock shows startTime or later, and
 * ends at the moment from which on it never again shows less than endTime. So:
 *
 * - A time that does not exist means the end of the gap, for a start and an end: 02:30 in a night that goes from 02:00
 *   to 03:00 is 03:00, when everybody's clock first shows 02:30 to be over. A window wholly in the gap has no session.
 * - Of a time that comes twice a start means the first and an end the last. Whenever the clock shows a time within the
 *   window it is open, as in engines that compare times of day (QuickFIX C++, Go, n); but they log out and reset where
 *   the clock jumps back over an end or a start, and a session here is never cut in two.
 * - Where one window ends and another starts, the start counts: sessions never overlap, and one of 24 hours that starts
 *   at a time that comes twice goes to the first of them.
 *
 * A session belongs to the date on which its window starts: weekdays and holidays are dates of the start, also of a
 * window that goes on past midnight.
 */

/** The session that a moment is in: from `start` until, but not at, `end`. */
export interface SessionWindow {
  /** Milliseconds since the epoch; undefined when the session never ends. */
  readonly start: number | undefined
  readonly end: number | undefined
  /** The moment of its start, `2026-03-08T07:00:00Z`, or `non-stop`; no two sessions of a schedule share one. */
  readonly id: string
}

/** A time in which nothing changes. */
interface Stretch extends Span {
  readonly session: SessionWindow | undefined
  readonly logonAllowed: boolean
}

interface Session extends Occurrence {
  readonly window: SessionWindow
}

const nonStop: SessionWindow = Object.freeze({ start: undefined, end: undefined, id: 'non-stop' })
const nowhere: Stretch = { from: Infinity, until: -Infinity, session: undefined, logonAllowed: false }
const forever: Stretch = { from: -Infinity, until: Infinity, session: nonStop, logonAllowed: true }

/** Sessions looked through for the next logon: more than there can be holidays in a row. */
const farthestLogon = 1100

/**
 * Tells sessions apart by the time. It has no clock: every time is given, in milliseconds since the epoch. The answers
 * for the current stretch are remembered, so that asking with each message costs two comparisons.
 */
export class Schedule {
  /** True when the session never ends: no window is configured, or `nonStopSession`. */
  readonly isNonStop: boolean
  private readonly windows: readonly RecurringWindow[]
  private stretch: Stretch
  private period: Span | undefined

  /** @throws FixConfigError (code `CONFIG`) with every mistake in `config`. */
  static of(config: ScheduleConfig): Schedule {
    const { plan, problems } = readSchedule({ ...config })
    if (plan === undefined) throw new FixConfigError('schedule', problems.map(toConfigProblem))
    return new Schedule(plan.windows.map((window) => new RecurringWindow(window, plan.holidays)))
  }

  private constructor(windows: readonly RecurringWindow[]) {
    this.windows = windows
    this.isNonStop = windows.length === 0
    this.stretch = this.isNonStop ? forever : nowhere
  }

  /** The session that `time` is in; undefined between sessions. */
  sessionAt(time: number): SessionWindow | undefined {
    return this.stretchAt(time).session
  }

  /** Whether a logon may be, and may last, at `time`: in session, and within logonTime and logoutTime. */
  logonAllowed(time: number): boolean {
    return this.stretchAt(time).logonAllowed
  }

  /**
   * The earliest moment after `time` at which `sessionAt` or `logonAllowed` changes; undefined: never. Where one session
   * ends and the next starts at once, this is a change.
   */
  nextChange(time: number): number | undefined {
    const { until } = this.stretchAt(time)
    return until === Infinity ? undefined : until
  }

  /** The earliest moment, `time` or later, at which a logon may be; undefined when there is none for years. */
  nextLogon(time: number): number | undefined {
    if (this.stretchAt(time).logonAllowed) return time
    let session = this.sessionFrom(time) ?? this.sessionAfter(time)
    for (let count = 0; session !== undefined && count < farthestLogon; count++) {
      const logon = session.logons.find(({ until }) => until > time)
      if (logon !== undefined) return logon.from
      session = this.sessionAfter(session.start)
    }
    return undefined
  }

  /**
   * Whether no session ends between two moments, whichever comes first: numbers that began at one of them are still good
   * at the other. What happens between two sessions belongs to the next, so a reset done at the end of one, or by an
   * operator before the next, is not done again when that starts.
   */
  isSameSession(a: number, b: number): boolean {
    if (this.isNonStop) return true
    const { from, until } = this.periodAt(b)
    return from <= a && a < until
  }

  /**
   * Whether the session of `since` is over at `now`: for numbers that began at `since` (a journal's `resetTime`), this
   * says that they have to begin anew. False when `now` is the earlier one, so that a clock that is set back over a
   * boundary resets nothing.
   */
  isOver(since: number, now: number): boolean {
    return since < now && !this.isSameSession(since, now)
  }

  private stretchAt(time: number): Stretch {
    if (time < this.stretch.from || time >= this.stretch.until) this.stretch = this.findStretch(time)
    return this.stretch
  }

  private findStretch(time: number): Stretch {
    const last = this.sessionFrom(time)
    const next = last === undefined || time >= last.end ? this.sessionAfter(time) : undefined
    const edges = [last?.start, last?.end, next?.start].filter((edge) => edge !== undefined)
    for (const { from, until } of last?.logons ?? []) edges.push(from, until)
    return {
      from: Math.max(...edges.filter((edge) => edge <= time)), // -Infinity and Infinity where there are none
      until: Math.min(...edges.filter((edge) => edge > time)),
      session: last !== undefined && time < last.end ? last.window : undefined,
      logonAllowed: last?.logons.some(({ from, until }) => from <= time && time < until) ?? false
    }
  }

  /** A session and the time before it, back to the end of the one before. */
  private periodAt(time: number): Span {
    if (this.period === undefined || time < this.period.from || time >= this.period.until) {
      const last = this.sessionFrom(time)
      this.period =
        last !== undefined && time < last.end
          ? { from: this.sessionFrom(last.start - 1)?.end ?? -Infinity, until: last.end }
          : { from: last?.end ?? -Infinity, until: this.sessionAfter(time)?.end ?? Infinity }
    }
    return this.period
  }

  /** The last session that starts at `time` or before; it may be over. */
  private sessionFrom(time: number): Session | undefined {
    let latest: Occurrence | undefined
    for (const window of this.windows) {
      const found = window.latest(time)
      if (found !== undefined && (latest === undefined || found.start >= latest.start)) latest = found
    }
    return latest === undefined ? undefined : this.cut(latest)
  }

  /** The first session that starts after `time`. */
  private sessionAfter(time: number): Session | undefined {
    const next = this.occurrenceAfter(time)
    return next === undefined ? undefined : this.cut(next)
  }

  private occurrenceAfter(time: number): Occurrence | undefined {
    let earliest: Occurrence | undefined
    for (const window of this.windows) {
      const found = window.next(time)
      if (found !== undefined && (earliest === undefined || found.start <= earliest.start)) earliest = found
    }
    return earliest
  }

  /** A session ends where the next one starts, if not before. */
  private cut({ start, end, logons }: Occurrence): Session {
    const cut = Math.min(end, this.occurrenceAfter(start)?.start ?? Infinity)
    const id = `${new Date(start).toISOString().slice(0, 19)}Z`
    const open = logons.filter(({ from }) => from < cut)
    return {
      start,
      end: cut,
      logons: open.map(({ from, until }) => ({ from, until: Math.min(until, cut) })),
      window: Object.freeze({ start, end: cut, id })
    }
  }
}

function toConfigProblem({ path, expected, got, advice }: ScheduleProblem) {
  const joined = path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
  return { path: joined.join(''), expected, got, advice }
}
