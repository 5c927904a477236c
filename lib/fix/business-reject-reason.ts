/**
 * BusinessRejectReason(380): why a BusinessMessageReject(j) was sent. FIX 4.2 knows 0 to 5, 4.3 adds 6 and 7, the rest
 * came with FIX 5.0 and later.
 */
export const BusinessRejectReason = {
  Other: 0,
  UnknownId: 1,
  UnknownSecurity: 2,
  UnsupportedMessageType: 3,
  ApplicationNotAvailable: 4,
  ConditionallyRequiredFieldMissing: 5,
  NotAuthorized: 6,
  DeliverToFirmNotAvailableAtThisTime: 7,
  ThrottleLimitExceeded: 8,
  ThrottleLimitExceededSessionWillBeDisconnected: 9,
  ThrottledMessagesRejectedOnRequest: 10,
  InvalidPriceIncrement: 18
} as const

export type BusinessRejectReason = (typeof BusinessRejectReason)[keyof typeof BusinessRejectReason]
