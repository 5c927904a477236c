import { dataTagOf, lengthTagOf } from '../fix/data-fields.js'
import { byteSum, digits, threeDigits, widthOf } from '../fix/digits.js'
import { MARGIN, type Run } from './run.js'
import type { Slab } from './slab.js'

const SOH = 1
const EQUALS = 0x3d
const ZERO = 0x30
/** `10=`. */
const CHECK_SUM = 0x3d3031
const SOH_FOURTH = 0x1000000

/** Text up to this length is faster written by hand than by a call into C++. */
const BY_HAND = 48
/** A tag of nine digits, `=`, SOH, the trailer `10=nnn` with its SOH, and three bytes that a word may go beyond its end. */
const FIELD_ROOM = 11 + 7 + 3
/** Digits of BodyLength(9), its SOH, and three bytes that a word may go beyond the beginning. */
const LENGTH_ROOM = 14

/**
 * Writes messages field by field.
 *
 * All that BodyLength(9) counts is written forward from a fixed place; only then BeginString(8) and the length are
 * put before it, so that the length needs no leading zeros. The sum for CheckSum(10) is kept meanwhile.
 */
export class WireWriter {
  readonly #slab: Slab
  /** Where the room of the message that is being written begins. */
  #origin = 0
  /** Where the part that BodyLength(9) counts begins. */
  #content = 0
  /** Of all bytes from `#content` on. */
  #sum = 0
  /** The Length field that was written last: where it begins and ends, and the sum before it. */
  #lengthTag = 0
  #lengthStart = 0
  #lengthEnd = -1
  #lengthSum = 0

  constructor(slab: Slab) {
    this.#slab = slab
  }

  /** Begins a message; `prefixLength` is that of `8=...|9=`. */
  begin(prefixLength: number): void {
    this.#origin = this.#slab.at
    this.#need(prefixLength + LENGTH_ROOM)
    this.#content = this.#origin + prefixLength + LENGTH_ROOM
    this.#slab.at = this.#content
    this.#sum = 0
    this.#lengthEnd = -1
  }

  /**
   * Writes a field. A data field that directly follows its Length field makes that one right, and one that holds SOH
   * gets its Length field where it is missing: otherwise a reader could not find its end.
   */
  field(tag: number, text: string): void {
    if (lengthTagOf(tag) !== 0) this.#lengthOf(tag, text)
    const start = this.#slab.at - this.#origin
    const sum = this.#sum
    this.plain(tag, text)
    if (dataTagOf(tag) !== 0) {
      this.#lengthTag = tag
      this.#lengthStart = start
      this.#lengthEnd = this.#slab.at - this.#origin
      this.#lengthSum = sum
    }
  }

  /** Writes a field with text that may be anything but the value of a Length or data field. */
  plain(tag: number, text: string): void {
    this.#need(text.length + FIELD_ROOM)
    this.#tag(tag)
    this.#text(text)
    this.#delimiter()
  }

  /** Writes a field with a whole number, 0 or more. */
  integer(tag: number, value: number): void {
    if (value >= 1_000_000_000) {
      this.plain(tag, String(value))
      return
    }
    this.#need(9 + FIELD_ROOM)
    this.#tag(tag)
    this.#digits(value)
    this.#delimiter()
  }

  /** Writes a run of bytes. */
  run({ view, length, sum }: Run): void {
    this.copy(view, MARGIN, MARGIN + length, sum)
  }

  /** Writes `source[start, end)`, the sum of which is known; behind `end` there are three bytes more. */
  copy(source: DataView, start: number, end: number, sum: number): void {
    const length = end - start
    this.#need(length + FIELD_ROOM)
    const view = this.#slab.view
    const to = this.#slab.at
    for (let at = 0; at < length; at += 4) view.setInt32(to + at, source.getInt32(start + at, true), true)
    this.#slab.at = to + length
    this.#sum += sum
  }

  /** Puts `milliseconds` in the place of the zeros that stand `before` bytes before here, with SOH behind them. */
  milliseconds(before: number, milliseconds: number): void {
    const word = threeDigits(milliseconds)
    this.#slab.view.setInt32(this.#slab.at - before, word + SOH_FOURTH, true)
    this.#sum += byteSum(word) - 3 * ZERO
  }

  /** Writes text alone. */
  text(text: string): void {
    this.#need(text.length + FIELD_ROOM)
    this.#text(text)
  }

  /** Writes whole fields as they stand in `source[start, end)`. */
  fields(source: string, start: number, end: number): void {
    this.text(source.substring(start, end))
  }

  /** Puts `prefix` (`8=...|9=`), the length and CheckSum(10) around what was written. */
  finish(prefix: Run): Buffer {
    const view = this.#slab.view
    const start = this.#length(this.#slab.at - this.#content) - prefix.length
    for (let behind = prefix.length; behind > 0; behind -= 4) {
      view.setInt32(start + behind - 4, prefix.view.getInt32(MARGIN + behind - 4, true), true)
    }
    const sum = this.#sum + prefix.sum
    const at = this.#slab.at
    view.setInt32(at, CHECK_SUM, true)
    view.setInt32(at + 3, threeDigits(sum & 255) + SOH_FOURTH, true)
    this.#slab.at = at + 7
    return this.#slab.part(start)
  }

  /** Puts the length and its SOH before what was written; answers where it begins. Writes into what is before that. */
  #length(length: number): number {
    const content = this.#content
    if (length < 1000) {
      const word = threeDigits(length)
      const width = widthOf(length)
      this.#slab.view.setInt32(content - 4, word + SOH_FOURTH, true)
      this.#sum += byteSum(word) - (3 - width) * ZERO + SOH
      return content - 1 - width
    }
    const text = `${length}\u0001`
    const start = content - text.length
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      this.#slab.bytes[start + at] = code
      this.#sum += code
    }
    return start
  }

  #tag(tag: number): void {
    if (tag < 1000) {
      const width = widthOf(tag)
      this.#word(digits(tag, width) | (EQUALS << (8 * width)), width + 1)
    } else {
      this.#digits(tag)
      this.#word(EQUALS, 1)
    }
  }

  /** Writes a whole number below 10^9, three digits at a time. */
  #digits(value: number): void {
    const thousands = (value / 1000) | 0
    if (thousands < 1000) {
      if (thousands > 0) this.#first(thousands)
    } else {
      const millions = (thousands / 1000) | 0
      this.#first(millions)
      this.#word(threeDigits(thousands - millions * 1000), 3)
    }
    if (thousands > 0) this.#word(threeDigits(value - thousands * 1000), 3)
    else this.#first(value)
  }

  /** Writes a whole number below 1000. */
  #first(value: number): void {
    const width = widthOf(value)
    this.#word(digits(value, width), width)
  }

  #delimiter(): void {
    this.#slab.bytes[this.#slab.at++] = SOH
    this.#sum += SOH
  }

  /** Writes the first bytes of a word, of which the others are 0. */
  #word(word: number, width: number): void {
    this.#slab.view.setInt32(this.#slab.at, word, true)
    this.#slab.at += width
    this.#sum += byteSum(word)
  }

  #text(text: string): void {
    const bytes = this.#slab.bytes
    const start = this.#slab.at
    const { length } = text
    let sum = 0
    if (length > BY_HAND) {
      bytes.write(text, start, 'latin1')
      sum = this.#sumOf(start, start + length)
    } else {
      for (let i = 0; i < length; i++) {
        const code = text.charCodeAt(i)
        bytes[start + i] = code
        sum += code
      }
    }
    this.#slab.at = start + length
    this.#sum += sum
  }

  #lengthOf(dataTag: number, text: string): void {
    const lengthTag = lengthTagOf(dataTag)
    const follows = this.#lengthTag === lengthTag && this.#lengthEnd === this.#slab.at - this.#origin
    if (!follows && !text.includes('\u0001')) return
    if (follows) {
      this.#slab.at = this.#origin + this.#lengthStart
      this.#sum = this.#lengthSum
    }
    this.integer(lengthTag, text.length)
  }

  /** Makes room for `count` more bytes; the message may have to move for it. */
  #need(count: number): void {
    const moved = this.#slab.room(count, this.#origin) - this.#origin
    this.#origin += moved
    this.#content += moved
  }

  /** The sum of `bytes[start, end)`, four bytes at a time. */
  #sumOf(start: number, end: number): number {
    const view = this.#slab.view
    let sum = 0
    let at = start
    while (at + 4 <= end) {
      // Two sums of 16 bits side by side hold what 64 words can add to them.
      const stop = Math.min(end - 3, at + 256)
      let pairs = 0
      for (; at < stop; at += 4) {
        const word = view.getInt32(at, true)
        pairs += (word & 0xff00ff) + ((word >>> 8) & 0xff00ff)
      }
      sum += (pairs & 0xffff) + (pairs >>> 16)
    }
    for (; at < end; at++) sum += this.#slab.bytes[at] as number
    return sum
  }
}
