import type { Delivery } from '../core/session-core.js'
import type { FixMessage } from '../fix/message.js'
import type { SessionEvents } from './events.js'
import type { Emit } from './listeners.js'
import { MessageStream, type MessageStreamOwner } from './message-stream.js'

/** Who is heard, and told how much may come. */
export interface HearingOwner {
  /** Calls the listeners; false when there are none. */
  readonly emit: Emit<Pick<SessionEvents, 'message' | 'reject'>>
  /** Nothing is to be delivered until `takeUp`. */
  suspend(): void
  takeUp(): void
  /** A message that was left unacknowledged has been dealt with. */
  acknowledged(message: FixMessage): void
  /** A message came and there was nobody for it; told once. */
  unheard(): void
}

/**
 * How application messages reach the application: by listeners of `message`, and by iterators, each of which sees all of
 * them. The slowest iterator sets the pace: nothing is delivered before each of them has asked for a message, nor while the
 * application has paused the session.
 *
 * A message counts as dealt with when its listeners have returned and each iterator has asked for the next one; with
 * `ack: 'manual'`, when it was acknowledged.
 */
export class Hearing implements MessageStreamOwner {
  private readonly owner: HearingOwner
  private readonly manual: boolean
  private readonly streams = new Set<MessageStream>()
  private taking = true
  private saidUnheard = false
  /** What a listener of the message being delivered threw. */
  private failure: string | undefined
  paused = false

  constructor(owner: HearingOwner, manual: boolean) {
    this.owner = owner
    this.manual = manual
  }

  deliver(message: FixMessage): Delivery {
    // Whoever was told of something else just before may have paused the session, or begun to iterate.
    if (!this.taking) return 'postponed'
    this.failure = undefined
    const receipt = this.manual ? this.toSign(message, 1) : undefined
    const heard = this.owner.emit('message', message)
    if (!heard && this.streams.size === 0 && !this.saidUnheard) {
      this.saidUnheard = true
      this.owner.unheard()
    }
    if (message.msgType === 'j') this.owner.emit('reject', message)
    const missing = this.streams.size > 0 ? this.giveToStreams(message, receipt) : receipt
    const unacknowledged = missing !== undefined && !missing.returned()
    if (this.failure !== undefined) return { failed: this.failure, unacknowledged }
    return unacknowledged ? 'unacknowledged' : 'done'
  }

  /** A listener of the message being delivered threw. */
  listenerFailed(text: string): void {
    this.failure ??= text
  }

  setPaused(paused: boolean): void {
    this.paused = paused
    this.weigh()
  }

  /** Each message goes to it from now on. */
  stream(): MessageStream {
    const stream = new MessageStream(this)
    this.streams.add(stream)
    this.weigh()
    return stream
  }

  /** Nothing more will come, to those who iterate now. */
  end(failure?: Error): void {
    for (const stream of this.streams) stream.end(failure)
    this.streams.clear()
    this.weigh()
  }

  asksChanged(): void {
    this.weigh()
  }

  ended(stream: MessageStream): void {
    if (this.streams.delete(stream)) this.weigh()
  }

  private toSign(message: FixMessage, missing: number): Receipt {
    const receipt = new Receipt(missing, () => this.owner.acknowledged(message))
    if (this.manual) message.onAck = receipt.sign
    return receipt
  }

  /** One that was begun by a listener of this very message, and has not asked yet, sees the next one first. */
  private giveToStreams(message: FixMessage, signedByHand: Receipt | undefined): Receipt | undefined {
    const takers = [...this.streams].filter(({ asks }) => asks)
    const receipt = signedByHand ?? (takers.length > 0 ? this.toSign(message, takers.length) : undefined)
    for (const stream of takers) stream.give(message, signedByHand === undefined ? receipt?.sign : undefined)
    this.weigh()
    return receipt
  }

  private weigh(): void {
    let taking = !this.paused
    for (const { asks } of this.streams) taking &&= asks
    if (taking === this.taking) return
    this.taking = taking
    if (taking) this.owner.takeUp()
    else this.owner.suspend()
  }
}

/** How many still have to deal with a message. */
class Receipt {
  private missing: number
  private late = false
  private readonly complete: () => void

  /** `complete` is called when the last one signs, unless that happens before the delivery has returned. */
  constructor(missing: number, complete: () => void) {
    this.missing = missing
    this.complete = complete
  }

  readonly sign = (): void => {
    this.missing--
    if (this.missing === 0 && this.late) this.complete()
  }

  /** The delivery is over; true when all have signed. */
  returned(): boolean {
    this.late = true
    return this.missing <= 0
  }
}
