import type { FixMessage } from '../fix/message.js'
import { Tag } from '../fix/tag.js'
import type { RejectDetails } from './admin.js'
import type { CoreContext } from './context.js'
import { numberOf, outOfRange } from './fields.js'
import { hasNoResend, refuseResend } from './without-resend.js'

/**
 * ResendRequest(2) is answered whatever its own number is (FIX session layer: answer first, ask for what is missing on
 * this side afterwards), so that two sides that lack messages of each other do not wait for each other.
 */
export function answerResendRequest(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
  const begin = numberOf(message, Tag.BeginSeqNo)
  const asked = numberOf(message, Tag.EndSeqNo)
  if (typeof begin !== 'number' || typeof asked !== 'number') {
    core.rejectMessage(message, typeof begin === 'number' ? (asked as RejectDetails) : begin)
    return
  }
  const last = core.nextNumOut - 1
  const toTheLast = asked === 0 || (core.version.understands999999 && asked === 999_999)
  const end = toTheLast ? last : Math.min(asked, last)
  // Number 0 does not exist; who asks from there wants everything.
  const first = Math.max(begin, 1)
  if (first > end) {
    if (!core.loops.mayAsk(core, begin)) return
    core.logOften('warn', 'RESEND_REQUEST', `ResendRequest(2) ${begin}-${asked} makes no sense: 1-${last} were sent.`)
    core.rejectMessage(message, outOfRange(first > last ? Tag.BeginSeqNo : Tag.EndSeqNo))
    return
  }
  const isAnswered = core.replay.answers(first, end, toTheLast)
  if (!isAnswered && !core.loops.mayAsk(core, begin)) return
  const order = core.order(msgSeqNum)
  if (order === 'expected') core.consume(message)
  if (hasNoResend(core)) refuseResend(core, first, end)
  else if (isAnswered)
    core.logOften('info', 'RESEND_REQUEST', `ResendRequest(2) ${begin}-${asked} is being answered already.`)
  else core.replay.start(core, first, end, core.settings.newMessagesDuringResend === 'after')
  if (order === 'too high') core.gap.tooHigh(core, message, msgSeqNum)
}
