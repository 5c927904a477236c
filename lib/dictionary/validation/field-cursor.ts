import { CELLS } from '../../fix/field-scan.js'
import type { FixMessage } from '../../fix/message.js'

/** The fields of one message after the other, by index, members of groups included. */
export class FieldCursor {
  /** What positions refer to; the message is a part of it. */
  text = ''
  /** `CELLS` a field from `#base` on: tag, start and end of the value, counted from `#offset` in the text. */
  #cells: Int32Array = new Int32Array(0)
  #base = 0
  #offset = 0

  /** Holds until the next message is decoded or opened. */
  open(message: FixMessage): void {
    const { wire } = message
    if (wire !== undefined) {
      this.#cells = wire.cells()
      this.#base = wire.cellOf(0)
      this.text = wire.shared
      this.#offset = wire.offset
      return
    }
    this.text = message.source
    this.#offset = 0
    const count = message.fieldCount
    this.#cells = new Int32Array(count * CELLS)
    this.#base = 0
    for (let i = 0; i < count; i++) {
      this.#cells.set([message.tagAt(i), message.valueStart(i), message.valueEnd(i)], i * CELLS)
    }
  }

  tagAt(i: number): number {
    return this.#cells[this.#base + i * CELLS] as number
  }

  valueStart(i: number): number {
    return this.#offset + (this.#cells[this.#base + i * CELLS + 1] as number)
  }

  valueEnd(i: number): number {
    return this.#offset + (this.#cells[this.#base + i * CELLS + 2] as number)
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
