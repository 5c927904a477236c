import type { DataFields } from '../fix/data-fields.js'
import { IndexSlab } from '../fix/field-index.js'
import { instantiate } from '../fix/shared-memory.js'
import { WireFields } from '../fix/wire-fields.js'
import { scannerBytes } from './scanner-bytes.js'

/** Where scanner.wat has its things in its memory, bytes. */
const INPUT = 64
const INPUT_END = 65_600
const LENGTH_TAGS = 65_600
const MASKS = 131_136
const RECORDS = 131_264
const SHAPES = 229_376
const CELLS = 1_277_952

/** Integers of a record: start, end, first cell, number of fields, shape. */
const RECORD = 5
const SHAPE_BYTES = 16_384
/** Where a shape says how many fields of it are known. */
const SHAPE_COUNT = 15_428
/** Fields that the cells have room for. */
const ROOM = 65_536

type Scan = (from: number, to: number, cell: number, cellsEnd: number, maxLength: number, maxFields: number) => number

/**
 * Finds runs of ordinary messages and their fields by WebAssembly (scanner.wat): several times as fast as byte by byte.
 *
 * What it does not take, framer and decoder do; with or without it the same comes out. One for all codecs: its index is
 * shared like every other (see IndexSlab).
 */
export class Scanner {
  /** The index of the messages it found. */
  readonly slab: IndexSlab
  readonly #input: Uint8Array
  /** 1 for the tag of a Length field: messages with one are not ordinary. */
  readonly #lengthTags: Uint8Array
  readonly #left = new WeakMap<DataFields, boolean>()
  /** Those that it left last. */
  #lastLeft: DataFields | undefined
  readonly #records: Int32Array
  readonly #shapes: Int32Array
  readonly #scan: Scan
  /** What of the bytes given last stands in the memory, and from where on it is scanned. */
  #loadedFrom = 0
  #loadedTo = 0
  #at = INPUT

  /** Undefined where the machine has no WebAssembly with SIMD. */
  static create(): Scanner | undefined {
    const module = instantiate(scannerBytes)
    return module && new Scanner(module.buffer, (module.exports as { scan: Scan }).scan)
  }

  private constructor(buffer: ArrayBuffer, scan: Scan) {
    const bytes = new Uint8Array(buffer)
    this.#lengthTags = bytes.subarray(LENGTH_TAGS, MASKS)
    bytes.fill(255, MASKS, MASKS + 64)
    this.#input = bytes.subarray(INPUT, INPUT_END)
    this.#records = new Int32Array(buffer, RECORDS, (SHAPES - RECORDS) >> 2)
    this.#shapes = new Int32Array(buffer, SHAPES, (CELLS - SHAPES) >> 2)
    this.#scan = scan
    this.slab = new IndexSlab(ROOM, new Int32Array(buffer, CELLS, 3 * ROOM))
  }

  /**
   * From now on it leaves messages with these data fields to others; those that it leaves for the sake of one codec it leaves
   * for all. False where it cannot, because of their tags.
   */
  leaves(dataFields: DataFields): boolean {
    if (dataFields === this.#lastLeft) return true
    let left = this.#left.get(dataFields)
    if (left === undefined) {
      const { lengthTags } = dataFields
      left = lengthTags.every((tag) => tag < this.#lengthTags.length)
      if (left) for (const tag of lengthTags) this.#lengthTags[tag] = 1
      this.#left.set(dataFields, left)
      this.#forgetShapes()
    }
    if (left) this.#lastLeft = dataFields
    return left
  }

  /** A shape may have one of the tags that are left to others from now on. */
  #forgetShapes(): void {
    for (let at = SHAPE_COUNT; at < CELLS - SHAPES; at += SHAPE_BYTES) this.#shapes[at >> 2] = 0
  }

  /** How many ordinary messages stand in `bytes` from `from` on, one directly after the other; `start` and the like tell of them. */
  scan(bytes: Uint8Array, from: number, maxLength: number, maxFields: number): number {
    const to = Math.min(bytes.length, from + INPUT_END - INPUT)
    this.#input.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to))
    this.#loadedFrom = from
    this.#loadedTo = to
    this.slab.bytesFrom = this.slab.used
    return this.#run(from, maxLength, maxFields)
  }

  /** As `scan`, farther on in the same bytes; where they stand in the memory already, those of earlier messages stay there. */
  scanOn(bytes: Uint8Array, from: number, maxLength: number, maxFields: number): number {
    if (this.#loadedTo < bytes.length) return this.scan(bytes, from, maxLength, maxFields)
    return this.#run(from, maxLength, maxFields)
  }

  #run(from: number, maxLength: number, maxFields: number): number {
    const { slab } = this
    this.#at = INPUT + from - this.#loadedFrom
    const end = INPUT + this.#loadedTo - this.#loadedFrom
    const count = this.#scan(this.#at, end, CELLS + slab.used * 4, CELLS + ROOM * 4, maxLength, maxFields)
    if (count > 0) {
      const last = (count - 1) * RECORD
      slab.used = (((this.#records[last + 2] as number) - CELLS) >> 2) + (this.#records[last + 3] as number)
    }
    return count
  }

  /** Where the message begins, counted from the `from` of the scan. */
  start(message: number): number {
    return (this.#records[message * RECORD] as number) - this.#at
  }

  /** Where it ends. */
  end(message: number): number {
    return (this.#records[message * RECORD + 1] as number) - this.#at
  }

  /** Its fields; `text` holds what stands from `from` on, a position as `start` gives it. */
  fields(message: number, text: string, from: number, dataFields: DataFields): WireFields {
    const records = this.#records
    const record = message * RECORD
    const start = records[record] as number
    return new WireFields(
      text,
      start - this.#at - from,
      (records[record + 1] as number) - start,
      records[record + 3] as number,
      this.slab,
      ((records[record + 2] as number) - CELLS) >> 2,
      records[record + 4] as number,
      dataFields
    )
  }
}

let shared: Scanner | undefined
let tried = false

/** The one scanner of the process, made when the first bytes come; undefined where there can be none. */
export function sharedScanner(): Scanner | undefined {
  if (!tried) {
    tried = true
    shared = Scanner.create()
  }
  return shared
}
