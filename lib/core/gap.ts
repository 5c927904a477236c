import type { FixMessage } from '../fix/message.js'
import { resendRequest } from './admin.js'
import type { CoreContext } from './context.js'

/**
 * Incoming messages that are missing (FIX session layer, "Message recovery"), a concern beside the phase.
 *
 * A number that is too high opens the gap: one ResendRequest(2) goes out and the message is held. While the gap is
 * open, later messages are held too, and no second request is made for it. Held messages are used in order as soon as
 * their number is the expected one. There are at most `maxHeldMessages` of them; what does not fit is forgotten and asked
 * for again once the gap has been filled, so that memory is bounded and nothing is lost.
 */
export class Gap {
  private readonly held = new Map<number, FixMessage>()
  /** Last number that is missing; the gap is open while `nextNumIn` has not passed it. 0: no gap. */
  private end = 0
  /** Last number asked for by the latest ResendRequest, when that asked for a part only. 0: it asked for all. */
  private chunkEnd = 0
  /** Highest number that was too high and could not be held. */
  private forgotten = 0
  /** A too high number has just come, the request is about to go out. */
  detected = false

  get open(): boolean {
    return this.end !== 0
  }

  get size(): number {
    return this.held.size
  }

  clear(): void {
    this.held.clear()
    this.end = 0
    this.chunkEnd = 0
    this.forgotten = 0
    this.detected = false
  }

  /** `message` came with `msgSeqNum` above the expected one. */
  tooHigh(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
    this.hold(core, message, msgSeqNum)
    if (this.open && !core.settings.sendRedundantResendRequests) {
      core.log('debug', `MsgSeqNum(34)=${msgSeqNum} held: ${core.nextNumIn} was asked for already.`)
      return
    }
    core.log(
      'info',
      `MsgSeqNum(34) too high: expected ${core.nextNumIn}, got ${msgSeqNum}; asking for what is missing.`
    )
    this.end = Math.max(this.end, msgSeqNum - 1)
    this.detected = true
    core.show()
    this.request(core, core.nextNumIn)
    this.detected = false
    core.show()
  }

  /** As `tooHigh`, where the counterparty sends what is missing without being asked. */
  await(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
    this.hold(core, message, msgSeqNum)
    this.end = Math.max(this.end, msgSeqNum - 1)
    core.show()
  }

  /** The expected number moved on; `byReset` when a SequenceReset did it. Asks for the next part, or closes the gap. */
  advanced(core: CoreContext, byReset: boolean): void {
    if (this.end === 0) return
    const next = core.nextNumIn
    if (next > this.end) {
      this.end = 0
      this.chunkEnd = 0
      core.show()
    } else if (this.chunkEnd !== 0 && (byReset ? next >= this.chunkEnd : next > this.chunkEnd)) {
      this.request(core, next)
    }
  }

  /** The held message whose turn it is, if any. */
  take(core: CoreContext): FixMessage | undefined {
    if (this.held.size === 0) {
      this.askForForgotten(core)
      return undefined
    }
    const message = this.held.get(core.nextNumIn)
    if (message !== undefined) this.held.delete(core.nextNumIn)
    return message
  }

  /** A SequenceReset skipped numbers: what was held below the new one will never be used. */
  dropBelow(nextNumIn: number): void {
    if (this.held.size === 0) return
    for (const msgSeqNum of this.held.keys()) if (msgSeqNum < nextNumIn) this.held.delete(msgSeqNum)
  }

  private hold(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
    if (this.held.size < core.settings.maxHeldMessages || this.held.has(msgSeqNum)) {
      this.held.set(msgSeqNum, message)
      return
    }
    if (this.forgotten === 0) {
      core.fault(
        'HELD_MESSAGES_FULL',
        `${this.held.size} messages are held while MsgSeqNum(34)=${core.nextNumIn} is missing (maxHeldMessages): ` +
          'later ones are not kept and will be asked for again.'
      )
    }
    this.forgotten = Math.max(this.forgotten, msgSeqNum)
  }

  private askForForgotten(core: CoreContext): void {
    if (this.forgotten === 0 || this.open) return
    const end = this.forgotten
    this.forgotten = 0
    if (core.nextNumIn > end) return
    this.end = end
    this.request(core, core.nextNumIn)
    core.show()
  }

  private request(core: CoreContext, begin: number): void {
    const { resendRequestChunkSize: chunk, closedResendInterval } = core.settings
    const infinity = core.version.infinity
    if (chunk > 0 && begin + chunk - 1 < this.end) {
      this.chunkEnd = begin + chunk - 1
      core.transmit(resendRequest(begin, this.chunkEnd))
      return
    }
    this.chunkEnd = 0
    core.transmit(resendRequest(begin, closedResendInterval ? this.end : infinity))
  }
}
