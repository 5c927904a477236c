import type { FixMessage } from '../fix/message.js'
import { Tag } from '../fix/tag.js'
import type { CoreContext } from './context.js'
import { numberOf, outOfRange } from './fields.js'
import { tooLow } from './verify.js'

/**
 * SequenceReset(4): with GapFillFlag(123)=Y it stands for messages that are not sent again and is subject to the order
 * of numbers; without, it sets the next number whatever its own is (FIX session layer, test cases 10 and 11).
 */
export function sequenceReset(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
  const wanted = numberOf(message, Tag.NewSeqNo)
  if (typeof wanted !== 'number') {
    core.rejectMessage(message, wanted)
    return
  }
  const fillsGap = message.get(Tag.GapFillFlag) === 'Y'
  const newSeqNo = fillsGap ? core.gap.reach(core, wanted) : wanted
  if (fillsGap && !reachesOverHeld(core, message, msgSeqNum, newSeqNo)) {
    const order = core.order(msgSeqNum)
    if (order === 'too high') {
      core.gap.tooHigh(core, message, msgSeqNum)
      return
    }
    if (order === 'too low') {
      tooLow(core, message, msgSeqNum)
      return
    }
  }
  // A GapFill has to pass its own number, a Reset may stay where it is; neither goes back.
  const lowest = fillsGap ? core.nextNumIn + 1 : core.nextNumIn
  if (newSeqNo < lowest) {
    core.rejectMessage(message, outOfRange(Tag.NewSeqNo))
    return
  }
  if (fillsGap && msgSeqNum === core.nextNumIn) core.effects.push({ kind: 'received', msgSeqNum, message })
  else core.effects.push({ kind: 'numbers' })
  const what = fillsGap ? 'Gap filled' : 'Sequence reset'
  core.logOften('info', 'SEQUENCE_RESET', `${what}: ${core.nextNumIn} to ${newSeqNo}.`)
  // To where it is already leads nowhere: what is missing is still missing.
  if (newSeqNo === core.nextNumIn) return
  core.nextNumIn = newSeqNo
  core.gap.dropBelow(newSeqNo)
  core.gap.advanced(core, true)
}

/**
 * A resend can come to numbers of which some were held: once those have been used, a GapFill that begins among them
 * looks too low, and yet it is the answer to our request for the numbers behind them.
 */
function reachesOverHeld(core: CoreContext, message: FixMessage, msgSeqNum: number, newSeqNo: number): boolean {
  return (
    msgSeqNum < core.nextNumIn &&
    newSeqNo > core.nextNumIn &&
    message.get(Tag.PossDupFlag) === 'Y' &&
    core.gap.lastTaken === core.nextNumIn - 1
  )
}
