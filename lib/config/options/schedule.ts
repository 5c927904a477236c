import type { z } from 'zod'
import { zod } from '../../packages.js'
import type { Kind } from '../../schedule/fields.js'
import * as kinds from '../../schedule/kinds.js'
import { defaulted, optional } from '../option.js'
import { flag } from '../values.js'

/** A text that a kind of schedule value can be read from; the text comes out as it was. */
const text = <T>({ parse, expected: error }: Kind<T>, candidates?: () => readonly string[]) =>
  zod()
    .string({ error })
    .check((context) => {
      if (parse(context.value) !== undefined) return
      const params = candidates === undefined ? {} : { candidates: candidates() }
      context.issues.push({ code: 'custom', message: error, input: context.value, params })
    })

const list = <Item extends z.ZodType>(item: Item, error: string, least: number, most: number) =>
  zod().array(item, { error }).min(least, { error }).max(most, { error })

const timeOfDay = () => text(kinds.timeOfDay)
const weekday = () => text(kinds.weekday)
const weekdays = () => list(weekday(), kinds.weekdayList, 1, 7)
const timeZone = () => text(kinds.timeZone, () => Intl.supportedValuesOf('timeZone'))
const holidays = () => list(text(kinds.date), kinds.dateList, 0, kinds.mostHolidays)

const windows = () => {
  const window = zod().strictObject(
    {
      startTime: timeOfDay(),
      endTime: timeOfDay(),
      startDay: weekday().optional(),
      endDay: weekday().optional(),
      weekdays: weekdays().optional(),
      logonTime: timeOfDay().optional(),
      logoutTime: timeOfDay().optional(),
      logonDay: weekday().optional(),
      logoutDay: weekday().optional()
    },
    { error: 'an object of options' }
  )
  return list(window, kinds.windowList, 1, kinds.mostWindows)
}

/** When the session lives. How these options go together is checked by `scheduleProblems`. */
export const scheduleOptions = {
  nonStopSession: defaulted(false, {
    type: flag,
    meaning:
      'The session never ends, whatever times are given (in `defaults`, say). Without startTime and windows it never ends either.',
    quickfix: ['NonStopSession']
  }),
  startTime: optional({
    type: timeOfDay,
    meaning:
      'When each session starts, "HH:MM" or "HH:MM:SS" in timeZone, or with a zone of its own: "17:00:00 America/New_York". Both numbers are 1 then.',
    quickfix: ['StartTime']
  }),
  endTime: optional({
    type: timeOfDay,
    meaning:
      'When it ends, by a Logout, written like startTime; at that moment it is over. Not later than startTime: on the next day, so that equal times make 24 hours.',
    quickfix: ['EndTime']
  }),
  weekdays: optional({
    type: weekdays,
    meaning:
      'Days on which a session starts, also one that goes on past midnight: ["mon", "tue"] or full names; unset: every day.',
    quickfix: ['Weekdays']
  }),
  startDay: optional({
    type: weekday,
    meaning:
      'Makes one session of the time from startDay, startTime to endDay, endTime, each week; with equal days and an endTime that is not later, a week.',
    quickfix: ['StartDay']
  }),
  endDay: optional({
    type: weekday,
    meaning: 'The day on which a session that has a startDay ends.',
    quickfix: ['EndDay']
  }),
  logonTime: optional({
    type: timeOfDay,
    meaning: 'Within a session: from when on a logon may be; unset: its start.',
    quickfix: ['LogonTime']
  }),
  logoutTime: optional({
    type: timeOfDay,
    meaning: 'Within a session: when to log out, keeping the numbers; unset: its end.',
    quickfix: ['LogoutTime']
  }),
  logonDay: optional({
    type: weekday,
    meaning: 'The day of logonTime, in a session that has a startDay; unset: startDay.',
    quickfix: ['LogonDay']
  }),
  logoutDay: optional({
    type: weekday,
    meaning: 'The day of logoutTime, in a session that has a startDay; unset: endDay.',
    quickfix: ['LogoutDay']
  }),
  timeZone: optional({
    type: timeZone,
    meaning: 'IANA zone of all times that have none of their own, such as "Europe/London"; unset: UTC.',
    quickfix: ['TimeZone']
  }),
  useLocalTime: defaulted(false, {
    type: flag,
    meaning: "Take the zone that this machine is set to instead of timeZone's.",
    quickfix: ['UseLocalTime']
  }),
  windows: optional({
    type: windows,
    meaning:
      'Several windows instead of one: a list of { startTime, endTime, ... } with all of the times and days above. Each is a session of its own; one that starts ends the one before.',
    quickfix: []
  }),
  holidays: optional({
    type: holidays,
    meaning:
      'Dates "YYYY-MM-DD" on which no session starts (in the zone of startTime); a session that has a startDay goes on, logged off from midnight to midnight.',
    quickfix: []
  })
}
