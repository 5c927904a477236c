import type { FixMessage } from '../fix/message.js'
import { isAdmin, MsgType } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import { heartbeat } from './admin.js'
import type { CoreContext } from './context.js'
import { deliver } from './delivery.js'
import { numberOf } from './fields.js'

/**
 * A reset of both numbers that this side has asked for by a Logon(A) with ResetSeqNumFlag(141)=Y and that the counterparty
 * has not answered yet, a concern beside the phase (FIX session layer, "Using the ResetSeqNumFlag").
 *
 * In session, what the counterparty sent before it saw the request still carries its old numbers. It is used in their order
 * and delivered, since the counterparty takes it for received, but counts for nothing: the numbers it used are gone.
 */
export class Reset {
  /** Our Logon with ResetSeqNumFlag(141)=Y is out. */
  asked = false
  /** In session: the number expected of what is still under way. */
  private oldNumIn: number | undefined
  /** When patience with the answer ends, by the monotonic clock. */
  deadline: number | undefined
  /**
   * The link ended before the answer: whether the counterparty has reset its numbers nobody knows, and the next logon has to
   * ask again.
   */
  owed = false

  /** Old numbers are still to be expected. */
  get underWay(): boolean {
    return this.oldNumIn !== undefined
  }

  /** The Logon of a reset in session that `signLogon` is asked about. Nothing is reset before it is signed. */
  toSign: FixMessage | undefined

  /** A reset in session was begun and has not ended. */
  get pending(): boolean {
    return this.underWay || this.toSign !== undefined
  }

  /** `signLogon` is asked about this Logon, in session. */
  sign(core: CoreContext, logon: FixMessage): void {
    this.toSign = logon
    this.deadline = core.now.mono + core.settings.logonTimeout * 1000
    core.effects.push({ kind: 'signLogon', logon, msgSeqNum: 1, sendingTime: core.now.wall })
  }

  /** There is no Logon to send: nothing has been reset, and the session goes on. */
  notSigned(core: CoreContext, text: string): void {
    this.toSign = undefined
    this.deadline = undefined
    core.log('warn', `The sequence numbers are not reset: ${text}`, { code: 'LOGON_NOT_SIGNED' })
    core.effects.push({ kind: 'resetEnded', failure: { code: 'LOGON_NOT_SIGNED', text } })
  }

  /** Our Logon goes out in session; `oldNumIn` was expected next before the reset. */
  await(core: CoreContext, oldNumIn: number): void {
    this.asked = true
    this.oldNumIn = oldNumIn
    this.deadline = core.now.mono + core.settings.logonTimeout * 1000
  }

  /** The answer may have come while nothing was read. */
  hearAgain(core: CoreContext): void {
    if (this.underWay) this.deadline = core.now.mono + core.settings.logonTimeout * 1000
  }

  /** The answer is there. */
  answered(): void {
    this.clear()
    this.owed = false
  }

  /** The link is gone. */
  interrupted(): void {
    if (this.underWay) this.owed = true
    this.clear()
  }

  private clear(): void {
    this.toSign = undefined
    this.asked = false
    this.oldNumIn = undefined
    this.deadline = undefined
  }

  timedOut(core: CoreContext): void {
    if (this.toSign !== undefined) {
      this.notSigned(core, `signLogon gave no answer within ${core.settings.logonTimeout} seconds.`)
      return
    }
    core.close(
      'RESET_TIMEOUT',
      `The Logon with ResetSeqNumFlag(141)=Y was not answered within ${core.settings.logonTimeout} seconds.`,
      false
    )
  }

  /** A message of before the reset. */
  use(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
    if (msgSeqNum !== this.oldNumIn) {
      core.logOften('warn', 'BEFORE_RESET', `MsgSeqNum(34)=${msgSeqNum} of before the reset is out of order: ignored.`)
      return
    }
    this.oldNumIn = msgSeqNum + 1
    core.logOften('info', 'BEFORE_RESET', `MsgSeqNum(34)=${msgSeqNum} was under way when the numbers were reset.`)
    switch (message.msgType) {
      case MsgType.TestRequest:
        core.transmit(heartbeat(message.get(Tag.TestReqID)))
        return
      case MsgType.SequenceReset: {
        const newSeqNo = numberOf(message, Tag.NewSeqNo)
        if (typeof newSeqNo === 'number' && newSeqNo > msgSeqNum) this.oldNumIn = newSeqNo
        return
      }
      case MsgType.Reject:
        core.effects.push({ kind: 'reject', message })
        return
      default:
        // What a ResendRequest asks for is gone, and a Heartbeat has done its work by coming.
        if (!isAdmin(message.msgType)) deliver(core, message, false)
    }
  }
}
