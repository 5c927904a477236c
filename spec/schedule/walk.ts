import { Schedule } from '../../lib/schedule/schedule.js'
import type { ScheduleConfig } from '../../lib/schedule/schedule-config.js'
import { iso, utc } from './wall.js'

/** `on`: a logon may be; `off`: in session, no logon; `out`: between sessions. */
export function stateAt(schedule: Schedule, time: number): 'on' | 'off' | 'out' {
  if (schedule.sessionAt(time) === undefined) return 'out'
  return schedule.logonAllowed(time) ? 'on' : 'off'
}

/** Every change from a moment until another, each as `2026-03-08T07:00:00Z on`, found by `nextChange` alone. */
export function changes(config: ScheduleConfig, from: string, until: string): string[] {
  const schedule = Schedule.of(config)
  const lines: string[] = []
  for (
    let time = schedule.nextChange(utc(from) - 1);
    time !== undefined && time < utc(until);
    time = schedule.nextChange(time)
  ) {
    lines.push(`${iso(time)} ${stateAt(schedule, time)}`)
  }
  return lines
}

/** Every session that starts within a time, as `start/end`. */
export function sessions(config: ScheduleConfig, from: string, until: string): string[] {
  const schedule = Schedule.of(config)
  const found = new Set<string>()
  for (
    let time = schedule.nextChange(utc(from) - 1);
    time !== undefined && time < utc(until);
    time = schedule.nextChange(time)
  ) {
    const session = schedule.sessionAt(time)
    if (session?.start === time) found.add(`${iso(session.start)}/${iso(session.end)}`)
  }
  return [...found]
}
