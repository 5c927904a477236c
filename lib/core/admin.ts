import type { Garbled } from '../fix/garbled.js'
import { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { SessionRejectReason } from '../fix/session-reject-reason.js'
import { Tag } from '../fix/tag.js'
import type { DialectRules } from './dialect.js'
import type { VersionRules } from './version.js'

/** The session layer's own messages (FIX "Administrative messages"), their bodies in ascending order of tags. */

/** What a counterparty wrote is given back as it was, even where it wrote nothing. */
const verbatim = { allowEmpty: true } as const

export function heartbeat(testReqId: string | undefined): FixMessage {
  const message = new FixMessage(MsgType.Heartbeat)
  if (testReqId !== undefined) message.set(Tag.TestReqID, testReqId, verbatim)
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
  /** The tag at fault, where there is one. Which rejects name it on the wire is the dialect's business. */
  readonly refTagId?: number | undefined
  readonly text: string
}

/** What a Reject(3) looks like depends on both. */
export interface Idiom {
  readonly version: VersionRules
  readonly dialect: DialectRules
}

/**
 * Reject(3) of `refused`. FIX 4.0 and 4.1 have no fields for tag and reason: the tag stands in the text there;
 * FIX 4.2 knows no reason above 11.
 */
export function reject(refused: FixMessage, details: RejectDetails, idiom: Idiom): FixMessage {
  const { version, dialect } = idiom
  const message = new FixMessage(MsgType.Reject).set(Tag.RefSeqNum, refused.msgSeqNum ?? 0)
  const { sessionRejectReason: reason, text } = details
  const tag = refersTo(details, idiom)
  if (!version.rejectHasReason) {
    return routedBack(message.set(Tag.Text, tag === undefined ? text : text + dialect.tagInText(tag)), refused, version)
  }
  const saysTag = dialect.tagInTextOfFormat && reason === SessionRejectReason.IncorrectDataFormatForValue
  message.set(Tag.Text, saysTag && tag !== undefined ? text + dialect.tagInText(tag) : text)
  if (tag !== undefined) message.set(Tag.RefTagID, tag)
  if (refused.msgType !== '') message.set(Tag.RefMsgType, refused.msgType)
  if (reason !== undefined && reason <= version.lastSessionRejectReason) message.set(Tag.SessionRejectReason, reason)
  return routedBack(message, refused, version)
}

/** RefTagID(371): the engines agree that a wrong field is named, and differ where the message as a whole is refused. */
function refersTo({ sessionRejectReason, refTagId }: RejectDetails, { version, dialect }: Idiom): number | undefined {
  switch (sessionRejectReason) {
    case SessionRejectReason.CompIdProblem:
      return undefined
    case SessionRejectReason.InvalidMsgType: {
      const { refersToMsgType: refers } = dialect
      return refers === 'always' || (refers === 'FIX.4.2 only' && version.isFix42) ? Tag.MsgType : undefined
    }
    case SessionRejectReason.SendingTimeAccuracyProblem:
      return dialect.refersToTimeAndNumber ? refTagId : undefined
    case SessionRejectReason.ValueIsIncorrect:
      return refTagId === Tag.NewSeqNo && !dialect.refersToTimeAndNumber ? undefined : refTagId
    default:
      return refTagId
  }
}

/** Reject(3) of bytes that are no message, as far as they could be read (`rejectGarbledMessage`). */
export function garbledReject(garbled: Garbled, version: VersionRules): FixMessage {
  const message = new FixMessage(MsgType.Reject).set(Tag.RefSeqNum, garbled.msgSeqNum ?? 0)
  message.set(Tag.Text, 'Message failed basic validity check')
  if (version.rejectHasReason && garbled.msgType) message.set(Tag.RefMsgType, garbled.msgType)
  return message
}

export interface BusinessRejectDetails {
  /** BusinessRejectReason(380); 0 "Other", 3 "Unsupported Message Type", ... */
  readonly businessRejectReason?: number | undefined
  readonly text?: string | undefined
  /** BusinessRejectRefID(379): the business identifier of the refused message. */
  readonly refId?: string | undefined
}

/** BusinessRejectReason(380) "Unsupported Message Type". */
const UNSUPPORTED = 3

/**
 * BusinessMessageReject(j), or Reject(3) where the version has none. `applVerId` is the session's DefaultApplVerID(1137)
 * in FIXT.1.1.
 */
export function businessReject(
  refused: FixMessage,
  details: BusinessRejectDetails,
  idiom: Idiom,
  applVerId: string | undefined
): FixMessage {
  const { version, dialect } = idiom
  const reason = details.businessRejectReason ?? 0
  if (!version.hasBusinessMessageReject) {
    const text = reason === UNSUPPORTED ? dialect.unsupportedMsgType : 'Message refused by the application'
    return reject(refused, { sessionRejectReason: undefined, text: details.text || text }, idiom)
  }
  const text = details.text || (reason === UNSUPPORTED ? 'Unsupported Message Type' : undefined)
  const message = new FixMessage(MsgType.BusinessMessageReject).set(Tag.RefSeqNum, refused.msgSeqNum ?? 0)
  if (text !== undefined) message.set(Tag.Text, text)
  message.set(Tag.RefMsgType, refused.msgType)
  if (details.refId) message.set(Tag.BusinessRejectRefID, details.refId)
  message.set(Tag.BusinessRejectReason, reason)
  if (applVerId !== undefined && version.isTransport && dialect.businessRejectHasApplVerId) {
    message.set(Tag.DefaultApplVerID, applVerId)
  }
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
