import { FieldValueError } from './errors.js'

/** A UTCTimestamp that was read. */
export interface UtcTimestamp {
  /** Whole milliseconds since the epoch; anything finer is cut off. A leap second counts as the second after it. */
  readonly epochMs: number
  /** All digits after the second, as they stood: '', 3, 6, 9 or 12 of them. */
  readonly fraction: string
}

const MS_PER_DAY = 86_400_000
/** 0000-01-01 and 10000-01-01: between them are the years that four digits can write. */
const FIRST = -62_167_219_200_000
const END = 253_402_300_800_000

/**
 * The texts of some seconds that were written lately, in the place that their last bits give. Messages come in bursts,
 * and SendingTime(52), TransactTime(60) and the like are seconds apart at most.
 */
const KEPT = 16
const keptSeconds = new Float64Array(KEPT).fill(Number.NaN)
const keptTexts = new Array<string>(KEPT).fill('')

/** `YYYYMMDD-HH:MM:SS` of a whole second since the epoch. */
export function utcSecondText(epochSecond: number): string {
  const place = epochSecond & (KEPT - 1)
  if (keptSeconds[place] === epochSecond) return keptTexts[place] as string
  const text = writeSecond(epochSecond)
  keptSeconds[place] = epochSecond
  keptTexts[place] = text
  return text
}

let lastDay = Number.NaN
/** Written into piece by piece: a string that is put together with + is slower to read. */
const scratch = Buffer.from('YYYYMMDD-HH:MM:SS')

function writeSecond(epochSecond: number): string {
  const day = Math.floor(epochSecond / 86_400)
  if (day !== lastDay) {
    const iso = new Date(day * MS_PER_DAY).toISOString()
    scratch.write(iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10), 0)
    lastDay = day
  }
  const second = epochSecond - day * 86_400
  writeTwoDigits(9, Math.floor(second / 3600))
  writeTwoDigits(12, Math.floor(second / 60) % 60)
  writeTwoDigits(15, second % 60)
  return scratch.toString('latin1')
}

function writeTwoDigits(at: number, value: number): void {
  const tens = Math.floor(value / 10)
  scratch[at] = 0x30 + tens
  scratch[at + 1] = 0x30 + value - 10 * tens
}

/** True when four digits of year can write it. */
export function isUtcTimestampRange(epochMs: number): boolean {
  return epochMs >= FIRST && epochMs < END
}

/**
 * Writes a UTCTimestamp.
 *
 * @param epochMs milliseconds since the epoch, years 0 to 9999; a fraction of it gives the digits after the third.
 * @param precision digits after the second, 0 to 9. FIX 4.0 and 4.1 have none, FIX 4.2 to 4.4 three; more came with
 *   FIX 5.0 SP2.
 * @throws FieldValueError for a time that four digits of year cannot write, or a precision out of range.
 */
export function formatUtcTimestamp(epochMs: number, precision = 3): string {
  if (!isUtcTimestampRange(epochMs)) {
    throw new FieldValueError(
      52,
      'a time in the years 0 to 9999',
      String(epochMs),
      'Give milliseconds since the epoch.'
    )
  }
  if (!Number.isInteger(precision) || precision < 0 || precision > 9) {
    throw new FieldValueError(52, 'a precision of 0 to 9 digits', String(precision), 'Change timestampPrecision.')
  }
  const second = Math.floor(epochMs / 1000)
  const text = utcSecondText(second)
  return precision === 0 ? text : `${text}.${fractionDigits(epochMs, precision)}`
}

/** The first `precision` digits (1 to 9) after the second. */
export function fractionDigits(epochMs: number, precision: number): string {
  const whole = Math.floor(epochMs)
  const ms = whole - Math.floor(whole / 1000) * 1000
  const threeDigits = String(1000 + ms).slice(1)
  if (precision <= 3) return threeDigits.slice(0, precision)
  const nanos = Math.floor((epochMs - whole) * 1_000_000)
  return (threeDigits + String(1_000_000 + nanos).slice(1)).slice(0, precision)
}

/**
 * Reads a UTCTimestamp to whole milliseconds since the epoch, or NaN when it is not one.
 *
 * Strict: `YYYYMMDD-HH:MM:SS`, then nothing or `.` with 3, 6, 9 or 12 digits (FIX data type UTCTimestamp); second 60 is
 * a leap second. Reads `text` between the two positions, so that a received message needs no copy.
 */
export function utcTimestampMs(text: string, from = 0, to = text.length): number {
  const length = to - from
  if (length !== 17 && length !== 21 && length !== 24 && length !== 27 && length !== 30) return Number.NaN
  if (text.charCodeAt(from + 8) !== 0x2d) return Number.NaN
  if (text.charCodeAt(from + 11) !== 0x3a || text.charCodeAt(from + 14) !== 0x3a) return Number.NaN
  const year = digits(text, from, 4)
  const month = digits(text, from + 4, 2)
  const day = digits(text, from + 6, 2)
  const hour = digits(text, from + 9, 2)
  const minute = digits(text, from + 12, 2)
  const second = digits(text, from + 15, 2)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN
  let ms = 0
  if (length > 17) {
    if (text.charCodeAt(from + 17) !== 0x2e) return Number.NaN
    ms = digits(text, from + 18, 3)
    for (let at = from + 21; at < to; at += 3) if (Number.isNaN(digits(text, at, 3))) return Number.NaN
  }
  return dayNumber(year, month, day) * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + ms
}

/** Reads a UTCTimestamp, or undefined when it is not one; see `utcTimestampMs` for what is accepted. */
export function parseUtcTimestamp(text: string): UtcTimestamp | undefined {
  const epochMs = utcTimestampMs(text)
  return Number.isNaN(epochMs) ? undefined : { epochMs, fraction: text.slice(18) }
}

/** The number that `count` decimal digits write, or NaN. */
function digits(text: string, from: number, count: number): number {
  let value = 0
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so leap days come last. */
function dayNumber(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const monthsSinceMarch = (month + 9) % 12
  const dayOfYear = Math.floor((153 * monthsSinceMarch + 2) / 5) + day - 1
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + dayOfYear - 719_468
}
