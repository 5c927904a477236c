import { Format } from '../data-types.js'

/**
 * The lexical rules of the FIX data types (FIX 5.0 SP2 Volume 1 and FIXT.1.1, "Data types"), checked on the message's text
 * in place: the value is `text[start, end)`.
 */

const zero = 0x30
const nine = 0x39
const minus = 0x2d
const point = 0x2e
const colon = 0x3a
const space = 0x20

/** True when `text[start, end)` can be a value of that format. */
export function hasFormat(format: Format, text: string, start: number, end: number): boolean {
  switch (format) {
    case Format.Text:
    case Format.Data:
      return true
    case Format.Int:
      return isDigits(text, text.charCodeAt(start) === minus ? start + 1 : start, end)
    case Format.Unsigned:
      return isDigits(text, start, end)
    case Format.DayOfMonth:
      return end - start <= 9 && inRange(text, start, end, 1, 31)
    case Format.Decimal:
      return isDecimal(text, start, end)
    case Format.Char:
      return end - start === 1
    case Format.Boolean:
      return end - start === 1 && (text[start] === 'Y' || text[start] === 'N')
    case Format.MultipleChar:
      return isSpaced(text, start, end, 1)
    case Format.MultipleString:
      return isSpaced(text, start, end, Number.POSITIVE_INFINITY)
    case Format.Country:
    case Format.Language:
      return end - start === 2 && isAlphanumeric(text, start, end)
    case Format.Currency:
      return end - start === 3 && isAlphanumeric(text, start, end)
    case Format.MonthYear:
      return isMonthYear(text, start, end)
    case Format.Date:
      return end - start === 8 && isDate(text, start)
    case Format.UtcTimestamp:
      return isDateTime(text, start, end) && isUtcTime(text, start + 9, end)
    case Format.UtcTimeOnly:
      return isUtcTime(text, start, end)
    case Format.LocalMktTime:
      return end - start === 8 && isSeconds(text, start, 59)
    case Format.TzTimeOnly:
      return isTzTime(text, start, end, false)
    case Format.TzTimestamp:
      return isDateTime(text, start, end) && isTzTime(text, start + 9, end, true)
    case Format.Tenor:
      return isTenor(text, start, end)
    case Format.Reserved100Plus:
      return isAtLeast(text, start, end, 3)
    case Format.Reserved1000Plus:
      return isAtLeast(text, start, end, 4)
    case Format.Reserved4000Plus:
      return isAtLeast(text, start, end, 4) && (end - start > 4 || text.charCodeAt(start) >= zero + 4)
  }
}

/** One digit or more, nothing else. */
function isDigits(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code < zero || code > nine) return false
  }
  return end > start
}

/** Optional minus sign, digits, at most one point; at least one digit. No plus sign, no exponent, no separators. */
function isDecimal(text: string, start: number, end: number): boolean {
  let digits = 0
  let points = 0
  for (let i = text.charCodeAt(start) === minus ? start + 1 : start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code >= zero && code <= nine) digits++
    else if (code === point && points === 0) points++
    else return false
  }
  return digits > 0
}

/** Words of at most `longest` characters with one space between them. */
function isSpaced(text: string, start: number, end: number, longest: number): boolean {
  let length = 0
  for (let i = start; i < end; i++) {
    if (text.charCodeAt(i) !== space) {
      if (++length > longest) return false
    } else if (length === 0) {
      return false
    } else {
      length = 0
    }
  }
  return length > 0
}

/**
 * Codes of ISO 4217, 3166-1 and 639-1. The lists change and counterparties use codes beside them (GBp for pence), so only
 * their length and alphabet are held.
 */
function isAlphanumeric(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i) | 0x20
    if (!((code >= 0x61 && code <= 0x7a) || (code >= zero && code <= nine))) return false
  }
  return true
}

/** The number that `text[start, end)` spells with digits only, or -1. Not for more than nine digits. */
function numberAt(text: string, start: number, end: number): number {
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - zero
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}

function inRange(text: string, start: number, end: number, least: number, most: number): boolean {
  const value = end > start ? numberAt(text, start, end) : -1
  return value >= least && value <= most
}

/** YYYYMMDD, a day that exists. */
function isDate(text: string, start: number): boolean {
  const year = numberAt(text, start, start + 4)
  const month = numberAt(text, start + 4, start + 6)
  const day = numberAt(text, start + 6, start + 8)
  return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** YYYYMM, YYYYMMDD or YYYYMMwN with N from 1 to 5. */
function isMonthYear(text: string, start: number, end: number): boolean {
  if (numberAt(text, start, start + 4) < 0 || !inRange(text, start + 4, Math.min(start + 6, end), 1, 12)) return false
  if (end - start === 6) return true
  if (end - start !== 8) return false
  return text[start + 6] === 'w' ? inRange(text, start + 7, end, 1, 5) : isDate(text, start)
}

/** YYYYMMDD- and more. */
function isDateTime(text: string, start: number, end: number): boolean {
  return end - start > 9 && text.charCodeAt(start + 8) === minus && isDate(text, start)
}

/** HH:MM */
function isMinutes(text: string, start: number): boolean {
  if (text.charCodeAt(start + 2) !== colon) return false
  const hours = numberAt(text, start, start + 2)
  const minutes = numberAt(text, start + 3, start + 5)
  return hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59
}

/** HH:MM:SS */
function isSeconds(text: string, start: number, lastSecond: number): boolean {
  if (!isMinutes(text, start) || text.charCodeAt(start + 5) !== colon) return false
  const seconds = numberAt(text, start + 6, start + 8)
  return seconds >= 0 && seconds <= lastSecond
}

/** HH:MM:SS with a fraction or without one. A leap second is inserted at the end of a UTC day only. */
function isUtcTime(text: string, start: number, end: number): boolean {
  if (end - start < 8) return false
  const lastSecond = text.charCodeAt(start) === zero + 2 && text.startsWith('23:59', start) ? 60 : 59
  return isSeconds(text, start, lastSecond) && isFraction(text, start + 8, end)
}

/** Nothing, or a point and 3, 6, 9 or 12 digits: milliseconds to picoseconds. Others need a bilateral agreement. */
function isFraction(text: string, start: number, end: number): boolean {
  if (start === end) return true
  const digits = end - start - 1
  return text.charCodeAt(start) === point && digits <= 12 && digits % 3 === 0 && isDigits(text, start + 1, end)
}

/**
 * HH:MM[:SS] and a zone: Z, +hh, -hh, +hh:mm, -hh:mm, or none. The standard has offsets to 12 hours; clocks are up to 14
 * hours ahead of UTC (Kiribati; Samoa and New Zealand in summer 13), so those are good too.
 */
function isTzTime(text: string, start: number, end: number, withFraction: boolean): boolean {
  let zone = end
  if (text[end - 1] === 'Z') {
    zone = end - 1
  } else {
    const sign = lastSign(text, start, end)
    if (sign >= 0) {
      zone = sign
      const minutesFollow = end - sign === 6 && text.charCodeAt(sign + 3) === colon
      if (!inRange(text, sign + 1, Math.min(sign + 3, end), 0, 14)) return false
      if (minutesFollow ? !inRange(text, sign + 4, end, 0, 59) : end - sign !== 3) return false
    }
  }
  if (zone - start === 5) return isMinutes(text, start)
  if (zone - start < 8 || !isSeconds(text, start, 59)) return false
  return withFraction ? isFraction(text, start + 8, zone) : zone - start === 8
}

function lastSign(text: string, start: number, end: number): number {
  for (let i = end - 1; i >= start; i--) if (text[i] === '+' || text[i] === '-') return i
  return -1
}

/** D, M, W or Y and a number above 0. */
function isTenor(text: string, start: number, end: number): boolean {
  const unit = text[start]
  if (unit !== 'D' && unit !== 'M' && unit !== 'W' && unit !== 'Y') return false
  if (!isDigits(text, start + 1, end)) return false
  for (let i = start + 1; i < end; i++) if (text.charCodeAt(i) !== zero) return true
  return false
}

/** A whole number of that many digits or more, the first one not 0. */
function isAtLeast(text: string, start: number, end: number, digits: number): boolean {
  return end - start >= digits && text.charCodeAt(start) !== zero && isDigits(text, start, end)
}
