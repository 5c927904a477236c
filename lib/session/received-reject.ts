import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'

/** A Reject(3) or BusinessMessageReject(j) that came, as a line for the log. */
export interface RejectLine {
  readonly text: string
  readonly fields: Readonly<Record<string, string | undefined>>
}

/** Characters that are shown of a field, which may be as long as a message. */
const LONGEST_FIELD = 256

/** What the counterparty refused and why, as far as it says so. */
export function rejectLine(reject: FixMessage): RejectLine {
  const field = (tag: number): string | undefined => reject.get(tag)?.slice(0, LONGEST_FIELD)
  const business = reject.msgType === MsgType.BusinessMessageReject
  const reason = field(business ? Tag.BusinessRejectReason : Tag.SessionRejectReason)
  const [refSeqNum, refTagId] = [field(Tag.RefSeqNum), field(Tag.RefTagID)]
  const [refMsgType, reasonText] = [field(Tag.RefMsgType), field(Tag.Text)]
  const said = [
    `${business ? 'BusinessMessageReject(j)' : 'Reject(3)'} came`,
    refMsgType === undefined ? '' : ` of MsgType(35)=${refMsgType}`,
    `, RefSeqNum(45)=${refSeqNum ?? 'none'}`,
    reason === undefined
      ? ''
      : business
        ? `, BusinessRejectReason(380)=${reason}`
        : `, SessionRejectReason(373)=${reason}`,
    refTagId === undefined ? '' : `, RefTagID(371)=${refTagId}`,
    `: ${reasonText ?? 'no Text(58) was given'}`
  ]
  return { text: said.join(''), fields: { refSeqNum, refMsgType, refTagId, reason, reasonText } }
}
