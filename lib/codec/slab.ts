/** Handed out piece by piece and never written again, so that a caller owns what it was given. */
const SIZE = 65_536

/** The class of all Buffers: to ask a Buffer for a part of it takes three times as long as to make the part. */
const { [Symbol.species]: Part } = Buffer as unknown as {
  readonly [Symbol.species]: new (memory: ArrayBufferLike, start: number, length: number) => Buffer
}

/** Bytes that messages are written into, one behind the other; a new piece of memory when one is full. */
export class Slab {
  bytes = Buffer.allocUnsafeSlow(SIZE)
  #memory = this.bytes.buffer
  view = new DataView(this.#memory)
  /** Where the free bytes begin. */
  at = 0

  /**
   * Makes sure that `count` bytes are free, if need be elsewhere; what stands from `origin` on is taken along. Answers
   * where that begins now.
   */
  room(count: number, origin: number): number {
    return this.at + count <= this.bytes.length ? origin : this.#renew(count, origin)
  }

  /** The bytes from `start` on, which are not written any more. */
  part(start: number): Buffer {
    return new Part(this.#memory, start, this.at - start)
  }

  #renew(count: number, origin: number): number {
    const written = this.at - origin
    const bytes = Buffer.allocUnsafeSlow(written + count <= SIZE / 2 ? SIZE : 2 * (written + count))
    this.bytes.copy(bytes, 0, origin, this.at)
    this.bytes = bytes
    this.#memory = bytes.buffer
    this.view = new DataView(this.#memory)
    this.at = written
    return 0
  }
}
