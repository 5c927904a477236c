import type { Garbled } from '../fix/garbled.js'
import type { FixMessage } from '../fix/message.js'
import type { SessionState } from '../fix/session-state.js'
import type { CoreContext } from './context.js'

export type PhaseName =
  | 'unknown'
  | 'disconnected'
  | 'connecting'
  | 'awaitingConnection'
  | 'signingLogon'
  | 'logonSent'
  | 'awaitingLogon'
  | 'authenticating'
  | 'confirmingLogon'
  | 'loggedOn'
  | 'logoutSent'
  | 'closing'

/**
 * How far the session has come. A phase answers the inputs that mean something different in each of them; what is the
 * same in all (sending, resending, counting) is not here. Phases hold no data of their own: it is all in the core.
 */
export interface Phase {
  readonly name: PhaseName
  /** What `SessionState` shows when no concern (gap, resend, TestRequest) takes precedence. */
  readonly state: SessionState
  /** A connection exists. */
  readonly connected: boolean
  /** Application messages may be sent. */
  readonly maySend: boolean
  message(core: CoreContext, message: FixMessage): void
  garbled(core: CoreContext, garbled: Garbled): void
  /** The phase's own deadline (`core.phaseDeadline`) has passed. */
  timedOut(core: CoreContext): void
  logout(core: CoreContext, text: string | undefined): void
}

/** The answers of a phase without a connection: nothing comes in, and there is nobody to log out from. */
export const unconnected = {
  connected: false,
  maySend: false,
  message(): void {},
  garbled(): void {},
  timedOut(): void {},
  logout(): void {}
} as const
