import type { FixMessage } from '../fix/message.js'
import { SessionRejectReason } from '../fix/session-reject-reason.js'
import { Tag } from '../fix/tag.js'
import { parseUtcTimestamp } from '../fix/timestamp.js'
import { logout, type RejectDetails } from './admin.js'
import type { CoreContext } from './context.js'

/**
 * The checks of an incoming message that need no dictionary, in the order in which the field's engines make them:
 * BeginString, the dictionary's rules, SendingTime and CompIDs, the number (shared/acceptance, section 5).
 */

/** A required header field that is missing; the dictionary, where there is one, has looked already. */
export function headerFault(message: FixMessage): RejectDetails | undefined {
  for (const tag of [Tag.SenderCompID, Tag.TargetCompID, Tag.SendingTime]) {
    if (!message.has(tag)) {
      return {
        sessionRejectReason: SessionRejectReason.RequiredTagMissing,
        refTagId: tag,
        text: 'Required tag missing'
      }
    }
  }
  return undefined
}

/** SendingTime(52) in milliseconds, or undefined when it is no timestamp. */
function timeOf(message: FixMessage, tag: number): number | undefined {
  const text = message.get(tag)
  return text === undefined ? undefined : parseUtcTimestamp(text)?.epochMs
}

export function compIdsMatch(core: CoreContext, message: FixMessage): boolean {
  if (!core.settings.checkCompId) return true
  return (
    message.get(Tag.SenderCompID) === core.settings.targetCompId &&
    message.get(Tag.TargetCompID) === core.settings.senderCompId
  )
}

export function sendingTimeAccurate(core: CoreContext, message: FixMessage): boolean {
  if (!core.settings.checkLatency) return true
  const sent = timeOf(message, Tag.SendingTime)
  return sent !== undefined && Math.abs(core.now.wall - sent) <= core.settings.maxLatency * 1000
}

/**
 * FIX session layer, "SendingTime accuracy" and "CompID" test cases (2k, 2o): Reject(3), then a Logout without Text, and
 * the counterparty's Logout ends it. True when both are right.
 */
export function verifyIdentity(core: CoreContext, message: FixMessage): boolean {
  if (!sendingTimeAccurate(core, message)) {
    const text = message.get(Tag.SendingTime) ?? ''
    core.log('error', `SendingTime(52)=${text} is more than ${core.settings.maxLatency} seconds from our clock.`)
    rejectAndLogOut(core, message, {
      sessionRejectReason: SessionRejectReason.SendingTimeAccuracyProblem,
      text: 'SendingTime accuracy problem'
    })
    return false
  }
  if (!compIdsMatch(core, message)) {
    const { senderCompId, targetCompId } = core.settings
    core.log(
      'error',
      `CompIDs: expected ${targetCompId} -> ${senderCompId}, ` +
        `got ${message.get(Tag.SenderCompID)} -> ${message.get(Tag.TargetCompID)}.`
    )
    rejectAndLogOut(core, message, { sessionRejectReason: SessionRejectReason.CompIdProblem, text: 'CompID problem' })
    return false
  }
  return true
}

function rejectAndLogOut(core: CoreContext, message: FixMessage, details: RejectDetails): void {
  core.rejectMessage(message, details)
  // One Logout is enough: while it waits for its answer, further faults are only rejected.
  if (core.phase.name === 'loggedOn') core.logOut(undefined)
}

/** FIX session layer, "MsgSeqNum too low": without PossDupFlag(43) there is nothing to recover; say so and close. */
export function tooLow(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
  if (message.get(Tag.PossDupFlag) === 'Y') {
    possibleDuplicate(core, message)
    return
  }
  const text = `MsgSeqNum too low, expecting ${core.nextNumIn} but received ${msgSeqNum}`
  core.transmit(logout(text))
  core.close(
    'MSG_SEQ_NUM_TOO_LOW',
    `${text}. Agree with the counterparty on the numbers: setSeqNums(), or resetSeqNums() on both sides.`,
    false
  )
}

/** An old number with PossDupFlag(43)=Y is seen a second time and ignored, if OrigSendingTime(122) makes sense (test cases 2f, 2g). */
function possibleDuplicate(core: CoreContext, message: FixMessage): void {
  if (message.msgType === '4') return
  const orig = message.get(Tag.OrigSendingTime)
  if (orig === undefined) {
    if (!core.settings.requiresOrigSendingTime) return
    core.rejectMessage(message, {
      sessionRejectReason: SessionRejectReason.RequiredTagMissing,
      refTagId: Tag.OrigSendingTime,
      text: 'Required tag missing'
    })
    return
  }
  const origTime = timeOf(message, Tag.OrigSendingTime)
  const sent = timeOf(message, Tag.SendingTime)
  if (origTime === undefined || sent === undefined || origTime > sent) {
    rejectAndLogOut(core, message, {
      sessionRejectReason: SessionRejectReason.SendingTimeAccuracyProblem,
      text: 'SendingTime accuracy problem'
    })
    return
  }
  core.log('debug', `MsgSeqNum(34)=${message.msgSeqNum} was received before: ignored.`)
}

/** What is wrong with a Logon(A) that begins a session, or undefined. */
export function logonFault(core: CoreContext, logon: FixMessage): string | undefined {
  const beginString = logon.get(Tag.BeginString)
  if (beginString !== core.settings.beginString) {
    return `expected BeginString(8)=${core.settings.beginString}, got ${beginString}`
  }
  if (logon.msgSeqNum === undefined) return 'MsgSeqNum(34) is missing or no number'
  const fault = core.parts.validate?.(logon) ?? headerFault(logon)
  if (fault !== undefined) {
    return fault.refTagId === undefined ? fault.text : `${fault.text}, tag ${fault.refTagId}`
  }
  if (!compIdsMatch(core, logon)) {
    return (
      `expected SenderCompID(49)=${core.settings.targetCompId} and TargetCompID(56)=${core.settings.senderCompId}, ` +
      `got ${logon.get(Tag.SenderCompID)} and ${logon.get(Tag.TargetCompID)}`
    )
  }
  if (!sendingTimeAccurate(core, logon)) {
    return (
      `SendingTime(52)=${logon.get(Tag.SendingTime)} is more than ${core.settings.maxLatency} seconds from our clock ` +
      '(maxLatency)'
    )
  }
  const heartBtInt = logon.get(Tag.HeartBtInt)
  if (heartBtInt === undefined || !/^\d{1,9}$/.test(heartBtInt)) {
    return `expected HeartBtInt(108) of 0 or more, got ${heartBtInt ?? 'none'}`
  }
  if (core.version.isTransport && !logon.has(Tag.DefaultApplVerID)) return 'DefaultApplVerID(1137) is missing'
  return undefined
}
