import type { Dialect } from './dialect.js'
import type { InboundRate } from './inbound-limit.js'
import type { OutboundRates } from './outbound-limit.js'

/**
 * What the core must be told of a session's configuration: a plain subset of the parsed config, by the same names.
 * Durations are seconds, as the config has them.
 */
export interface CoreSettings {
  readonly role: 'initiator' | 'acceptor'
  readonly beginString: string
  readonly senderCompId: string
  readonly targetCompId: string
  readonly senderSubId?: string | undefined
  readonly senderLocationId?: string | undefined
  readonly targetSubId?: string | undefined
  readonly targetLocationId?: string | undefined
  /** DefaultApplVerID(1137) as the enum value; FIXT.1.1 only. An acceptor without one speaks the counterparty's. */
  readonly defaultApplVerId?: string | undefined

  /** Username(553) and Password(554) of our Logon. */
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Further fields of our Logon; none that the session sets itself, none twice. */
  readonly logonFields?: readonly (readonly [tag: number, value: string])[] | undefined

  readonly heartBtInt: number
  readonly logonTimeout: number
  readonly logoutTimeout: number
  readonly testRequestDelayMultiplier: number
  readonly heartBeatTimeoutMultiplier: number
  readonly disableHeartBeatCheck: boolean
  /** Acceptors only: how long a link has for a sign of life when the counterparty comes by another one. Default: 3. */
  readonly probeTimeout?: number | undefined
  /** A Logout(5) goes out before a silent connection is closed. Default: none, the link is cut. */
  readonly sendLogoutBeforeDisconnectFromTimeout?: boolean | undefined
  readonly testReqId?: string | undefined

  readonly resetOnLogon: boolean
  readonly resetOnLogout: boolean
  readonly resetOnDisconnect: boolean
  /** The numbers are read from the journal again at each logon. */
  readonly refreshOnLogon?: boolean | undefined
  readonly sendNextExpectedMsgSeqNum: boolean
  readonly enableLastMsgSeqNumProcessed: boolean
  readonly validateSequenceNumbers: boolean
  readonly persistMessages: boolean

  readonly checkCompId: boolean
  readonly checkLatency: boolean
  readonly maxLatency: number
  readonly requiresOrigSendingTime: boolean
  readonly rejectGarbledMessage: boolean

  readonly sendRedundantResendRequests: boolean
  readonly closedResendInterval: boolean
  readonly resendRequestChunkSize: number
  /** When new messages go out while a ResendRequest(2) is answered: between its pages, or after it. Default: between. */
  readonly newMessagesDuringResend?: 'between' | 'after' | undefined
  /** What is missing is asked for and sent again, or not. Default: resend. */
  readonly recovery?: 'resend' | 'none' | undefined
  /** Resends and refused Logons by CME Globex's rules. Default: by the standard's. */
  readonly cmeEnhancedResend?: boolean | undefined

  /** Messages held while a gap is open. */
  readonly maxHeldMessages: number
  /** Bytes that may wait for a resend to finish. */
  readonly maxOutboundBuffer: number
  /** What becomes of a message that is sent while nobody is logged on. Default: it is refused. */
  readonly sendWhileLoggedOff?: 'refuse' | 'queue' | undefined
  /** How fast we send, and how fast we let the counterparty send. Default: as fast as it goes. */
  readonly outboundLimit?: OutboundRates | undefined
  readonly inboundLimit?: InboundRate | undefined
  /** Messages that may wait for a logon or for their turn. Default: 1000. */
  readonly maxQueued?: number | undefined
  /** Age at which what waits is dropped, and what was sent is not sent again; 0: at once. Default: age does not matter. */
  readonly maxMessageAge?: number | undefined
  /** The same for some MsgTypes(35). */
  readonly maxMessageAges?: Readonly<Record<string, number>> | undefined
  /** Messages that the application may have without acknowledging them. Default: 1000. */
  readonly maxUnacknowledged?: number | undefined
  readonly onListenerError: 'continue' | 'reject' | 'disconnect'
  /** Initiators only. */
  readonly reconnectInterval?: number | readonly number[] | undefined
  readonly hostSelectionPolicy?: 'roundRobin' | 'priority' | undefined
  readonly dialect: Dialect
}
