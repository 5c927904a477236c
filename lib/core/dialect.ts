/**
 * Where the engines of the QuickFIX family answer the same thing in different ways. One table, so that no branch elsewhere
 * names an engine; `quickfix` (QuickFIX C++) is the default. What is the same in all is not here, nor are defaults of
 * options (those are the config's).
 */
export interface DialectRules {
  /** Text(58) of the Logout(5) after a wrong BeginString(8) (test case 2i) ends in the one that came. */
  readonly namesBeginString: boolean
  /** Text(58) of the Reject(3) that stands for BusinessMessageReject(j) before FIX 4.2 (test case 2r). */
  readonly unsupportedMsgType: string
  /** BusinessMessageReject(j) has a DefaultApplVerID(1137) in FIXT.1.1. */
  readonly businessRejectHasApplVerId: boolean
  /** The answer to a Logon(A) with ResetSeqNumFlag(141)=Y has the flag too. */
  readonly answersResetSeqNumFlag: boolean
  /** RefTagID(371)=35 in the Reject(3) of an invalid MsgType (test case 2q). */
  readonly refersToMsgType: 'never' | 'FIX.4.2 only' | 'always'
  /** RefTagID(371) where SendingTime(52), OrigSendingTime(122) or NewSeqNo(36) makes no sense (2f, 2o, 11c). */
  readonly refersToTimeAndNumber: boolean
  /** How Text(58) names the tag where there is no RefTagID(371) for it. */
  readonly tagInText: (tag: number) => string
  /** Text(58) names the tag of a field in a wrong format even beside RefTagID(371) (test case 14f). */
  readonly tagInTextOfFormat: boolean
  /** The Logout(5) that follows a CompID or time problem (2f, 2k, 2o) says why in Text(58). */
  readonly logoutSaysWhy: boolean
  /** An unacceptable first Logon(A) of a known counterparty gets a Logout(5) that says why, not silence (1d). */
  readonly refusesLogonAloud: boolean
  /** With `resendRequestChunkSize` the last part too is asked for by its end, not by infinity. */
  readonly lastChunkHasEnd: boolean
  /**
   * LastMsgSeqNumProcessed(369) of a ResendRequest(2) is the number that came too high, though that message was not processed.
   */
  readonly resendRequestTellsWhatCame: boolean
  /** A GapFill *to* the end of a part, not past it, is reason enough to ask for the next one. */
  readonly chunkEndsAtNewSeqNo: boolean
}

const quickfix: DialectRules = {
  namesBeginString: false,
  unsupportedMsgType: 'Unsupported message type',
  businessRejectHasApplVerId: true,
  answersResetSeqNumFlag: true,
  refersToMsgType: 'never',
  refersToTimeAndNumber: false,
  tagInText: (tag) => ` (${tag})`,
  tagInTextOfFormat: false,
  logoutSaysWhy: false,
  refusesLogonAloud: false,
  lastChunkHasEnd: false,
  resendRequestTellsWhatCame: false,
  chunkEndsAtNewSeqNo: true
}

const dialects = {
  quickfix,
  quickfixgo: {
    ...quickfix,
    unsupportedMsgType: 'Unsupported Message Type',
    businessRejectHasApplVerId: false
  },
  quickfixn: {
    ...quickfix,
    namesBeginString: true,
    businessRejectHasApplVerId: false,
    answersResetSeqNumFlag: false,
    refersToMsgType: 'FIX.4.2 only',
    lastChunkHasEnd: true,
    resendRequestTellsWhatCame: true,
    chunkEndsAtNewSeqNo: false
  },
  quickfixj: {
    ...quickfix,
    businessRejectHasApplVerId: false,
    refersToMsgType: 'always',
    refersToTimeAndNumber: true,
    tagInText: (tag) => `, field=${tag}`,
    tagInTextOfFormat: true,
    logoutSaysWhy: true,
    refusesLogonAloud: true
  }
} satisfies Record<string, DialectRules>

export type Dialect = keyof typeof dialects

export function dialectRules(dialect: Dialect): DialectRules {
  return dialects[dialect]
}
