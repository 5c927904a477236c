import type { FixMessage } from '../fix/message.js'
import { Tag } from '../fix/tag.js'

export interface Queued {
  readonly message: FixMessage
  /** Bytes, as it would have been sent. */
  readonly size: number
  /** Milliseconds that it may wait. */
  readonly patience: number
  /** When it came, by both clocks. */
  readonly wall: number
  readonly mono: number
}

/** Of a lane that is empty: sessions are many, and most of them have nothing that waits. */
const nothing: Queued[] = []

/** Messages that wait, in the order in which they go. */
export class Lane {
  private items = nothing
  /** Index of the first that still waits. */
  private start = 0
  bytes = 0

  get length(): number {
    return this.items.length - this.start
  }

  get head(): Queued | undefined {
    return this.items[this.start]
  }

  push(queued: Queued): void {
    if (this.items === nothing) this.items = []
    this.items.push(queued)
    this.bytes += queued.size
  }

  /** Takes the head. */
  shift(): void {
    const { head } = this
    if (head === undefined) return
    this.bytes -= head.size
    this.start++
    // Now and then, so that each is moved but once on average.
    if (this.start * 2 < this.items.length) return
    this.items = this.start === this.items.length ? nothing : this.items.slice(this.start)
    this.start = 0
  }

  /** Whether one of them is about the order of this ClOrdID(11). */
  isAbout(clOrdId: string): boolean {
    return this.lastAbout(clOrdId) >= 0
  }

  /** Puts a message behind the last one that is about the order of this ClOrdID(11); false where there is none. */
  pushBehind(clOrdId: string, queued: Queued): boolean {
    let at = this.lastAbout(clOrdId)
    if (at < 0) return false
    // Its own kind keeps its order.
    while (this.items[at + 1]?.message.msgType === queued.message.msgType) at++
    this.items.splice(at + 1, 0, queued)
    this.bytes += queued.size
    return true
  }

  private lastAbout(clOrdId: string): number {
    for (let at = this.items.length - 1; at >= this.start; at--) {
      const message = this.items[at]?.message
      if (message?.get(Tag.ClOrdID) === clOrdId || message?.get(Tag.OrigClOrdID) === clOrdId) return at
    }
    return -1
  }

  /** Takes all of them. */
  takeAll(): readonly Queued[] {
    const all = this.items.slice(this.start)
    this.items = nothing
    this.start = 0
    this.bytes = 0
    return all
  }
}
