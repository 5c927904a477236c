import type { DataFields } from './data-fields.js'
import type { IndexSlab } from './field-index.js'

/** What `scanFields` answers instead of a number of fields. */
export const ScanFault = { Tag: -1, DataLength: -2, TooManyFields: -3 } as const

/** What the last scan left behind. */
export const scan = {
  /** Sum of all bytes read, as CheckSum(10) wants it before the modulo. Right only after a scan without fault. */
  sum: 0,
  /** Where the field at fault begins. */
  faultAt: 0
}

const SOH = 1
const EQUALS = 0x3d
const ZERO = 0x30
/** One digit more could no longer be held in 32 bits. */
const LARGEST_BEFORE_LAST_DIGIT = 99_999_999

/**
 * Finds the fields in `bytes[from, to)` in one pass over the bytes. The last byte of that must be SOH, and two more bytes
 * must stand behind it, as a message's CheckSum(10) does.
 *
 * Writes them into `slab` from the field `base` on; positions count from `origin`. Answers how many fields there are, or a
 * `ScanFault`. The slab must have room for all fields or for `maxFields`, whichever is less.
 *
 * A tag is an integer without leading zeros (FIX data type TagNum), 0 and negative ones included: those are well formed
 * enough for a Reject(3) with 373=0. The value of a data field that directly follows its Length field is taken by
 * that length, SOH inside included; where there is no such length it ends at the next SOH like any other.
 *
 * Most of decoding is spent here. `| 0` tells V8 that no sum leaves 32 bits, which makes it a third faster; so do the
 * tags of one and two digits that are read without a loop.
 */
export function scanFields(
  bytes: Uint8Array,
  from: number,
  to: number,
  origin: number,
  slab: IndexSlab,
  base: number,
  maxFields: number,
  dataFields: DataFields
): number {
  let at = from
  let sum = 0
  const { cells, room } = slab
  let cell = base
  const cellsEnd = base + maxFields
  let dataTag = 0
  while (at < to) {
    const fieldAt = at
    const first = bytes[at] as number
    const second = bytes[at + 1] as number
    const third = bytes[at + 2] as number
    let tag = (first - ZERO) | 0
    let digit = (second - ZERO) | 0
    if (tag < 1 || tag > 9) {
      at = unusualTag(bytes, at)
      if (at === 0) return faultAt(fieldAt, ScanFault.Tag)
      tag = unusual.tag
      sum = (sum + unusual.sum) | 0
    } else if (second === EQUALS) {
      sum = (sum + first + EQUALS) | 0
      at = (at + 2) | 0
    } else {
      if (digit < 0 || digit > 9) return faultAt(fieldAt, ScanFault.Tag)
      tag = (tag * 10 + digit) | 0
      sum = (sum + first + second + third) | 0
      at = (at + 3) | 0
      for (let byte = third; byte !== EQUALS; at = (at + 1) | 0) {
        digit = (byte - ZERO) | 0
        if (digit < 0 || digit > 9 || tag > LARGEST_BEFORE_LAST_DIGIT) return faultAt(fieldAt, ScanFault.Tag)
        tag = (tag * 10 + digit) | 0
        byte = bytes[at] as number
        sum = (sum + byte) | 0
      }
    }
    if (cell === cellsEnd) return faultAt(fieldAt, ScanFault.TooManyFields)
    const valueStart = at
    if (tag === dataTag && tag !== 0) {
      at = dataEnd(bytes, slab, cell, origin, at, to)
      if (at < 0) return faultAt(fieldAt, ScanFault.DataLength)
      for (let i = valueStart; i < at; i++) sum = (sum + (bytes[i] as number)) | 0
    }
    let byte = 0
    do {
      byte = bytes[at] as number
      sum = (sum + byte) | 0
      at = (at + 1) | 0
    } while (byte !== SOH)
    cells[cell] = tag
    cells[cell + room] = (valueStart - origin) | 0
    cells[cell + 2 * room] = (at - 1 - origin) | 0
    cell = (cell + 1) | 0
    dataTag = dataFields.dataTagOf(tag)
  }
  scan.sum = sum
  return cell - base
}

function faultAt(at: number, fault: number): number {
  scan.faultAt = at
  return fault
}

/**
 * Where the data that begins at `at` ends, by the Length field before it in the slab; `at` itself where that holds no
 * number, so that the data is ordinary text; -1 where no SOH stands there.
 */
function dataEnd(bytes: Uint8Array, slab: IndexSlab, cell: number, origin: number, at: number, to: number): number {
  const { cells, room } = slab
  const start = cells[cell - 1 + room] as number
  const end = cells[cell - 1 + 2 * room] as number
  const length = lengthIn(bytes, start + origin, end + origin)
  if (length < 0) return at
  return at + length < to && bytes[at + length] === SOH ? at + length : -1
}

const unusual = { tag: 0, sum: 0 }

/** Reads the tag 0 or a negative one at `at`; answers where its value begins, or 0 when it is no tag at all. */
function unusualTag(bytes: Uint8Array, at: number): number {
  let tag = 0
  let sum = bytes[at] as number
  let next = at + 1
  if (sum === 0x2d) {
    let digit = (bytes[next] as number) - ZERO
    if (!(digit >= 1 && digit <= 9)) return 0
    while (digit >= 0 && digit <= 9) {
      if (tag > LARGEST_BEFORE_LAST_DIGIT) return 0
      tag = tag * 10 + digit
      sum += digit + ZERO
      next++
      digit = (bytes[next] as number) - ZERO
    }
  } else if (sum !== ZERO) {
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
    const digit = (bytes[i] as number) - ZERO
    if (!(digit >= 0 && digit <= 9)) return -1
    length = length * 10 + digit
  }
  return length
}
