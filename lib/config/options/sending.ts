import { defaulted, optional } from '../option.js'
import { ageLimit, agesByMsgType, choice, wholeNumber } from '../values.js'

/** What becomes of messages that cannot go out at once. */
export const sendingOptions = {
  sendWhileLoggedOff: defaulted('refuse', {
    type: () => choice('refuse', 'queue'),
    meaning:
      'What send() does while nobody is logged on (disconnected, logging on or out, outside the session time): throw, or let the message wait for the next logon. What waits is in memory only; stop() drops it, and the end of a session does not.',
    quickfix: []
  }),
  maxQueued: defaulted(1000, {
    type: () => wholeNumber(1, 1_000_000),
    meaning:
      'Most messages that wait for a logon, and maxOutboundBuffer bytes of them; beyond it send() throws QUEUE_FULL.',
    quickfix: []
  }),
  maxMessageAge: optional({
    type: ageLimit,
    meaning:
      'Age at which an application message is stale, seconds: it is dropped where it waits for a logon, and gap-filled where the counterparty asks for it again, without asking shouldReplay. 0: it neither waits nor is sent again. Unset: age does not matter.',
    quickfix: []
  }),
  maxMessageAges: optional({
    type: agesByMsgType,
    meaning: 'The same for some MsgTypes(35), in place of maxMessageAge: { "D": 5, "F": 60 }.',
    quickfix: []
  })
}
