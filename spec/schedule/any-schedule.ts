import fc from 'fast-check'
import type { ScheduleConfig, WindowConfig } from '../../lib/schedule/schedule-config.js'
import { day, hour, minute, shownAt, utc } from './wall.js'

/** A schedule in one zone, and times as the clocks of that zone decide them: to hold answers against. */
export interface Case {
  readonly zone: string
  readonly config: ScheduleConfig
  readonly openByClock: (time: number) => boolean
}

interface WallWindow {
  readonly start: number
  readonly length: number
  readonly days: readonly number[]
  readonly weekly: boolean
}

const zones = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Havana',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Gaza'
]

const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const weekdayOf = (date: number) => (((date + 4) % 7) + 7) % 7
const clockText = (minutes: number) =>
  `${String(Math.floor((minutes % 1440) / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const everyDay = [0, 1, 2, 3, 4, 5, 6]
const someDays = fc.option(fc.uniqueArray(fc.constantFrom(...everyDay), { minLength: 1, maxLength: 7 }), {
  nil: undefined
})

/** Minutes after midnight, most of them in the night, when clocks are changed. */
const minutes = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 16 }).map((quarter) => quarter * 15), weight: 3 },
  { arbitrary: fc.integer({ min: 0, max: 1439 }), weight: 2 },
  { arbitrary: fc.constantFrom(0, 23 * 60, 23 * 60 + 30, 23 * 60 + 59), weight: 1 }
)

interface Made {
  readonly config: WindowConfig
  readonly wall: WallWindow
}

function daily(start: number, length: number, days: readonly number[] | undefined): Made {
  const config = { startTime: clockText(start), endTime: clockText(start + length) }
  return {
    config: days === undefined ? config : { ...config, weekdays: days.map((index) => names[index]!) },
    wall: { start: start * minute, length: length * minute, days: days ?? everyDay, weekly: false }
  }
}

function weekly(startDay: number, start: number, length: number): Made {
  const end = startDay * 1440 + start + length
  const config = {
    startDay: names[startDay]!,
    startTime: clockText(start),
    endDay: names[Math.floor(end / 1440) % 7]!,
    endTime: clockText(end)
  }
  return { config, wall: { start: start * minute, length: length * minute, days: [startDay], weekly: true } }
}

const anyDaily = fc
  .tuple(minutes, fc.oneof(minutes, fc.constant(0), fc.constantFrom(15, 30, 60)), someDays)
  .map(([start, length, days]) => daily(start, length === 0 ? 1440 : length, days))

const anyWeekly = fc
  .tuple(fc.constantFrom(...everyDay), minutes, fc.integer({ min: 1, max: 7 * 96 }))
  .map(([startDay, start, quarters]) => weekly(startDay, start, quarters * 15))

/** Several windows a day, apart from each other, some of which follow at once. */
const anySeveral = fc
  .tuple(
    fc.uniqueArray(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 95 })), {
      minLength: 2,
      maxLength: 7
    }),
    fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    someDays
  )
  .map(([quarters, kept, days]) => {
    const cuts = quarters.sort((a, b) => a - b).map((quarter) => quarter * 15)
    const spans = cuts.map((start, index) => ({ start, length: (cuts[index + 1] ?? cuts[0]! + 1440) - start }))
    const chosen = spans.filter((_, index) => kept[index])
    return (chosen.length === 0 ? spans : chosen).map(({ start, length }) => daily(start, length, days))
  })

const withLogon = (made: Made, parts: readonly [number, number] | undefined): Made => {
  if (parts === undefined || made.wall.weekly) return made
  const { start, length } = made.wall
  const [first, second] = [Math.min(...parts), Math.max(...parts)]
  const logon = Math.floor((first * (length / minute)) / 100)
  const logout = Math.floor((second * (length / minute)) / 100)
  if (logon === logout) return made
  const text = (after: number) => clockText(start / minute + after)
  return { ...made, config: { ...made.config, logonTime: text(logon), logoutTime: text(logout) } }
}

const percent = fc.integer({ min: 0, max: 99 })

const anyOne = fc
  .tuple(fc.oneof(anyDaily, anyWeekly), fc.option(fc.tuple(percent, percent), { nil: undefined }))
  .map(([made, parts]) => [withLogon(made, parts)])

/** The dates on which clocks of a zone are changed, by Intl; any date where they never are. */
function changeDates(zone: string): number[] {
  const dates: number[] = []
  let before = 0
  for (let date = utc('2005-01-01T00:00') / day; date < utc('2031-01-01T00:00') / day; date++) {
    const offset = shownAt(zone, date * day) - date * day
    if (dates.length > 0 && offset !== before) dates.push(date - 1)
    if (dates.length === 0) dates.push(date)
    before = offset
  }
  return dates
}

const changesOf = new Map(zones.map((zone) => [zone, changeDates(zone)]))

/** A moment of 2005 to 2030 and a zone, more often than not on a night in which clocks are changed there. */
export const anyMoment = fc
  .tuple(fc.constantFrom(...zones), fc.nat(10_000), fc.integer({ min: -36 * 60, max: 60 * 60 }), fc.nat(26 * 365))
  .map(([zone, pick, minutesAfter, anyDay]) => {
    const dates = changesOf.get(zone)!
    const date = pick % 4 === 0 ? dates[0]! + anyDay : dates[pick % dates.length]!
    return { zone, time: date * day + minutesAfter * minute }
  })

/** A schedule, with holidays near `time`. */
export function anyScheduleAt(zone: string, time: number): fc.Arbitrary<Case> {
  const near = Math.floor(time / day)
  const holidays = fc.option(fc.uniqueArray(fc.integer({ min: near - 3, max: near + 3 }), { maxLength: 3 }), {
    nil: undefined
  })
  return fc.tuple(fc.oneof(anyOne, anySeveral), holidays).map(([made, dates]) => {
    const windows = made.map(({ config }) => config)
    const base = windows.length === 1 ? windows[0]! : { windows }
    const texts = dates?.map((date) => new Date(date * day).toISOString().slice(0, 10))
    const config = { ...base, timeZone: zone, ...(texts === undefined ? {} : { holidays: texts }) }
    const walls = made.map(({ wall }) => wall)
    return { zone, config, openByClock: (at) => walls.some((wall) => openBy(wall, shownAt(zone, at), dates ?? [])) }
  })
}

function openBy({ start, length, days, weekly: isWeekly }: WallWindow, shown: number, holidays: readonly number[]) {
  const today = Math.floor(shown / day)
  for (let date = today - 8; date <= today; date++) {
    const from = date * day + start
    if (!days.includes(weekdayOf(date)) || shown < from || shown >= from + length) continue
    if (isWeekly || !holidays.includes(date)) return true
  }
  return false
}

/** Whether the clocks of a zone go back within 26 hours of a moment. */
export function goesBackNear(zone: string, time: number): boolean {
  const step = hour / 4
  for (let at = time - 26 * hour; at <= time + 26 * hour; at += step) {
    if (shownAt(zone, at + step) - shownAt(zone, at) < step) return true
  }
  return false
}
