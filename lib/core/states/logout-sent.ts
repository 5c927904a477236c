import { SessionState } from '../../fix/session-state.js'
import { garbledMessage, receive } from '../inbound.js'
import type { Phase } from '../phase.js'

/**
 * Our Logout(5) is out and the counterparty's is awaited. What was under way is still received, and a ResendRequest is
 * still answered (FIX session layer, "Logout"); nothing new is sent.
 */
export const logoutSent: Phase = {
  name: 'logoutSent',
  state: SessionState.InitiateLogout,
  connected: true,
  maySend: false,
  message: receive,
  garbled: garbledMessage,
  timedOut(core) {
    core.afterwards = SessionState.DisconnectedWConnToday
    core.close('LOGOUT_TIMEOUT', `The Logout was not answered within ${core.settings.logoutTimeout} seconds.`, false)
  },
  logout() {}
}
