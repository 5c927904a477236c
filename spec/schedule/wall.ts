/** What the clocks on the walls of a zone show, by Intl alone, so that specs do not ask what they test. */

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit'
    })
    formats.set(zone, format)
  }
  return format
}

/** What is shown at a moment, as if it were UTC; milliseconds since the epoch. */
export function shownAt(zone: string, time: number): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(time)) parts[type] = Number(value)
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** `2026-03-08T07:00:00Z`, also written without seconds. */
export const utc = (text: string) => {
  const time = Date.parse(text.endsWith('Z') ? text : `${text}Z`)
  if (Number.isNaN(time)) throw new RangeError(`Not a moment: ${text}`)
  return time
}

/** A moment as specs read it; undefined stays. */
export const iso = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString().replace('.000Z', 'Z')

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour
