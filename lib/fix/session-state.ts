/** The states of the FIX session layer's session state matrix, from the point of view of this side. */
export const SessionState = {
  /** Nothing has happened yet: the session was made, and neither dialled nor listened. */
  Unknown: 'Unknown',
  /** Disconnected, and no connection has been made since the last sequence reset. */
  DisconnectedNoConnToday: 'DisconnectedNoConnToday',
  /** Disconnected, after a connection of today was ended in the ordinary way. */
  DisconnectedWConnToday: 'DisconnectedWConnToday',
  /** Disconnected, because the link broke or the counterparty vanished. */
  DisconnectedBrokenConn: 'DisconnectedBrokenConn',
  /** Acceptor: listening for the counterparty. */
  AwaitingConnection: 'AwaitingConnection',
  /** Initiator: dialling. */
  InitiateConnection: 'InitiateConnection',
  /** The network connection is there; no Logon has been sent or received. */
  NetworkConnEstablished: 'NetworkConnEstablished',
  /** Initiator: its Logon(A) is on its way to the socket. */
  LogonInitialSent: 'LogonInitialSent',
  /** Acceptor: the first Logon(A) has been received and is being judged. */
  LogonInitialRecv: 'LogonInitialRecv',
  /** Acceptor: the Logon(A) has been answered. */
  LogonResponse: 'LogonResponse',
  /** A ResendRequest(2) of the counterparty is being answered. */
  ResendReqHandling: 'ResendReqHandling',
  /** A message came with a MsgSeqNum(34) above the expected one: a gap has been found. */
  RecvSeqNumTooHigh: 'RecvSeqNumTooHigh',
  /** Our ResendRequest(2) is out; the missing messages are awaited. */
  ResendReqAwaiting: 'ResendReqAwaiting',
  /** Nothing has been received for longer than HeartBtInt(108) and its grace: a TestRequest(1) is due. */
  NoMsgInInterval: 'NoMsgInInterval',
  /** Our TestRequest(1) is out; any message of the counterparty ends the wait. */
  AwaitProcTestReq: 'AwaitProcTestReq',
  /** The counterparty has sent a Logout(5). */
  ReceivedLogout: 'ReceivedLogout',
  /** Our Logout(5) is out; the answer is awaited. */
  InitiateLogout: 'InitiateLogout',
  /** Logged on, nothing missing on either side. */
  Active: 'Active',
  /** Initiator: its Logon(A) is saved and with the socket; the acceptor's is awaited (matrix no. 18). */
  WaitingForLogon: 'WaitingForLogon'
} as const

export type SessionState = (typeof SessionState)[keyof typeof SessionState]
