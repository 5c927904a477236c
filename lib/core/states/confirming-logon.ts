import { MsgType } from '../../fix/msg-type.js'
import { SessionState } from '../../fix/session-state.js'
import { Tag } from '../../fix/tag.js'
import { openAfterAll } from '../logon.js'
import { heedRefusal } from '../lost-tail.js'
import type { Phase } from '../phase.js'

/**
 * An acceptor whose journal may have lost its end has answered the Logon(A), perhaps with a number that the counterparty has seen before.
 * A TestRequest(1) has gone out with the answer (FIX session layer, "Logon", has one there before anything else is sent), or a
 * ResendRequest(2): any message but a Logout(5) that refuses the number shows that it was taken.
 */
export const confirmingLogon: Phase = {
  name: 'confirmingLogon',
  state: SessionState.LogonResponse,
  connected: true,
  maySend: false,
  message(core, message) {
    if (message.msgType === MsgType.Logout) {
      const advice = heedRefusal(core, message)
      if (advice !== '') {
        if (message.msgSeqNum === core.nextNumIn) core.consume(message)
        core.effects.push({ kind: 'logout', message })
        core.close('LOGON_REFUSED', `The counterparty refused our Logon: ${message.get(Tag.Text)}.${advice}`, false)
        return
      }
    }
    openAfterAll(core)
    core.phase.message(core, message)
  },
  garbled() {},
  /** Who is silent has refused nothing. */
  timedOut: openAfterAll,
  logout(core, text) {
    core.logOut(text)
  }
}
