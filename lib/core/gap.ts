import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import { resendRequest } from './admin.js'
import type { CoreContext } from './context.js'

/** Seconds in which a ResendRequest(2) has to bring something; then it is sent again. */
export const RESEND_PATIENCE = 60

/** How often the same is asked for in vain before the session is given up. */
export const MAX_ASKS = 3

/** Most bytes of held messages, beside `maxHeldMessages`. */
export const MAX_HELD_BYTES = 64 * 1024 * 1024

/**
 * Incoming messages that are missing (FIX session layer, "Message recovery"), a concern beside the phase.
 *
 * A number that is too high opens the gap: one ResendRequest(2) goes out and the message is held. While the gap is
 * open, later messages are held too, and no second request is made for it, unless nothing comes of the first. Held messages
 * are used in order as soon as their number is the expected one. There are at most `maxHeldMessages` of them; what does not
 * fit is forgotten and asked for again once the gap has been filled, so that memory is bounded and nothing is lost.
 */
export class Gap {
  private readonly held = new Map<number, FixMessage>()
  private heldBytes = 0
  /** Last number that is missing; the gap is open while `nextNumIn` has not passed it. 0: no gap. */
  private end = 0
  /** Last number asked for by the latest ResendRequest, when that asked for a part only. 0: it asked for all. */
  private chunkEnd = 0
  /** EndSeqNo(16) of the latest ResendRequest. 0: it had no end. */
  private askedTo = 0
  /** Highest number that was too high and could not be held. */
  private forgotten = 0
  /** How often was asked since something came of it. */
  private asks = 0
  /** When patience with the answer ends, by the monotonic clock. */
  deadline: number | undefined
  /** The too high number that has just come, while the request for what is missing is about to go out; else 0. */
  detected = 0
  /** Number of the held message that was used last. */
  lastTaken = 0

  get open(): boolean {
    return this.end !== 0
  }

  get size(): number {
    return this.held.size
  }

  clear(): void {
    this.held.clear()
    this.heldBytes = 0
    this.forgotten = 0
    this.detected = 0
    this.lastTaken = 0
    this.close()
  }

  /** `message` came with `msgSeqNum` above the expected one. */
  tooHigh(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
    this.hold(core, message, msgSeqNum)
    if (this.open && !asksAgain(core, message)) {
      core.log('debug', `MsgSeqNum(34)=${msgSeqNum} held: ${core.nextNumIn} was asked for already.`)
      return
    }
    core.logOften(
      'info',
      'MSG_SEQ_NUM_TOO_HIGH',
      `MsgSeqNum(34) too high: expected ${core.nextNumIn}, got ${msgSeqNum}; asking for what is missing.`
    )
    this.end = Math.max(this.end, msgSeqNum - 1)
    this.detected = msgSeqNum
    core.show()
    // A redundant request takes nothing of the patience with the first one.
    if (this.asks > 0) this.ask(core, core.nextNumIn)
    else this.request(core, core.nextNumIn)
    this.detected = 0
    core.show()
  }

  /** As `tooHigh`, where the counterparty sends what is missing without being asked. */
  await(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
    this.hold(core, message, msgSeqNum)
    this.end = Math.max(this.end, msgSeqNum - 1)
    this.wait(core)
    core.show()
  }

  /** The expected number moved on; `byReset` when a SequenceReset did it. Asks for the next part, or closes the gap. */
  advanced(core: CoreContext, byReset: boolean): void {
    if (this.end === 0) return
    const next = core.nextNumIn
    this.asks = 0
    if (next > this.end) {
      this.close()
      core.show()
      return
    }
    this.wait(core)
    if (this.chunkEnd === 0) return
    const reached = byReset && core.dialect.chunkEndsAtNewSeqNo ? next >= this.chunkEnd : next > this.chunkEnd
    if (reached) this.request(core, next)
  }

  /** The held message whose turn it is, if any. */
  take(core: CoreContext): FixMessage | undefined {
    if (this.held.size === 0) {
      this.askForForgotten(core)
      return undefined
    }
    const message = this.held.get(core.nextNumIn)
    if (message !== undefined) {
      this.lastTaken = core.nextNumIn
      this.drop(core.nextNumIn, message)
    }
    return message
  }

  /**
   * How far a GapFill to `newSeqNo` goes. CME Globex fills past what it was asked for, and means only that
   * (`cmeEnhancedResend`): there can be business messages behind it.
   */
  reach(core: CoreContext, newSeqNo: number): number {
    if (core.settings.cmeEnhancedResend !== true || this.askedTo === 0) return newSeqNo
    return Math.min(newSeqNo, this.askedTo + 1)
  }

  /** A SequenceReset skipped numbers: what was held below the new one will never be used. */
  dropBelow(nextNumIn: number): void {
    if (this.held.size === 0) return
    for (const [msgSeqNum, message] of this.held) if (msgSeqNum < nextNumIn) this.drop(msgSeqNum, message)
  }

  /** Nothing has come of the request for `RESEND_PATIENCE` seconds. */
  timedOut(core: CoreContext): void {
    if (this.asks < MAX_ASKS) {
      core.log('warn', `MsgSeqNum(34)=${core.nextNumIn} has not come for ${RESEND_PATIENCE} seconds: asking again.`)
      this.request(core, core.nextNumIn)
      return
    }
    const text = `MsgSeqNum(34)=${core.nextNumIn} was asked for ${MAX_ASKS} times and never sent`
    core.giveUp('RESEND_UNANSWERED', text, 'The counterparty does not answer a ResendRequest(2): look at its log.')
  }

  /** The answer may have come while nothing was read. */
  hearAgain(core: CoreContext): void {
    if (this.deadline !== undefined) this.wait(core)
  }

  private close(): void {
    this.end = 0
    this.chunkEnd = 0
    this.askedTo = 0
    this.asks = 0
    this.deadline = undefined
  }

  private wait(core: CoreContext): void {
    this.deadline = core.now.mono + RESEND_PATIENCE * 1000
  }

  private hold(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
    const before = this.held.get(msgSeqNum)
    if (before !== undefined) this.drop(msgSeqNum, before)
    const size = sizeOf(message)
    if (this.held.size < core.settings.maxHeldMessages && this.heldBytes + size <= MAX_HELD_BYTES) {
      this.held.set(msgSeqNum, message)
      this.heldBytes += size
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

  private drop(msgSeqNum: number, message: FixMessage): void {
    this.held.delete(msgSeqNum)
    this.heldBytes -= sizeOf(message)
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
    this.asks++
    this.wait(core)
    this.ask(core, begin)
  }

  private ask(core: CoreContext, begin: number): void {
    const { resendRequestChunkSize: chunk, closedResendInterval, cmeEnhancedResend } = core.settings
    const chunkEnd = begin + chunk - 1
    const isPart = chunk > 0 && chunkEnd < this.end
    this.chunkEnd = isPart ? chunkEnd : 0
    const hasEnd = closedResendInterval || cmeEnhancedResend === true || (chunk > 0 && core.dialect.lastChunkHasEnd)
    this.askedTo = isPart ? chunkEnd : hasEnd ? this.end : 0
    core.transmit(resendRequest(begin, this.askedTo || core.version.infinity))
  }
}

/**
 * What is new may make a redundant request; another request may not, or two sides would go on for ever, and neither may what
 * is resent, or every resend would ask for as many again as it has messages.
 */
function asksAgain(core: CoreContext, message: FixMessage): boolean {
  if (!core.settings.sendRedundantResendRequests) return false
  return message.msgType !== MsgType.ResendRequest && message.get(Tag.PossDupFlag) !== 'Y'
}

/** Characters of what came, one a byte; a message that listeners changed counts as it came. */
function sizeOf(message: FixMessage): number {
  return message.bytes?.length ?? 0
}
