import { describe, expect, it } from 'vitest'
import { Schedule } from '../../lib/schedule/schedule.js'
import type { ScheduleConfig } from '../../lib/schedule/schedule-config.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { day, hour, iso, shownAt, utc } from './wall.js'

interface Day {
  readonly reset: number
  readonly logon: number | undefined
  readonly logout: number | undefined
}

/**
 * A session as a shell would run it: one timer set to the next change, numbers reset when the session of the last reset
 * is over. It is restarted whenever `restarts` says so, and knows then only what a journal would.
 */
function live(config: ScheduleConfig, start: string, end: string, restarts: (time: number) => boolean): Day[] {
  const clock = new VirtualClock(start)
  const days: Day[] = []
  let schedule = Schedule.of(config)
  let resetTime = clock.now()
  let loggedOn = false
  const turn = () => {
    const now = clock.now()
    if (restarts(now)) schedule = Schedule.of(config)
    if (schedule.isOver(resetTime, now)) {
      if (loggedOn) days.push({ ...days.pop()!, logout: now })
      loggedOn = false
      resetTime = now
      days.push({ reset: now, logon: undefined, logout: undefined })
    }
    if (schedule.logonAllowed(now) !== loggedOn && days.length > 0) {
      loggedOn = !loggedOn
      days.push({ ...days.pop()!, [loggedOn ? 'logon' : 'logout']: now })
    }
    const next = schedule.nextChange(now)
    if (next !== undefined) clock.setTimer(turn, next - now)
  }
  turn()
  clock.advance(utc(end) - utc(start))
  return days
}

const never = () => false

describe('a session over years under a virtual clock', () => {
  it.each([
    ['America/New_York'],
    ['Europe/London'],
    ['Australia/Lord_Howe'],
    ['Asia/Kolkata'],
    ['America/Sao_Paulo'],
    ['Africa/Casablanca'],
    ['Pacific/Apia']
  ])('of a week in %s is reset once a day, at 17:00 by its clocks, and is on from 18:00 on', (timeZone) => {
    const config = {
      startTime: '18:00',
      endTime: '17:00',
      weekdays: ['sun', 'mon', 'tue', 'wed', 'thu'],
      timeZone
    }
    const days = live(config, '2015-01-05T00:00Z', '2025-01-04T00:00Z', never)
    const shown = (time: number | undefined) => {
      if (time === undefined) return undefined
      const text = new Date(shownAt(timeZone, time)).toISOString()
      return text.slice(11, 19)
    }
    expect(days.length).toBeGreaterThanOrEqual(10 * 52 * 5)
    for (const [index, { reset, logon, logout }] of days.entries()) {
      expect(shown(reset)).toBe('17:00:00')
      if (index < days.length - 1) {
        expect([shown(logon), shown(logout)], iso(reset)).toEqual(['18:00:00', '17:00:00'])
        expect(logout).toBe(days[index + 1]!.reset)
        const weekend = new Date(shownAt(timeZone, reset)).getUTCDay() === 5 ? 2 * day : 0
        expect(Math.abs(logon! - reset - hour - weekend), iso(reset)).toBeLessThanOrEqual(hour)
      }
    }
  })

  it('is reset at the same moments however often it is restarted', () => {
    const config = { startTime: '01:30', endTime: '01:30', timeZone: 'America/New_York' }
    const steady = live(config, '2020-01-01T00:00Z', '2024-01-01T00:00Z', never)
    expect(live(config, '2020-01-01T00:00Z', '2024-01-01T00:00Z', () => true)).toEqual(steady)
    expect(steady).toHaveLength(4 * 365 + 1)
  })
})
