import type { Codec } from '../codec/codec.js'
import type { Garbled } from '../fix/garbled.js'
import type { FixMessage } from '../fix/message.js'
import type { Connection } from '../transport/transport.js'

/** Who takes what came. */
export interface InletOwner {
  /** Nothing more is to be handed over until `resume`. */
  readonly holding: boolean
  /** When the item that was taken last was. */
  readonly instant: { readonly mono: number }
  endOfTurn(callback: () => void): void
  /** The socket is not read for now. */
  readingStopped(): void
  readingResumed(): void
  take(item: FixMessage | Garbled): void
}

/** Milliseconds after which the rest of what was read waits for the next turn of the event loop: one read has hundreds of messages. */
const LONG_TURN = 2

const nothing: readonly (FixMessage | Garbled)[] = []

/**
 * The one way in: bytes of a connection become messages, one after the other.
 *
 * While the owner is holding, or others are to have their turn, the rest of what was read is kept, at most one read's worth, and the socket is not read.
 */
export class Inlet {
  private readonly codec: Codec
  private readonly owner: InletOwner
  private readonly connection: Connection
  private items = nothing
  private next = 0
  private pumping = false
  private paused = false
  private resting = false
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
    if (!this.open || !this.paused || this.resting || this.owner.holding) return
    this.pump()
    if (!this.open || this.resting || this.owner.holding) return
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
    if (this.pumping || this.resting) return
    this.pumping = true
    const { instant } = this.owner
    let since: number | undefined
    try {
      while (this.open && this.next < this.items.length && !this.owner.holding) {
        const item = this.items[this.next++]
        if (item !== undefined) this.owner.take(item)
        since ??= instant.mono
        if (instant.mono - since < LONG_TURN || this.next >= this.items.length) continue
        this.rest()
        break
      }
    } finally {
      this.pumping = false
    }
    // An idle session is not to keep what it received last.
    if (this.next >= this.items.length) this.items = nothing
    if (!this.open || this.paused || !(this.resting || this.owner.holding)) return
    this.paused = true
    this.connection.pause()
    this.owner.readingStopped()
  }

  private rest(): void {
    this.resting = true
    this.owner.endOfTurn(() => {
      this.resting = false
      this.resume()
    })
  }
}
