import { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { SessionState } from '../fix/session-state.js'
import { Tag } from '../fix/tag.js'
import { logout } from './admin.js'
import type { CoreContext } from './context.js'
import { tooLow } from './verify.js'

/** The Logon(A) handshake of both roles (FIX session layer, "Logon"), and its use in session to reset the numbers. */

/** An initiator's link is there: reset if configured, make the Logon, have it signed where someone signs. */
export function beginLogon(core: CoreContext): void {
  if (core.settings.resetOnLogon) core.reset()
  const fresh = core.nextNumIn === 1 && core.nextNumOut === 1
  const logon = logonMessage(core, core.settings.resetOnLogon && fresh)
  core.sentReset = logon.has(Tag.ResetSeqNumFlag)
  if (core.parts.asksSignature) {
    const { nextNumOut: msgSeqNum } = core
    core.pendingLogon = logon
    core.effects.push({ kind: 'signLogon', logon, msgSeqNum, sendingTime: core.now.wall })
  } else {
    sendLogon(core, logon, core.now.wall)
  }
}

/** Sends an initiator's Logon and waits for the acceptor's. */
export function sendLogon(core: CoreContext, logon: FixMessage, sendingTime: number): void {
  core.pendingLogon = undefined
  core.markConnected()
  core.transmit(logon, sendingTime)
  const deadline = core.phaseDeadline
  core.enter('logonSent')
  core.phaseDeadline = deadline
  core.effects.push({ kind: 'reportCommit' })
}

/** Both numbers restart at 1 while logged on: Logon with ResetSeqNumFlag(141)=Y and MsgSeqNum(34)=1. */
export function sendResetLogon(core: CoreContext): void {
  const expected = core.nextNumIn
  core.reset()
  core.resetPending = expected
  core.sentReset = true
  core.transmit(logonMessage(core, true))
}

function logonMessage(core: CoreContext, resets: boolean, answerTo?: FixMessage): FixMessage {
  const logon = new FixMessage(MsgType.Logon)
  logon.set(Tag.EncryptMethod, answerTo?.get(Tag.EncryptMethod) ?? '0')
  logon.set(Tag.HeartBtInt, core.heartBtInt)
  if (resets && core.version.hasResetSeqNumFlag) logon.set(Tag.ResetSeqNumFlag, true)
  if (core.settings.sendNextExpectedMsgSeqNum) logon.set(Tag.NextExpectedMsgSeqNum, core.nextNumIn)
  if (core.version.isTransport && core.settings.defaultApplVerId !== undefined) {
    logon.set(Tag.DefaultApplVerID, core.settings.defaultApplVerId)
  }
  return logon
}

/** An acceptor lets the counterparty in: answers its Logon, then sees whether anything is missing. */
export function acceptLogon(core: CoreContext, logon: FixMessage): void {
  const resets = logon.get(Tag.ResetSeqNumFlag) === 'Y'
  if (resets || core.settings.resetOnLogon) core.reset()
  core.markConnected()
  core.heartBtInt = Number(logon.get(Tag.HeartBtInt))
  if (!numbersFit(core, logon)) return
  core.pass(SessionState.LogonResponse)
  if (logon.msgSeqNum === core.nextNumIn) core.consume(logon)
  core.transmit(logonMessage(core, resets, logon))
  openSession(core, logon)
}

/** An initiator got the acceptor's Logon. */
export function completeLogon(core: CoreContext, logon: FixMessage): void {
  const resets = logon.get(Tag.ResetSeqNumFlag) === 'Y'
  const unasked = resets && !core.sentReset
  if (unasked) {
    core.log('warn', 'The acceptor reset the sequence numbers although we did not ask for it.')
    core.reset()
    core.sentReset = true
    core.markConnected()
  }
  if (!numbersFit(core, logon)) return
  const heartBtInt = Number(logon.get(Tag.HeartBtInt))
  if (heartBtInt !== core.heartBtInt) {
    core.log('warn', `HeartBtInt(108): ${core.heartBtInt} was offered, the acceptor wants ${heartBtInt}.`)
    core.heartBtInt = heartBtInt
  }
  if (logon.msgSeqNum === core.nextNumIn) core.consume(logon)
  // Our first Logon was numbered before the reset: say it again, so that both sides count from 1.
  if (unasked) core.transmit(logonMessage(core, true))
  openSession(core, logon)
}

/** A Logon(A) while logged on: only a reset of the numbers, or the answer to ours, makes sense. */
export function logonInSession(core: CoreContext, logon: FixMessage): void {
  if (logon.get(Tag.ResetSeqNumFlag) !== 'Y') {
    core.log('warn', 'A Logon(A) without ResetSeqNumFlag(141) came while logged on: it only counts.')
    if (logon.msgSeqNum === core.nextNumIn) core.consume(logon)
    return
  }
  const answersOurs = core.resetPending !== undefined
  core.resetPending = undefined
  if (!answersOurs) {
    core.log('info', 'The counterparty resets the sequence numbers.')
    core.reset()
    core.markConnected()
  }
  const msgSeqNum = logon.msgSeqNum ?? 0
  if (msgSeqNum === core.nextNumIn) core.consume(logon)
  if (!answersOurs) core.transmit(logonMessage(core, true, logon))
  if (msgSeqNum > core.nextNumIn) core.gap.tooHigh(core, logon, msgSeqNum)
  core.show()
}

/** MsgSeqNum(34) and NextExpectedMsgSeqNum(789) of a Logon against ours; what does not fit ends the connection. */
function numbersFit(core: CoreContext, logon: FixMessage): boolean {
  const msgSeqNum = logon.msgSeqNum ?? 0
  const claimed = nextExpected(core, logon)
  if (claimed !== undefined && claimed > core.nextNumOut) {
    const text =
      'Tag 789 (NextExpectedMsgSeqNum) is higher than expected. ' + `Expected ${core.nextNumOut}, Received ${claimed}`
    core.transmit(logout(text))
    core.close('NEXT_EXPECTED_TOO_HIGH', text, false)
    return false
  }
  if (msgSeqNum < core.nextNumIn) {
    if (logon.get(Tag.PossDupFlag) === 'Y') core.close('LOGON_INVALID', 'The Logon is a possible duplicate.', false)
    else tooLow(core, logon, msgSeqNum)
    return false
  }
  return true
}

function nextExpected(core: CoreContext, logon: FixMessage): number | undefined {
  if (!core.settings.sendNextExpectedMsgSeqNum) return undefined
  const text = logon.get(Tag.NextExpectedMsgSeqNum)
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function openSession(core: CoreContext, logon: FixMessage): void {
  const msgSeqNum = logon.msgSeqNum ?? 0
  const claimed = nextExpected(core, logon)
  core.wasHealthy = true
  core.redial.succeeded()
  core.pulse.start(core.now.mono)
  core.enter('loggedOn')
  if (msgSeqNum > core.nextNumIn) {
    // With NextExpectedMsgSeqNum(789) on both Logons the counterparty knows what we lack, and sends it unasked.
    if (claimed !== undefined) core.gap.await(core, logon, msgSeqNum)
    else core.gap.tooHigh(core, logon, msgSeqNum)
  }
  core.effects.push({ kind: 'logon', message: logon, healthy: !core.gap.open })
  const last = core.nextNumOut - 1
  if (claimed !== undefined && claimed < last) core.replay.start(core, claimed, last)
}
