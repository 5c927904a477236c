import { IndexSlab } from '../../fix/field-index.js'
import type { FixMessage } from '../../fix/message.js'

const nothing = new IndexSlab(0)

/** The fields of one message after the other, by index, members of groups included. */
export class FieldCursor {
  /** What positions refer to; the message is a part of it. */
  text = ''
  /** The fields stand in it from `#base` on; positions count from `#offset` in the text. */
  #slab = nothing
  #base = 0
  #offset = 0

  /** Holds until the next message is decoded or opened. */
  open(message: FixMessage): void {
    const { wire } = message
    if (wire !== undefined) {
      this.#slab = wire.index()
      this.#base = wire.base
      this.text = wire.shared
      this.#offset = wire.offset
      return
    }
    this.text = message.source
    this.#offset = 0
    const count = message.fieldCount
    this.#slab = new IndexSlab(count)
    this.#base = 0
    const { cells } = this.#slab
    for (let i = 0; i < count; i++) {
      cells[i] = message.tagAt(i)
      cells[i + count] = message.valueStart(i)
      cells[i + 2 * count] = message.valueEnd(i)
    }
  }

  tagAt(i: number): number {
    return this.#slab.cells[this.#base + i] as number
  }

  valueStart(i: number): number {
    const { cells, room } = this.#slab
    return this.#offset + (cells[this.#base + i + room] as number)
  }

  valueEnd(i: number): number {
    const { cells, room } = this.#slab
    return this.#offset + (cells[this.#base + i + 2 * room] as number)
  }
}

/** The number in a NumInGroup field, which FIX 4.0 to 4.2 have as int; -1 for what can be no count. */
export function countOf(text: string, start: number, end: number): number {
  let count = 0
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (!(digit >= 0 && digit <= 9)) return -1
    count = count * 10 + digit
  }
  return count
}
