/**
 * SessionRejectReason(373): why a Reject(3) was sent. FIX 4.2 knows 0 to 11, 4.3 adds 12 to 17, 4.4 adds 99 and FIXT.1.1
 * adds 18; FIX 4.0 and 4.1 have no such field.
 */
export const SessionRejectReason = {
  InvalidTagNumber: 0,
  RequiredTagMissing: 1,
  TagNotDefinedForThisMessageType: 2,
  UndefinedTag: 3,
  TagSpecifiedWithoutAValue: 4,
  ValueIsIncorrect: 5,
  IncorrectDataFormatForValue: 6,
  DecryptionProblem: 7,
  SignatureProblem: 8,
  CompIdProblem: 9,
  SendingTimeAccuracyProblem: 10,
  InvalidMsgType: 11,
  XmlValidationError: 12,
  TagAppearsMoreThanOnce: 13,
  TagSpecifiedOutOfRequiredOrder: 14,
  RepeatingGroupFieldsOutOfOrder: 15,
  IncorrectNumInGroupCountForRepeatingGroup: 16,
  NonDataValueIncludesFieldDelimiter: 17,
  InvalidUnsupportedApplicationVersion: 18,
  Other: 99
} as const

export type SessionRejectReason = (typeof SessionRejectReason)[keyof typeof SessionRejectReason]
