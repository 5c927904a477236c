import { dataTagOf } from './data-fields.js'

/** What `scanFields` answers instead of a number of fields. */
export const ScanFault = { Tag: -1, DataLength: -2, TooManyFields: -3 } as const

/** What the last scan left behind. */
export const scan = {
  /** Sum of all bytes read, as CheckSum(10) wants it before the modulo. Right only after a scan without fault. */
  sum: 0,
  /** Where the field at fault begins. */
  faultAt: 0
}

/** Cells of the index for one field: tag, start of the value, end of the value. */
export const CELLS = 3

const SOH = 1
const EQUALS = 0x3d
/** One digit more could no longer be held in 32 bits. */
const LARGEST_BEFORE_LAST_DIGIT = 99_999_999

/**
 * Finds the fields in `bytes[from, to)`, which must end with SOH, in one pass over the bytes.
 *
 * Writes three cells a field into `cells` from `base` on; positions count from `origin`. Answers how many fields there
 * are, or a `ScanFault`. The cells must have room for all fields or for `maxFields`, whichever is less.
 *
 * A tag is an integer without leading zeros (FIX data type TagNum), 0 and negative ones included: those are well formed
 * enough for a Reject(3) with 373=0. The value of a data field that directly follows its Length field is taken by
 * that length, SOH inside included; where there is no such length it ends at the next SOH like any other.
 */
export function scanFields(
  bytes: Uint8Array,
  from: number,
  to: number,
  origin: number,
  cells: Int32Array,
  base: number,
  maxFields: number
): number {
  let at = from
  let sum = 0
  let cell = base
  const cellsEnd = base + CELLS * maxFields
  let dataTag = 0
  while (at < to) {
    const fieldAt = at
    let byte = bytes[at++] as number
    let tag = byte - 0x30
    sum += byte
    if (tag >= 1 && tag <= 9) {
      byte = bytes[at++] as number
      while (byte !== EQUALS) {
        const digit = byte - 0x30
        if (digit < 0 || digit > 9 || tag > LARGEST_BEFORE_LAST_DIGIT) {
          scan.faultAt = fieldAt
          return ScanFault.Tag
        }
        tag = tag * 10 + digit
        sum += byte
        byte = bytes[at++] as number
      }
      sum += EQUALS
    } else {
      at = unusualTag(bytes, fieldAt)
      if (at === 0) {
        scan.faultAt = fieldAt
        return ScanFault.Tag
      }
      tag = unusual.tag
      sum += unusual.sum - byte
    }
    if (cell === cellsEnd) {
      scan.faultAt = fieldAt
      return ScanFault.TooManyFields
    }
    const valueStart = at
    if (tag === dataTag && tag !== 0) {
      const length = lengthIn(bytes, (cells[cell - 2] as number) + origin, (cells[cell - 1] as number) + origin)
      if (length >= 0) {
        if (valueStart + length >= to || bytes[valueStart + length] !== SOH) {
          scan.faultAt = fieldAt
          return ScanFault.DataLength
        }
        const valueEnd = valueStart + length
        while (at < valueEnd) sum += bytes[at++] as number
      }
    }
    byte = bytes[at++] as number
    while (byte !== SOH) {
      sum += byte
      byte = bytes[at++] as number
    }
    sum += SOH
    cells[cell] = tag
    cells[cell + 1] = valueStart - origin
    cells[cell + 2] = at - 1 - origin
    cell += CELLS
    dataTag = dataTagOf(tag)
  }
  scan.sum = sum
  return (cell - base) / CELLS
}

const unusual = { tag: 0, sum: 0 }

/** Reads the tag 0 or a negative one at `at`; answers where its value begins, or 0 when it is no tag at all. */
function unusualTag(bytes: Uint8Array, at: number): number {
  let tag = 0
  let sum = bytes[at] as number
  let next = at + 1
  if (sum === 0x2d) {
    let digit = (bytes[next] as number) - 0x30
    if (!(digit >= 1 && digit <= 9)) return 0
    while (digit >= 0 && digit <= 9) {
      if (tag > LARGEST_BEFORE_LAST_DIGIT) return 0
      tag = tag * 10 + digit
      sum += digit + 0x30
      next++
      digit = (bytes[next] as number) - 0x30
    }
  } else if (sum !== 0x30) {
    return 0
  }
  if (bytes[next] !== EQUALS) return 0
  unusual.tag = -tag
  unusual.sum = sum + EQUALS
  return next + 1
}

/** The number in a Length field, or -1 when it is none: its data field is then ordinary text. */
function lengthIn(bytes: Uint8Array, from: number, to: number): number {
  if (from === to || to - from > 9) return -1
  let length = 0
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - 0x30
    if (!(digit >= 0 && digit <= 9)) return -1
    length = length * 10 + digit
  }
  return length
}
