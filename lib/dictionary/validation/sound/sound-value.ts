/**
 * Values of the commonest data types looked at four bytes at a time, without a branch that depends on their length: a branch
 * that is predicted wrongly costs as much as all the rest.
 *
 * Each says only what is certainly good: a leap second or a 31st of a month is for the plain rules (lexical.ts). All may read up to seven bytes
 * behind the value.
 */

/** Bytes 0 to 9 of a number are digits that were exclusive-ored with this. */
const ZEROS = 0x30303030
/** What takes each byte above 9 to 128 or more. */
const ABOVE_9 = 0x76767676
const HIGH_BITS = 0x80808080

const zero = 0x30
const minus = 0x2d
const point = 0x2e

/** One digit or more, nothing else. */
export function areDigits(bytes: DataView, start: number, end: number): boolean {
  const length = end - start
  if (length > 8) return areManyDigits(bytes, start, end)
  if (length <= 0) return false
  let word = bytes.getInt32(start, true) ^ ZEROS
  let beyond = 0
  if (length > 4) {
    beyond = word | (word + ABOVE_9)
    word = (bytes.getInt32(start + 4, true) ^ ZEROS) << (64 - 8 * length)
  } else {
    word <<= 32 - 8 * length
  }
  return ((beyond | word | (word + ABOVE_9)) & HIGH_BITS) === 0
}

function areManyDigits(bytes: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const digit = bytes.getUint8(at) - zero
    if (digit < 0 || digit > 9) return false
  }
  return true
}

export function isInt(bytes: DataView, start: number, end: number): boolean {
  return areDigits(bytes, bytes.getUint8(start) === minus ? start + 1 : start, end)
}

/** Digits with at most one point among them. */
export function isDecimal(bytes: DataView, from: number, end: number): boolean {
  const start = bytes.getUint8(from) === minus ? from + 1 : from
  const length = end - start
  if (length > 8 || length < 2) return isAnyDecimal(bytes, start, end)
  let word = bytes.getInt32(start, true) ^ ZEROS
  let first = 0
  let pointsBefore = 0
  if (length > 4) {
    first = nonDigits(word)
    pointsBefore = points(word)
    word = (bytes.getInt32(start + 4, true) ^ ZEROS) << (64 - 8 * length)
  } else {
    word <<= 32 - 8 * length
  }
  const other = nonDigits(word)
  // Shifted, so that the bits of both words are different ones.
  const all = (first >>> 1) | other
  return all === ((pointsBefore >>> 1) | points(word)) && (all & (all - 1)) === 0
}

/** The highest bit of each byte that is above 9; of bytes behind such a one too, it may be. */
function nonDigits(word: number): number {
  return (word | (word + ABOVE_9)) & HIGH_BITS
}

/** The highest bit of each byte that is a point, exclusive-ored with 0. */
function points(word: number): number {
  const other = word ^ 0x1e1e1e1e
  return ~(other | ((other & 0x7f7f7f7f) + 0x7f7f7f7f)) & HIGH_BITS
}

function isAnyDecimal(bytes: DataView, start: number, end: number): boolean {
  let digits = 0
  let points = 0
  for (let at = start; at < end; at++) {
    const byte = bytes.getUint8(at)
    if (byte >= zero && byte <= zero + 9) digits++
    else if (byte === point) points++
    else return false
  }
  return digits > 0 && points <= 1
}

/** Three letters from A to Z. */
export function areThreeCapitals(bytes: DataView, start: number, end: number): boolean {
  if (end - start !== 3) return false
  const word = bytes.getInt32(start, true) & 0xffffff
  return ((word + 0x3f3f3f) & ~(word + 0x252525) & ~word & 0x808080) === 0x808080
}

/** YYYYMMDD, up to the 28th. */
export function isDate(bytes: DataView, start: number): boolean {
  const year = bytes.getInt32(start, true) ^ ZEROS
  const rest = bytes.getInt32(start + 4, true) ^ ZEROS
  if (((year | (year + ABOVE_9) | rest | (rest + ABOVE_9)) & HIGH_BITS) !== 0) return false
  const month = (rest & 15) * 10 + ((rest >> 8) & 15)
  const day = ((rest >> 16) & 15) * 10 + (rest >> 24)
  return month >= 1 && month <= 12 && day >= 1 && day <= 28
}

/** HH:MM:SS or HH:MM:SS.sss, no leap second. */
export function isUtcTime(bytes: DataView, start: number, end: number): boolean {
  const length = end - start
  if (length !== 8 && length !== 12) return false
  // Each byte is to be from 0 to what its place allows: 9, or 5, or 0 where : and . stand.
  const hours = bytes.getInt32(start, true) ^ 0x303a3030
  const seconds = bytes.getInt32(start + 4, true) ^ 0x30303a30
  let beyond = hours | (hours + 0x7a7f7676) | seconds | (seconds + 0x767a7f76)
  if (length === 12) {
    const fraction = bytes.getInt32(start + 8, true) ^ 0x3030302e
    beyond |= fraction | (fraction + 0x7676767f)
  }
  return (beyond & HIGH_BITS) === 0 && (hours & 15) * 10 + ((hours >> 8) & 15) <= 23
}

/** YYYYMMDD-HH:MM:SS or with milliseconds. */
export function isUtcTimestamp(bytes: DataView, start: number, end: number): boolean {
  return (
    end - start > 9 && bytes.getUint8(start + 8) === minus && isUtcTime(bytes, start + 9, end) && isDate(bytes, start)
  )
}
