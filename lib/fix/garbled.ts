/**
 * Bytes from the wire that are not a FIX message (FIX session layer: "garbled").
 *
 * The standard's answer is to ignore it and to count nothing; `fatal` says that the stream itself cannot be followed
 * any further (or must not be, because of a limit) and the connection has to be closed.
 */
export interface Garbled {
  readonly garbled: true
  /** Stable: see `GarbledCode`. */
  readonly code: GarbledCode
  /** Expected, got, where. */
  readonly text: string
  /** The offending bytes as latin1, cut at 512 characters. */
  readonly raw: string
  readonly fatal: boolean
  /** MsgSeqNum(34) and MsgType(35) as far as they could be read, for `rejectGarbledMessage`. */
  readonly msgSeqNum: number | undefined
  readonly msgType: string | undefined
}

export type GarbledCode =
  | 'BEGIN_STRING' // bytes before 8=, or 8 is not first
  | 'BODY_LENGTH' // 9 is missing, not a number, or does not point at 10=
  | 'CHECK_SUM' // 10 is wrong or not three digits
  | 'MSG_TYPE' // 35 is not the third field
  | 'TAG' // a tag that is not a number, or a field without "="
  | 'DATA_LENGTH' // a Length field that its data does not match
  | 'TOO_LONG' // longer than maxMessageLength
  | 'TOO_MANY_FIELDS' // more than maxFields
