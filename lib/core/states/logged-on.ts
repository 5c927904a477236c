import { SessionState } from '../../fix/session-state.js'
import { garbledMessage, receive } from '../inbound.js'
import type { Phase } from '../phase.js'

/** Logons have been exchanged: messages flow both ways. */
export const loggedOn: Phase = {
  name: 'loggedOn',
  state: SessionState.Active,
  connected: true,
  maySend: true,
  message: receive,
  garbled: garbledMessage,
  timedOut() {},
  logout(core, text) {
    core.logOut(text)
  }
}
