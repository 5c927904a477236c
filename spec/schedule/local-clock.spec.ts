import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LocalClock } from '../../lib/schedule/local-clock.js'
import { parseTimeOfDay } from '../../lib/schedule/time-of-day.js'
import { day, iso, minute, shownAt, utc } from './wall.js'

const clockOf = (zone: string) => LocalClock.of(zone)!

/** First and last moment of a time on a date. */
function bounds(zone: string, date: string, time: string): (string | undefined)[] {
  const clock = clockOf(zone)
  const number = utc(`${date}T00:00`) / day
  const { seconds } = parseTimeOfDay(time)!
  return [iso(clock.firstAt(number, seconds)), iso(clock.lastAt(number, seconds))]
}

const only = (moment: string) => [moment, moment]

describe('the moment at which a clock shows a time', () => {
  it('is found on ordinary days', () => {
    expect(bounds('America/New_York', '2026-01-15', '17:00')).toEqual(only('2026-01-15T22:00:00Z'))
    expect(bounds('America/New_York', '2026-07-15', '17:00:30')).toEqual(only('2026-07-15T21:00:30Z'))
    expect(bounds('Asia/Kolkata', '2026-07-15', '09:15')).toEqual(only('2026-07-15T03:45:00Z'))
    expect(bounds('UTC', '1969-12-31', '23:59:59')).toEqual(only('1969-12-31T23:59:59Z'))
  })

  it('is the end of the gap when the time does not exist', () => {
    for (const time of ['02:00', '02:30', '02:59:59', '03:00']) {
      expect(bounds('America/New_York', '2026-03-08', time)).toEqual(only('2026-03-08T07:00:00Z'))
    }
    expect(bounds('Europe/London', '2026-03-29', '01:30')).toEqual(only('2026-03-29T01:00:00Z'))
    expect(bounds('Australia/Lord_Howe', '2025-10-05', '02:15')).toEqual(only('2025-10-04T15:30:00Z'))
  })

  it('is two when the time comes twice', () => {
    expect(bounds('America/New_York', '2026-11-01', '01:30')).toEqual(['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'])
    expect(bounds('Europe/London', '2026-10-25', '01:59:59')).toEqual(['2026-10-25T00:59:59Z', '2026-10-25T01:59:59Z'])
    expect(bounds('Australia/Lord_Howe', '2026-04-05', '01:45')).toEqual([
      '2026-04-04T14:45:00Z',
      '2026-04-04T15:15:00Z'
    ])
  })

  it('is one at both ends of the time that comes twice: it is entered once and left once', () => {
    expect(bounds('America/New_York', '2026-11-01', '01:00')).toEqual(only('2026-11-01T05:00:00Z'))
    expect(bounds('America/New_York', '2026-11-01', '02:00')).toEqual(only('2026-11-01T07:00:00Z'))
  })

  it('is that of the next midnight for any time on a date that was skipped', () => {
    for (const time of ['00:00', '12:00', '23:59:59']) {
      expect(bounds('Pacific/Apia', '2011-12-30', time)).toEqual(only('2011-12-30T10:00:00Z'))
    }
    expect(bounds('Pacific/Apia', '2011-12-29', '23:00')).toEqual(only('2011-12-30T09:00:00Z'))
    expect(bounds('Pacific/Apia', '2011-12-31', '01:00')).toEqual(only('2011-12-30T11:00:00Z'))
  })

  it('heeds gaps and repetitions over midnight', () => {
    expect(bounds('America/Sao_Paulo', '2018-11-04', '00:00')).toEqual(only('2018-11-04T03:00:00Z'))
    expect(bounds('America/Sao_Paulo', '2019-02-16', '23:30')).toEqual(['2019-02-17T01:30:00Z', '2019-02-17T02:30:00Z'])
    expect(bounds('America/St_Johns', '2010-11-07', '00:00')).toEqual(['2010-11-07T02:30:00Z', '2010-11-07T03:30:00Z'])
  })

  it('heeds clocks that go back for Ramadan', () => {
    expect(bounds('Africa/Casablanca', '2026-02-15', '02:30')).toEqual(['2026-02-15T01:30:00Z', '2026-02-15T02:30:00Z'])
    expect(bounds('Africa/Casablanca', '2026-03-22', '02:30')).toEqual(only('2026-03-22T02:00:00Z'))
  })
})

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
  'Pacific/Kwajalein',
  'Africa/Casablanca',
  'Asia/Tehran',
  'Antarctica/Troll'
]

const anyDate = fc.integer({ min: utc('1971-01-01T00:00') / day, max: utc('2037-12-31T00:00') / day })
const anySeconds = fc.integer({ min: 0, max: 1439 }).map((minutes) => minutes * 60)

describe('by what Intl shows', () => {
  it('no clock shows the time before the first moment, nor less than it from the last on', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyDate, anySeconds, (zone, date, seconds) => {
        const clock = clockOf(zone)
        const shown = date * day + seconds * 1000
        const first = clock.firstAt(date, seconds)
        const last = clock.lastAt(date, seconds)
        expect(first).toBeLessThanOrEqual(last)
        expect(shownAt(zone, first)).toBeGreaterThanOrEqual(shown)
        expect(shownAt(zone, last)).toBeGreaterThanOrEqual(shown)
        for (let back = 1; back <= 26 * 4; back++) {
          expect(shownAt(zone, first - 1000 - (back - 1) * 15 * minute)).toBeLessThan(shown)
          expect(shownAt(zone, last + back * 15 * minute)).toBeGreaterThanOrEqual(shown)
        }
        if (first < last) expect(shownAt(zone, last - 1000)).toBeLessThan(shown)
      }),
      { numRuns: 300 }
    )
  })

  it('the date is the one shown', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyDate, anySeconds, (zone, date, seconds) => {
        const time = date * day + seconds * 1000
        expect(clockOf(zone).dateAt(time)).toBe(Math.floor(shownAt(zone, time) / day))
      }),
      { numRuns: 1000 }
    )
  })
})

describe('zones', () => {
  it('are found by IANA name in any case, and shared', () => {
    expect(LocalClock.of('america/new_york')).toBe(LocalClock.of('America/New_York'))
    for (const zone of ['', 'Nowhere/City', '17:00', 'America/New York']) expect(LocalClock.of(zone)).toBeUndefined()
  })

  it("can be the machine's", () => {
    const before = process.env.TZ
    try {
      process.env.TZ = 'Asia/Kathmandu'
      const clock = LocalClock.ofSystem()
      expect(iso(clock.firstAt(utc('2026-05-05T00:00') / day, 9 * 3600))).toBe('2026-05-05T03:15:00Z')
    } finally {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    }
  })

  it('forget what was asked long ago, and answer the same', () => {
    const clock = clockOf('Asia/Kathmandu')
    const ask = () => clock.firstAt(utc('2026-05-05T00:00') / day, 0)
    const answer = ask()
    for (let date = 0; date < 3000; date++) clock.firstAt(date, 12 * 3600)
    expect(ask()).toBe(answer)
  })
})
