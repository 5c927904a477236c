import { SessionRejectReason } from '../../fix/session-reject-reason.js'

/** One thing that is wrong with a message, as a Reject(3) of it would say. */
export interface Problem {
  /**
   * SessionRejectReason(373), by the newest version that has the field. FIX 4.2 has none above 11, and FIX 4.0 and 4.1
   * have no such field: what goes on the wire there is the session's business.
   */
  readonly sessionRejectReason: SessionRejectReason
  /** RefTagID(371): the tag at fault; undefined for an invalid MsgType. */
  readonly refTagId: number | undefined
  /** Text(58). */
  readonly text: string
  /** Where: a field name as `Symbol`, in a repeating group as `NoPartyIDs[0].PartyID`; entries count from 0. */
  readonly path: string
}

/** The texts that the field's engines send, so that counterparties' tools recognise them. */
export const rejectTexts = {
  [SessionRejectReason.InvalidTagNumber]: 'Invalid tag number',
  [SessionRejectReason.RequiredTagMissing]: 'Required tag missing',
  [SessionRejectReason.TagNotDefinedForThisMessageType]: 'Tag not defined for this message type',
  [SessionRejectReason.TagSpecifiedWithoutAValue]: 'Tag specified without a value',
  [SessionRejectReason.ValueIsIncorrect]: 'Value is incorrect (out of range) for this tag',
  [SessionRejectReason.IncorrectDataFormatForValue]: 'Incorrect data format for value',
  [SessionRejectReason.InvalidMsgType]: 'Invalid MsgType',
  [SessionRejectReason.TagAppearsMoreThanOnce]: 'Tag appears more than once',
  [SessionRejectReason.TagSpecifiedOutOfRequiredOrder]: 'Tag specified out of required order',
  [SessionRejectReason.RepeatingGroupFieldsOutOfOrder]: 'Out of order repeating group members',
  [SessionRejectReason.IncorrectNumInGroupCountForRepeatingGroup]: 'Incorrect NumInGroup count for repeating group'
} as const

export type RejectedReason = keyof typeof rejectTexts
