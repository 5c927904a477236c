import { dataTagOf, lengthTagOf } from '../fix/data-fields.js'
import { fractionDigits, utcSecondText } from '../fix/timestamp.js'

const SOH = 1
const EQUALS = 0x3d
const ZERO = 0x30

/** Slabs are handed out piece by piece and never written again, so a caller owns what it was given. */
const SLAB_SIZE = 65_536
/** Text up to this length is faster written by hand than by a call into C++. */
const BY_HAND = 48
/** A tag of nine digits, `=`, SOH, and the trailer `10=nnn` with its SOH behind it. */
const FIELD_ROOM = 11 + 7
/** Digits of BodyLength(9) and its SOH. */
const LENGTH_ROOM = 11

/**
 * Writes one message after the other into slabs of bytes.
 *
 * All that BodyLength(9) counts is written forward from a fixed place; only then BeginString(8) and the length are
 * put before it, so that the length needs no leading zeros.
 */
export class WireWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(SLAB_SIZE)
  #lanes: Int32Array = new Int32Array(this.#bytes.buffer)
  /** Where the room of the message that is being written begins. */
  #origin = 0
  /** Where the part that BodyLength(9) counts begins. */
  #content = 0
  #at = 0
  /** The Length field that was written last: where it begins and ends. */
  #lengthTag = 0
  #lengthStart = 0
  #lengthEnd = -1

  /** Begins a message; `prefixLength` is that of `8=...|9=`. */
  begin(prefixLength: number): void {
    this.#origin = this.#at
    this.#need(prefixLength + LENGTH_ROOM)
    this.#content = this.#origin + prefixLength + LENGTH_ROOM
    this.#at = this.#content
    this.#lengthEnd = -1
  }

  /**
   * Writes a field. A data field that directly follows its Length field makes that one right, and one that holds SOH
   * gets its Length field where it is missing: otherwise a reader could not find its end.
   */
  field(tag: number, text: string): void {
    if (lengthTagOf(tag) !== 0) this.#lengthOf(tag, text)
    const start = this.#at - this.#origin
    this.#plain(tag, text)
    if (dataTagOf(tag) !== 0) {
      this.#lengthTag = tag
      this.#lengthStart = start
      this.#lengthEnd = this.#at - this.#origin
    }
  }

  /** Writes a field with a whole number, 0 or more. */
  integer(tag: number, value: number): void {
    this.#plain(tag, String(value))
  }

  /** Writes a field with a UTCTimestamp of `precision` digits after the second. */
  timestamp(tag: number, epochMs: number, precision: number): void {
    const second = Math.floor(epochMs / 1000)
    const secondText = utcSecondText(second)
    this.#plain(tag, secondText)
    if (precision === 0) return
    this.#at--
    this.#text(`.${fractionDigits(epochMs, precision)}`)
    this.#bytes[this.#at++] = SOH
  }

  /** Writes whole fields as they stand in `source[start, end)`. */
  fields(source: string, start: number, end: number): void {
    this.#need(end - start + FIELD_ROOM)
    this.#text(source.substring(start, end))
  }

  /** Puts `prefix` (`8=...|9=`), the length and CheckSum(10) around what was written. */
  finish(prefix: Uint8Array): Buffer {
    const bytes = this.#bytes
    let start = this.#content
    let rest = this.#at - start
    bytes[--start] = SOH
    do {
      const tenth = Math.floor(rest / 10)
      bytes[--start] = ZERO + rest - tenth * 10
      rest = tenth
    } while (rest > 0)
    for (let i = prefix.length - 1; i >= 0; i--) bytes[--start] = prefix[i] as number
    const sum = this.#sum(start, this.#at)
    let at = this.#at
    bytes[at++] = ZERO + 1
    bytes[at++] = ZERO
    bytes[at++] = EQUALS
    bytes[at++] = ZERO + Math.floor(sum / 100)
    bytes[at++] = ZERO + (Math.floor(sum / 10) % 10)
    bytes[at++] = ZERO + (sum % 10)
    bytes[at++] = SOH
    this.#at = at
    return bytes.subarray(start, at)
  }

  #lengthOf(dataTag: number, text: string): void {
    const lengthTag = lengthTagOf(dataTag)
    const follows = this.#lengthTag === lengthTag && this.#lengthEnd === this.#at - this.#origin
    if (!follows && !text.includes('\u0001')) return
    if (follows) this.#at = this.#origin + this.#lengthStart
    this.#plain(lengthTag, String(text.length))
  }

  #plain(tag: number, text: string): void {
    this.#need(text.length + FIELD_ROOM)
    this.#tag(tag)
    this.#text(text)
    this.#bytes[this.#at++] = SOH
  }

  #tag(tag: number): void {
    const bytes = this.#bytes
    let at = this.#at
    if (tag < 10) {
      bytes[at++] = ZERO + tag
    } else if (tag < 100) {
      const tens = (tag / 10) | 0
      bytes[at++] = ZERO + tens
      bytes[at++] = ZERO + tag - tens * 10
    } else if (tag < 1000) {
      const hundreds = (tag / 100) | 0
      const tens = (tag / 10) | 0
      bytes[at++] = ZERO + hundreds
      bytes[at++] = ZERO + tens - hundreds * 10
      bytes[at++] = ZERO + tag - tens * 10
    } else {
      const digits = String(tag)
      for (let i = 0; i < digits.length; i++) bytes[at++] = digits.charCodeAt(i)
    }
    bytes[at++] = EQUALS
    this.#at = at
  }

  #text(text: string): void {
    const { length } = text
    if (length > BY_HAND) {
      this.#bytes.write(text, this.#at, 'latin1')
      this.#at += length
      return
    }
    const bytes = this.#bytes
    let at = this.#at
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i)
    this.#at = at
  }

  /** Makes room for `count` more bytes, moving what there is of the message to a new slab where it has to be. */
  #need(count: number): void {
    if (this.#at + count <= this.#bytes.length) return
    const written = this.#at - this.#origin
    const larger = Buffer.allocUnsafeSlow(
      written + count <= SLAB_SIZE / 2 ? SLAB_SIZE : 4 * Math.ceil((written + count) / 2)
    )
    this.#bytes.copy(larger, 0, this.#origin, this.#at)
    this.#bytes = larger
    this.#lanes = new Int32Array(larger.buffer)
    this.#content -= this.#origin
    this.#origin = 0
    this.#at = written
  }

  /** The sum of `bytes[start, end)` modulo 256, four bytes at a time. */
  #sum(start: number, end: number): number {
    const bytes = this.#bytes
    const lanes = this.#lanes
    let sum = 0
    let at = start
    while (at < end && (at & 3) !== 0) sum += bytes[at++] as number
    let lane = at >> 2
    const laneEnd = end >> 2
    while (lane < laneEnd) {
      // Two sums of 16 bits side by side hold what 64 lanes can add to them.
      const stop = Math.min(laneEnd, lane + 64)
      let pair = 0
      for (; lane < stop; lane++) {
        const four = lanes[lane] as number
        pair += (four & 0xff00ff) + ((four >>> 8) & 0xff00ff)
      }
      sum += (pair & 0xffff) + (pair >>> 16)
    }
    at = Math.max(at, laneEnd << 2)
    while (at < end) sum += bytes[at++] as number
    return sum & 255
  }
}
