import type { FixMessage } from '../fix/message.js'
import { SessionRejectReason } from '../fix/session-reject-reason.js'
import { Tag } from '../fix/tag.js'
import type { CoreContext } from './context.js'
import { numberOf } from './resend-request.js'
import { tooLow } from './verify.js'

/**
 * SequenceReset(4): with GapFillFlag(123)=Y it stands for messages that are not sent again and is subject to the order
 * of numbers; without, it sets the next number whatever its own is (FIX session layer, test cases 10 and 11).
 */
export function sequenceReset(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
  const newSeqNo = numberOf(message, Tag.NewSeqNo)
  if (typeof newSeqNo !== 'number') {
    core.rejectMessage(message, newSeqNo)
    return
  }
  const fillsGap = message.get(Tag.GapFillFlag) === 'Y'
  if (fillsGap && core.settings.validateSequenceNumbers) {
    if (msgSeqNum > core.nextNumIn) {
      core.gap.tooHigh(core, message, msgSeqNum)
      return
    }
    if (msgSeqNum < core.nextNumIn) {
      tooLow(core, message, msgSeqNum)
      return
    }
  }
  // A GapFill has to pass its own number, a Reset may stay where it is; neither goes back.
  const lowest = fillsGap ? core.nextNumIn + 1 : core.nextNumIn
  if (newSeqNo < lowest) {
    core.rejectMessage(message, {
      sessionRejectReason: SessionRejectReason.ValueIsIncorrect,
      text: 'Value is incorrect (out of range) for this tag'
    })
    return
  }
  if (fillsGap) core.effects.push({ kind: 'received', msgSeqNum, message })
  core.log('info', `${fillsGap ? 'Gap filled' : 'Sequence reset'}: ${core.nextNumIn} to ${newSeqNo}.`)
  core.nextNumIn = newSeqNo
  core.gap.dropBelow(newSeqNo)
  core.gap.advanced(core, true)
}
