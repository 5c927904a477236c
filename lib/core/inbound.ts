import type { Garbled } from '../fix/garbled.js'
import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { SessionRejectReason } from '../fix/session-reject-reason.js'
import { SessionState } from '../fix/session-state.js'
import { Tag } from '../fix/tag.js'
import { garbledReject, heartbeat, logout } from './admin.js'
import type { CoreContext } from './context.js'
import { logonInSession } from './logon.js'
import { answerResendRequest } from './resend-request.js'
import { sequenceReset } from './sequence-reset.js'
import { headerFault, tooLow, verifyIdentity } from './verify.js'

/** A message of a session that is logged on: checked, put in order, and answered or delivered. */
export function receive(core: CoreContext, message: FixMessage): void {
  core.pulse.heard(core)
  use(core, message)
}

/** Held messages whose turn has come. */
export function useHeld(core: CoreContext): void {
  while (core.delivering === undefined && (core.phase.name === 'loggedOn' || core.phase.name === 'logoutSent')) {
    const held = core.gap.take(core)
    if (held === undefined) return
    // A Logon or ResendRequest was answered when it came; now it only counts.
    if (held.msgType === MsgType.Logon || held.msgType === MsgType.ResendRequest) core.consume(held)
    else use(core, held)
  }
}

/** FIX session layer: a garbled message is ignored and counts for nothing; the next good one shows the gap. */
export function garbledMessage(core: CoreContext, garbled: Garbled): void {
  if (!core.settings.rejectGarbledMessage) return
  if (garbled.msgSeqNum !== undefined && garbled.msgSeqNum === core.nextNumIn) {
    core.nextNumIn++
    core.gap.advanced(core, false)
  }
  core.transmit(garbledReject(garbled, core.version))
}

function use(core: CoreContext, message: FixMessage): void {
  const { settings } = core
  if (message.get(Tag.BeginString) !== settings.beginString) {
    wrongBeginString(core, message)
    return
  }
  const msgSeqNum = message.msgSeqNum
  if (msgSeqNum === undefined) {
    // FIX session layer, "MsgSeqNum missing": nothing can be recovered without numbers.
    core.transmit(logout('Received message without MsgSeqNum'))
    core.close('MSG_SEQ_NUM_MISSING', `MsgType(35)=${message.msgType} came without a MsgSeqNum(34).`, false)
    return
  }
  const fault = core.parts.validate?.(message) ?? headerFault(message)
  if (fault !== undefined) {
    core.rejectMessage(message, fault)
    return
  }
  if (!verifyIdentity(core, message)) return

  switch (message.msgType) {
    case MsgType.Logout:
      loggedOut(core, message)
      return
    case MsgType.ResendRequest:
      answerResendRequest(core, message, msgSeqNum)
      return
    case MsgType.SequenceReset:
      sequenceReset(core, message, msgSeqNum)
      return
    case MsgType.Logon:
      if (message.get(Tag.ResetSeqNumFlag) === 'Y') {
        logonInSession(core, message)
        return
      }
  }

  if (core.resetPending !== undefined) {
    underWayDuringReset(core, message, msgSeqNum)
    return
  }
  if (settings.validateSequenceNumbers) {
    if (msgSeqNum > core.nextNumIn) {
      core.gap.tooHigh(core, message, msgSeqNum)
      return
    }
    if (msgSeqNum < core.nextNumIn) {
      tooLow(core, message, msgSeqNum)
      return
    }
  }

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
        core.rejectMessage(message, {
          sessionRejectReason: SessionRejectReason.RequiredTagMissing,
          refTagId: Tag.TestReqID,
          text: 'Required tag missing'
        })
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
      logonInSession(core, message)
      return
    default:
      core.delivering = message
      core.effects.push({ kind: 'deliver', message })
  }
}

/** Test case 2i: the other side speaks another version; Logout with a Text, then it is over. */
function wrongBeginString(core: CoreContext, message: FixMessage): void {
  core.log('error', `BeginString(8): expected ${core.settings.beginString}, got ${message.get(Tag.BeginString)}.`)
  if (core.phase.name === 'loggedOn') core.logOut('Incorrect BeginString')
}

/** Logout(5) is never too high or too low: whatever is missing is recovered at the next logon. */
function loggedOut(core: CoreContext, message: FixMessage): void {
  if (message.msgSeqNum === core.nextNumIn) core.consume(message)
  const answersOurs = core.phase.name === 'logoutSent'
  const text = message.get(Tag.Text)
  if (!answersOurs) core.pass(SessionState.ReceivedLogout)
  core.effects.push({ kind: 'logout', message })
  if (!answersOurs) core.transmit(logout(undefined))
  core.afterwards = SessionState.DisconnectedWConnToday
  core.close(
    answersOurs ? 'LOGGED_OUT' : 'PEER_LOGOUT',
    answersOurs
      ? 'Logged out by this side.'
      : `Logged out by the counterparty${text === undefined ? '' : `: ${text}`}.`,
    false
  )
  if (core.settings.resetOnLogout) core.reset()
}

/** Our reset is out and not answered: what was sent before it still carries the old numbers, and counts for nothing. */
function underWayDuringReset(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
  if (msgSeqNum !== core.resetPending) return
  core.resetPending++
  if (message.msgType === MsgType.TestRequest) core.transmit(heartbeat(message.get(Tag.TestReqID)))
  core.log('warn', `MsgSeqNum(34)=${msgSeqNum} was under way when the numbers were reset.`)
}
