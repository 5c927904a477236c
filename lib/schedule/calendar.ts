import { luxon } from '../packages.js'

const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

export const daysInWeek = names.length

/** Reads a weekday: its English name or the first 2 or more letters of it, in any case. 0 is Sunday. */
export function parseWeekday(text: string): number | undefined {
  const start = text.toLowerCase()
  const found = start.length < 2 ? -1 : names.findIndex((name) => name.startsWith(start))
  return found === -1 ? undefined : found
}

/** The weekday of a date that is a number of days since 1970-01-01, a Thursday. 0 is Sunday. */
export function weekdayOf(date: number): number {
  return daysAfter(date, -4)
}

/** How many days the weekday `to` comes after the weekday `from`: 0 to 6. */
export function daysAfter(to: number, from: number): number {
  return (((to - from) % daysInWeek) + daysInWeek) % daysInWeek
}

/** Reads `2026-12-25` as a number of days since 1970-01-01; undefined when there is no such date. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined
  const date = luxon().DateTime.fromISO(text, { zone: 'utc' })
  return date.isValid ? date.toMillis() / 86_400_000 : undefined
}
