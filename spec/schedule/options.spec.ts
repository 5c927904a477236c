import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type InputOf, type OutputOf, shapeOf } from '../../lib/config/option.js'
import { scheduleOptions } from '../../lib/config/options/schedule.js'
import { Schedule } from '../../lib/schedule/schedule.js'
import type { ScheduleConfig } from '../../lib/schedule/schedule-config.js'
import { scheduleProblems } from '../../lib/schedule/schedule-plan.js'
import { windowOptionNames } from '../../lib/schedule/window-plan.js'
import { utc } from './wall.js'

const schema = z.strictObject(shapeOf(scheduleOptions))

// Both must be assignable: what is written and what comes out are what Schedule.of takes.
const scheduleOf = (config: InputOf<typeof scheduleOptions> | OutputOf<typeof scheduleOptions>): Schedule =>
  Schedule.of(config satisfies ScheduleConfig)

describe('the options of a schedule', () => {
  it('make a schedule when they have been parsed', () => {
    const parsed = schema.parse({ startTime: '08:00', endTime: '17:00', weekdays: ['mon'], timeZone: 'Europe/London' })
    expect(scheduleOf(parsed).sessionAt(utc('2026-05-04T07:00'))?.id).toBe('2026-05-04T07:00:00Z')
  })

  it('make a session that never ends when nothing is said', () => {
    expect(scheduleOf(schema.parse({})).isNonStop).toBe(true)
  })

  it.each([
    [{ startTime: '8:00' }],
    [{ startTime: '08:00 Nowhere' }],
    [{ startDay: 'x' }],
    [{ weekdays: [] }],
    [{ weekdays: ['mon', 'x'] }],
    [{ weekdays: Array.from({ length: 8 }, () => 'mon') }],
    [{ holidays: ['2026-13-01'] }],
    [{ timeZone: 'Europe/Londn' }],
    [{ useLocalTime: 'no' }],
    [{ nonStopSession: 'no' }],
    [{ windows: [] }],
    [{ windows: [{ startTime: '08:00', endTime: '8:00' }] }]
  ])('refuse the value that scheduleProblems refuses, at its place and in its words: %j', (settings) => {
    const result = schema.safeParse(settings)
    const issues = (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
    expect(issues).toHaveLength(1)
    const problems = scheduleProblems(settings).map(({ path, expected }) => `${path.join('.')}: ${expected}`)
    expect(problems).toContain(issues[0])
  })

  it('limit their lists', () => {
    const accepts = (settings: object) => schema.safeParse(settings).success
    const dates = (length: number) => Array.from({ length }, () => '2026-12-25')
    const windows = (length: number) => Array.from({ length }, () => ({ startTime: '08:00', endTime: '09:00' }))
    expect([accepts({ holidays: dates(1000) }), accepts({ holidays: dates(1001) })]).toEqual([true, false])
    expect([accepts({ windows: windows(100) }), accepts({ windows: windows(101) })]).toEqual([true, false])
  })

  it('name the zone that was probably meant', () => {
    const { issues } = schema.safeParse({ timeZone: 'Europe/Londn' }).error!
    expect(issues[0]).toMatchObject({
      code: 'custom',
      params: { candidates: expect.arrayContaining(['Europe/London']) }
    })
  })

  it('are the same within windows', () => {
    const window = { startTime: '08:00', endTime: '09:00', startDay: 'mon', endDay: 'tue', logonDay: 'mon' }
    expect(schema.safeParse({ windows: [window] }).success).toBe(true)
    const all = Object.fromEntries(windowOptionNames.map((name) => [name, 0]))
    const paths = schema.safeParse({ windows: [all] }).error!.issues.map(({ path }) => path.join('.'))
    expect(paths.sort()).toEqual(windowOptionNames.map((name) => `windows.0.${name}`).sort())
    expect(schema.safeParse({ windows: [{ ...window, holidays: [] }] }).success).toBe(false)
  })
})
