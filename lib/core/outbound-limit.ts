import { type Rate, TokenBucket } from './token-bucket.js'

/** How fast messages may go out; see option `outboundLimit`. Without `messagesPerSecond` only some types are limited. */
export interface OutboundRates {
  readonly messagesPerSecond?: number | undefined
  readonly burst?: number | undefined
  readonly byMsgType?: Readonly<Record<string, Rate>> | undefined
  readonly first?: readonly string[] | undefined
}

/** MsgTypes(35) that go before others where a config says nothing else: OrderCancelRequest(F). */
const FIRST: readonly string[] = ['F']

/**
 * How fast messages go out, a concern beside the phase: what may not go yet waits in the queue (queue.ts), without a number.
 *
 * Every message of ours takes a token of the session's bucket, and one of its type's where there is one. Only those that the application
 * sends wait for it: administrative messages, answers and resends owe it, so that those that can wait do so the longer.
 */
export class OutboundLimit {
  private readonly all: TokenBucket | undefined
  private readonly byMsgType = new Map<string, TokenBucket>()
  private readonly first: ReadonlySet<string>

  constructor({ messagesPerSecond, burst, byMsgType = {}, first = FIRST }: OutboundRates) {
    this.all = messagesPerSecond === undefined ? undefined : new TokenBucket({ messagesPerSecond, burst })
    for (const [msgType, rate] of Object.entries(byMsgType)) this.byMsgType.set(msgType, new TokenBucket(rate))
    this.first = new Set(first)
  }

  /** Whether messages of this type go before those of others. */
  goesFirst(msgType: string): boolean {
    return this.first.has(msgType)
  }

  /** From when on a message of this type may go, by the monotonic clock. */
  nextAt(msgType: string): number {
    const all = this.all?.nextAt ?? Number.NEGATIVE_INFINITY
    const own = this.byMsgType.get(msgType)?.nextAt ?? Number.NEGATIVE_INFINITY
    return Math.max(all, own)
  }

  /** A message of this type goes out. */
  take(msgType: string, mono: number): void {
    this.all?.take(mono)
    this.byMsgType.get(msgType)?.take(mono)
  }
}
