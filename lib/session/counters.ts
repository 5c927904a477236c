import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'

/** What a session has done and met, for operations and tests. */
export interface Counters {
  /** Messages that were given a number and saved, administrative ones included. */
  readonly sent: number
  /** Messages that used up a number of the counterparty, administrative ones included. */
  readonly received: number
  /** Messages sent again in answer to a ResendRequest(2). */
  readonly resent: number
  /** Numbers covered by a SequenceReset-GapFill instead. */
  readonly gapFilled: number
  /** Runs of bytes that were no FIX message. */
  readonly garbled: number
  /** Messages refused with Reject(3). */
  readonly rejected: number
}

export class SessionCounters implements Counters {
  sent = 0
  received = 0
  resent = 0
  gapFilled = 0
  garbled = 0
  rejected = 0

  countResend(message: FixMessage, msgSeqNum: number): void {
    if (message.msgType === MsgType.SequenceReset) this.gapFilled += Number(message.get(Tag.NewSeqNo)) - msgSeqNum
    else this.resent++
  }
}
