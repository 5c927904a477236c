import { SessionState } from '../../fix/session-state.js'
import { type Phase, unconnected } from '../phase.js'

/** The link is being closed: what still comes is not looked at, and will be sent again by the counterparty. */
export const closing: Phase = {
  ...unconnected,
  name: 'closing',
  state: SessionState.DisconnectedBrokenConn,
  connected: true
}
