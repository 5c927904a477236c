import type { DisconnectReason } from '../core/effect.js'
import type { Delivery } from '../core/session-core.js'
import type { FixJournalError } from '../errors.js'
import type { FixMessage } from '../fix/message.js'
import type { SessionEvents } from './events.js'
import type { Emit } from './listeners.js'

/** Where the runtime's events go. */
export interface RuntimeEvents {
  /** Calls the listeners; false when there are none. */
  readonly emit: Emit<SessionEvents>
  /** Gives an application message to its listeners. */
  deliver(message: FixMessage): Delivery
  /** An error for the application, logged when nobody listens. */
  report(error: Error): void
  /** Logons have been exchanged. */
  loggedOn(): void
  /** The journal failed; the session has stopped. */
  journalFailed(error: FixJournalError): void
  /** A reset in session was answered, or why it will not be. */
  resetEnded(failure: DisconnectReason | undefined): void
  /** There is no link any more. */
  linkGone(): void
  /** The counterparty is, or is not, at the other end of the link. */
  probed(alive: boolean): void
}
