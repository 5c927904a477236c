import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Schedule } from '../../lib/schedule/schedule.js'
import { anyMoment, anyScheduleAt, goesBackNear } from './any-schedule.js'
import { day, hour, minute } from './wall.js'

const anyCase = anyMoment.chain(({ zone, time }) => anyScheduleAt(zone, time).map((made) => ({ ...made, time })))

/** Everything that a schedule says of a moment. */
const stateAt = (schedule: Schedule, time: number) => `${schedule.sessionAt(time)?.id} ${schedule.logonAllowed(time)}`

describe('of any schedule in any zone, around changes of the clock', () => {
  it('a session is on whenever the clock on the wall says so; more only where the clock goes back', () => {
    fc.assert(
      fc.property(anyCase, ({ zone, config, openByClock, time }) => {
        const schedule = Schedule.of(config)
        for (let at = time - 3 * hour; at < time + 33 * hour; at += 7 * minute) {
          const open = openByClock(at)
          const inSession = schedule.sessionAt(at) !== undefined
          if (open) expect(inSession, new Date(at).toISOString()).toBe(true)
          else if (inSession) expect(goesBackNear(zone, at), new Date(at).toISOString()).toBe(true)
        }
      }),
      { numRuns: 300 }
    )
  })

  it('nothing changes before nextChange, minute by minute, and something does at it', () => {
    fc.assert(
      fc.property(anyCase, ({ config, time }) => {
        const schedule = Schedule.of(config)
        const change = schedule.nextChange(time) ?? Number.POSITIVE_INFINITY
        const now = stateAt(schedule, time)
        const asked = Schedule.of(config)
        for (let at = time; at < Math.min(change, time + 2 * day); at += minute) expect(stateAt(asked, at)).toBe(now)
        if (change === Number.POSITIVE_INFINITY) return
        expect(stateAt(schedule, change - 1)).toBe(now)
        expect(stateAt(schedule, change)).not.toBe(now)
      }),
      { numRuns: 300 }
    )
  })

  it('it does not matter what was asked before', () => {
    fc.assert(
      fc.property(
        anyCase,
        fc.array(fc.integer({ min: -5 * 1440, max: 5 * 1440 }), { minLength: 20, maxLength: 60 }),
        ({ config, time }, offsets) => {
          const schedule = Schedule.of(config)
          for (const offset of offsets) {
            const at = time + offset * minute
            const fresh = Schedule.of(config)
            expect(schedule.isSameSession(at, time)).toBe(fresh.isSameSession(at, time))
            expect(stateAt(schedule, at)).toBe(stateAt(fresh, at))
            expect(schedule.nextChange(at)).toBe(fresh.nextChange(at))
            expect(schedule.nextLogon(at)).toBe(fresh.nextLogon(at))
          }
        }
      ),
      { numRuns: 60 }
    )
  })

  it('sessions come one after the other, each with an id of its own, and never overlap', () => {
    fc.assert(
      fc.property(anyCase, ({ config, time }) => {
        const schedule = Schedule.of(config)
        const ids = new Set<string>()
        let lastEnd = Number.NEGATIVE_INFINITY
        let at: number | undefined = time - 10 * day
        for (let count = 0; at !== undefined && count < 60; count++) {
          const session = schedule.sessionAt(at)
          if (session !== undefined && !ids.has(session.id)) {
            const { start = Number.NaN, end = Number.NaN, id } = session
            expect(start).toBeGreaterThanOrEqual(lastEnd)
            expect(end).toBeGreaterThan(start)
            expect(schedule.sessionAt(start)).toEqual(session)
            expect(schedule.sessionAt(end - 1)).toEqual(session)
            expect(schedule.sessionAt(start - 1)?.id).not.toBe(id)
            expect(schedule.sessionAt(end)?.id).not.toBe(id)
            ids.add(id)
            lastEnd = end
          }
          const next: number | undefined = schedule.nextChange(at)
          if (next !== undefined) expect(next).toBeGreaterThan(at)
          at = next
        }
      }),
      { numRuns: 200 }
    )
  })

  it('a logon is only ever within a session, and nextLogon is the earliest', () => {
    fc.assert(
      fc.property(anyCase, ({ config, time }) => {
        const schedule = Schedule.of(config)
        const logon = schedule.nextLogon(time)
        const asked = Schedule.of(config)
        let at: number | undefined = time
        for (let count = 0; at !== undefined && count < 200 && !asked.logonAllowed(at); count++)
          at = asked.nextChange(at)
        expect(logon).toBe(at)
        if (at !== undefined) expect(schedule.sessionAt(at)).toBeDefined()
      }),
      { numRuns: 300 }
    )
  })

  it('"the same session" divides all time: a moment is in one class with what has no end of a session between', () => {
    fc.assert(
      fc.property(
        anyCase,
        fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: -4 * 1440, max: 4 * 1440 }))),
        ({ config, time }, offsets) => {
          const schedule = Schedule.of(config)
          const [a = 0, b = 0, c = 0] = offsets.map((offset) => time + offset * minute)
          const same = (x: number, y: number) => schedule.isSameSession(x, y)
          expect(same(a, a)).toBe(true)
          expect(same(a, b)).toBe(same(b, a))
          if (same(a, b) && same(b, c)) expect(same(a, c)).toBe(true)
          const [first, last] = [Math.min(a, b), Math.max(a, b)]
          expect(same(a, b)).toBe(!endsBetween(Schedule.of(config), first, last))
          expect(schedule.isOver(first, last)).toBe(!same(a, b))
          expect(schedule.isOver(last, first)).toBe(false)
          const [atA, atB] = [schedule.sessionAt(a), schedule.sessionAt(b)]
          if (atA !== undefined && atB !== undefined) expect(same(a, b)).toBe(atA.id === atB.id)
        }
      ),
      { numRuns: 300 }
    )
  })
})

/** Whether a session ends after `from` and not after `until`. */
function endsBetween(schedule: Schedule, from: number, until: number): boolean {
  let session = schedule.sessionAt(from)
  for (let at = schedule.nextChange(from); at !== undefined && at <= until; at = schedule.nextChange(at)) {
    const now = schedule.sessionAt(at)
    if (session !== undefined && now?.id !== session.id) return true
    session = now
  }
  return false
}
