import { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { SessionState } from '../fix/session-state.js'
import { Tag } from '../fix/tag.js'
import { logout, testRequest } from './admin.js'
import type { CoreContext } from './context.js'
import { numberOf } from './fields.js'
import { type LostTail, settle } from './lost-tail.js'
import { timeForLogon } from './session-time.js'
import { tooLow, watchSendingTime } from './verify.js'
import { hasNoResend, reconcileAfterLogon, takeNumberOf } from './without-resend.js'

/** The Logon(A) handshake of both roles (FIX session layer, "Logon"), and its use in session to reset the numbers. */

/** The handshake may begin, once the numbers are certain: with `refreshOnLogon` another process may have used the journal. */
export function prepareLogon(core: CoreContext): void {
  if (core.settings.refreshOnLogon === true) askForNumbers(core)
  else beginLogon(core)
}

/** An acceptor's counterparty may in, once the numbers are certain. */
export function admit(core: CoreContext, logon: FixMessage): void {
  if (core.settings.refreshOnLogon !== true) {
    acceptLogon(core, logon)
    return
  }
  core.pendingLogon = logon
  if (core.phase.name !== 'authenticating') awaitAnswer(core)
  askForNumbers(core)
}

/** Waits for an answer about the Logon. The time-out goes on: a slow one is no reason to keep a socket for ever. */
export function awaitAnswer(core: CoreContext): void {
  const deadline = core.phaseDeadline
  core.enter('authenticating')
  core.phaseDeadline = deadline
}

function askForNumbers(core: CoreContext): void {
  core.awaitsNumbers = true
  core.effects.push({ kind: 'readNumbers' })
}

/** An initiator's link is there: reset if configured, make the Logon, have it signed where someone signs. */
export function beginLogon(core: CoreContext): void {
  const { settings } = core
  if (!timeForLogon(core)) return
  const { owed } = core.resetting
  if (settings.resetOnLogon || hasNoResend(core) || core.sessionTime.isOver(core) || owed) core.reset()
  // A side that resets by itself says so when its numbers are fresh, since the other side cannot know of it.
  const resets =
    settings.resetOnLogon || settings.resetOnLogout || settings.resetOnDisconnect || owed || hasNoResend(core)
  const fresh = core.nextNumIn === 1 && core.nextNumOut === 1
  const logon = logonMessage(core, resets && fresh)
  core.resetting.asked = logon.has(Tag.ResetSeqNumFlag)
  if (core.parts.asksSignature) {
    core.pendingLogon = logon
    core.effects.push({ kind: 'signLogon', logon, msgSeqNum: core.nextNumOut, sendingTime: core.now.wall })
  } else {
    sendLogon(core, logon, core.now.wall)
  }
}

/** Sends an initiator's Logon and waits for the acceptor's. */
export function sendLogon(core: CoreContext, logon: FixMessage, sendingTime: number): void {
  core.pendingLogon = undefined
  core.markConnected()
  core.lostTail?.logonSent(core)
  core.transmit(logon, sendingTime)
  const deadline = core.phaseDeadline
  core.enter('logonSent')
  core.phaseDeadline = deadline
  core.effects.push({ kind: 'reportCommit' })
}

/** Both numbers restart at 1 while logged on: Logon with ResetSeqNumFlag(141)=Y and MsgSeqNum(34)=1. */
export function beginReset(core: CoreContext): void {
  const logon = logonMessage(core, true)
  if (logon.has(Tag.NextExpectedMsgSeqNum)) logon.set(Tag.NextExpectedMsgSeqNum, 1, { replace: true })
  if (core.parts.asksSignature) core.resetting.sign(core, logon)
  else sendResetLogon(core, logon, core.now.wall)
}

/** Resets and says so. What was sent while the Logon was being signed has gone out under the old numbers. */
export function sendResetLogon(core: CoreContext, logon: FixMessage, sendingTime: number): void {
  core.resetting.toSign = undefined
  // The number of a message that is with the listeners right now has been used, whatever they make of it.
  const oldNumIn = core.delivering !== undefined && core.deliveryCounts ? core.nextNumIn + 1 : core.nextNumIn
  core.reset()
  core.resetting.await(core, oldNumIn)
  core.transmit(logon, sendingTime)
  core.show()
}

/** An acceptor lets the counterparty in: answers its Logon, then sees whether anything is missing. */
export function acceptLogon(core: CoreContext, logon: FixMessage): void {
  if (!timeForLogon(core)) return
  core.defaultApplVerId = core.settings.defaultApplVerId ?? logon.get(Tag.DefaultApplVerID)
  const resets = isReset(logon)
  if (resets) core.resetting.answered()
  else if (core.resetting.owed) {
    resetAgain(core, logon)
    return
  }
  if (resetsByItself(core, logon)) core.reset()
  core.markConnected()
  adoptHeartBtInt(core, logon)
  if (!numbersFit(core, logon)) return
  core.pass(SessionState.LogonResponse)
  takeNumberOf(core, logon)
  if (core.order(logon.msgSeqNum ?? 0) === 'expected') core.consume(logon)
  core.lostTail?.logonSent(core)
  core.transmit(logonMessage(core, resets && core.dialect.answersResetSeqNumFlag, logon))
  // Who says what it expects, and does not expect more, takes our number.
  if (core.lostTail === undefined || statedNext(logon) !== undefined) openSession(core, logon)
  else awaitConfirmation(core, logon, core.lostTail)
}

/** Waits for a sign that our answer was taken. What is missing is asked for at once: that asks for a sign, too. */
function awaitConfirmation(core: CoreContext, logon: FixMessage, lostTail: LostTail): void {
  lostTail.unconfirmed = logon
  core.become('confirmingLogon', core.settings.logonTimeout)
  const msgSeqNum = logon.msgSeqNum ?? 0
  if (core.order(msgSeqNum) === 'too high') core.gap.tooHigh(core, logon, msgSeqNum)
  else core.transmit(testRequest(core.pulse.nextTestReqId(core)))
  core.show()
}

/** Our answer to this Logon was taken, or at least not refused. */
export function openAfterAll(core: CoreContext): void {
  const logon = core.lostTail?.unconfirmed
  if (logon !== undefined) openSession(core, logon)
}

/**
 * An acceptor's reset of an earlier connection was cut off: it is asked for again by the answer to a Logon whose number
 * nobody can judge, and the initiator says Logon once more.
 */
function resetAgain(core: CoreContext, logon: FixMessage): void {
  adoptHeartBtInt(core, logon)
  core.pass(SessionState.LogonResponse)
  core.reset()
  core.resetting.await(core, (logon.msgSeqNum ?? 0) + 1)
  core.transmit(logonMessage(core, true, logon))
  openSession(core, logon, false)
}

/** An initiator got the acceptor's Logon. */
export function completeLogon(core: CoreContext, logon: FixMessage): void {
  const unasked = isReset(logon) && !core.resetting.asked
  core.resetting.answered()
  if (unasked) {
    core.log('warn', 'The acceptor reset the sequence numbers although we did not ask for it.')
    core.reset()
  }
  if (!numbersFit(core, logon)) return
  const offered = core.heartBtInt
  adoptHeartBtInt(core, logon)
  if (offered !== core.heartBtInt) {
    core.log('warn', `HeartBtInt(108): ${offered} was offered, the acceptor wants ${core.heartBtInt}.`)
  }
  takeNumberOf(core, logon)
  if (core.order(logon.msgSeqNum ?? 0) === 'expected') core.consume(logon)
  // Our first Logon was numbered before the reset: say it again, so that both sides count from 1.
  if (unasked) core.transmit(logonMessage(core, true, logon))
  openSession(core, logon)
}

/** A Logon(A) while logged on: only a reset of the numbers, or the answer to ours, makes sense. */
export function logonInSession(core: CoreContext, logon: FixMessage): void {
  const msgSeqNum = logon.msgSeqNum ?? 0
  if (core.resetting.asked) {
    if (core.resetting.underWay) core.effects.push({ kind: 'resetEnded', failure: undefined })
    core.resetting.answered()
    if (core.order(msgSeqNum) === 'expected') core.consume(logon)
  } else {
    if (!core.loops.mayReset(core)) return
    core.log('info', 'The counterparty resets the sequence numbers.')
    core.resetting.owed = false
    core.reset()
    adoptHeartBtInt(core, logon)
    if (core.order(msgSeqNum) === 'expected') core.consume(logon)
    core.transmit(logonMessage(core, core.dialect.answersResetSeqNumFlag, logon))
  }
  if (core.order(msgSeqNum) === 'too high') core.gap.tooHigh(core, logon, msgSeqNum)
  core.show()
}

/**
 * True for a Logon that begins anew: it says so, or it answers our own request for it (some engines leave the flag out of
 * the answer, whose number can only be 1).
 */
export function resetsInSession(core: CoreContext, logon: FixMessage): boolean {
  return isReset(logon) || (core.resetting.asked && logon.msgSeqNum === 1)
}

/** True where an acceptor begins anew with this Logon. */
export function resetsByItself(core: CoreContext, logon: FixMessage): boolean {
  return isReset(logon) || core.settings.resetOnLogon || hasNoResend(core) || core.sessionTime.isOver(core)
}

function isReset(logon: FixMessage): boolean {
  return logon.get(Tag.ResetSeqNumFlag) === 'Y'
}

function logonMessage(core: CoreContext, resets: boolean, answerTo?: FixMessage): FixMessage {
  const logon = new FixMessage(MsgType.Logon)
  logon.set(Tag.EncryptMethod, answerTo?.get(Tag.EncryptMethod) || '0')
  logon.set(Tag.HeartBtInt, core.heartBtInt)
  if (resets && core.version.hasResetSeqNumFlag) logon.set(Tag.ResetSeqNumFlag, true)
  if (core.settings.sendNextExpectedMsgSeqNum) logon.set(Tag.NextExpectedMsgSeqNum, core.nextNumIn)
  if (core.version.isTransport && core.defaultApplVerId !== undefined) {
    logon.set(Tag.DefaultApplVerID, core.defaultApplVerId)
  }
  const { username, password, logonFields } = core.settings
  if (username !== undefined) logon.set(Tag.Username, username)
  if (password !== undefined) logon.set(Tag.Password, password)
  if (logonFields !== undefined) logon.setAll(logonFields)
  return logon
}

function adoptHeartBtInt(core: CoreContext, logon: FixMessage): void {
  const heartBtInt = numberOf(logon, Tag.HeartBtInt)
  if (typeof heartBtInt === 'number') core.heartBtInt = heartBtInt
}

/** MsgSeqNum(34) and NextExpectedMsgSeqNum(789) of a Logon against ours; what does not fit ends the connection. */
function numbersFit(core: CoreContext, logon: FixMessage): boolean {
  if (!nextExpectedFits(core, logon)) return false
  const msgSeqNum = logon.msgSeqNum ?? 0
  if (core.order(msgSeqNum) !== 'too low') return true
  if (logon.get(Tag.PossDupFlag) === 'Y') core.close('LOGON_INVALID', 'The Logon is a possible duplicate.', false)
  else tooLow(core, logon, msgSeqNum)
  return false
}

/**
 * FIX session layer, "NextExpectedMsgSeqNum": one that is higher than our next number ends the session, unless the journal has lost what
 * the counterparty has. What it says of that counts wherever it says it.
 */
function nextExpectedFits(core: CoreContext, logon: FixMessage): boolean {
  const claimed = core.lostTail === undefined ? nextExpected(core, logon) : statedNext(logon)
  if (claimed === undefined || claimed <= core.nextNumOut) return true
  const refusal = core.lostTail?.adopt(core, claimed)
  if (core.lostTail?.adopted === true || !core.settings.sendNextExpectedMsgSeqNum) return true
  const text = `Tag 789 (NextExpectedMsgSeqNum) is higher than expected. Expected ${core.nextNumOut}, Received ${claimed}`
  core.transmit(logout(text))
  const advice = `It is not taken over: ${refusal ?? 'the journal does not say that it lost anything'}. Agree with the counterparty on the numbers: setSeqNums(), or resetSeqNums() on both sides.`
  core.close('NEXT_EXPECTED_TOO_HIGH', `${text}. ${advice}`, false)
  return false
}

/** NextExpectedMsgSeqNum(789) of the counterparty, where both sides go by it. */
function nextExpected(core: CoreContext, logon: FixMessage): number | undefined {
  return core.settings.sendNextExpectedMsgSeqNum ? statedNext(logon) : undefined
}

function statedNext(logon: FixMessage): number | undefined {
  const stated = numberOf(logon, Tag.NextExpectedMsgSeqNum)
  return typeof stated === 'number' && stated > 0 ? stated : undefined
}

/** `numbered`: the number of the Logon means something. */
function openSession(core: CoreContext, logon: FixMessage, numbered = true): void {
  const msgSeqNum = logon.msgSeqNum ?? 0
  const claimed = nextExpected(core, logon)
  watchSendingTime(core, logon)
  core.wasHealthy = true
  settle(core)
  core.redial.succeeded()
  core.loops.loggedOn(core.now.mono)
  core.pulse.start(core.now.mono)
  core.become('loggedOn')
  if (numbered && core.order(msgSeqNum) === 'too high' && !core.gap.open) {
    // With NextExpectedMsgSeqNum(789) on both Logons the counterparty knows what we lack, and sends it unasked.
    if (claimed !== undefined) core.gap.await(core, logon, msgSeqNum)
    else core.gap.tooHigh(core, logon, msgSeqNum)
  }
  core.show()
  core.effects.push({ kind: 'logon', message: logon, healthy: !core.gap.open })
  if (hasNoResend(core)) reconcileAfterLogon(core)
  const last = core.nextNumOut - 1
  // FIX session layer, "NextExpectedMsgSeqNum": the gap is filled before any message above it.
  if (numbered && claimed !== undefined && claimed < last) core.replay.start(core, claimed, last, true)
  core.queue.flush(core)
}
