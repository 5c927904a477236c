import { SessionState } from '../../fix/session-state.js'
import { type Phase, unconnected } from '../phase.js'

/** An acceptor listens; the counterparty has not come. */
export const awaitingConnection: Phase = {
  ...unconnected,
  name: 'awaitingConnection',
  state: SessionState.AwaitingConnection
}
