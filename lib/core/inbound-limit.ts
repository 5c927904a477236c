import type { FixMessage } from '../fix/message.js'
import { isAdmin, MsgType } from '../fix/msg-type.js'
import { SessionRejectReason } from '../fix/session-reject-reason.js'
import { Tag } from '../fix/tag.js'
import { businessReject, logout } from './admin.js'
import type { CoreContext } from './context.js'
import { type Rate, TokenBucket } from './token-bucket.js'

/** How fast messages may come in, and what is answered to those that come faster; see option `inboundLimit`. */
export interface InboundRate {
  /** Undefined: nothing is limited. */
  readonly messagesPerSecond?: number | undefined
  readonly burst?: number | undefined
  /** Default: reject. */
  readonly action?: 'reject' | 'disconnect' | undefined
}

/** BusinessRejectReason(380): "Other", and what FIX 5.0 SP2 has for it. */
const OTHER = 0
const THROTTLE_LIMIT_EXCEEDED = 8

/** ApplVerID(1128) of FIX 5.0 SP2. */
const FIX50SP2 = '9'

const TEXT = 'Throttle limit exceeded'

/** Milliseconds in which what has waited unread is expected to be read. */
const CATCH_UP = 10_000

/**
 * How fast messages come in, a concern beside the phase. The bucket outlives the connection, so that nobody fills it by coming again.
 *
 * All messages count but Logons, Logouts and what is sent again because we asked for it. With `reject` those that are one too many are
 * refused where that means anything: application messages whose turn it is, and TestRequests, whose answers would be as many again.
 */
export class InboundLimit {
  private readonly bucket: TokenBucket
  private readonly messagesPerSecond: number
  private readonly action: 'reject' | 'disconnect'

  constructor(rate: Rate, action: 'reject' | 'disconnect') {
    this.bucket = new TokenBucket(rate)
    this.messagesPerSecond = rate.messagesPerSecond
    this.action = action
  }

  /** Counts a message that came in session; true when it is one too many. */
  isExceededBy(core: CoreContext, message: FixMessage): boolean {
    if (message.msgType === MsgType.Logout || message.msgType === MsgType.Logon) return false
    if (core.gap.open && message.get(Tag.PossDupFlag) === 'Y') return false
    const { mono } = core.now
    if (this.bucket.nextAt > mono) return true
    this.bucket.take(mono)
    return false
  }

  /** Reading goes on after it had stopped at that moment: what comes at once came little by little. */
  catchUp(core: CoreContext, stoppedAt: number): void {
    this.bucket.save(stoppedAt, core.now.mono + CATCH_UP)
  }

  /** Answers a message that is one too many; false where it is to be taken all the same. */
  answer(core: CoreContext, message: FixMessage, msgSeqNum: number): boolean {
    const { messagesPerSecond, action } = this
    if (action === 'disconnect') {
      const why = `More than ${messagesPerSecond} messages a second came (inboundLimit).`
      if (core.phase.name === 'loggedOn') core.transmitNow(logout(TEXT))
      core.close('INBOUND_LIMIT', why, false)
      return true
    }
    if (core.order(msgSeqNum) !== 'expected' || core.resetting.underWay) return false
    if (message.msgType === MsgType.TestRequest) {
      core.rejectMessage(message, { sessionRejectReason: SessionRejectReason.Other, text: TEXT })
      return true
    }
    if (isAdmin(message.msgType)) return false
    core.logOften(
      'warn',
      'INBOUND_LIMIT',
      `MsgType(35)=${message.msgType} MsgSeqNum(34)=${msgSeqNum} refused: ` +
        `more than ${messagesPerSecond} messages a second came (inboundLimit).`
    )
    core.consume(message)
    const known = core.version.isTransport && core.defaultApplVerId === FIX50SP2
    const details = { businessRejectReason: known ? THROTTLE_LIMIT_EXCEEDED : OTHER, text: TEXT }
    core.transmit(businessReject(message, details, core, core.defaultApplVerId))
    return true
  }
}

export function inboundLimitOf(rate: InboundRate | undefined): InboundLimit | undefined {
  if (rate?.messagesPerSecond === undefined) return undefined
  const { messagesPerSecond, burst, action = 'reject' } = rate
  return new InboundLimit({ messagesPerSecond, burst }, action)
}
