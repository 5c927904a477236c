import type { FixMessage } from '../fix/message.js'
import type { SessionState } from '../fix/session-state.js'
import type { ClockFinding } from './clock-watch.js'
import type { Reconciliation } from './without-resend.js'

/**
 * Why a connection ended, as data: `code` is stable, `text` is for people. The transport has codes of its own for links that
 * break or cannot be made; the session's are
 *
 * - in the ordinary way: `LOGGED_OUT`, `PEER_LOGOUT`, `LOGOUT_TIMEOUT`, `LOCAL_DISCONNECT`, `REPLACED`, `NOT_WANTED`,
 *   `SESSION_TIME_OVER`, `OUTSIDE_SESSION_TIME`;
 * - no logon: `LOGON_TIMEOUT`, `LOGON_INVALID`, `LOGON_REFUSED`, `LOGON_REJECTED`, `LOGON_NOT_SIGNED`, `NOT_AUTHENTICATED`,
 *   `FIRST_NOT_LOGON`, `UNEXPECTED_MESSAGE`, `NEXT_EXPECTED_TOO_HIGH`;
 * - what came could not be followed: `GARBLED`, `MSG_SEQ_NUM_TOO_LOW`, `MSG_SEQ_NUM_MISSING`, `BEGIN_STRING_PROBLEM`,
 *   `COMP_ID_PROBLEM`, `SENDING_TIME_PROBLEM`, `INBOUND_LIMIT`;
 * - nothing came: `HEARTBEAT_TIMEOUT`, `RESET_TIMEOUT`, `RESEND_UNANSWERED`;
 * - it would not have ended by itself: `RESEND_LOOP`, `RESET_LOOP`;
 * - on this side: `LISTENER_FAILED`, `JOURNAL_FAILED`.
 */
export interface DisconnectReason {
  readonly code: string
  readonly text: string
}

/** How much an operator needs to know of it. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/**
 * What the core wants done, in this order. The shell carries effects out one after the other; whatever touches the
 * network waits until everything before it has been committed (DESIGN, law 1).
 */
export type Effect =
  /** Save an outgoing message and put it on the wire. */
  | { readonly kind: 'send'; readonly msgSeqNum: number; readonly bytes: Uint8Array; readonly message: FixMessage }
  /** Save an outgoing message whose turn on the wire comes later (a resend is going on). */
  | { readonly kind: 'store'; readonly msgSeqNum: number; readonly bytes: Uint8Array; readonly message: FixMessage }
  /** Put a message on the wire that was stored before, when it had to wait. */
  | { readonly kind: 'write'; readonly bytes: Uint8Array; readonly message: FixMessage }
  /** Put an old number on the wire again: a resent message, or a GapFill in its place. Nothing to save. */
  | { readonly kind: 'resend'; readonly msgSeqNum: number; readonly bytes: Uint8Array; readonly message: FixMessage }
  /** Save an incoming message that has used up its number. */
  | { readonly kind: 'received'; readonly msgSeqNum: number; readonly message: FixMessage }
  /** The numbers have changed without a message that is saved with them: save them. */
  | { readonly kind: 'numbers' }
  /** The counterparty takes our numbers as they are: nothing that the journal may have lost matters any more. */
  | { readonly kind: 'settled' }
  /** Both numbers are 1 again: forget the messages of before. */
  | { readonly kind: 'reset' }
  /** The session's link now has traffic: remember when. */
  | { readonly kind: 'connectedToday' }
  /** Give an application message to the listeners, then answer `delivered`. */
  | { readonly kind: 'deliver'; readonly message: FixMessage }
  /** Let the turn of the event loop end, then answer `rested`. */
  | { readonly kind: 'rest' }
  /** Dial the endpoint of this index, then answer `connected` or `dialFailed`. */
  | { readonly kind: 'dial'; readonly endpoint: number }
  | { readonly kind: 'abortDial' }
  /** End the connection after what was sent is out, or at once; then answer `disconnected`. */
  | { readonly kind: 'close'; readonly abrupt: boolean; readonly reason: DisconnectReason }
  /** Ask whether this Logon may in, then answer `authenticated`. */
  | { readonly kind: 'authenticate'; readonly logon: FixMessage }
  /** Ask for fields to add to this Logon, then answer `logonSigned`. */
  | {
      readonly kind: 'signLogon'
      readonly logon: FixMessage
      readonly msgSeqNum: number
      readonly sendingTime: number
    }
  /** Read both numbers from the journal again, then answer `numbersRead`. */
  | { readonly kind: 'readNumbers' }
  /** Read stored outgoing messages, then answer `journalRead`. */
  | { readonly kind: 'readJournal'; readonly from: number; readonly to: number }
  /** Ask the predicate about each of these, then answer `replayDecided`. */
  | { readonly kind: 'decideReplay'; readonly messages: readonly FixMessage[] }
  /** In answer to `probe`: the counterparty is, or is not, at the other end of the link. */
  | { readonly kind: 'probed'; readonly alive: boolean }
  /** Everything before this is to be committed; then answer `committed`. */
  | { readonly kind: 'reportCommit' }
  /** A reset in session was answered; or why it will not be. */
  | { readonly kind: 'resetEnded'; readonly failure: DisconnectReason | undefined }
  | { readonly kind: 'stateChange'; readonly state: SessionState; readonly previous: SessionState }
  | { readonly kind: 'connect' }
  | { readonly kind: 'logon'; readonly message: FixMessage; readonly healthy: boolean }
  | { readonly kind: 'reject'; readonly message: FixMessage }
  /** A message that waited got its number. */
  | { readonly kind: 'sent'; readonly message: FixMessage; readonly msgSeqNum: number }
  /** A message that waited will never be sent. */
  | { readonly kind: 'dropped'; readonly message: FixMessage; readonly reason: DisconnectReason }
  | { readonly kind: 'logout'; readonly message: FixMessage }
  | { readonly kind: 'disconnect'; readonly reason: DisconnectReason }
  /** What this side knows of its orders may be wrong, and no resend will mend it. */
  | { readonly kind: 'reconcile'; readonly reconciliation: Reconciliation }
  /** A clock on the wall is odd, and the session goes on. */
  | { readonly kind: 'clock'; readonly finding: ClockFinding }
  /**
   * A fault the application has to know of: `HELD_MESSAGES_FULL`, `MESSAGES_DISCARDED`, `LOGON_LOOP`, after which the session
   * goes on, and `RESEND_UNANSWERED`, `RESEND_LOOP`, `RESET_LOOP`, with which the connection ends.
   */
  | { readonly kind: 'fault'; readonly code: string; readonly text: string }
  /**
   * A line for the log. `often`: a code for what a counterparty can make happen as often as it likes; lines with the same are
   * thinned out.
   */
  | {
      readonly kind: 'log'
      readonly level: LogLevel
      readonly text: string
      readonly fields: object | undefined
      readonly often: string | undefined
    }
