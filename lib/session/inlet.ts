import type { Codec } from '../codec/codec.js'
import type { Garbled } from '../fix/garbled.js'
import type { FixMessage } from '../fix/message.js'
import type { Connection } from '../transport/transport.js'

/** Who takes what came. */
export interface InletOwner {
  /** Nothing more is to be handed over until `resume`. */
  readonly holding: boolean
  /** The socket is not read for now. */
  readingStopped(): void
  readingResumed(): void
  take(item: FixMessage | Garbled): void
}

const nothing: readonly (FixMessage | Garbled)[] = []

/**
 * The one way in: bytes of a connection become messages, one after the other.
 *
 * While the owner is holding, the rest of what was read is kept, at most one read's worth, and the socket is not read.
 */
export class Inlet {
  private readonly codec: Codec
  private readonly owner: InletOwner
  private readonly connection: Connection
  private items = nothing
  private next = 0
  private pumping = false
  private paused = false
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

  /** What was waited for may be there. */
  resume(): void {
    if (!this.open || !this.paused || this.owner.holding) return
    this.pump()
    if (!this.open || this.owner.holding) return
    this.paused = false
    this.connection.resume()
    this.owner.readingResumed()
  }

  /** What came and was not handed over is forgotten: the counterparty will send it again. */
  close(): void {
    this.open = false
    this.items = nothing
    this.next = 0
  }

  private pump(): void {
    if (this.pumping) return
    this.pumping = true
    try {
      while (this.open && this.next < this.items.length && !this.owner.holding) {
        const item = this.items[this.next++]
        if (item !== undefined) this.owner.take(item)
      }
    } finally {
      this.pumping = false
    }
    // An idle session is not to keep what it received last.
    if (this.next >= this.items.length) this.items = nothing
    if (!this.open || this.paused || !this.owner.holding) return
    this.paused = true
    this.connection.pause()
    this.owner.readingStopped()
  }
}
