import { dataTagOf, lengthTagOf } from '../fix/data-fields.js'
import { fractionDigits, utcSecondText } from '../fix/timestamp.js'

const SOH = 1
const EQUALS = 0x3d
const POINT = 0x2e
const ZERO = 0x30

/** Slabs are handed out piece by piece and never written again, so a caller owns what it was given. */
const SLAB_SIZE = 65_536
/** Text up to this length is faster written by hand than by a call into C++. */
const BY_HAND = 32
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
  /** The second that was written last, milliseconds since the epoch, and as bytes. */
  #second = Number.NaN
  readonly #secondBytes = Buffer.from('YYYYMMDD-HH:MM:SS')

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
    this.plain(tag, text)
    if (dataTagOf(tag) !== 0) {
      this.#lengthTag = tag
      this.#lengthStart = start
      this.#lengthEnd = this.#at - this.#origin
    }
  }

  /** Writes a field with text that may be anything but the value of a Length or data field. */
  plain(tag: number, text: string): void {
    this.#need(text.length + FIELD_ROOM)
    let at = putTag(this.#bytes, this.#at, tag)
    at = putText(this.#bytes, at, text)
    this.#bytes[at] = SOH
    this.#at = at + 1
  }

  /** As `plain`, for the fields from `first` on. */
  plainFields(tags: readonly number[], texts: readonly string[], first: number): void {
    let room = 0
    for (let i = first; i < tags.length; i++) room += (texts[i] as string).length + FIELD_ROOM
    this.#need(room)
    const bytes = this.#bytes
    let at = this.#at
    for (let i = first; i < tags.length; i++) {
      at = putTag(bytes, at, tags[i] as number)
      at = putText(bytes, at, texts[i] as string)
      bytes[at++] = SOH
    }
    this.#at = at
  }

  /** Writes a field with a whole number, 0 or more. */
  integer(tag: number, value: number): void {
    if (value > 0x7fffffff || (value | 0) !== value || value < 0) {
      this.plain(tag, String(value))
      return
    }
    this.#need(10 + FIELD_ROOM)
    let at = putTag(this.#bytes, this.#at, tag)
    at = putInteger(this.#bytes, at, value)
    this.#bytes[at] = SOH
    this.#at = at + 1
  }

  /** Writes a field with a UTCTimestamp of `precision` digits after the second. */
  timestamp(tag: number, epochMs: number, precision: number): void {
    this.#need(27 + FIELD_ROOM)
    this.#at = putTag(this.#bytes, this.#at, tag)
    this.time(epochMs, precision)
    this.#bytes[this.#at++] = SOH
  }

  /** Writes a UTCTimestamp alone. */
  time(epochMs: number, precision: number): void {
    this.#need(27 + FIELD_ROOM)
    if (!(epochMs >= this.#second && epochMs < this.#second + 1000)) {
      this.#second = Math.floor(epochMs / 1000) * 1000
      putText(this.#secondBytes, 0, utcSecondText(this.#second / 1000))
    }
    const bytes = this.#bytes
    let at = putBytes(bytes, this.#at, this.#secondBytes)
    if (precision === 3) {
      bytes[at] = POINT
      at = putThreeDigits(bytes, at + 1, (epochMs - this.#second) | 0)
    } else if (precision > 0) {
      bytes[at] = POINT
      at = putText(bytes, at + 1, fractionDigits(epochMs, precision))
    }
    this.#at = at
  }

  /** Writes what was made before: whole fields, or parts of some. */
  bytes(made: Uint8Array): void {
    this.#need(made.length + FIELD_ROOM)
    this.#at = putBytes(this.#bytes, this.#at, made)
  }

  /** Writes text alone. */
  text(text: string): void {
    this.#need(text.length + FIELD_ROOM)
    this.#at = putText(this.#bytes, this.#at, text)
  }

  /** Writes whole fields as they stand in `source[start, end)`. */
  fields(source: string, start: number, end: number): void {
    this.text(source.substring(start, end))
  }

  /** Puts `prefix` (`8=...|9=`), the length and CheckSum(10) around what was written. */
  finish(prefix: Uint8Array): Buffer {
    const bytes = this.#bytes
    let start = this.#content
    let rest = this.#at - start
    bytes[--start] = SOH
    do {
      const tenth = (rest / 10) | 0
      bytes[--start] = ZERO + rest - tenth * 10
      rest = tenth
    } while (rest > 0)
    for (let i = prefix.length - 1; i >= 0; i--) bytes[--start] = prefix[i] as number
    const sum = this.#sum(start, this.#at)
    let at = this.#at
    bytes[at] = ZERO + 1
    bytes[at + 1] = ZERO
    bytes[at + 2] = EQUALS
    at = putThreeDigits(bytes, at + 3, sum)
    bytes[at] = SOH
    this.#at = at + 1
    return bytes.subarray(start, at + 1)
  }

  #lengthOf(dataTag: number, text: string): void {
    const lengthTag = lengthTagOf(dataTag)
    const follows = this.#lengthTag === lengthTag && this.#lengthEnd === this.#at - this.#origin
    if (!follows && !text.includes('\u0001')) return
    if (follows) this.#at = this.#origin + this.#lengthStart
    this.integer(lengthTag, text.length)
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

/** Puts `tag=`; answers where the value begins. */
function putTag(bytes: Buffer, start: number, tag: number): number {
  let at = start
  if (tag < 100) {
    if (tag >= 10) bytes[at++] = ZERO + ((tag / 10) | 0)
    bytes[at++] = ZERO + (tag % 10)
  } else if (tag < 1000) {
    at = putThreeDigits(bytes, at, tag)
  } else {
    at = putInteger(bytes, at, tag)
  }
  bytes[at] = EQUALS
  return at + 1
}

function putThreeDigits(bytes: Buffer, at: number, value: number): number {
  const hundreds = (value / 100) | 0
  const rest = value - hundreds * 100
  const tens = (rest / 10) | 0
  bytes[at] = ZERO + hundreds
  bytes[at + 1] = ZERO + tens
  bytes[at + 2] = ZERO + rest - tens * 10
  return at + 3
}

/** Puts a whole number of 31 bits, 0 or more. */
function putInteger(bytes: Buffer, start: number, value: number): number {
  let end = start + 1
  for (let rest = (value / 10) | 0; rest > 0; rest = (rest / 10) | 0) end++
  let rest = value
  for (let at = end - 1; at >= start; at--) {
    const tenth = (rest / 10) | 0
    bytes[at] = ZERO + rest - tenth * 10
    rest = tenth
  }
  return end
}

function putBytes(bytes: Buffer, start: number, made: Uint8Array): number {
  for (let i = 0; i < made.length; i++) bytes[start + i] = made[i] as number
  return start + made.length
}

function putText(bytes: Buffer, start: number, text: string): number {
  const { length } = text
  if (length > BY_HAND) {
    bytes.write(text, start, 'latin1')
    return start + length
  }
  for (let i = 0; i < length; i++) bytes[start + i] = text.charCodeAt(i)
  return start + length
}
