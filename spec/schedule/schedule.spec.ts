import { describe, expect, it } from 'vitest'
import { Schedule } from '../../lib/schedule/schedule.js'
import { changes, sessions, stateAt } from './walk.js'
import { day, hour, iso, second, utc } from './wall.js'

describe('a session of each day', () => {
  it('is from startTime until, but not at, endTime', () => {
    const schedule = Schedule.of({ startTime: '08:00', endTime: '16:30:00' })
    const start = utc('2026-05-05T08:00')
    const end = utc('2026-05-05T16:30')
    expect(schedule.sessionAt(start)).toEqual({ start, end, id: '2026-05-05T08:00:00Z' })
    expect(schedule.sessionAt(end - 1)).toEqual({ start, end, id: '2026-05-05T08:00:00Z' })
    expect(schedule.sessionAt(start - 1)).toBeUndefined()
    expect(schedule.sessionAt(end)).toBeUndefined()
    expect(schedule.logonAllowed(start)).toBe(true)
    expect(schedule.logonAllowed(end)).toBe(false)
    expect(iso(schedule.nextChange(start))).toBe('2026-05-05T16:30:00Z')
    expect(iso(schedule.nextChange(end))).toBe('2026-05-06T08:00:00Z')
    expect(schedule.nextLogon(start)).toBe(start)
    expect(iso(schedule.nextLogon(end))).toBe('2026-05-06T08:00:00Z')
  })

  it('goes on past midnight when endTime is not the later one', () => {
    expect(sessions({ startTime: '22:00', endTime: '20:00' }, '2026-05-05T00:00', '2026-05-07T00:00')).toEqual([
      '2026-05-05T22:00:00Z/2026-05-06T20:00:00Z',
      '2026-05-06T22:00:00Z/2026-05-07T20:00:00Z'
    ])
  })

  it('is 24 hours long when both times are equal, and the next follows at once', () => {
    const config = { startTime: '17:00', endTime: '17:00', timeZone: 'America/New_York' }
    expect(sessions(config, '2026-05-05T00:00', '2026-05-07T00:00')).toEqual([
      '2026-05-05T21:00:00Z/2026-05-06T21:00:00Z',
      '2026-05-06T21:00:00Z/2026-05-07T21:00:00Z'
    ])
    const schedule = Schedule.of(config)
    const boundary = utc('2026-05-06T21:00')
    expect(schedule.isSameSession(boundary - 1, boundary)).toBe(false)
    expect(schedule.nextChange(boundary - 1)).toBe(boundary)
  })

  it('starts and ends by the clocks of its zone, in summer and winter', () => {
    const config = { startTime: '08:00', endTime: '17:00', timeZone: 'Europe/London' }
    expect(sessions(config, '2026-03-28T00:00', '2026-03-30T00:00')).toEqual([
      '2026-03-28T08:00:00Z/2026-03-28T17:00:00Z',
      '2026-03-29T07:00:00Z/2026-03-29T16:00:00Z'
    ])
  })
})

describe('weekdays', () => {
  it('are the days on which sessions start, also those that go on past midnight', () => {
    // The week of a currency market. Engines that look at the weekday of the moment close it at Friday's midnight.
    const config = {
      weekdays: ['Sunday', 'MON', 'tue', 'we', 'Thu'],
      startTime: '17:05',
      endTime: '16:55',
      timeZone: 'America/New_York'
    }
    expect(sessions(config, '2026-05-02T00:00', '2026-05-09T00:00')).toEqual([
      '2026-05-03T21:05:00Z/2026-05-04T20:55:00Z',
      '2026-05-04T21:05:00Z/2026-05-05T20:55:00Z',
      '2026-05-05T21:05:00Z/2026-05-06T20:55:00Z',
      '2026-05-06T21:05:00Z/2026-05-07T20:55:00Z',
      '2026-05-07T21:05:00Z/2026-05-08T20:55:00Z'
    ])
    const schedule = Schedule.of(config)
    expect(stateAt(schedule, utc('2026-05-08T12:00'))).toBe('on')
    expect(stateAt(schedule, utc('2026-05-08T22:00'))).toBe('out')
    expect(iso(schedule.nextLogon(utc('2026-05-08T22:00')))).toBe('2026-05-10T21:05:00Z')
  })

  it('are those of the zone, not of UTC', () => {
    const config = { weekdays: ['mon'], startTime: '08:00', endTime: '09:00', timeZone: 'Pacific/Auckland' }
    expect(sessions(config, '2026-05-01T00:00', '2026-05-08T00:00')).toEqual([
      '2026-05-03T20:00:00Z/2026-05-03T21:00:00Z'
    ])
  })
})

describe('a week-long session', () => {
  it('is one from startDay to endDay', () => {
    const config = {
      startDay: 'sun',
      startTime: '17:00',
      endDay: 'fri',
      endTime: '16:00',
      timeZone: 'America/Chicago'
    }
    expect(sessions(config, '2026-03-01T00:00', '2026-03-15T00:00')).toEqual([
      '2026-03-01T23:00:00Z/2026-03-06T22:00:00Z',
      '2026-03-08T22:00:00Z/2026-03-13T21:00:00Z'
    ])
  })

  it('may go on over the end of the week, at which nothing happens', () => {
    const config = { startDay: 'fri', startTime: '22:00', endDay: 'fri', endTime: '21:00' }
    expect(changes(config, '2026-05-01T00:00', '2026-05-09T00:00')).toEqual([
      '2026-05-01T21:00:00Z out',
      '2026-05-01T22:00:00Z on',
      '2026-05-08T21:00:00Z out',
      '2026-05-08T22:00:00Z on'
    ])
    const schedule = Schedule.of({ startDay: 'thu', startTime: '08:00', endDay: 'tue', endTime: '08:00' })
    expect(schedule.isSameSession(utc('2026-05-02T23:00'), utc('2026-05-03T01:00'))).toBe(true)
    expect(schedule.isSameSession(utc('2026-05-03T23:00'), utc('2026-05-04T01:00'))).toBe(true)
  })

  it('lasts a whole week when both ends are equal', () => {
    const config = { startDay: 'sunday', startTime: '00:00', endDay: 'sunday', endTime: '00:00' }
    expect(changes(config, '2026-05-01T00:00', '2026-05-15T00:00')).toEqual([
      '2026-05-03T00:00:00Z on',
      '2026-05-10T00:00:00Z on'
    ])
  })

  it('lasts hours, once a week, when it ends later on the day on which it starts', () => {
    const config = { startDay: 'sat', startTime: '09:00', endDay: 'sat', endTime: '11:00' }
    expect(sessions(config, '2026-05-01T00:00', '2026-05-15T00:00')).toEqual([
      '2026-05-02T09:00:00Z/2026-05-02T11:00:00Z',
      '2026-05-09T09:00:00Z/2026-05-09T11:00:00Z'
    ])
  })
})

describe('logonTime and logoutTime', () => {
  it('bound the logon within the session, which stays the same', () => {
    const config = { startTime: '00:00', endTime: '00:00', logonTime: '07:00', logoutTime: '21:30' }
    expect(changes(config, '2026-05-05T00:00', '2026-05-06T07:00')).toEqual([
      '2026-05-05T00:00:00Z off',
      '2026-05-05T07:00:00Z on',
      '2026-05-05T21:30:00Z off',
      '2026-05-06T00:00:00Z off'
    ])
    const schedule = Schedule.of(config)
    expect(iso(schedule.nextLogon(utc('2026-05-05T03:00')))).toBe('2026-05-05T07:00:00Z')
    expect(iso(schedule.nextLogon(utc('2026-05-05T22:00')))).toBe('2026-05-06T07:00:00Z')
    expect(schedule.isSameSession(utc('2026-05-05T03:00'), utc('2026-05-05T22:00'))).toBe(true)
  })

  it('may be on the day after the start', () => {
    const config = { startTime: '18:00', endTime: '17:00', logonTime: '06:00', logoutTime: '16:00' }
    expect(changes(config, '2026-05-05T17:30', '2026-05-06T17:30')).toEqual([
      '2026-05-05T18:00:00Z off',
      '2026-05-06T06:00:00Z on',
      '2026-05-06T16:00:00Z off',
      '2026-05-06T17:00:00Z out'
    ])
  })

  it('default to the ends of the session, each by itself', () => {
    const times = { startTime: '08:00', endTime: '17:00' }
    expect(changes({ ...times, logonTime: '09:00' }, '2026-05-05T00:00', '2026-05-06T00:00')).toEqual([
      '2026-05-05T08:00:00Z off',
      '2026-05-05T09:00:00Z on',
      '2026-05-05T17:00:00Z out'
    ])
    expect(changes({ ...times, logoutTime: '16:00' }, '2026-05-05T00:00', '2026-05-06T00:00')).toEqual([
      '2026-05-05T08:00:00Z on',
      '2026-05-05T16:00:00Z off',
      '2026-05-05T17:00:00Z out'
    ])
  })

  it('have the days of the session in a week-long one, or their own', () => {
    const week = { startDay: 'sun', startTime: '17:00', endDay: 'sat', endTime: '12:00' }
    const times = { logonTime: '18:00', logoutTime: '11:00' }
    expect(changes({ ...week, ...times }, '2026-05-03T00:00', '2026-05-10T00:00')).toEqual([
      '2026-05-03T17:00:00Z off',
      '2026-05-03T18:00:00Z on',
      '2026-05-09T11:00:00Z off',
      '2026-05-09T12:00:00Z out'
    ])
    const days = { logonDay: 'mon', logoutDay: 'fri' }
    expect(changes({ ...week, ...times, ...days }, '2026-05-03T00:00', '2026-05-10T00:00')).toEqual([
      '2026-05-03T17:00:00Z off',
      '2026-05-04T18:00:00Z on',
      '2026-05-08T11:00:00Z off',
      '2026-05-09T12:00:00Z out'
    ])
    expect(changes({ ...week, ...days }, '2026-05-03T00:00', '2026-05-10T00:00')).toEqual([
      '2026-05-03T17:00:00Z off',
      '2026-05-04T17:00:00Z on',
      '2026-05-08T12:00:00Z off',
      '2026-05-09T12:00:00Z out'
    ])
  })
})

describe('several windows', () => {
  it('are sessions of their own', () => {
    const config = {
      timeZone: 'Asia/Tokyo',
      windows: [
        { startTime: '12:30', endTime: '15:30', weekdays: ['mon', 'tue'] },
        { startTime: '09:00', endTime: '11:30', weekdays: ['mon', 'tue'] },
        { startTime: '10:00', endTime: '11:00', weekdays: ['wed'], logonTime: '10:15' }
      ]
    }
    expect(changes(config, '2026-05-05T00:00', '2026-05-11T00:00')).toEqual([
      '2026-05-05T00:00:00Z on',
      '2026-05-05T02:30:00Z out',
      '2026-05-05T03:30:00Z on',
      '2026-05-05T06:30:00Z out',
      '2026-05-06T01:00:00Z off',
      '2026-05-06T01:15:00Z on',
      '2026-05-06T02:00:00Z out'
    ])
    const schedule = Schedule.of(config)
    expect(iso(schedule.nextLogon(utc('2026-05-06T02:00')))).toBe('2026-05-11T00:00:00Z')
  })

  it('may follow each other at once', () => {
    const config = {
      windows: [
        { startTime: '00:00', endTime: '12:00' },
        { startTime: '12:00', endTime: '00:00' }
      ]
    }
    expect(sessions(config, '2026-05-05T00:00', '2026-05-06T00:00')).toEqual([
      '2026-05-05T00:00:00Z/2026-05-05T12:00:00Z',
      '2026-05-05T12:00:00Z/2026-05-06T00:00:00Z'
    ])
  })

  it('can make a short Friday', () => {
    const config = {
      windows: [
        { startTime: '08:00', endTime: '17:00', weekdays: ['mon', 'tue', 'wed', 'thu'] },
        { startTime: '08:00', endTime: '12:00', weekdays: ['fri'] }
      ]
    }
    expect(sessions(config, '2026-05-07T00:00', '2026-05-10T00:00')).toEqual([
      '2026-05-07T08:00:00Z/2026-05-07T17:00:00Z',
      '2026-05-08T08:00:00Z/2026-05-08T12:00:00Z'
    ])
  })
})

describe('holidays', () => {
  it('have no session that starts on them, in the zone of the session', () => {
    const config = {
      startTime: '17:00',
      endTime: '16:00',
      timeZone: 'America/New_York',
      holidays: ['2026-12-24', '2026-12-25']
    }
    expect(sessions(config, '2026-12-23T00:00', '2026-12-28T00:00')).toEqual([
      '2026-12-23T22:00:00Z/2026-12-24T21:00:00Z',
      '2026-12-26T22:00:00Z/2026-12-27T21:00:00Z',
      '2026-12-27T22:00:00Z/2026-12-28T21:00:00Z'
    ])
  })

  it('log off a week-long session from midnight to midnight, and its numbers go on', () => {
    const config = {
      startDay: 'sun',
      startTime: '17:00',
      endDay: 'fri',
      endTime: '16:00',
      timeZone: 'America/New_York',
      holidays: ['2026-11-25', '2026-11-26', '2026-12-06', '2026-12-11']
    }
    expect(changes(config, '2026-11-22T00:00', '2026-12-12T00:00')).toEqual([
      '2026-11-22T22:00:00Z on',
      '2026-11-25T05:00:00Z off',
      '2026-11-27T05:00:00Z on',
      '2026-11-27T21:00:00Z out',
      '2026-11-29T22:00:00Z on',
      '2026-12-04T21:00:00Z out',
      '2026-12-06T22:00:00Z off',
      '2026-12-07T05:00:00Z on',
      '2026-12-11T05:00:00Z off',
      '2026-12-11T21:00:00Z out'
    ])
    const schedule = Schedule.of(config)
    expect(schedule.isSameSession(utc('2026-11-24T12:00'), utc('2026-11-27T12:00'))).toBe(true)
    expect(iso(schedule.nextLogon(utc('2026-11-25T05:00')))).toBe('2026-11-27T05:00:00Z')
  })

  it('may be so many that a session is years away', () => {
    const holidays = Array.from({ length: 1000 }, (_, index) =>
      new Date(utc('2026-01-01T00:00') + index * day).toISOString().slice(0, 10)
    )
    const schedule = Schedule.of({ startTime: '08:00', endTime: '17:00', holidays })
    expect(iso(schedule.nextLogon(utc('2025-12-31T17:00')))).toBe('2028-09-27T08:00:00Z')
    expect(iso(schedule.nextChange(utc('2027-06-01T00:00')))).toBe('2028-09-27T08:00:00Z')
    expect(schedule.isSameSession(utc('2025-12-31T17:00'), utc('2028-09-27T16:59'))).toBe(true)
    expect(schedule.isSameSession(utc('2025-12-31T16:59'), utc('2028-09-27T16:59'))).toBe(false)
    const mondays = Array.from({ length: 1000 }, (_, index) =>
      new Date(utc('2026-01-05T00:00') + index * 7 * day).toISOString().slice(0, 10)
    )
    const onMondays = Schedule.of({ startTime: '08:00', endTime: '17:00', weekdays: ['mon'], holidays: mondays })
    expect(iso(onMondays.nextLogon(utc('2026-01-01T00:00')))).toBe('2045-03-06T08:00:00Z')
    expect(iso(onMondays.nextChange(utc('2045-03-06T00:00')))).toBe('2045-03-06T08:00:00Z')
  })
})

describe('the night in which clocks go forward', () => {
  const night = ['2026-03-08T00:00', '2026-03-08T12:00'] as const // New York: 02:00 is 03:00 at 07:00 UTC
  const timeZone = 'America/New_York'

  it('a session that starts at a time that does not exist starts when the clock has passed it', () => {
    const config = { startTime: '02:30', endTime: '06:00', timeZone }
    expect(sessions(config, ...night)).toEqual(['2026-03-08T07:00:00Z/2026-03-08T10:00:00Z'])
  })

  it('a session that ends at a time that does not exist ends when the clock has passed it', () => {
    const config = { startTime: '20:00', endTime: '02:30', timeZone }
    const schedule = Schedule.of(config)
    expect(iso(schedule.sessionAt(utc('2026-03-08T06:59:59'))?.end)).toBe('2026-03-08T07:00:00Z')
    expect(schedule.sessionAt(utc('2026-03-08T07:00'))).toBeUndefined()
  })

  it('a session that would fall into the gap does not take place', () => {
    const config = { startTime: '02:10', endTime: '02:50', timeZone }
    expect(sessions(config, '2026-03-07T00:00', '2026-03-10T00:00')).toEqual([
      '2026-03-07T07:10:00Z/2026-03-07T07:50:00Z',
      '2026-03-09T06:10:00Z/2026-03-09T06:50:00Z'
    ])
    const weekly = { startDay: 'sun', startTime: '02:10', endDay: 'sun', endTime: '02:50', timeZone }
    expect(iso(Schedule.of(weekly).nextLogon(utc('2026-03-02T00:00')))).toBe('2026-03-15T06:10:00Z')
  })

  it('a session of 24 hours that starts in the gap follows the one before at once', () => {
    expect(
      sessions({ startTime: '02:30', endTime: '02:30', timeZone }, '2026-03-07T00:00', '2026-03-09T00:00')
    ).toEqual(['2026-03-07T07:30:00Z/2026-03-08T07:00:00Z', '2026-03-08T07:00:00Z/2026-03-09T06:30:00Z'])
  })

  it('logon times move as starts do', () => {
    const config = { startTime: '01:00', endTime: '05:00', logonTime: '02:30', logoutTime: '02:45', timeZone }
    expect(changes(config, ...night)).toEqual(['2026-03-08T06:00:00Z off', '2026-03-08T09:00:00Z out'])
    expect(changes({ ...config, logoutTime: '04:00' }, ...night)).toEqual([
      '2026-03-08T06:00:00Z off',
      '2026-03-08T07:00:00Z on',
      '2026-03-08T08:00:00Z off',
      '2026-03-08T09:00:00Z out'
    ])
  })
})

describe('the night in which an hour comes twice', () => {
  const night = ['2026-11-01T00:00', '2026-11-01T12:00'] as const // New York: 02:00 is 01:00 at 06:00 UTC
  const timeZone = 'America/New_York'

  it('a start means the first time, an end the last', () => {
    expect(sessions({ startTime: '01:30', endTime: '05:00', timeZone }, ...night)).toEqual([
      '2026-11-01T05:30:00Z/2026-11-01T10:00:00Z'
    ])
    expect(sessions({ startTime: '00:30', endTime: '01:30', timeZone }, ...night)).toEqual([
      '2026-11-01T04:30:00Z/2026-11-01T06:30:00Z'
    ])
  })

  it('a session within the hour takes place once', () => {
    expect(changes({ startTime: '01:15', endTime: '01:45', timeZone }, ...night)).toEqual([
      '2026-11-01T05:15:00Z on',
      '2026-11-01T06:45:00Z out'
    ])
  })

  it('sessions that follow each other change at the first time, once', () => {
    const config = {
      timeZone,
      windows: [
        { startTime: '00:00', endTime: '01:30' },
        { startTime: '01:30', endTime: '03:00' }
      ]
    }
    expect(changes(config, ...night)).toEqual([
      '2026-11-01T04:00:00Z on',
      '2026-11-01T05:30:00Z on',
      '2026-11-01T08:00:00Z out'
    ])
    expect(changes({ startTime: '01:30', endTime: '01:30', timeZone }, ...night)).toEqual(['2026-11-01T05:30:00Z on'])
  })

  it('a window of nearly a day is not cut to minutes by an end that comes again', () => {
    expect(sessions({ startTime: '01:30', endTime: '01:15', timeZone }, ...night)).toEqual([
      '2026-11-01T05:30:00Z/2026-11-02T06:15:00Z'
    ])
  })

  it('a day that ends in the hour is covered whole', () => {
    // Sao Paulo went from midnight back to 23:00.
    const config = { startTime: '00:00', endTime: '23:59:59', timeZone: 'America/Sao_Paulo' }
    expect(sessions(config, '2019-02-16T00:00', '2019-02-18T00:00')).toEqual([
      '2019-02-16T02:00:00Z/2019-02-17T02:59:59Z',
      '2019-02-17T03:00:00Z/2019-02-18T02:59:59Z'
    ])
  })

  it('a midnight that comes twice starts one session', () => {
    // Newfoundland went from 00:01 back to 23:01 of the day before.
    const config = { startTime: '00:00', endTime: '00:00', timeZone: 'America/St_Johns' }
    expect(changes(config, '2010-11-06T12:00', '2010-11-08T12:00')).toEqual([
      '2010-11-07T02:30:00Z on',
      '2010-11-08T03:30:00Z on'
    ])
    const firstHours = Schedule.of({ startTime: '00:00', endTime: '08:00', timeZone: 'America/St_Johns' })
    const eveningAgain = utc('2010-11-07T03:00')
    expect(iso(firstHours.sessionAt(eveningAgain)?.start)).toBe('2010-11-07T02:30:00Z')
  })
})

describe('other changes of the clock', () => {
  it('half an hour on Lord Howe', () => {
    const config = { startTime: '02:15', endTime: '02:05', timeZone: 'Australia/Lord_Howe' }
    expect(sessions(config, '2025-10-03T15:00', '2025-10-05T16:00')).toEqual([
      '2025-10-03T15:45:00Z/2025-10-04T15:30:00Z',
      '2025-10-04T15:30:00Z/2025-10-05T15:05:00Z',
      '2025-10-05T15:15:00Z/2025-10-06T15:05:00Z'
    ])
  })

  it('a day that Samoa left out', () => {
    const daily = { startTime: '09:00', endTime: '17:00', timeZone: 'Pacific/Apia' }
    expect(sessions(daily, '2011-12-28T12:00', '2012-01-01T12:00')).toEqual([
      '2011-12-28T19:00:00Z/2011-12-29T03:00:00Z',
      '2011-12-29T19:00:00Z/2011-12-30T03:00:00Z',
      '2011-12-30T19:00:00Z/2011-12-31T03:00:00Z',
      '2011-12-31T19:00:00Z/2012-01-01T03:00:00Z'
    ])
    const fridays = { ...daily, weekdays: ['fri'] }
    expect(sessions(fridays, '2011-12-20T00:00', '2012-01-10T00:00')).toEqual([
      '2011-12-23T19:00:00Z/2011-12-24T03:00:00Z',
      '2012-01-05T19:00:00Z/2012-01-06T03:00:00Z'
    ])
  })

  it('Casablanca before and after Ramadan', () => {
    const config = { startTime: '02:30', endTime: '04:00', timeZone: 'Africa/Casablanca' }
    expect(sessions(config, '2026-02-15T00:00', '2026-02-16T00:00')).toEqual([
      '2026-02-15T01:30:00Z/2026-02-15T04:00:00Z'
    ])
    expect(sessions(config, '2026-03-22T00:00', '2026-03-23T00:00')).toEqual([
      '2026-03-22T02:00:00Z/2026-03-22T03:00:00Z'
    ])
  })
})

describe('times in zones of their own', () => {
  it('start and end by different clocks, as QuickFIX/J allows', () => {
    // Open by Madrid, closed by New York. For weeks in spring only one of them has summer time.
    const config = {
      startTime: '23:55:00 Europe/Madrid',
      endTime: '17:05:00 America/New_York',
      weekdays: ['sun', 'mon', 'tue', 'wed', 'thu']
    }
    expect(sessions(config, '2022-03-06T00:00', '2022-03-08T00:00')).toEqual([
      '2022-03-06T22:55:00Z/2022-03-07T22:05:00Z',
      '2022-03-07T22:55:00Z/2022-03-08T22:05:00Z'
    ])
    expect(sessions(config, '2022-03-13T12:00', '2022-03-14T12:00')).toEqual([
      '2022-03-13T22:55:00Z/2022-03-14T21:05:00Z'
    ])
  })

  it('are not over at the midnight of UTC', () => {
    const config = { startTime: '23:30:00 UTC', endTime: '17:30:00 America/New_York' }
    expect(sessions(config, '2025-11-04T00:00', '2025-11-05T00:00')).toEqual([
      '2025-11-04T23:30:00Z/2025-11-05T22:30:00Z'
    ])
  })

  it('are weeks too', () => {
    const config = {
      startDay: 'sun',
      startTime: '22:00 Europe/London',
      endDay: 'fri',
      endTime: '17:00',
      logoutDay: 'fri',
      logoutTime: '15:00 America/Chicago',
      timeZone: 'America/New_York'
    }
    expect(changes(config, '2026-05-02T00:00', '2026-05-09T00:00')).toEqual([
      '2026-05-03T21:00:00Z on',
      '2026-05-08T20:00:00Z off',
      '2026-05-08T21:00:00Z out'
    ])
  })

  it('never overlap: where they would, the later start ends the earlier session', () => {
    const config = {
      windows: [
        { startTime: '08:00 America/New_York', endTime: '10:00 America/New_York' },
        { startTime: '14:30 Europe/London', endTime: '16:00 Europe/London' }
      ]
    }
    // 14:30 in London is 09:30 in New York, but 10:30 while only New York has summer time.
    expect(sessions(config, '2026-03-02T00:00', '2026-03-03T00:00')).toEqual([
      '2026-03-02T13:00:00Z/2026-03-02T14:30:00Z',
      '2026-03-02T14:30:00Z/2026-03-02T16:00:00Z'
    ])
    expect(sessions(config, '2026-03-09T00:00', '2026-03-10T00:00')).toEqual([
      '2026-03-09T12:00:00Z/2026-03-09T14:00:00Z',
      '2026-03-09T14:30:00Z/2026-03-09T16:00:00Z'
    ])
  })
})

describe('a session that never ends', () => {
  it.each([
    {},
    { timeZone: 'Europe/Zurich', holidays: ['2026-12-25'] },
    { nonStopSession: true, startTime: '08:00', endTime: '17:00' }
  ])('%j', (config) => {
    const schedule = Schedule.of(config)
    expect(schedule.isNonStop).toBe(true)
    expect(schedule.sessionAt(0)).toEqual({ start: undefined, end: undefined, id: 'non-stop' })
    expect(schedule.logonAllowed(0)).toBe(true)
    expect(schedule.nextChange(0)).toBeUndefined()
    expect(schedule.nextLogon(5)).toBe(5)
    expect(schedule.isSameSession(0, utc('2200-01-01T00:00'))).toBe(true)
    expect(schedule.isOver(0, utc('2200-01-01T00:00'))).toBe(false)
  })
})

describe('after a restart', () => {
  const schedule = Schedule.of({ startTime: '07:00', endTime: '22:00', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'] })
  const reset = utc('2026-05-05T22:00:10') // as a journal knows it: done after the end of Tuesday's session

  it('in the same session the numbers go on', () => {
    expect(schedule.isOver(utc('2026-05-05T07:00'), utc('2026-05-05T21:59:59'))).toBe(false)
  })

  it('in another session, or after the end, they begin anew', () => {
    expect(schedule.isOver(utc('2026-05-05T21:59:59'), utc('2026-05-05T22:00'))).toBe(true)
    expect(schedule.isOver(utc('2026-05-05T12:00'), utc('2026-05-06T12:00'))).toBe(true)
    expect(schedule.isOver(utc('2026-05-05T12:00'), utc('2027-05-05T12:00'))).toBe(true)
  })

  it('a reset between two sessions counts for the next, all of it', () => {
    expect(schedule.isOver(reset, utc('2026-05-06T03:00'))).toBe(false)
    expect(schedule.isOver(reset, utc('2026-05-06T12:00'))).toBe(false)
    expect(schedule.isOver(reset, utc('2026-05-06T22:00'))).toBe(true)
    const friday = utc('2026-05-08T22:00')
    expect(schedule.isOver(friday, utc('2026-05-11T12:00'))).toBe(false)
  })

  it('a clock that is set back over the boundary resets nothing', () => {
    expect(schedule.isSameSession(reset, reset - 20 * second)).toBe(false)
    expect(schedule.isOver(reset, reset - 20 * second)).toBe(false)
    expect(schedule.isOver(reset, reset - 20 * hour)).toBe(false)
  })
})
