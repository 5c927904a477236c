/** What the encoder puts around a message; see FIX "Standard Message Header". */
export interface EncodeHeader {
  readonly senderCompId: string
  readonly targetCompId: string
  readonly msgSeqNum: number
  /** SendingTime(52); milliseconds since the epoch or a Date. */
  readonly sendingTime: Date | number
  /** The sub and location ids are defaults: the message's own 50, 142, 57 and 143 take precedence. */
  readonly senderSubId?: string | undefined
  readonly senderLocationId?: string | undefined
  readonly targetSubId?: string | undefined
  readonly targetLocationId?: string | undefined
  /** PossDupFlag(43)=Y goes out when true. */
  readonly possDupFlag?: boolean | undefined
  /** OrigSendingTime(122), as text, or milliseconds since the epoch. */
  readonly origSendingTime?: string | number | undefined
  readonly lastMsgSeqNumProcessed?: number | undefined
}
