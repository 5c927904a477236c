import type { FixMessage } from '../../fix/message.js'
import { MsgType } from '../../fix/msg-type.js'
import { SessionState } from '../../fix/session-state.js'
import { Tag } from '../../fix/tag.js'
import { logout } from '../admin.js'
import type { CoreContext } from '../context.js'
import { numberOf } from '../fields.js'
import { completeLogon } from '../logon.js'
import { logonFault } from '../logon-fault.js'
import { heedRefusal } from '../lost-tail.js'
import type { Phase } from '../phase.js'

/** An initiator has sent its Logon(A) and waits for the acceptor's. */
export const logonSent: Phase = {
  name: 'logonSent',
  state: SessionState.LogonInitialSent,
  connected: true,
  maySend: false,
  message(core, message) {
    switch (message.msgType) {
      case MsgType.Logon: {
        const fault = logonFault(core, message)
        if (fault === undefined) {
          completeLogon(core, message)
          return
        }
        core.transmit(logout(fault.aloud ?? fault.why))
        core.close('LOGON_INVALID', `The acceptor's Logon is not acceptable: ${fault.why}.`, false)
        return
      }
      case MsgType.Logout: {
        // The acceptor refuses: its Text(58) is the one thing that the operator has to see.
        const text = message.get(Tag.Text) ?? 'no Text(58) was given'
        let advice = ''
        if (core.settings.cmeEnhancedResend === true) adoptNumber(core, message)
        else advice = heedRefusal(core, message)
        if (message.msgSeqNum === core.nextNumIn) core.consume(message)
        core.effects.push({ kind: 'logout', message })
        core.close(
          'LOGON_REFUSED',
          `The acceptor refused the Logon: ${text}${advice === '' ? '' : `.${advice}`}`,
          false
        )
        return
      }
      case MsgType.Reject: {
        const text = message.get(Tag.Text) ?? 'no Text(58) was given'
        if (message.msgSeqNum === core.nextNumIn) core.consume(message)
        core.effects.push({ kind: 'reject', message })
        core.close('LOGON_REJECTED', `The acceptor rejected the Logon: ${text}`, false)
        return
      }
      default:
        // FIX session layer, "Logon": the first message of the acceptor has to be a Logon.
        core.close(
          'UNEXPECTED_MESSAGE',
          `Expected a Logon(A) in answer to ours, got MsgType(35)=${message.msgType}.`,
          false
        )
    }
  },
  garbled() {},
  timedOut(core) {
    core.close('LOGON_TIMEOUT', `The Logon was not answered within ${core.settings.logonTimeout} seconds.`, false)
  },
  logout(core, text) {
    core.logOut(text)
  }
}

/** CME Globex tells with which number it would let us in; from 1 on, both sides begin anew (a new week). */
function adoptNumber(core: CoreContext, refusal: FixMessage): void {
  const expected = numberOf(refusal, Tag.NextExpectedMsgSeqNum)
  if (typeof expected !== 'number' || expected === 0 || expected === core.nextNumOut) return
  core.log('warn', `The acceptor expects MsgSeqNum(34)=${expected}: the next Logon has it, not ${core.nextNumOut}.`)
  if (expected === 1) core.reset()
  core.nextNumOut = expected
  core.effects.push({ kind: 'numbers' })
}
