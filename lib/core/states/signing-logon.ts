import { SessionState } from '../../fix/session-state.js'
import type { Phase } from '../phase.js'

/** An initiator has a link, and its Logon(A) is being made: `signLogon`, or the journal (`refreshOnLogon`), may take its time. */
export const signingLogon: Phase = {
  name: 'signingLogon',
  state: SessionState.NetworkConnEstablished,
  connected: true,
  maySend: false,
  message(core, message) {
    // FIX session layer, "Logon": the initiator speaks first.
    core.close('UNEXPECTED_MESSAGE', `MsgType(35)=${message.msgType} came before our Logon was sent.`, false)
  },
  garbled() {},
  timedOut(core) {
    const silent = core.awaitsNumbers ? 'the journal' : 'signLogon'
    core.close('LOGON_TIMEOUT', `${silent} gave no answer within ${core.settings.logonTimeout} seconds.`, false)
  },
  logout(core) {
    core.close('LOCAL_DISCONNECT', 'Logged out by this side before the logon.', false)
  }
}
