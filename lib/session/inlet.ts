import type { Codec } from '../codec/codec.js'
import type { Garbled } from '../fix/garbled.js'
import type { FixMessage } from '../fix/message.js'
import type { Connection } from '../transport/transport.js'

/** Who takes what came. */
export interface InletOwner {
  /** An answer is awaited: nothing more is to be handed over until `resume`. */
  readonly holding: boolean
  take(item: FixMessage | Garbled): void
}

/**
 * The one way in: bytes of a connection become messages, one after the other.
 *
 * While the owner awaits an answer the rest of what was read is kept, at most one read's worth, and the socket is not read.
 */
export class Inlet {
  private readonly codec: Codec
  private readonly owner: InletOwner
  private readonly connection: Connection
  private items: readonly (FixMessage | Garbled)[] = []
  private next = 0
  private pumping = false
  private open = true

  constructor(codec: Codec, connection: Connection, owner: InletOwner) {
    this.codec = codec
    this.connection = connection
    this.owner = owner
    codec.reset()
  }

  receive(bytes: Uint8Array): void {
    if (!this.open) return
    const items = this.codec.push(bytes)
    if (this.next < this.items.length) this.items = [...this.items.slice(this.next), ...items]
    else this.items = items
    this.next = 0
    this.pump()
  }

  /** The awaited answer is there. */
  resume(): void {
    if (!this.open) return
    this.connection.resume()
    this.pump()
  }

  /** What came and was not handed over is forgotten: the counterparty will send it again. */
  close(): void {
    this.open = false
    this.items = []
    this.next = 0
  }

  private pump(): void {
    if (this.pumping) return
    this.pumping = true
    while (this.open && this.next < this.items.length) {
      if (this.owner.holding) {
        this.connection.pause()
        break
      }
      const item = this.items[this.next++]
      if (item !== undefined) this.owner.take(item)
    }
    this.pumping = false
  }
}
