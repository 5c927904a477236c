import { defaulted, optional, optionalGroup } from '../option.js'
import { ageLimit, agesByMsgType, choice, msgTypes, perSecond, ratesByMsgType, wholeNumber } from '../values.js'

const burst = () => wholeNumber(1, 1_000_000)

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
      'Most messages that wait for a logon or for their turn (outboundLimit), and maxOutboundBuffer bytes of them; beyond it send() throws QUEUE_FULL.',
    quickfix: []
  }),
  maxMessageAge: optional({
    type: ageLimit,
    meaning:
      'Age at which an application message is stale, seconds: it is dropped where it waits for a logon or for its turn, and gap-filled where the counterparty asks for it again, without asking shouldReplay. 0: it neither waits nor is sent again. Unset: age does not matter.',
    quickfix: []
  }),
  maxMessageAges: optional({
    type: agesByMsgType,
    meaning: 'The same for some MsgTypes(35), in place of maxMessageAge: { "D": 5, "F": 60 }.',
    quickfix: []
  }),
  outboundLimit: optionalGroup({
    messagesPerSecond: optional({
      type: perSecond,
      meaning:
        'Most messages sent a second. An application message beyond it waits for its turn, in memory and without a number, at most maxQueued of them; when the link ends it is dropped, or waits on with sendWhileLoggedOff "queue". Administrative messages, reject() and resends count and do not wait. Unset: only byMsgType\'s are limited.',
      quickfix: []
    }),
    burst: optional({
      type: burst,
      meaning: 'How many may be sent at once after a pause; unset: as many as in a second.',
      quickfix: []
    }),
    byMsgType: optional({
      type: ratesByMsgType,
      meaning:
        'Further limits of some MsgTypes(35): { "D": { "messagesPerSecond": 5, "burst": 10 } }. What waits keeps its order, so others wait behind it.',
      quickfix: []
    }),
    first: optional({
      type: msgTypes,
      meaning:
        'MsgTypes(35) that go before others that wait; unset: ["F"]. A cancel stays behind the order of its OrigClOrdID(41) as long as that waits.',
      quickfix: []
    })
  }),
  inboundLimit: optionalGroup({
    messagesPerSecond: optional({
      type: perSecond,
      meaning:
        'Most messages that the counterparty may send a second, but for those that we asked for again; inboundLimit has to have it.',
      quickfix: []
    }),
    burst: optional({
      type: burst,
      meaning: 'How many may come at once after a pause; unset: as many as in a second.',
      quickfix: []
    }),
    action: defaulted('reject', {
      type: () => choice('reject', 'disconnect'),
      meaning:
        'What those get that come faster: a BusinessMessageReject(j), or a Reject(3) for a TestRequest or before FIX 4.2, and the application does not see them; or a Logout that ends the connection.',
      quickfix: []
    })
  })
}
