import { defaulted, optional } from '../option.js'
import { choice, factor, fixText, flag, seconds, wholeNumber } from '../values.js'

/** Silence and time-outs. */
export const heartbeatOptions = {
  heartBtInt: defaulted(30, {
    type: () => wholeNumber(0, 86_400),
    meaning:
      "HeartBtInt(108) that an initiator proposes, seconds; 0: no heartbeats. An acceptor takes the initiator's.",
    quickfix: ['HeartBtInt']
  }),
  logonTimeout: defaulted(10, {
    type: seconds,
    meaning:
      'Time that the Logon or its answer has to arrive in, seconds; then the connection is closed. The TLS handshake before it has as long, too.',
    quickfix: ['LogonTimeout']
  }),
  logoutTimeout: defaulted(2, {
    type: seconds,
    meaning: 'Time that the answer to our Logout has to arrive in, seconds; then the connection is closed.',
    quickfix: ['LogoutTimeout']
  }),
  testRequestDelayMultiplier: defaulted(0.2, {
    type: factor,
    meaning: 'A TestRequest goes out after (1 + this) x HeartBtInt of silence; dialect "quickfixj": 0.5.',
    quickfix: ['TestRequestDelayMultiplier']
  }),
  heartBeatTimeoutMultiplier: defaulted(1.4, {
    type: factor,
    meaning: 'The counterparty is taken for dead after (1 + this) x HeartBtInt of silence.',
    quickfix: ['HeartBeatTimeoutMultiplier']
  }),
  disableHeartBeatCheck: defaulted(false, {
    type: flag,
    meaning: 'Never test or close a silent connection.',
    quickfix: ['DisableHeartBeatCheck']
  }),
  sendLogoutBeforeDisconnectFromTimeout: defaulted(false, {
    type: flag,
    meaning: 'Send a Logout before a silent connection is closed; it is closed without a word otherwise.',
    quickfix: ['SendLogoutBeforeDisconnectFromTimeout']
  }),
  testReqId: optional({
    type: fixText,
    meaning:
      'TestReqID(112) of every TestRequest; without it each has one of its own, so that answers cannot be mixed up.',
    quickfix: []
  })
}

/** Numbers: when they begin anew and how both sides agree on them. */
export const sequenceOptions = {
  resetOnLogon: defaulted(false, {
    type: flag,
    meaning: 'Begin with number 1 at each logon.',
    quickfix: ['ResetOnLogon']
  }),
  resetOnLogout: defaulted(false, {
    type: flag,
    meaning: 'Set both numbers to 1 after a Logout handshake.',
    quickfix: ['ResetOnLogout']
  }),
  resetOnDisconnect: defaulted(false, {
    type: flag,
    meaning: 'Set both numbers to 1 after every connection, however it ended.',
    quickfix: ['ResetOnDisconnect']
  }),
  refreshOnLogon: defaulted(false, {
    type: flag,
    meaning: 'Read the numbers from the journal again at each logon, for a standby that takes over.',
    quickfix: ['RefreshOnLogon']
  }),
  sendNextExpectedMsgSeqNum: defaulted(false, {
    type: flag,
    meaning: "Close gaps by NextExpectedMsgSeqNum(789) of the Logon: send ours, obey the counterparty's.",
    quickfix: ['SendNextExpectedMsgSeqNum', 'EnableNextExpectedMsgSeqNum']
  }),
  enableLastMsgSeqNumProcessed: defaulted(false, {
    type: flag,
    meaning: 'Send LastMsgSeqNumProcessed(369) in every header.',
    quickfix: ['EnableLastMsgSeqNumProcessed']
  }),
  validateSequenceNumbers: defaulted(true, {
    type: flag,
    meaning: 'Hold MsgSeqNum(34) of what comes in against the number expected.',
    quickfix: ['ValidateSequenceNumbers']
  }),
  persistMessages: defaulted(true, {
    type: flag,
    meaning: 'Keep sent messages for resends; without them every ResendRequest is answered by a GapFill.',
    quickfix: ['PersistMessages']
  })
}

/** How gaps are asked for. */
export const resendOptions = {
  sendRedundantResendRequests: defaulted(false, {
    type: flag,
    meaning: 'Ask again for a gap whose ResendRequest is still unanswered when a later message arrives.',
    quickfix: ['SendRedundantResendRequests']
  }),
  closedResendInterval: defaulted(false, {
    type: flag,
    meaning: "Ask with the gap's last number as EndSeqNo(16), not with infinity.",
    quickfix: ['ClosedResendInterval']
  }),
  newMessagesDuringResend: defaulted('between', {
    type: () => choice('between', 'after'),
    meaning:
      'When new messages go out while a ResendRequest is answered: "between" its pages of 256 messages, so that they wait for milliseconds; ' +
      'or "after" it, for counterparties that cannot do with messages above the gap. What NextExpectedMsgSeqNum(789) in a Logon asks for is sent before them in any case.',
    quickfix: []
  }),
  resendRequestChunkSize: defaulted(0, {
    type: () => wholeNumber(0),
    meaning: 'Most messages asked for at once; 0: all in one ResendRequest.',
    quickfix: ['ResendRequestChunkSize', 'MaxMessagesInResendRequest']
  }),
  recovery: defaulted('resend', {
    type: () => choice('resend', 'none'),
    meaning:
      'What becomes of missing messages: they are asked for, and sent again to who asks; or "none", for venues without resend: both numbers are 1 at every logon, nothing is asked for or sent again, and the reconcile event says when open orders must be reconciled.',
    quickfix: []
  }),
  cmeEnhancedResend: defaulted(false, {
    type: flag,
    meaning:
      "CME Globex's recovery: every ResendRequest has an end, a GapFill counts no further than it was asked for, and a Logout that refuses our Logon with NextExpectedMsgSeqNum(789) sets our next number.",
    quickfix: ['CmeEnhancedResend', 'CmeMode']
  }),
  forceResendWhenCorruptedStore: defaulted(false, {
    type: flag,
    meaning:
      'Gap-fill a message that the journal has damaged and resend the others, with an error event (STORED_MESSAGE_CORRUPT) for each; otherwise the session stops (JOURNAL_CORRUPT), for what is gap-filled the counterparty never gets.',
    quickfix: ['ForceResendWhenCorruptedStore']
  })
}

/** What is demanded of every message that comes in, and the form of what goes out. */
export const checkOptions = {
  checkCompId: defaulted(true, {
    type: flag,
    meaning: 'Refuse messages whose SenderCompID(49) or TargetCompID(56) is not the one of the session.',
    quickfix: ['CheckCompID']
  }),
  checkLatency: defaulted(true, {
    type: flag,
    meaning: 'Refuse messages whose SendingTime(52) is further than maxLatency from our clock.',
    quickfix: ['CheckLatency']
  }),
  maxLatency: defaulted(120, {
    type: seconds,
    meaning: 'Greatest distance of SendingTime(52) from our clock, either way, seconds.',
    quickfix: ['MaxLatency']
  }),
  requiresOrigSendingTime: defaulted(true, {
    type: flag,
    meaning: 'Reject PossDupFlag(43)=Y without OrigSendingTime(122).',
    quickfix: ['RequiresOrigSendingTime']
  }),
  allowPosDup: defaulted(false, {
    type: flag,
    meaning: 'Send PossDupFlag(43) and OrigSendingTime(122) where the application set them.',
    quickfix: ['AllowPosDup']
  }),
  timestampPrecision: optional({
    type: () => wholeNumber(0, 9),
    meaning:
      'Digits after the second in SendingTime(52) and OrigSendingTime(122); unset: 0 in FIX 4.0 and 4.1, else 3.',
    quickfix: ['TimestampPrecision', 'TimeStampPrecision', 'MillisecondsInTimeStamp']
  })
}
