import type { ClockFinding } from '../core/clock-watch.js'
import type { DisconnectReason } from '../core/effect.js'
import type { Reconciliation } from '../core/without-resend.js'
import type { DriftKind } from '../dictionary/validation/drift.js'
import type { FixMessage } from '../fix/message.js'
import type { SessionState } from '../fix/session-state.js'

export type { ClockFinding } from '../core/clock-watch.js'
export type { DisconnectReason } from '../core/effect.js'
export type { Reconciliation } from '../core/without-resend.js'

/**
 * The events of a `FixSession`. A listener that throws, or whose promise rejects, does not keep others from running: both
 * become an `error` event, and for `message` the outcome that `onListenerError` names.
 *
 * `Message` is what application messages are taken for: `FixMessage`, or a version's union of typed messages.
 */
export interface SessionEvents<Message extends FixMessage = FixMessage> {
  /** A link to the counterparty is there; nobody has logged on yet. */
  connect: () => void
  /** Logons have been exchanged. `healthy`: no gap is open, nothing is being recovered. */
  logon: (logon: FixMessage, healthy: boolean) => void
  /** An application message: in the order of MsgSeqNum(34), each number once; PossDupFlag(43) marks what may be known already. */
  message: (message: Message) => void
  /** A Reject(3) or BusinessMessageReject(j) came; the latter is an application message and a `message` event too. */
  reject: (reject: FixMessage) => void
  /** A Logout(5) came. */
  logout: (logout: FixMessage) => void
  /** The link is gone, or could not be made, and why. */
  disconnect: (reason: DisconnectReason) => void
  /** Another state of the standard's session state matrix; those that are passed through are told too. */
  stateChange: (state: SessionState, previous: SessionState) => void
  /** A message of `send` got its MsgSeqNum(34); where it waited for a logon or for its turn, this is the copy that was made of it then. */
  sent: (message: FixMessage, msgSeqNum: number) => void
  /**
   * A message will never be sent: one that waited, as it was when it was given to `send` (`STALE`, `STOPPED`, `NOT_LOGGED_ON`), or one that
   * got its number (`sent`) in a turn that the journal did not save, as it would have stood on the wire (`JOURNAL_FAILED`).
   */
  dropped: (message: FixMessage, reason: DisconnectReason) => void
  /** After `writableNeedDrain` was true: there is room to send again; or there is no link any more, and nothing waits for it. */
  drain: () => void
  /**
   * Open orders must be reconciled with the counterparty by other means than the session's: with `recovery: 'none'` at each logon, and
   * whenever messages of either side are lost for good; and when a loss of power has taken messages out of the journal that the
   * counterparty has.
   */
  reconcile: (reconciliation: Reconciliation) => void
  /**
   * Clocks on the wall go apart: SendingTime(52) is further from ours than half of `maxLatency`, or our own clock jumped. A warning, at
   * most once an hour of each kind; the session goes on.
   */
  clock: (finding: ClockFinding) => void
  /** With `allowDrift`: a kind of drift from the dictionary that was not met before, once in the life of this object. */
  drift: (kind: DriftKind) => void
  /** Something went wrong that the application has to know of: a listener, the journal, a limit. Logged when nobody listens. */
  error: (error: Error) => void
}
