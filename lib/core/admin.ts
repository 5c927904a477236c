import type { Garbled } from '../fix/garbled.js'
import { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import type { VersionRules } from './version.js'

/** The session layer's own messages (FIX "Administrative messages"), their bodies in ascending order of tags. */

export function heartbeat(testReqId: string | undefined): FixMessage {
  const message = new FixMessage(MsgType.Heartbeat)
  if (testReqId !== undefined) message.set(Tag.TestReqID, testReqId)
  return message
}

export function testRequest(testReqId: string): FixMessage {
  return new FixMessage(MsgType.TestRequest).set(Tag.TestReqID, testReqId)
}

export function resendRequest(beginSeqNo: number, endSeqNo: number): FixMessage {
  return new FixMessage(MsgType.ResendRequest).set(Tag.BeginSeqNo, beginSeqNo).set(Tag.EndSeqNo, endSeqNo)
}

export function gapFill(newSeqNo: number): FixMessage {
  return new FixMessage(MsgType.SequenceReset).set(Tag.NewSeqNo, newSeqNo).set(Tag.GapFillFlag, true)
}

export function logout(text: string | undefined): FixMessage {
  const message = new FixMessage(MsgType.Logout)
  if (text !== undefined && text !== '') message.set(Tag.Text, text)
  return message
}

/** What is wrong with a message, in the words of Reject(3). */
export interface RejectDetails {
  /** Undefined where the standard knows no reason for it. */
  readonly sessionRejectReason: number | undefined
  readonly refTagId?: number | undefined
  readonly text: string
}

/**
 * Reject(3) of `refused`. FIX 4.0 and 4.1 have no fields for tag and reason: the tag stands in the text there;
 * FIX 4.2 knows no reason above 11.
 */
export function reject(refused: FixMessage, details: RejectDetails, version: VersionRules): FixMessage {
  const message = new FixMessage(MsgType.Reject).set(Tag.RefSeqNum, refused.msgSeqNum ?? 0)
  if (!version.rejectHasReason) {
    const where = details.refTagId === undefined ? '' : ` (${details.refTagId})`
    return routedBack(message.set(Tag.Text, details.text + where), refused, version)
  }
  message.set(Tag.Text, details.text)
  if (details.refTagId !== undefined) message.set(Tag.RefTagID, details.refTagId)
  message.set(Tag.RefMsgType, refused.msgType)
  const reason = details.sessionRejectReason
  if (reason !== undefined && reason <= version.lastSessionRejectReason) message.set(Tag.SessionRejectReason, reason)
  return routedBack(message, refused, version)
}

/** Reject(3) of bytes that are no message, as far as they could be read (`rejectGarbledMessage`). */
export function garbledReject(garbled: Garbled, version: VersionRules): FixMessage {
  const message = new FixMessage(MsgType.Reject).set(Tag.RefSeqNum, garbled.msgSeqNum ?? 0)
  message.set(Tag.Text, 'Message failed basic validity check')
  if (version.rejectHasReason && garbled.msgType !== undefined) message.set(Tag.RefMsgType, garbled.msgType)
  return message
}

export interface BusinessRejectDetails {
  /** BusinessRejectReason(380); 0 "Other", 3 "Unsupported Message Type", ... */
  readonly businessRejectReason?: number | undefined
  readonly text?: string | undefined
  /** BusinessRejectRefID(379): the business identifier of the refused message. */
  readonly refId?: string | undefined
}

/** BusinessMessageReject(j), or Reject(3) where the version has none. */
export function businessReject(refused: FixMessage, details: BusinessRejectDetails, version: VersionRules): FixMessage {
  const reason = details.businessRejectReason ?? 0
  const text = details.text ?? (reason === 3 ? 'Unsupported Message Type' : undefined)
  if (!version.hasBusinessMessageReject) {
    const oldText = details.text ?? (reason === 3 ? 'Unsupported message type' : 'Message refused by the application')
    return reject(refused, { sessionRejectReason: undefined, text: oldText }, version)
  }
  const message = new FixMessage(MsgType.BusinessMessageReject).set(Tag.RefSeqNum, refused.msgSeqNum ?? 0)
  if (text !== undefined) message.set(Tag.Text, text)
  message.set(Tag.RefMsgType, refused.msgType)
  if (details.refId !== undefined) message.set(Tag.BusinessRejectRefID, details.refId)
  message.set(Tag.BusinessRejectReason, reason)
  return routedBack(message, refused, version)
}

/** Third-party routing (OnBehalfOf and DeliverTo fields) is turned round, so that a reject finds its way back. */
const routes: readonly (readonly [number, number])[] = [
  [Tag.OnBehalfOfCompID, Tag.DeliverToCompID],
  [Tag.OnBehalfOfSubID, Tag.DeliverToSubID],
  [Tag.OnBehalfOfLocationID, Tag.DeliverToLocationID]
]

function routedBack(answer: FixMessage, refused: FixMessage, version: VersionRules): FixMessage {
  for (const [onBehalfOf, deliverTo] of routes) {
    if (onBehalfOf === Tag.OnBehalfOfLocationID && !version.hasLocationRouting) continue
    const from = refused.get(onBehalfOf)
    const to = refused.get(deliverTo)
    if (from) answer.set(deliverTo, from)
    if (to) answer.set(onBehalfOf, to)
  }
  return answer
}
