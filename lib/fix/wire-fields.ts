import { type DataFields, standardDataFields } from './data-fields.js'
import { IndexSlab } from './field-index.js'
import { CELLS, scanFields } from './field-scan.js'

/**
 * The fields of a message as they stand in its text, in wire order, members of repeating groups included.
 *
 * Nothing is cut out of the text until it is asked for.
 */
export class WireFields {
  /** The whole text, one character a byte. */
  readonly text: string
  readonly count: number
  #slab: IndexSlab
  #base: number
  #generation: number
  readonly #dataFields: DataFields

  /** `slab` holds the index of `count` fields from the cell `base` on, with positions in `text`. */
  constructor(text: string, count: number, slab: IndexSlab, base: number, dataFields: DataFields = standardDataFields) {
    this.text = text
    this.count = count
    this.#slab = slab
    this.#base = base
    this.#generation = slab.generation
    this.#dataFields = dataFields
  }

  /** The same fields once more; they share the text. */
  copy(): WireFields {
    this.#refresh()
    return new WireFields(this.text, this.count, this.#slab, this.#base, this.#dataFields)
  }

  /** The index, which is only good until another message is decoded. */
  cells(): Int32Array {
    this.#refresh()
    return this.#slab.cells
  }

  /** Where the cells of a field begin in `cells()`. */
  cellOf(field: number): number {
    return this.#base + field * CELLS
  }

  tagAt(field: number): number {
    this.#refresh()
    return this.#slab.cells[this.#base + field * CELLS] as number
  }

  valueStart(field: number): number {
    this.#refresh()
    return this.#slab.cells[this.#base + field * CELLS + 1] as number
  }

  valueEnd(field: number): number {
    this.#refresh()
    return this.#slab.cells[this.#base + field * CELLS + 2] as number
  }

  textAt(field: number): string {
    this.#refresh()
    const cells = this.#slab.cells
    const cell = this.#base + field * CELLS
    return this.text.substring(cells[cell + 1] as number, cells[cell + 2] as number)
  }

  /** The first of the fields `first` to `last` (exclusive) with this tag, or -1. */
  find(tag: number, first: number, last: number): number {
    this.#refresh()
    const cells = this.#slab.cells
    const base = this.#base
    const end = base + last * CELLS
    for (let cell = base + first * CELLS; cell < end; cell += CELLS) {
      if (cells[cell] === tag) return (cell - base) / CELLS
    }
    return -1
  }

  /** The text of the first of the fields `first` to `last` (exclusive) with this tag. */
  textOf(tag: number, first: number, last: number): string | undefined {
    this.#refresh()
    const cells = this.#slab.cells
    const end = this.#base + last * CELLS
    for (let cell = this.#base + first * CELLS; cell < end; cell += CELLS) {
      if (cells[cell] === tag) return this.text.substring(cells[cell + 1] as number, cells[cell + 2] as number)
    }
    return undefined
  }

  /** Makes the index anew where later messages have been written over it. */
  #refresh(): void {
    if (this.#generation === this.#slab.generation) return
    const own = new IndexSlab(this.count * CELLS)
    scanFields(Buffer.from(this.text, 'latin1'), 0, this.text.length, 0, own.cells, 0, this.count, this.#dataFields)
    this.#slab = own
    this.#base = 0
    this.#generation = 0
  }
}
