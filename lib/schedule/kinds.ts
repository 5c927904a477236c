import { parseDate, parseWeekday } from './calendar.js'
import type { Kind } from './fields.js'
import { LocalClock } from './local-clock.js'
import { parseTimeOfDay, type TimeOfDay } from './time-of-day.js'

export const mostWindows = 100
export const mostHolidays = 1000

export const timeOfDay: Kind<TimeOfDay> = {
  parse: parseTimeOfDay,
  expected: 'a time "HH:MM" or "HH:MM:SS", 00:00:00 to 23:59:59, with an IANA zone after it or none'
}

export const weekday: Kind<number> = {
  parse: parseWeekday,
  expected: 'a day of the week, such as "monday" or "mon"'
}

export const date: Kind<number> = { parse: parseDate, expected: 'a date "YYYY-MM-DD"' }

export const timeZone: Kind<LocalClock> = {
  parse: (name) => LocalClock.of(name),
  expected: 'an IANA time zone, such as "America/New_York"'
}

export const weekdayList = 'a list of 1 to 7 days of the week, such as ["mon", "tue"]'
export const dateList = `a list of at most ${mostHolidays} dates "YYYY-MM-DD"`
export const windowList = `a list of 1 to ${mostWindows} windows { startTime, endTime, ... }`
