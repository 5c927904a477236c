import { defaulted } from '../option.js'
import { choice, wholeNumber } from '../values.js'

/** When a received application message has been dealt with, and what if it cannot be. */
export const receivingOptions = {
  ack: defaulted('auto', {
    type: () => choice('auto', 'manual'),
    meaning:
      'When the number of a received application message becomes durable: "auto" when its listeners have returned, "manual" when message.ack() was called for it and all before it. After a crash the counterparty sends again what is not durable.',
    quickfix: []
  }),
  maxUnacknowledged: defaulted(1000, {
    type: () => wholeNumber(1, 10_000_000),
    meaning: 'Most messages that may be unacknowledged before reading from the socket stops.',
    quickfix: []
  }),
  onListenerError: defaulted('continue', {
    type: () => choice('continue', 'reject', 'disconnect'),
    meaning:
      'After a listener failed: only the error event, for a bug in one handler must not take live orders off the market; or a BusinessMessageReject(j); or the connection is closed and the message comes again.',
    quickfix: ['RejectMessageOnUnhandledException']
  })
}
