import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { SessionRejectReason } from '../fix/session-reject-reason.js'
import { Tag } from '../fix/tag.js'
import { logout, type RejectDetails } from './admin.js'
import type { CoreContext } from './context.js'
import { malformed, missing, timeOf } from './fields.js'

/**
 * The checks of an incoming message that need no dictionary, in the order in which the field's engines make them:
 * BeginString, the dictionary's rules, SendingTime and CompIDs, the number (shared/acceptance, section 5).
 */

/** A required header field that is missing, empty or no timestamp; the dictionary, where there is one, has looked already. */
export function headerFault(message: FixMessage): RejectDetails | undefined {
  for (const tag of [Tag.SenderCompID, Tag.SendingTime, Tag.TargetCompID]) {
    const text = message.get(tag)
    if (text === undefined) return missing(tag)
    if (text === '') {
      return {
        sessionRejectReason: SessionRejectReason.TagSpecifiedWithoutAValue,
        refTagId: tag,
        text: 'Tag specified without a value'
      }
    }
  }
  return timeOf(message, Tag.SendingTime) === undefined ? malformed(Tag.SendingTime) : undefined
}

export function compIdsMatch(core: CoreContext, message: FixMessage): boolean {
  if (!core.settings.checkCompId) return true
  return (
    message.get(Tag.SenderCompID) === core.settings.targetCompId &&
    message.get(Tag.TargetCompID) === core.settings.senderCompId
  )
}

/**
 * How far SendingTime(52) is ahead of our clock, milliseconds; below 0: behind. 0 where nobody looks, and for what waited here unread:
 * that is not late by the counterparty's fault. NaN where there is no time.
 */
function skewOf(core: CoreContext, message: FixMessage): number {
  if (!core.settings.checkLatency) return 0
  const skew = (timeOf(message, Tag.SendingTime) ?? Number.NaN) - core.now.wall
  // From half of what is allowed on it is looked at more closely.
  return skew < core.settings.maxLatency * -500 && core.intake.mayHaveWaited(core) ? 0 : skew
}

export function sendingTimeAccurate(core: CoreContext, message: FixMessage): boolean {
  return Math.abs(skewOf(core, message)) <= core.settings.maxLatency * 1000
}

/** What is wrong with SendingTime(52), by how much, and whether our own clock may be the reason. */
export function sendingTimeFault(core: CoreContext, message: FixMessage): string {
  const skew = (timeOf(message, Tag.SendingTime) ?? Number.NaN) - core.now.wall
  const off = Number.isNaN(skew)
    ? ''
    : `, ${Math.round(Math.abs(skew) / 100) / 10} seconds ${skew > 0 ? 'ahead of' : 'behind'} it`
  return (
    `expected SendingTime(52) within ${core.settings.maxLatency} seconds of our clock (maxLatency), ` +
    `got ${message.get(Tag.SendingTime)}${off}`
  )
}

/** Warns of clocks that go apart while they do not go too far apart yet. */
export function watchSendingTime(core: CoreContext, message: FixMessage): void {
  const skew = skewOf(core, message)
  if (Math.abs(skew) > core.settings.maxLatency * 500) core.clockWatch.measured(core, skew)
}

/**
 * FIX session layer, "SendingTime accuracy" and "CompID" test cases (2k, 2o): Reject(3), then a Logout, and the
 * counterparty's Logout ends it. True when both are right.
 */
export function verifyIdentity(core: CoreContext, message: FixMessage): boolean {
  const skew = skewOf(core, message)
  const distance = Math.abs(skew)
  if (!(distance <= core.settings.maxLatency * 500)) {
    if (distance <= core.settings.maxLatency * 1000) core.clockWatch.measured(core, skew)
    else {
      badTime(core, message, Tag.SendingTime, `${sendingTimeFault(core, message)}.${core.clockWatch.ownFault(core)}`)
      return false
    }
  }
  if (!compIdsMatch(core, message)) {
    const { senderCompId, targetCompId } = core.settings
    const text =
      `CompIDs: expected ${targetCompId} -> ${senderCompId}, ` +
      `got ${message.get(Tag.SenderCompID)} -> ${message.get(Tag.TargetCompID)}.`
    const details = { sessionRejectReason: SessionRejectReason.CompIdProblem, text: 'CompID problem' }
    rejectAndLogOut(core, message, details, { code: 'COMP_ID_PROBLEM', text }, details.text)
    return false
  }
  return true
}

function badTime(core: CoreContext, message: FixMessage, tag: number, text: string): void {
  const details = {
    sessionRejectReason: SessionRejectReason.SendingTimeAccuracyProblem,
    refTagId: tag,
    text: 'SendingTime accuracy problem'
  }
  const why = { code: 'SENDING_TIME_PROBLEM', text }
  rejectAndLogOut(core, message, details, why, details.text + core.dialect.tagInText(tag))
}

function rejectAndLogOut(
  core: CoreContext,
  message: FixMessage,
  details: RejectDetails,
  why: { code: string; text: string },
  logoutText: string
): void {
  core.logOften('error', why.code, why.text)
  core.rejectMessage(message, details)
  // One Logout is enough: while it waits for its answer, further faults are only rejected.
  if (core.phase.name === 'loggedOn') core.logOut(core.dialect.logoutSaysWhy ? logoutText : undefined, why)
}

/** Test case 2i: the other side speaks another version; Logout with a Text, then it is over. */
export function wrongBeginString(core: CoreContext, message: FixMessage): void {
  const got = message.get(Tag.BeginString)
  const why = {
    code: 'BEGIN_STRING_PROBLEM',
    text: `BeginString(8): expected ${core.settings.beginString}, got ${got}.`
  }
  core.logOften('error', why.code, why.text)
  if (message.msgSeqNum === core.nextNumIn) core.consume(message)
  if (core.phase.name !== 'loggedOn') return
  core.logOut(core.dialect.namesBeginString ? `Incorrect BeginString (${got})` : 'Incorrect BeginString', why)
}

/** FIX session layer, "MsgSeqNum too low": without PossDupFlag(43) there is nothing to recover; say so and close. */
export function tooLow(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
  if (message.get(Tag.PossDupFlag) === 'Y') {
    possibleDuplicate(core, message)
    return
  }
  const text = `MsgSeqNum too low, expecting ${core.nextNumIn} but received ${msgSeqNum}`
  core.transmitNow(logout(text))
  core.close(
    'MSG_SEQ_NUM_TOO_LOW',
    `${text}. Agree with the counterparty on the numbers: setSeqNums(), or resetSeqNums() on both sides.`,
    false
  )
}

/**
 * An old number with PossDupFlag(43)=Y is seen a second time and ignored, if OrigSendingTime(122) makes sense (test cases
 * 2f, 2g). A SequenceReset(4) stands for other messages and has no such time of its own.
 */
function possibleDuplicate(core: CoreContext, message: FixMessage): void {
  if (message.msgType === MsgType.SequenceReset) return
  if (!message.has(Tag.OrigSendingTime)) {
    if (core.settings.requiresOrigSendingTime) core.rejectMessage(message, missing(Tag.OrigSendingTime))
    return
  }
  const original = timeOf(message, Tag.OrigSendingTime)
  const sent = timeOf(message, Tag.SendingTime)
  if (original === undefined || sent === undefined || original > sent) {
    const text =
      `OrigSendingTime(122): expected no later than SendingTime(52)=${message.get(Tag.SendingTime)}, ` +
      `got ${message.get(Tag.OrigSendingTime)}.`
    badTime(core, message, Tag.OrigSendingTime, text)
    return
  }
  core.log('debug', `MsgSeqNum(34)=${message.msgSeqNum} was received before: ignored.`)
}
