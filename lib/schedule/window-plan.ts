import { daysAfter, daysInWeek } from './calendar.js'
import type { Fields } from './fields.js'
import { timeOfDay, weekday, weekdayList } from './kinds.js'
import type { LocalClock } from './local-clock.js'
import type { TimeOfDay } from './time-of-day.js'

/** A time of the day, and of the week where `weekday` (0: Sunday) is given, on the clocks of a zone. */
export interface Reading {
  readonly clock: LocalClock
  readonly seconds: number
  readonly weekday?: number | undefined
}

/** A window that recurs, free of mistakes. */
export interface WindowPlan {
  /** True when it is bound to days from its start to its end, false when it is one of each day. */
  readonly weekly: boolean
  /** The weekdays of its start. */
  readonly weekdays: ReadonlySet<number>
  readonly start: Reading
  readonly end: Reading
  readonly logon: Reading | undefined
  readonly logout: Reading | undefined
}

/** The options that make up a window. */
export const windowOptionNames = [
  'startTime',
  'endTime',
  'startDay',
  'endDay',
  'weekdays',
  'logonTime',
  'logoutTime',
  'logonDay',
  'logoutDay'
] as const

const everyDay: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6])

/** Reads one window; undefined when something is wrong, which `fields` then knows. `clock`: the schedule's own zone. */
export function readWindow(fields: Fields, clock: LocalClock): WindowPlan | undefined {
  const startTime = fields.read('startTime', timeOfDay)
  const endTime = fields.read('endTime', timeOfDay)
  const startDay = fields.read('startDay', weekday)
  const endDay = fields.read('endDay', weekday)
  const weekdays = fields.readList('weekdays', weekday, weekdayList, 1, daysInWeek)
  const logonTime = fields.read('logonTime', timeOfDay)
  const logoutTime = fields.read('logoutTime', timeOfDay)
  const logonDay = fields.read('logonDay', weekday)
  const logoutDay = fields.read('logoutDay', weekday)
  findMismatches(fields)
  if (fields.problems.length > 0 || startTime === undefined || endTime === undefined) return undefined

  const reading = (time: TimeOfDay, day: number | undefined): Reading => ({
    clock: time.clock ?? clock,
    seconds: time.seconds,
    weekday: day
  })
  const logon = logonTime !== undefined || logonDay !== undefined
  const logout = logoutTime !== undefined || logoutDay !== undefined
  const plan = {
    weekly: startDay !== undefined,
    weekdays: startDay === undefined ? (weekdays === undefined ? everyDay : new Set(weekdays)) : new Set([startDay]),
    start: reading(startTime, startDay),
    end: reading(endTime, endDay),
    logon: logon ? reading(logonTime ?? startTime, logonDay ?? startDay) : undefined,
    logout: logout ? reading(logoutTime ?? endTime, logoutDay ?? endDay) : undefined
  }
  findMisplacedLogon(fields, plan)
  return fields.problems.length > 0 ? undefined : plan
}

/** Options that do not go with each other, or not without each other. */
function findMismatches(fields: Fields): void {
  const missing = (name: string, other: string) => {
    if (!fields.has(name) && fields.has(other)) fields.wrong(name, `a value, since ${other} is there`, 'Add it.')
  }
  if (!fields.has('startTime')) {
    const other = windowOptionNames.find((name) => fields.has(name))
    fields.wrong('startTime', other === undefined ? 'a time' : `a time, since ${other} is there`, 'Add it.')
  }
  if (!fields.has('endTime')) fields.wrong('endTime', 'the time at which the window ends', 'Add it.')
  missing('startDay', 'endDay')
  missing('endDay', 'startDay')
  if (fields.has('startDay') && fields.has('weekdays')) {
    const advice = 'Leave it out for one long window from startDay to endDay; leave those out for a window on each day.'
    fields.wrong('weekdays', 'nothing, since startDay is there', advice)
  }
  for (const name of ['logonDay', 'logoutDay'] as const) {
    if (!fields.has(name) || fields.has('startDay')) continue
    fields.wrong(name, 'nothing, since the window has no startDay', 'Leave it out, or use weekdays.')
  }
}

/**
 * Logon and logout have to be in the window and in this order. Only clocks of one zone can be held against each other
 * for all times to come; others are cut to the window on each day.
 */
function findMisplacedLogon(fields: Fields, plan: WindowPlan): void {
  const { start, end, logon, logout } = plan
  const length = secondsFrom(plan, end, 'after')
  const opens = logon === undefined ? 0 : secondsFrom(plan, logon, 'from')
  const closes = logout === undefined ? length : secondsFrom(plan, logout, 'after')
  const logonName = fields.has('logonTime') ? 'logonTime' : 'logonDay'
  const logoutName = fields.has('logoutTime') ? 'logoutTime' : 'logoutDay'
  const between = `Set it${plan.weekly ? ' and its day' : ''} between the start and the end.`
  if (logon !== undefined && sameZone(start, logon, end) && opens >= length) {
    fields.wrong(logonName, 'a time within the window', between)
  } else if (logout !== undefined && sameZone(start, logout, end) && closes > length) {
    fields.wrong(logoutName, 'a time within the window', between)
  } else if (logout !== undefined && sameZone(start, logon ?? start, logout) && closes <= opens) {
    fields.wrong(logoutName, 'a time after the logon', 'Change one of them.')
  }
}

/** How far a reading is from the start of its window by the clock on the wall, the window being from or after it. */
function secondsFrom(plan: WindowPlan, reading: Reading, which: 'from' | 'after'): number {
  const { start, weekly } = plan
  const days = weekly ? daysAfter(reading.weekday ?? 0, start.weekday ?? 0) : 0
  const seconds = days * 86_400 + reading.seconds - start.seconds
  const isNext = which === 'from' ? seconds < 0 : seconds <= 0
  return isNext ? seconds + (weekly ? daysInWeek : 1) * 86_400 : seconds
}

/** How long the window is by the clock on the wall, seconds; undefined when its two clocks hang in two zones. */
export function wallLength(plan: WindowPlan): number | undefined {
  return sameZone(plan.start, plan.end) ? secondsFrom(plan, plan.end, 'after') : undefined
}

export function sameZone(first: Reading, ...others: readonly Reading[]): boolean {
  return others.every((other) => other.clock === first.clock)
}
