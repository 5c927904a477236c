import { logonFields } from '../logon-fields.js'
import { defaulted, optional, required } from '../option.js'
import { applVerId, choice, fixText } from '../values.js'

/** Who talks to whom, in which version. Together they make the session's id. */
export const identityOptions = {
  beginString: required({
    type: () => choice('FIX.4.0', 'FIX.4.1', 'FIX.4.2', 'FIX.4.3', 'FIX.4.4', 'FIXT.1.1'),
    meaning: 'BeginString(8) of every message, both ways; FIX 5.0 and later speak FIXT.1.1.',
    quickfix: ['BeginString']
  }),
  senderCompId: required({
    type: fixText,
    meaning: 'Our CompID: SenderCompID(49) of what we send, TargetCompID(56) of what we receive.',
    quickfix: ['SenderCompID']
  }),
  targetCompId: required({
    type: fixText,
    meaning: "The counterparty's CompID: TargetCompID(56) of what we send, SenderCompID(49) of what we receive.",
    quickfix: ['TargetCompID']
  }),
  senderSubId: optional({
    type: fixText,
    meaning: 'Our SenderSubID(50).',
    quickfix: ['SenderSubID']
  }),
  senderLocationId: optional({
    type: fixText,
    meaning: 'Our SenderLocationID(142).',
    quickfix: ['SenderLocationID']
  }),
  targetSubId: optional({
    type: fixText,
    meaning: "The counterparty's TargetSubID(57).",
    quickfix: ['TargetSubID']
  }),
  targetLocationId: optional({
    type: fixText,
    meaning: "The counterparty's TargetLocationID(143).",
    quickfix: ['TargetLocationID']
  }),
  sessionQualifier: optional({
    type: fixText,
    meaning: 'Tells sessions apart whose ids are otherwise the same; it never goes on the wire.',
    quickfix: ['SessionQualifier']
  }),
  defaultApplVerId: optional({
    type: applVerId,
    only: 'FIXT.1.1',
    meaning:
      'DefaultApplVerID(1137) of our Logon, by value ("9") or by name ("FIX.5.0SP2"); initiators need it, acceptors without it answer with that of the Logon they are sent.',
    quickfix: ['DefaultApplVerID']
  }),
  logonFields: optional({
    type: logonFields,
    secret: true,
    meaning: `Further fields of every Logon of ours, as text: { "1409": "0" }, or [[1409, "0"]] where their order counts; "\${NAME}" takes one from the environment.`,
    quickfix: ['LogonTag', 'LogonTag<n>']
  }),
  dialect: defaulted('quickfix', {
    type: () => choice('quickfix', 'quickfixj', 'quickfixgo', 'quickfixn'),
    meaning: 'The engine whose answers and defaults are followed where the QuickFIX family contradicts itself.',
    quickfix: []
  })
}
