import { type DataFields, standardDataFields } from './data-fields.js'
import { IndexSlab, PLACE_CELLS, START_CELL } from './field-index.js'
import { scanFields } from './field-scan.js'

/** The places of an index tell of this many fields. */
const PLACED = 48
/** BeginString(8), BodyLength(9) and CheckSum(10) have no place: they are where they are. */
const LAST_UNPLACED_TAG = 10

/**
 * The fields of a message as they stand in its text, in wire order, members of repeating groups included.
 *
 * Nothing is cut out of the text until it is asked for.
 */
export class WireFields {
  /** Where the message begins in `shared`. */
  offset: number
  readonly count: number
  /** Where its first field stands in `index()`. */
  base: number
  /**
   * Messages of the same shape that have as many fields have the same tags in the same order: what was found out from the tags of
   * one is true of the other. 0 where it is not known.
   */
  readonly shape: number
  // Not `#private`: V8 makes objects of a class without such fields in half the time.
  private held: string
  private readonly length: number
  private slab: IndexSlab
  private generation: number
  private readonly dataFields: DataFields

  /**
   * The message is the `length` characters of `shared` from `offset` on. `slab` holds the index of its `count` fields from `base`
   * on, with positions that count from the start of the message.
   */
  constructor(
    shared: string,
    offset: number,
    length: number,
    count: number,
    slab: IndexSlab,
    base: number,
    shape: number,
    dataFields: DataFields = standardDataFields
  ) {
    this.offset = offset
    this.count = count
    this.base = base
    this.shape = shape
    this.held = shared
    this.length = length
    this.slab = slab
    this.generation = slab.generation
    this.dataFields = dataFields
  }

  /** The whole text, one character a byte. */
  get text(): string {
    return this.held.slice(this.offset, this.offset + this.length)
  }

  /** The same fields once more; they share the text. */
  copy(): WireFields {
    this.refresh()
    return new WireFields(
      this.held,
      this.offset,
      this.length,
      this.count,
      this.slab,
      this.base,
      this.shape,
      this.dataFields
    )
  }

  /** A text that holds the message from `offset` on; short messages that came together share one. */
  get shared(): string {
    this.refresh()
    return this.held
  }

  /** The index, in which the fields stand from `base` on. It is only good until another message is decoded. */
  index(): IndexSlab {
    this.refresh()
    return this.slab
  }

  /**
   * Where the bytes of the message stand in the memory that it shares with the scanner; -1 where they do not, or no longer.
   */
  get address(): number {
    const slab = this.slab
    if (this.generation !== slab.generation || this.base < slab.bytesFrom) return -1
    return slab.cells[this.base - START_CELL] as number
  }

  /** Where its first tag stands there when its bytes do. */
  get tagsAddress(): number {
    return this.slab.cells.byteOffset + this.base * 4
  }

  tagAt(field: number): number {
    this.refresh()
    return this.slab.cells[this.base + field] as number
  }

  valueStart(field: number): number {
    this.refresh()
    const { cells, room } = this.slab
    return cells[this.base + field + room] as number
  }

  valueEnd(field: number): number {
    this.refresh()
    const { cells, room } = this.slab
    return cells[this.base + field + 2 * room] as number
  }

  textAt(field: number): string {
    this.refresh()
    return this.cut(this.slab, this.base + field)
  }

  /** The first of the fields `first` to `last` (exclusive) with this tag, or -1. */
  find(tag: number, first: number, last: number): number {
    this.refresh()
    const { cells } = this.slab
    const base = this.base
    if (first === 0 && last === this.count) {
      const at = this.at(this.slab, tag)
      return at < 0 ? -1 : at - base
    }
    const end = base + last
    for (let at = base + first; at < end; at++) if (cells[at] === tag) return at - base
    return -1
  }

  /** The text of the first of all fields with this tag. */
  textOf(tag: number): string | undefined {
    this.refresh()
    const slab = this.slab
    const at = this.at(slab, tag)
    return at < 0 ? undefined : this.cut(slab, at)
  }

  /** The text of the first of the fields `first` to `last` (exclusive) with this tag. */
  textWithin(tag: number, first: number, last: number): string | undefined {
    this.refresh()
    const slab = this.slab
    const { cells } = slab
    const end = this.base + last
    for (let at = this.base + first; at < end; at++) if (cells[at] === tag) return this.cut(slab, at)
    return undefined
  }

  /** Where the first of all fields with this tag stands in the slab, or -1. */
  private at(slab: IndexSlab, tag: number): number {
    const { cells, places } = slab
    const base = this.base
    if (places !== undefined && tag > LAST_UNPLACED_TAG) {
      const place = places[(base - PLACE_CELLS) * 4 + (tag & 63)] as number
      if (cells[base + place] === tag) return base + place
      if (place === 0 && this.count <= PLACED) return -1
    }
    const end = base + this.count
    for (let at = base; at < end; at++) if (cells[at] === tag) return at
    return -1
  }

  private cut(slab: IndexSlab, at: number): string {
    const { cells, room } = slab
    const offset = this.offset
    return this.held.slice(offset + (cells[at + room] as number), offset + (cells[at + 2 * room] as number))
  }

  /**
   * Makes the index anew where later messages have been written over it; a message that is still in use then is one that
   * is kept, so it gets a text of its own too.
   */
  private refresh(): void {
    if (this.generation === this.slab.generation) return
    const own = new IndexSlab(this.count)
    const bytes = Buffer.from(this.text, 'latin1')
    scanFields(bytes, 0, bytes.length, 0, own, 0, this.count, this.dataFields)
    this.held = bytes.toString('latin1')
    this.offset = 0
    this.slab = own
    this.base = 0
    this.generation = 0
  }
}
