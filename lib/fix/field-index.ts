/**
 * Memory for the indexes of received messages, shared by all of them.
 *
 * A typed array a message costs more than all the rest of decoding, and one that many messages share would be kept alive
 * by any of them. So there is one slab for all, which is written over again: an index is a cache. Each slab counts
 * its generations, and a message whose index was written over makes a new one from its own text, which it keeps.
 */
export class IndexSlab {
  /**
   * How many fields there is room for. Of the field at `n`, `cells[n]` is the tag, `cells[n + room]` is where its value starts,
   * and `cells[n + 2 * room]` where that ends, counted from the start of the message.
   */
  readonly room: number
  readonly cells: Int32Array
  /**
   * The bytes of `cells`, where the scanner fills them: before the first tag of each message it keeps PLACE_CELLS cells in which
   * the byte `tag & 63` is the index of the first field with such a tag, of the first 48; 0 where none has.
   */
  readonly places: Uint8Array | undefined
  /** Goes up whenever cells that messages may still refer to are given out again. */
  generation = 0
  /** The bytes of messages with fields from here on still stand where the scanner read them: see START_CELL. */
  bytesFrom = 0x3fff_ffff
  /** First field that is free. */
  used = 0

  /** With room for so many fields, in someone else's memory with places where that is given. */
  constructor(room: number, cells?: Int32Array) {
    this.room = room
    this.cells = cells ?? new Int32Array(3 * room)
    this.places = cells && new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength)
  }

  /** Gives all fields out again once more than half are given out. */
  recycle(): void {
    if (this.used <= this.room / 2) return
    this.generation++
    this.used = 0
  }
}

/** Cells before a message's first tag that hold its places. */
export const PLACE_CELLS = 16
/** So many cells before its first tag the scanner notes where in its memory a message begins. */
export const START_CELL = PLACE_CELLS + 1

/** 192 KiB: the messages of one read of 64 KiB fit into half of it. */
const SLAB_ROOM = 16_384

let current = new IndexSlab(SLAB_ROOM)

/**
 * Tells that messages of earlier calls have probably had their turn: their cells may be used again. Messages decoded
 * between two calls never disturb each other.
 */
export function beginIndexing(): void {
  if (current.room === SLAB_ROOM) current.recycle()
  else if (current.used > SLAB_ROOM / 2) current = new IndexSlab(SLAB_ROOM)
}

/** A slab with room for at least so many fields from `used` on; the caller moves `used` behind what it wrote. */
export function slabWithRoom(fields: number): IndexSlab {
  if (current.used + fields > current.room) current = new IndexSlab(Math.max(SLAB_ROOM, fields))
  return current
}
