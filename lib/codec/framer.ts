/** What `Framer.next` found. */
export const Found = {
  /** Nothing whole: more bytes are needed. */
  Nothing: 0,
  /** Bytes that belong to no message, from `start` to `end`. */
  Junk: 1,
  /** A message from `start` to `end`, its CheckSum(10) field at `trailer`; `lengthRight` tells of BodyLength(9). */
  Message: 2,
  /** A message whose BodyLength(9) cannot be read, which is seen at `end`; what follows is skipped up to the next. */
  NoLength: 3,
  /** From `start` on there is more than the limit allows, which is seen at `end`: nothing will be found any more. */
  TooLong: 4
} as const

const Phase = {
  /** Looking for `8=`. */
  Seek: 0,
  /** After a message without a usable length: looking for `8=` at the start of a field. */
  Resume: 1,
  /** In the value of BeginString(8). */
  BeginString: 2,
  /** Expecting `9`, then `=`. */
  LengthTag: 3,
  LengthEquals: 4,
  /** In the value of BodyLength(9). */
  Length: 5,
  /** Waiting for the end of the body that BodyLength(9) gives. */
  Body: 6,
  /** BodyLength(9) was wrong: looking for the next `10=` after it. */
  Trailer: 7,
  /** In the value of CheckSum(10). */
  CheckSum: 8,
  Dead: 9
} as const

const SOH = 1
const EIGHT = 0x38
const EQUALS = 0x3d

/**
 * Finds where messages begin and end in a stream (FIX tagvalue encoding: by BodyLength(9), then CheckSum(10)).
 *
 * A message ends with the first CheckSum(10) field at or after the place that BodyLength(9) gives: one that is too short
 * takes the message as a whole and one that is too long takes the next message with it, which is what the standard's
 * test cases expect; there is no looking for a better place inside a bad message.
 *
 * It works like a machine with one byte after the other as input, only faster, so that it makes no difference how a
 * stream was cut. It never looks at a byte twice. Positions count from the beginning of the window of bytes that the
 * caller holds; `rebase` moves them with it.
 */
export class Framer {
  start = 0
  end = 0
  trailer = 0
  lengthRight = true
  #phase: number = Phase.Seek
  /** Next byte to look at. */
  #at = 0
  #bodyLength = 0
  /** Of BodyLength(9)'s value there was at least one digit. */
  #hasDigit = false
  #bodyEnd = 0
  readonly #maxLength: number

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  /** Forgets everything: the next byte is the first of a stream. */
  reset(): void {
    this.start = 0
    this.#at = 0
    this.#phase = Phase.Seek
  }

  /** True where the next byte is expected to begin a message, and nothing is known of it yet. */
  get atStart(): boolean {
    return this.#phase === Phase.Seek && this.#at === this.start
  }

  /** The window now begins `by` bytes later. */
  rebase(by: number): void {
    this.start -= by
    this.#at -= by
    this.#bodyEnd -= by
    this.trailer -= by
  }

  /**
   * How far the window should reach for the next step. Exactly to the end of a message as soon as its length is known;
   * before that no farther than the shortest message goes.
   */
  get wanted(): number {
    if (this.#phase === Phase.Body) return this.#bodyEnd + 7
    return this.#at + (this.#phase === Phase.Trailer ? 1024 : 24)
  }

  /** What comes next in `bytes`, of which `limit` are there; afterwards everything before `start` is done with. */
  next(bytes: Uint8Array, limit: number): number {
    for (;;) {
      switch (this.#phase) {
        case Phase.Seek: {
          const junk = this.#seek(bytes, limit)
          if (junk !== Found.Message) return junk
          break
        }
        case Phase.Resume:
          if (!this.#resume(bytes, limit)) return Found.Nothing
          break
        case Phase.BeginString:
          if (!this.#untilSoh(bytes, limit)) return this.#waitOrGiveUp(limit)
          if (this.#at - this.start > this.#maxLength) return this.#tooLong()
          this.#phase = Phase.LengthTag
          break
        case Phase.LengthTag:
        case Phase.LengthEquals: {
          if (this.#at >= limit) return this.#waitOrGiveUp(limit)
          const expected = this.#phase === Phase.LengthTag ? 0x39 : EQUALS
          if (bytes[this.#at] !== expected) return this.#noLength()
          this.#at++
          if (this.#phase === Phase.LengthEquals) {
            this.#bodyLength = 0
            this.#hasDigit = false
          }
          this.#phase++
          break
        }
        case Phase.Length: {
          const found = this.#length(bytes, limit)
          if (found !== Found.Message) return found
          break
        }
        case Phase.Body: {
          if (limit < this.#bodyEnd + 3) return Found.Nothing
          this.lengthRight = isTrailer(bytes, this.#bodyEnd - 1)
          if (this.lengthRight) {
            this.trailer = this.#bodyEnd
            this.#at = this.#bodyEnd + 3
            this.#phase = Phase.CheckSum
          } else {
            this.#at = this.#bodyEnd - 1
            this.#phase = Phase.Trailer
          }
          break
        }
        case Phase.Trailer:
          if (!this.#seekTrailer(bytes, limit)) return this.#waitOrGiveUp(limit)
          if (this.#at - this.start > this.#maxLength) return this.#tooLong()
          this.#phase = Phase.CheckSum
          break
        case Phase.CheckSum:
          if (!this.#untilSoh(bytes, limit)) return this.#waitOrGiveUp(limit)
          this.#phase = Phase.Seek
          if (this.#at - this.start > this.#maxLength) return this.#tooLong()
          this.end = this.#at
          return Found.Message
        default:
          return Found.Nothing
      }
    }
  }

  /** To be called when a message, junk or a message without length has been dealt with. */
  done(): void {
    this.start = this.end
  }

  #seek(bytes: Uint8Array, limit: number): number {
    let at = this.#at
    while (at + 1 < limit && !(bytes[at] === EIGHT && bytes[at + 1] === EQUALS)) at++
    const found = at + 1 < limit
    if (!found && at < limit && bytes[at] !== EIGHT) at++
    this.#at = at
    if (at > this.start) {
      this.end = at
      return Found.Junk
    }
    if (!found) return Found.Nothing
    this.#at = at + 2
    this.#phase = Phase.BeginString
    return Found.Message
  }

  /** Skips to the next `8=` behind SOH. */
  #resume(bytes: Uint8Array, limit: number): boolean {
    let at = this.#at
    while (at + 2 < limit && !(bytes[at] === SOH && bytes[at + 1] === EIGHT && bytes[at + 2] === EQUALS)) at++
    if (at + 2 < limit) {
      this.start = at + 1
      this.#at = at + 3
      this.#phase = Phase.BeginString
      return true
    }
    this.#at = at
    this.start = at
    return false
  }

  #untilSoh(bytes: Uint8Array, limit: number): boolean {
    let at = this.#at
    while (at < limit && bytes[at] !== SOH) at++
    this.#at = at
    if (at === limit) return false
    this.#at = at + 1
    return true
  }

  #length(bytes: Uint8Array, limit: number): number {
    while (this.#at < limit) {
      const byte = bytes[this.#at] as number
      if (byte === SOH && this.#hasDigit) {
        this.#at++
        this.#bodyEnd = this.#at + this.#bodyLength
        // The shortest trailer is `10=` and SOH; the longest one that is right has three digits more.
        if (this.#bodyEnd + 4 - this.start > this.#maxLength) return this.#tooLong(this.#at)
        this.#phase = Phase.Body
        return Found.Message
      }
      const digit = byte - 0x30
      if (digit < 0 || digit > 9) return this.#noLength()
      this.#bodyLength = this.#bodyLength * 10 + digit
      this.#hasDigit = true
      this.#at++
      if (this.#bodyLength > this.#maxLength) return this.#tooLong(this.#at)
    }
    return this.#waitOrGiveUp(limit)
  }

  #seekTrailer(bytes: Uint8Array, limit: number): boolean {
    let at = this.#at
    while (at + 3 < limit && !isTrailer(bytes, at)) at++
    this.#at = at
    if (at + 3 >= limit) return false
    this.trailer = at + 1
    this.#at = at + 4
    return true
  }

  /** The byte at `#at` is not what BodyLength(9) needs. */
  #noLength(): number {
    // What is wrong may be the beginning of the next message, so its SOH is left: `8=FIX.4.4|8=FIX.4.4|9=...`
    if (this.#phase === Phase.LengthTag) this.#at--
    this.end = this.#at
    this.#phase = Phase.Resume
    return Found.NoLength
  }

  #waitOrGiveUp(limit: number): number {
    return limit - this.start > this.#maxLength ? this.#tooLong() : Found.Nothing
  }

  #tooLong(seenAt = this.start + this.#maxLength): number {
    this.end = seenAt
    this.#phase = Phase.Dead
    return Found.TooLong
  }
}

/** SOH at `at`, then `10=`. */
function isTrailer(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === SOH && bytes[at + 1] === 0x31 && bytes[at + 2] === 0x30 && bytes[at + 3] === EQUALS
}
