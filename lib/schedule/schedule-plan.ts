import { once } from '../packages.js'
import { daysInWeek } from './calendar.js'
import { Fields, isSettings, itemOf, type ScheduleProblem, type Settings } from './fields.js'
import { date, dateList, mostHolidays, mostWindows, timeZone, windowList } from './kinds.js'
import { LocalClock } from './local-clock.js'
import { readWindow, sameZone, type WindowPlan, wallLength, windowOptionNames } from './window-plan.js'

/** A schedule free of mistakes. */
export interface SchedulePlan {
  /** None: the session never ends. */
  readonly windows: readonly WindowPlan[]
  /** Days since 1970-01-01. */
  readonly holidays: ReadonlySet<number>
}

const never: SchedulePlan = { windows: [], holidays: new Set() }

/**
 * Every mistake in the schedule of a session. `settings` may hold the session's other options too, and values of any
 * kind; one mistake is told for one value. `raw` is what the user wrote, for showing.
 */
export function scheduleProblems(settings: Settings, raw: Settings = settings): readonly ScheduleProblem[] {
  return readSchedule(settings, raw).problems
}

/** Reads a schedule; `plan` is there when there are no problems. */
export function readSchedule(
  settings: Settings,
  raw: Settings = settings
): { plan: SchedulePlan | undefined; problems: ScheduleProblem[] } {
  const fields = new Fields(settings, raw, [])
  if (fields.isOn('nonStopSession')) return { plan: never, problems: [] }
  const clock = readClock(fields)
  const holidays = fields.readList('holidays', date, dateList, 0, mostHolidays) ?? []
  const windows = (fields.has('windows') ? readWindows : readOwnWindow)(settings, raw, fields, clock)
  const { problems } = fields
  return { plan: problems.length > 0 ? undefined : { windows, holidays: new Set(holidays) }, problems }
}

function readClock(fields: Fields): LocalClock {
  const clock = fields.read('timeZone', timeZone)
  if (!fields.isOn('useLocalTime')) return clock ?? utc()
  if (fields.has('timeZone')) {
    fields.wrong('timeZone', "nothing, since useLocalTime takes the machine's", 'Leave one of them out.')
  }
  return LocalClock.ofSystem()
}

/** The window that stands beside the session's other options. */
function readOwnWindow(settings: Settings, raw: Settings, fields: Fields, clock: LocalClock): WindowPlan[] {
  if (!windowOptionNames.some((name) => fields.has(name))) return []
  return planOf(new Fields(settings, raw, []), fields, clock)
}

function readWindows(settings: Settings, raw: Settings, fields: Fields, clock: LocalClock): WindowPlan[] {
  for (const name of windowOptionNames) {
    if (fields.has(name)) fields.wrong(name, 'nothing, since windows is there', 'Move it into each of windows.')
  }
  const { windows } = settings
  if (!Array.isArray(windows) || windows.length === 0 || windows.length > mostWindows) {
    fields.wrong('windows', windowList)
    return []
  }
  const plans = windows.flatMap((window: unknown, index) => {
    if (isSettings(window)) {
      return planOf(new Fields(window, itemOf(raw.windows, index), ['windows', index]), fields, clock)
    }
    fields.wrongItem('windows', index, 'an object of options')
    return []
  })
  if (fields.problems.length === 0) fields.problems.push(...overlaps(plans))
  return plans
}

function planOf(own: Fields, all: Fields, clock: LocalClock): WindowPlan[] {
  const plan = readWindow(own, clock)
  all.problems.push(...own.problems)
  return plan === undefined ? [] : [plan]
}

const week = daysInWeek * 86_400

/**
 * Windows that lie upon each other by the clock on the wall. With clocks of several zones that differs from day to day,
 * and the window that starts later then ends the earlier one.
 */
function overlaps(plans: readonly WindowPlan[]): ScheduleProblem[] {
  if (!sameZone(plans[0]!.start, ...plans.flatMap(({ start, end }) => [start, end]))) return []
  const spans = plans.flatMap((plan, index) =>
    [...plan.weekdays].map((day) => ({
      index,
      start: day * 86_400 + plan.start.seconds,
      length: wallLength(plan) ?? 0
    }))
  )
  spans.sort((a, b) => a.start - b.start)
  const found = new Map<number, ScheduleProblem>()
  spans.forEach((span, position) => {
    const next = spans[(position + 1) % spans.length]!
    const pause = (next.start - span.start + week) % week || (next === span ? week : 0)
    const [earlier, later] = span.index < next.index ? [span.index, next.index] : [next.index, span.index]
    if (span.length <= pause || found.has(later)) return
    found.set(later, {
      path: ['windows', later],
      expected: 'a window apart from the others',
      got: `one that overlaps windows[${earlier}]`,
      advice: 'Change its times or its days; one may start when another ends.'
    })
  })
  return [...found.values()]
}

const utc = once(() => LocalClock.of('UTC')!)
