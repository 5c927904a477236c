import { describe, expect, it } from 'vitest'
import { FixConfigError } from '../../lib/errors.js'
import { Schedule } from '../../lib/schedule/schedule.js'
import type { ScheduleConfig } from '../../lib/schedule/schedule-config.js'
import { scheduleProblems } from '../../lib/schedule/schedule-plan.js'

const problems = (settings: Record<string, unknown>) =>
  scheduleProblems(settings).map(
    ({ path, expected, got, advice }) => `${path.join('.')}: expected ${expected}, got ${got}.${advice && ` ${advice}`}`
  )

const places = (settings: Record<string, unknown>) => scheduleProblems(settings).map(({ path }) => path.join('.'))

const times = { startTime: '08:00', endTime: '17:00' }
const variable = (name: string) => `\${${name}}`
const week = { startDay: 'sun', startTime: '17:00', endDay: 'fri', endTime: '16:00' }

describe('a value of a schedule', () => {
  it.each([
    ['startTime', '8:00'],
    ['startTime', '24:00'],
    ['startTime', '23:59:60'],
    ['startTime', '08:00:00 Nowhere/City'],
    ['startTime', '08:00:00.000'],
    ['startTime', 800],
    ['startTime', null],
    ['endTime', ''],
    ['logonTime', '08:00America/New_York'],
    ['logoutTime', 'noon']
  ])('%s may not be %j', (name, value) => {
    expect(places({ ...times, [name]: value })).toEqual([name])
  })

  it.each([
    ['startDay', 'someday'],
    ['startDay', 's'],
    ['endDay', 5],
    ['logonDay', 'fridays'],
    ['logoutDay', '']
  ])('%s may not be %j', (name, value) => {
    expect(places({ ...week, [name]: value })).toEqual([name])
  })

  it.each([
    ['weekdays', 'mon,tue', 'weekdays'],
    ['weekdays', [], 'weekdays'],
    ['weekdays', ['mon', 'tues day'], 'weekdays.1'],
    ['holidays', ['2026-12-25', '2026-02-29'], 'holidays.1'],
    ['holidays', ['25.12.2026'], 'holidays.0'],
    ['holidays', '2026-12-25', 'holidays'],
    ['timeZone', 'New York', 'timeZone'],
    ['timeZone', '', 'timeZone'],
    ['useLocalTime', 'yes', 'useLocalTime'],
    ['nonStopSession', 1, 'nonStopSession']
  ])('%s may not be %j', (name, value, place) => {
    expect(places({ ...times, [name]: value })).toEqual([place])
  })

  it.each([['00:00'], ['23:59:59'], ['17:00:00 America/New_York'], ['17:00 utc']])(
    'startTime may be %j',
    (startTime) => {
      expect(places({ ...times, startTime })).toEqual([])
    }
  )

  it('holidays may not be more than 1000', () => {
    const list = (length: number) => Array.from({ length }, () => '2026-12-25')
    expect(places({ ...times, holidays: list(1001) })).toEqual(['holidays'])
    expect(places({ ...times, holidays: list(1000) })).toEqual([])
  })

  it('says what was expected', () => {
    expect(problems({ ...times, startTime: '5pm', timeZone: 'Mars/Olympus', weekdays: ['mo', 'x'] })).toEqual([
      'timeZone: expected an IANA time zone, such as "America/New_York", got "Mars/Olympus".',
      'startTime: expected a time "HH:MM" or "HH:MM:SS", 00:00:00 to 23:59:59, with an IANA zone after it or none, got "5pm".',
      'weekdays.1: expected a day of the week, such as "monday" or "mon", got "x".'
    ])
  })
})

describe('options that do not go together', () => {
  it.each([
    [{ endTime: '17:00' }, 'startTime: expected a time, since endTime is there, got nothing. Add it.'],
    [{ startTime: '17:00' }, 'endTime: expected the time at which the window ends, got nothing. Add it.'],
    [{ ...times, startDay: 'mon' }, 'endDay: expected a value, since startDay is there, got nothing. Add it.'],
    [{ ...times, endDay: 'mon' }, 'startDay: expected a value, since endDay is there, got nothing. Add it.'],
    [
      { ...week, weekdays: ['mon'] },
      'weekdays: expected nothing, since startDay is there, got a list. Leave it out for one long window from startDay to endDay; leave those out for a window on each day.'
    ],
    [
      { ...times, logonDay: 'mon' },
      'logonDay: expected nothing, since the window has no startDay, got "mon". Leave it out, or use weekdays.'
    ],
    [
      { ...times, timeZone: 'Europe/London', useLocalTime: true },
      `timeZone: expected nothing, since useLocalTime takes the machine's, got "Europe/London". Leave one of them out.`
    ],
    [
      { ...times, windows: [{ startTime: '18:00', endTime: '19:00' }] },
      'startTime: expected nothing, since windows is there, got "08:00". Move it into each of windows.'
    ]
  ])('%j', (settings, first) => {
    expect(problems(settings)[0]).toBe(first)
  })

  it.each([
    [{ ...times, logonTime: '07:59' }, 'logonTime'],
    [{ ...times, logonTime: '17:00' }, 'logonTime'],
    [{ ...times, logoutTime: '17:01' }, 'logoutTime'],
    [{ ...times, logoutTime: '08:00' }, 'logoutTime'],
    [{ ...times, logonTime: '12:00', logoutTime: '12:00' }, 'logoutTime'],
    [{ ...times, logonTime: '13:00', logoutTime: '12:00' }, 'logoutTime'],
    [{ startTime: '17:00', endTime: '08:00', logonTime: '08:00', logoutTime: '07:00' }, 'logonTime'],
    [{ ...week, logonTime: '16:59' }, 'logonTime'],
    [{ ...week, logonDay: 'sat' }, 'logonDay'],
    [{ ...week, logoutTime: '16:01' }, 'logoutTime'],
    [{ ...week, logoutDay: 'sat' }, 'logoutDay'],
    [{ ...week, logonDay: 'thu', logonTime: '12:00', logoutDay: 'wed' }, 'logoutDay']
  ])('a logon or logout out of the window: %j', (settings, place) => {
    expect(places(settings)).toEqual([place])
  })

  it.each([
    [{ ...times, logonTime: '08:00', logoutTime: '17:00' }],
    [{ startTime: '17:00', endTime: '17:00', logoutTime: '17:00' }],
    [{ ...week, logonTime: '17:00', logoutTime: '16:00' }],
    [{ ...week, logonDay: 'mon', logoutDay: 'thu' }],
    [{ startTime: '08:00 Europe/London', endTime: '17:00 America/New_York', logonTime: '07:00 America/New_York' }],
    [{ timeZone: 'Europe/London', useLocalTime: false, nonStopSession: false }],
    [{ nonStopSession: true, startTime: 'never', windows: 5 }]
  ])('others do: %j', (settings) => {
    expect(problems(settings)).toEqual([])
  })
})

describe('windows', () => {
  it.each([
    ['none', [], 'windows'],
    ['no list', {}, 'windows'],
    ['too many', Array.from({ length: 101 }, () => times), 'windows'],
    ['one that is none', [times, 'night'], 'windows.1'],
    ['one without an end', [{ startTime: '08:00' }], 'windows.0.endTime'],
    ['one without anything', [{}], 'windows.0.startTime'],
    [
      'a wrong day',
      [times, { startTime: '18:00', endTime: '19:00', weekdays: ['mon', 'tag'] }],
      'windows.1.weekdays.1'
    ],
    ['a wrong logon', [{ ...times, logonTime: '18:00' }], 'windows.0.logonTime']
  ])('%s', (_, windows, place) => {
    expect(places({ windows })[0]).toBe(place)
  })

  it.each([
    ['the same twice', [times, times]],
    ['one into another', [times, { startTime: '16:59:59', endTime: '18:00' }]],
    [
      'past midnight',
      [
        { startTime: '00:30', endTime: '02:00' },
        { startTime: '22:00', endTime: '01:00' }
      ]
    ],
    [
      'past the end of the week',
      [
        { startTime: '20:00', endTime: '08:00', weekdays: ['sat'] },
        { startTime: '07:00', endTime: '09:00', weekdays: ['sun'] }
      ]
    ],
    ['a week and a day', [week, { startTime: '12:00', endTime: '13:00', weekdays: ['wed'] }]],
    [
      'all week',
      [
        { startDay: 'mon', startTime: '08:00', endDay: 'mon', endTime: '08:00' },
        { ...times, weekdays: ['thu'] }
      ]
    ]
  ])('may not overlap: %s', (_, windows) => {
    const found = scheduleProblems({ windows })
    expect(found.map(({ path }) => path.join('.'))).toEqual(['windows.1'])
    expect(found[0]?.got).toBe('one that overlaps windows[0]')
  })

  it.each([
    ['one after the other', [times, { startTime: '17:00', endTime: '08:00' }]],
    [
      'on other days',
      [
        { ...times, weekdays: ['mon'] },
        { ...times, weekdays: ['tue'] }
      ]
    ],
    ['in the gap of the week', [week, { startTime: '16:00', endTime: '17:00', weekdays: ['fri', 'sat'] }]],
    ['in several zones, where nobody can say', [times, { startTime: '08:00 Asia/Tokyo', endTime: '17:00 Asia/Tokyo' }]]
  ])('may be %s', (_, windows) => {
    expect(problems({ windows })).toEqual([])
  })
})

describe('what errors show', () => {
  it('is what the user wrote, never what a variable stood for', () => {
    const secret = { startTime: '07:00', logonTime: '03:33', weekdays: ['sunday', 'secret'] }
    const raw = { startTime: '07:00', logonTime: variable('LOGON'), weekdays: ['sunday', variable('DAY')] }
    const texts = [
      ...scheduleProblems({ ...times, logonTime: secret.logonTime }, { ...times, logonTime: raw.logonTime }),
      ...scheduleProblems({ windows: [{ ...secret, endTime: '08:00' }] }, { windows: [{ ...raw, endTime: '08:00' }] }),
      ...scheduleProblems({ windows: [{ ...times, ...secret }, 'secret'] }, { windows: variable('WINDOWS') })
    ].map(({ got }) => got)
    expect(texts).toEqual(['LOGON', 'DAY'].map((name) => JSON.stringify(variable(name))).concat('nothing', 'nothing'))
  })
})

describe('Schedule.of', () => {
  it('throws all of it as one FixConfigError', () => {
    const config: ScheduleConfig = { windows: [{ startTime: '08:00', endTime: '25:00' }], holidays: ['never'] }
    expect(() => Schedule.of(config)).toThrow(FixConfigError)
    expect(() => Schedule.of(config)).toThrow(
      'schedule: holidays[0]: expected a date "YYYY-MM-DD", got "never".\nschedule: windows[0].endTime: expected a time'
    )
  })
})
