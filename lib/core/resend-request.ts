import type { FixMessage } from '../fix/message.js'
import { SessionRejectReason } from '../fix/session-reject-reason.js'
import { Tag } from '../fix/tag.js'
import type { RejectDetails } from './admin.js'
import type { CoreContext } from './context.js'

/**
 * ResendRequest(2) is answered whatever its own number is (FIX session layer: answer first, ask for what is missing on
 * this side afterwards), so that two sides that lack messages of each other do not wait for each other.
 */
export function answerResendRequest(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
  const range = rangeOf(core, message)
  if ('sessionRejectReason' in range) {
    core.rejectMessage(message, range)
    return
  }
  if (msgSeqNum === core.nextNumIn) core.consume(message)
  core.replay.start(core, range.begin, range.end)
  if (msgSeqNum > core.nextNumIn) core.gap.tooHigh(core, message, msgSeqNum)
}

function rangeOf(core: CoreContext, message: FixMessage): RejectDetails | { begin: number; end: number } {
  const begin = numberOf(message, Tag.BeginSeqNo)
  if (typeof begin !== 'number') return begin
  const asked = numberOf(message, Tag.EndSeqNo)
  if (typeof asked !== 'number') return asked
  const last = core.nextNumOut - 1
  const openEnded = asked === 0 || (core.version.understands999999 && asked === 999_999)
  if (begin === 0 || begin > last || (!openEnded && asked < begin)) {
    core.log('warn', `ResendRequest(2) ${begin}-${asked} makes no sense: 1-${last} were sent.`)
    return {
      sessionRejectReason: SessionRejectReason.ValueIsIncorrect,
      refTagId: begin === 0 || begin > last ? Tag.BeginSeqNo : Tag.EndSeqNo,
      text: 'Value is incorrect (out of range) for this tag'
    }
  }
  return { begin, end: openEnded ? last : Math.min(asked, last) }
}

/** A sequence number field, or why it is none. */
export function numberOf(message: FixMessage, tag: number): number | RejectDetails {
  const text = message.get(tag)
  if (text === undefined) {
    return { sessionRejectReason: SessionRejectReason.RequiredTagMissing, refTagId: tag, text: 'Required tag missing' }
  }
  if (!/^\d{1,15}$/.test(text)) {
    return {
      sessionRejectReason: SessionRejectReason.IncorrectDataFormatForValue,
      refTagId: tag,
      text: 'Incorrect data format for value'
    }
  }
  return Number(text)
}
