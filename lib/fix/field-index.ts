/**
 * Memory for the indexes of received messages, shared by all of them.
 *
 * A typed array a message costs more than all the rest of decoding, and one that many messages share would be kept alive
 * by any of them. So there is one slab for all, which is written over again: an index is a cache. Each slab counts
 * its generations, and a message whose index was written over makes a new one from its own text, which it keeps.
 */
export class IndexSlab {
  readonly cells: Int32Array
  /**
   * The bytes of `cells`, where the scanner fills them: before the first cell of each message it keeps PLACE_CELLS cells in which
   * the byte `tag & 63` is the index of the first field with such a tag, of the first 48; 0 where none has.
   */
  readonly places: Uint8Array | undefined
  /** Goes up whenever cells that messages may still refer to are given out again. */
  generation = 0
  /** First cell that is free. */
  used = 0

  /** With so many cells, or with those of someone else's memory, with places. */
  constructor(cells: number | Int32Array) {
    if (typeof cells === 'number') {
      this.cells = new Int32Array(cells)
      this.places = undefined
    } else {
      this.cells = cells
      this.places = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength)
    }
  }

  /** Gives all cells out again once more than half are given out. */
  recycle(): void {
    if (this.used <= this.cells.length / 2) return
    this.generation++
    this.used = 0
  }
}

/** Cells before a message's first one that hold its places. */
export const PLACE_CELLS = 16

/** 256 KiB: the messages of one read of 64 KiB fit into half of it. */
const SLAB_CELLS = 65_536

let current = new IndexSlab(SLAB_CELLS)

/**
 * Tells that messages of earlier calls have probably had their turn: their cells may be used again. Messages decoded
 * between two calls never disturb each other.
 */
export function beginIndexing(): void {
  if (current.cells.length === SLAB_CELLS) current.recycle()
  else if (current.used > SLAB_CELLS / 2) current = new IndexSlab(SLAB_CELLS)
}

/** A slab with at least `cells` free cells from `used` on; the caller moves `used` behind what it wrote. */
export function slabWithRoom(cells: number): IndexSlab {
  if (current.used + cells > current.cells.length) current = new IndexSlab(Math.max(SLAB_CELLS, cells))
  return current
}
