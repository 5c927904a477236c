import { SessionState } from '../../fix/session-state.js'
import type { Phase } from '../phase.js'

/**
 * An acceptor has asked `authenticate` about a Logon(A), or the journal for the numbers (`refreshOnLogon`); what comes
 * meanwhile is held back by the shell.
 */
export const authenticating: Phase = {
  name: 'authenticating',
  state: SessionState.LogonInitialRecv,
  connected: true,
  maySend: false,
  message(core, message) {
    core.close('UNEXPECTED_MESSAGE', `MsgType(35)=${message.msgType} came before the Logon was answered.`, false)
  },
  garbled() {},
  timedOut(core) {
    const silent = core.awaitsNumbers ? 'the journal' : 'authenticate'
    core.close('LOGON_TIMEOUT', `${silent} gave no answer within ${core.settings.logonTimeout} seconds.`, false)
  },
  logout(core) {
    core.close('LOCAL_DISCONNECT', 'Logged out by this side before the logon.', false)
  }
}
