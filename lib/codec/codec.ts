import type { EncodeHeader } from '../fix/encode-header.js'
import { FixError } from '../fix/errors.js'
import { beginIndexing } from '../fix/field-index.js'
import type { Garbled } from '../fix/garbled.js'
import type { FixMessage } from '../fix/message.js'
import type { StructureSource } from '../fix/structure.js'
import type { CodecOptions } from './codec-types.js'
import { Decoder } from './decoder.js'
import { Encoder } from './encoder.js'
import { Found, Framer } from './framer.js'
import { garbled } from './garbled-report.js'
import { latin1 } from './latin1.js'
import { type Scanner, sharedScanner } from './scanner.js'

/** A rest may keep this much memory when it has been used up. */
const KEPT = 4096
/**
 * Messages of one read share texts of at most so many characters: to make a text costs as much as to find a message's fields.
 * A message that is kept keeps all of the text, so it is no more than that.
 */
const SHARED_TEXT = 2048
const LONGEST_MESSAGE = 2 ** 30
/** What an array has room for once something is put into it. */
const FIRST_GROWTH = 17
const nothing = Buffer.alloc(0)
/** The shortest field, `1=a` and its SOH. */
const LEAST_FIELD = 4
/** Finds the end of messages that are given whole. */
const single = new Framer(LONGEST_MESSAGE)

/** Bytes to messages and messages to bytes, for one stream in each direction. */
export class Codec {
  /** BeginString(8) of what is encoded; what is decoded may have another one. */
  readonly beginString: string
  /** Bytes of the longest message that is read or written. */
  readonly maxMessageLength: number
  readonly #plain: boolean
  readonly #framer: Framer
  readonly #maxFields: number
  readonly #decoder: Decoder
  readonly #encoder: Encoder
  /** Bytes of a message that is not complete yet. */
  #rest: Buffer = nothing
  #restLength = 0
  #inJunk = false
  #dead = false

  /** @throws FixError `CODEC_OPTION` for an option out of its range. */
  constructor(options: CodecOptions) {
    checkOption('options', options, '{ beginString: ... }', typeof options === 'object' && options !== null)
    const { beginString, dictionary, timestampPrecision, maxMessageLength = 1_048_576, maxFields = 65_536 } = options
    checkOption('option beginString', beginString, 'FIX.4.4 or the like', isBeginString(beginString))
    checkOption('option dictionary', dictionary, 'what Dictionary.load answers', isDictionary(dictionary))
    checkOption('option timestampPrecision', timestampPrecision, '0 to 9', isWithin(timestampPrecision ?? 0, 0, 9))
    checkOption(
      'option maxMessageLength',
      maxMessageLength,
      '64 to 2^30 bytes',
      isWithin(maxMessageLength, 64, LONGEST_MESSAGE)
    )
    checkOption('option maxFields', maxFields, '8 to 2^24', isWithin(maxFields, 8, 2 ** 24))
    this.beginString = beginString
    this.maxMessageLength = maxMessageLength
    this.#plain = options.plain === true
    this.#framer = new Framer(maxMessageLength)
    this.#maxFields = maxFields
    this.#decoder = new Decoder(dictionary, maxFields, options.validateChecksum ?? true)
    this.#encoder = new Encoder(beginString, dictionary, timestampPrecision)
  }

  /** What tells groups; may be changed at any time and holds for messages decoded or encoded from then on. */
  get dictionary(): StructureSource | undefined {
    return this.#decoder.dictionary
  }

  set dictionary(dictionary: StructureSource | undefined) {
    this.#decoder.dictionary = dictionary
    this.#encoder.dictionary = dictionary
  }

  /** Bytes that are kept because their message is not complete. */
  get bufferedBytes(): number {
    return this.#restLength
  }

  /**
   * Takes bytes that were received, cut anywhere, and answers what is complete with them, in order. They are not needed
   * any more afterwards. Never throws; what is no message is reported as `Garbled`, a run of bytes that belong to no
   * message once. After a fatal one everything is ignored until `reset`.
   */
  push(bytes: Uint8Array): (FixMessage | Garbled)[] {
    if (this.#dead) return []
    beginIndexing()
    const chunk = bufferOf(bytes)
    const scanner = this.#scanner
    scanner?.slab.recycle()
    const found: (FixMessage | Garbled)[] = []
    let taken = this.#restLength === 0 ? 0 : this.#completeRest(chunk, found)
    if (this.#dead) return found
    if (scanner !== undefined && taken < chunk.length && this.#framer.atStart) {
      const count = scanner.scan(chunk, taken, this.maxMessageLength, this.#maxFields)
      // One message a call: an array that is to grow would have room for more at once.
      if (count === 1 && taken === 0 && scanner.end(0) === chunk.length) {
        this.#inJunk = false
        return [this.#scannedAlone(scanner, chunk)]
      }
      taken = this.#takeScanned(scanner, chunk, taken, count, found)
    }
    if (taken < chunk.length) this.#takeFramed(chunk, taken, found)
    return found
  }

  /** Reads one whole message, as a journal keeps it. */
  decode(message: Uint8Array | string): FixMessage | Garbled {
    beginIndexing()
    const bytes = typeof message === 'string' ? Buffer.from(message, 'latin1') : bufferOf(message)
    const scanner = this.#scanner
    scanner?.slab.recycle()
    const ordinary = this.#scanWhole(scanner, bytes, LONGEST_MESSAGE)
    if (ordinary !== undefined) return ordinary
    single.reset()
    if (single.next(bytes, bytes.length) !== Found.Message || single.end !== bytes.length || !single.lengthRight) {
      return garbled(
        'BODY_LENGTH',
        'Expected one whole message: 8=, 9=, a body of that length, 10=.',
        bytes,
        0,
        bytes.length
      )
    }
    return this.#decoder.decode(bytes, single.start, single.trailer, single.end)
  }

  /**
   * The bytes of a message: header, its fields, BodyLength(9) and CheckSum(10). The message stays as it is. The buffer
   * is the caller's; it is a part of a larger one, so copy it where few of many are kept for long.
   *
   * @throws FixError `MESSAGE_TOO_LONG`, `TOO_MANY_FIELDS`: what this codec would not read back cannot be resent, so it is not sent.
   */
  encode(message: FixMessage, header: EncodeHeader): Buffer {
    const bytes = this.#encoder.encode(message, header)
    if (bytes.length > this.maxMessageLength) {
      throw new FixError(
        'MESSAGE_TOO_LONG',
        `Expected a message of at most ${this.maxMessageLength} bytes, got ${bytes.length}: split it, or raise maxMessageLength on both sides.`
      )
    }
    // A field has four bytes at least, so that most messages need not be read back.
    if (bytes.length > LEAST_FIELD * this.#maxFields) this.#readBack(bytes)
    return bytes
  }

  #readBack(bytes: Buffer): void {
    const back = this.decode(bytes)
    if (back.garbled)
      throw new FixError('TOO_MANY_FIELDS', `${back.text} Split the message, or raise it on both sides.`)
  }

  /** For a new connection: forgets incomplete bytes and a fatal fault. */
  reset(): void {
    this.#framer.reset()
    this.#forget()
    this.#inJunk = false
    this.#dead = false
  }

  /** Undefined where it cannot be used. */
  get #scanner(): Scanner | undefined {
    const scanner = this.#plain ? undefined : sharedScanner()
    return scanner?.leaves(this.#decoder.dataFields) ? scanner : undefined
  }

  /** Takes as much of `chunk` as belongs to the messages that the rest is the beginning of; answers how much that is. */
  #completeRest(chunk: Buffer, found: (FixMessage | Garbled)[]): number {
    let taken = 0
    while (this.#restLength > 0 && taken < chunk.length) {
      const wanted = Math.max(1, this.#framer.wanted - this.#restLength)
      const piece = Math.min(wanted, chunk.length - taken)
      this.#keep(chunk, taken, taken + piece)
      taken += piece
      this.#frame(this.#rest, this.#restLength, found)
      if (this.#dead) return taken
      this.#dropDone()
    }
    return taken
  }

  /** Takes the ordinary messages at `from`, of which `count` have been scanned; answers how far they go. */
  #takeScanned(scanner: Scanner, chunk: Buffer, from: number, count: number, found: (FixMessage | Garbled)[]): number {
    let taken = from
    for (let scanned = count; scanned > 0; ) {
      this.#takeRun(scanner, chunk, taken, scanned, found)
      taken += scanner.end(scanned - 1)
      this.#inJunk = false
      if (taken === chunk.length) return taken
      scanned = scanner.scanOn(chunk, taken, this.maxMessageLength, this.#maxFields)
    }
    return taken
  }

  /** Takes the `count` messages that were scanned from `begin` on; those that fit into one text together share it. */
  #takeRun(scanner: Scanner, chunk: Buffer, begin: number, count: number, found: (FixMessage | Garbled)[]): void {
    const { dataFields } = this.#decoder
    const first = found.length
    // An array that grows by itself is copied again and again.
    if (count > FIRST_GROWTH) found.length = first + count
    for (let n = 0; n < count; ) {
      const start = scanner.start(n)
      let behind = n + 1
      while (behind < count && scanner.end(behind) - start <= SHARED_TEXT) behind++
      const text = latin1(chunk, begin + start, begin + scanner.end(behind - 1))
      for (; n < behind; n++) found[first + n] = this.#decoder.message(scanner.fields(n, text, start, dataFields))
    }
  }

  /** The message that `bytes` is, where it is an ordinary one. */
  #scanWhole(scanner: Scanner | undefined, bytes: Buffer, maxLength: number): FixMessage | undefined {
    if (scanner === undefined) return undefined
    const count = scanner.scan(bytes, 0, maxLength, this.#maxFields)
    return count === 1 && scanner.end(0) === bytes.length ? this.#scannedAlone(scanner, bytes) : undefined
  }

  /** The message that was scanned, which is all of `bytes`. */
  #scannedAlone(scanner: Scanner, bytes: Buffer): FixMessage {
    return this.#decoder.message(scanner.fields(0, latin1(bytes, 0, bytes.length), 0, this.#decoder.dataFields))
  }

  /** Takes what stands at `from`, and keeps what is not whole. */
  #takeFramed(chunk: Buffer, from: number, found: (FixMessage | Garbled)[]): void {
    this.#framer.rebase(-from)
    this.#frame(chunk, chunk.length, found)
    if (this.#dead) return
    const { start } = this.#framer
    this.#keep(chunk, start, chunk.length)
    this.#framer.rebase(start)
  }

  #frame(bytes: Buffer, limit: number, found: (FixMessage | Garbled)[]): void {
    const framer = this.#framer
    for (;;) {
      const what = framer.next(bytes, limit)
      if (what === Found.Nothing) return
      if (what === Found.Message) {
        const item = this.#message(bytes)
        found.push(item)
        if (item.garbled && item.fatal) {
          this.#die()
          return
        }
      } else if (what === Found.Junk) this.#junk(bytes, found)
      else if (what === Found.NoLength) found.push(this.#noLength(bytes))
      else {
        found.push(this.#tooLong(bytes))
        return
      }
      this.#inJunk = what === Found.Junk
      framer.done()
    }
  }

  #message(bytes: Buffer): FixMessage | Garbled {
    const { start, trailer, end, lengthRight } = this.#framer
    if (lengthRight) {
      // One that came in two reads, or behind one that is not ordinary, may well be so itself.
      const ordinary = this.#scanWhole(this.#scanner, bytes.subarray(start, end), this.maxMessageLength)
      return ordinary ?? this.#decoder.decode(bytes, start, trailer, end)
    }
    return garbled('BODY_LENGTH', 'BodyLength(9) does not lead to CheckSum(10).', bytes, start, end)
  }

  #junk(bytes: Buffer, found: (FixMessage | Garbled)[]): void {
    if (this.#inJunk) return
    const { start, end } = this.#framer
    found.push(garbled('BEGIN_STRING', 'Expected BeginString(8) at the start of a message.', bytes, start, end))
  }

  #noLength(bytes: Buffer): Garbled {
    const { start, end } = this.#framer
    return garbled('BODY_LENGTH', 'Expected BodyLength(9) with a number as the second field.', bytes, start, end + 1)
  }

  #tooLong(bytes: Buffer): Garbled {
    const { start, end } = this.#framer
    const text = `Expected at most ${this.maxMessageLength} bytes in a message; raise maxMessageLength to take more.`
    const report = garbled('TOO_LONG', text, bytes, start, end, true)
    this.#die()
    return report
  }

  /** The stream cannot be followed any further. */
  #die(): void {
    this.#dead = true
    this.#forget()
  }

  /** Keeps `bytes[from, to)` behind what is kept already. */
  #keep(bytes: Buffer, from: number, to: number): void {
    const length = this.#restLength + to - from
    if (length > this.#rest.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#rest.length, length, 128))
      this.#rest.copy(larger, 0, 0, this.#restLength)
      this.#rest = larger
    }
    bytes.copy(this.#rest, this.#restLength, from, to)
    this.#restLength = length
  }

  /** Lets go of the part of the rest that the framer is done with. */
  #dropDone(): void {
    const { start } = this.#framer
    this.#framer.rebase(start)
    if (start === this.#restLength) {
      this.#forget()
    } else if (start > 0) {
      this.#rest.copyWithin(0, start, this.#restLength)
      this.#restLength -= start
    }
  }

  #forget(): void {
    this.#restLength = 0
    if (this.#rest.length > KEPT) this.#rest = nothing
  }
}

/** Looked up once: Node's `Buffer` is a global that runs code. */
const { isBuffer } = Buffer

function bufferOf(bytes: Uint8Array): Buffer {
  return isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function checkOption(name: string, value: unknown, expected: string, good: boolean): void {
  if (good) return
  throw new FixError('CODEC_OPTION', `Codec ${name}: expected ${expected}, got ${String(value)}.`)
}

function isBeginString(value: unknown): boolean {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)
}

function isDictionary(value: StructureSource | undefined): boolean {
  return value === undefined || typeof value?.structureOf === 'function'
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
