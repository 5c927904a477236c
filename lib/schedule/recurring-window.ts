import { daysAfter, daysInWeek, weekdayOf } from './calendar.js'
import { type Reading, sameZone, type WindowPlan } from './window-plan.js'

/** From a moment on until, but not at, another one; milliseconds since the epoch. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** One occurrence of a window. */
export interface Occurrence {
  readonly start: number
  readonly end: number
  /** When a logon may be, in order; they do not touch. */
  readonly logons: readonly Span[]
}

/** What a clock shows on a date. */
interface Point {
  readonly reading: Reading
  readonly date: number
}

/** A window that comes again and again: finds its occurrences around a moment. */
export class RecurringWindow {
  private readonly plan: WindowPlan
  private readonly holidays: ReadonlySet<number>
  /** On one of so many dates in a row the window starts, if it ever does. */
  private readonly reach: number

  constructor(plan: WindowPlan, holidays: ReadonlySet<number>) {
    this.plan = plan
    this.holidays = holidays
    this.reach = (holidays.size + 4) * daysInWeek
  }

  /** The last occurrence that starts at `time` or before. */
  latest(time: number): Occurrence | undefined {
    // Where clocks went back over midnight, tomorrow has been on the clock already.
    const tomorrow = this.plan.start.clock.dateAt(time) + 1
    for (let date = tomorrow; date > tomorrow - this.reach; date--) {
      const occurrence = this.startingOn(date, time)
      if (occurrence !== undefined && occurrence.start <= time) return occurrence
    }
    return undefined
  }

  /** The first occurrence that starts after `time`. */
  next(time: number): Occurrence | undefined {
    const today = this.plan.start.clock.dateAt(time)
    for (let date = today; date < today + this.reach; date++) {
      const occurrence = this.startingOn(date)
      if (occurrence !== undefined && occurrence.start > time) return occurrence
    }
    return undefined
  }

  /** None either where the clocks skip it whole; where it starts after `latest`, it needs no looking at. */
  private startingOn(date: number, latest = Number.POSITIVE_INFINITY): Occurrence | undefined {
    const { weekly, weekdays, start, end } = this.plan
    if (!weekdays.has(weekdayOf(date)) || (!weekly && this.holidays.has(date))) return undefined
    const from = start.clock.firstAt(date, start.seconds)
    if (from > latest) return undefined
    const startPoint = { reading: start, date }
    const until = last(this.following(startPoint, from, end, false))
    return from < until ? { start: from, end: until, logons: this.logons(startPoint, from, until) } : undefined
  }

  private logons(startPoint: Point, start: number, end: number): Span[] {
    const { logon, logout } = this.plan
    const opening = logon === undefined ? startPoint : this.following(startPoint, start, logon, true)
    const from = logon === undefined ? start : Math.max(start, first(opening))
    const until = logout === undefined ? end : Math.min(end, last(this.following(opening, from, logout, false)))
    return from < until ? this.withoutHolidays({ from, until }) : []
  }

  /**
   * When a clock shows `reading` for the first time after `point` (or at it, if `at`). Clocks of one zone are compared
   * by what they show: on the night of a change 01:15 comes after 01:30, yet is not meant where 01:30 is the start.
   */
  private following(point: Point, time: number, reading: Reading, at: boolean): Point {
    let date: number
    if (sameZone(point.reading, reading)) {
      const seconds = reading.seconds - point.reading.seconds
      date = point.date + (seconds < 0 || (seconds === 0 && !at) ? 1 : 0)
    } else {
      date = reading.clock.dateAt(time)
      const shown = reading.clock.lastAt(date, reading.seconds)
      if (shown < time || (shown === time && !at)) date++
    }
    if (reading.weekday !== undefined) date += daysAfter(reading.weekday, weekdayOf(date))
    return { reading, date }
  }

  private withoutHolidays(logon: Span): Span[] {
    if (!this.plan.weekly) return [logon]
    const { clock } = this.plan.start
    const open: Span[] = []
    let from = logon.from
    for (let date = clock.dateAt(logon.from); date <= clock.dateAt(logon.until); date++) {
      if (!this.holidays.has(date)) continue
      const midnight = clock.firstAt(date, 0)
      if (from < midnight) open.push({ from, until: Math.min(midnight, logon.until) })
      from = Math.max(from, clock.firstAt(date + 1, 0))
    }
    if (from < logon.until) open.push({ from, until: logon.until })
    return open
  }
}

function first({ reading, date }: Point): number {
  return reading.clock.firstAt(date, reading.seconds)
}

function last({ reading, date }: Point): number {
  return reading.clock.lastAt(date, reading.seconds)
}
