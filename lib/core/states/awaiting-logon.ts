import { MsgType } from '../../fix/msg-type.js'
import { SessionState } from '../../fix/session-state.js'
import { logout } from '../admin.js'
import type { CoreContext } from '../context.js'
import { admit, awaitAnswer } from '../logon.js'
import { logonFault } from '../logon-fault.js'
import type { Phase } from '../phase.js'
import { timeForLogon } from '../session-time.js'

/**
 * An acceptor has a link and waits for the counterparty's Logon(A). Whoever does not begin with an acceptable one gets
 * no answer at all: a stranger learns nothing (DESIGN, law 7), and the log says why.
 */
export const awaitingLogon: Phase = {
  name: 'awaitingLogon',
  state: SessionState.NetworkConnEstablished,
  connected: true,
  maySend: false,
  message(core, message) {
    if (message.msgType !== MsgType.Logon) {
      core.close('FIRST_NOT_LOGON', `Expected a Logon(A) first, got MsgType(35)=${message.msgType}.`, false)
      return
    }
    const fault = logonFault(core, message)
    if (fault !== undefined) {
      if (fault.aloud !== undefined && core.dialect.refusesLogonAloud) refuse(core, fault.aloud)
      core.close('LOGON_INVALID', `The Logon is not acceptable: ${fault.why}.`, false)
      return
    }
    if (!timeForLogon(core)) return
    core.pass(SessionState.LogonInitialRecv)
    if (!core.parts.asksAuthentication) {
      admit(core, message)
      return
    }
    core.pendingLogon = message
    awaitAnswer(core)
    core.effects.push({ kind: 'authenticate', logon: message })
  },
  garbled(core, garbled) {
    core.close('GARBLED', `Expected a Logon(A) first, got garbled bytes: ${garbled.text}`, false)
  },
  timedOut(core) {
    core.close('LOGON_TIMEOUT', `No Logon came within ${core.settings.logonTimeout} seconds.`, false)
  },
  logout(core) {
    core.close('LOCAL_DISCONNECT', 'Logged out by this side before the logon.', false)
  }
}

/** Says why a Logon is refused, where a configured identity is enough to be talked to. That takes a number of ours. */
function refuse(core: CoreContext, text: string): void {
  if (core.parts.asksAuthentication) return
  core.numbersUsed = true
  core.transmit(logout(text))
}
