import { LocalClock } from './local-clock.js'

/** A time as it is written in a schedule, to the second. */
export interface TimeOfDay {
  /** Seconds after midnight, as the clock shows them. */
  readonly seconds: number
  /** The zone written after the time; undefined: the schedule's own. */
  readonly clock: LocalClock | undefined
}

const written = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?: +(\S+))?$/

/** Reads `17:00`, `17:00:00` and `17:00:00 America/New_York`; undefined for anything else, an unknown zone included. */
export function parseTimeOfDay(text: string): TimeOfDay | undefined {
  const match = written.exec(text)
  if (match === null) return undefined
  const [, hours, minutes, seconds = '0', zone] = match
  const clock = zone === undefined ? undefined : LocalClock.of(zone)
  if (zone !== undefined && clock === undefined) return undefined
  return { seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), clock }
}
