import type { Garbled } from '../fix/garbled.js'
import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { SessionState } from '../fix/session-state.js'
import { Tag } from '../fix/tag.js'
import { garbledReject, heartbeat, logout } from './admin.js'
import type { CoreContext } from './context.js'
import { deliver } from './delivery.js'
import { missing } from './fields.js'
import { logonInSession, resetsInSession } from './logon.js'
import { heedRefusal } from './lost-tail.js'
import { answerResendRequest } from './resend-request.js'
import { sequenceReset } from './sequence-reset.js'
import { headerFault, tooLow, verifyIdentity, wrongBeginString } from './verify.js'
import { giveUpMissing, hasNoResend } from './without-resend.js'

/** A message of a session that is logged on: checked, put in order, and answered or delivered. */
export function receive(core: CoreContext, message: FixMessage): void {
  core.pulse.heard(core)
  core.probe.heard(core)
  if (message.get(Tag.BeginString) !== core.settings.beginString && message.msgType !== MsgType.Logout) {
    wrongBeginString(core, message)
    return
  }
  const msgSeqNum = message.msgSeqNum
  if (msgSeqNum === undefined) {
    // FIX session layer, "MsgSeqNum missing": nothing can be recovered without numbers.
    core.transmitNow(logout('Received message without MsgSeqNum'))
    core.close('MSG_SEQ_NUM_MISSING', `MsgType(35)=${message.msgType} came without a MsgSeqNum(34).`, false)
    return
  }
  const fault = core.parts.validate?.(message) ?? headerFault(message)
  if (fault !== undefined && message.msgType !== MsgType.Reject) {
    core.rejectMessage(message, fault)
    return
  }
  // Two sides that reject each other's rejects would do so for ever: one that is at fault itself is taken as it is.
  if (fault !== undefined) core.logOften('warn', 'REJECT_AT_FAULT', `A Reject(3) came that is at fault: ${fault.text}.`)
  if (verifyIdentity(core, message) && !refused(core, message, msgSeqNum)) putInOrder(core, message, msgSeqNum)
}

/** Whether a message has been refused because it came too fast. */
function refused(core: CoreContext, message: FixMessage, msgSeqNum: number): boolean {
  const { inboundLimit: limit } = core
  return limit?.isExceededBy(core, message) === true && limit.answer(core, message, msgSeqNum)
}

/** Held messages whose turn has come. They were checked when they came. */
export function useHeld(core: CoreContext): void {
  while (core.delivering === undefined && core.inSession && !core.intake.shut && !core.intake.resting) {
    const held = core.gap.take(core)
    core.intake.heldTaken(core, held !== undefined)
    if (held === undefined) return
    // A Logon or ResendRequest was answered when it came; now it only counts.
    if (held.msgType === MsgType.Logon || held.msgType === MsgType.ResendRequest) core.consume(held)
    else if (held.msgType === MsgType.SequenceReset) sequenceReset(core, held, core.nextNumIn)
    else use(core, held)
  }
}

/** FIX session layer: a garbled message is ignored and counts for nothing; the next good one shows the gap. */
export function garbledMessage(core: CoreContext, garbled: Garbled): void {
  // Bytes that do not even begin a message are none, and are not answered.
  if (!core.settings.rejectGarbledMessage || garbled.code === 'BEGIN_STRING') return
  if (garbled.msgSeqNum === core.nextNumIn) {
    core.nextNumIn++
    core.effects.push({ kind: 'numbers' })
    core.gap.advanced(core, false)
  }
  core.transmit(garbledReject(garbled, core.version))
}

function putInOrder(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
  const { msgType } = message
  if (msgType === MsgType.Logout) {
    loggedOut(core, message)
    return
  }
  if (msgType === MsgType.Logon && resetsInSession(core, message)) {
    logonInSession(core, message)
    return
  }
  if (core.intake.shut && msgType !== MsgType.ResendRequest) {
    // Only while this side logs out: what the application does not take comes again at the next logon.
    core.log('debug', `MsgSeqNum(34)=${msgSeqNum} came while nothing is taken: it will be asked for again.`)
    return
  }
  if (core.resetting.underWay) {
    core.resetting.use(core, message, msgSeqNum)
    return
  }
  const resets = msgType === MsgType.SequenceReset && message.get(Tag.GapFillFlag) !== 'Y'
  if (hasNoResend(core) && !resets && core.order(msgSeqNum) === 'too high') giveUpMissing(core, msgSeqNum)
  if (msgType === MsgType.ResendRequest) {
    answerResendRequest(core, message, msgSeqNum)
    return
  }
  if (msgType === MsgType.SequenceReset) {
    sequenceReset(core, message, msgSeqNum)
    return
  }
  const order = core.order(msgSeqNum)
  if (order === 'too high') core.gap.tooHigh(core, message, msgSeqNum)
  else if (order === 'too low') tooLow(core, message, msgSeqNum)
  else use(core, message)
}

/** A message whose turn it is. */
function use(core: CoreContext, message: FixMessage): void {
  switch (message.msgType) {
    case MsgType.Heartbeat: {
      core.consume(message)
      const testReqId = message.get(Tag.TestReqID)
      if (testReqId !== undefined) core.pulse.answered(core, testReqId)
      return
    }
    case MsgType.TestRequest: {
      const testReqId = message.get(Tag.TestReqID)
      if (testReqId === undefined) {
        core.rejectMessage(message, missing(Tag.TestReqID))
        return
      }
      core.consume(message)
      core.transmit(heartbeat(testReqId))
      return
    }
    case MsgType.Reject:
      core.consume(message)
      core.effects.push({ kind: 'reject', message })
      return
    case MsgType.Logon:
      core.logOften(
        'warn',
        'LOGON_IN_SESSION',
        'A Logon(A) without ResetSeqNumFlag(141) came after the logon: it only counts.'
      )
      core.consume(message)
      return
    default:
      core.loops.fruitful = true
      deliver(core, message, true)
  }
}

/** Logout(5) is never too high or too low: whatever is missing is recovered at the next logon. */
function loggedOut(core: CoreContext, message: FixMessage): void {
  if (message.msgSeqNum === core.nextNumIn) core.consume(message)
  const answersOurs = core.phase.name === 'logoutSent'
  const text = message.get(Tag.Text)
  const advice = heedRefusal(core, message)
  if (!answersOurs) core.pass(SessionState.ReceivedLogout)
  core.effects.push({ kind: 'logout', message })
  if (!answersOurs) core.transmit(logout(undefined))
  core.afterwards = SessionState.DisconnectedWConnToday
  core.close(
    answersOurs ? 'LOGGED_OUT' : 'PEER_LOGOUT',
    answersOurs
      ? 'Logged out by this side.'
      : `Logged out by the counterparty${text === undefined ? '' : `: ${text}`}.${advice}`,
    false
  )
  if (core.settings.resetOnLogout) core.reset()
}
