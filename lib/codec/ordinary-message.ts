import { byteSum, digits, threeDigits, widthOf } from '../fix/digits.js'
import { type Draft, drafts } from '../fix/drafts.js'
import { MARGIN, type Run } from './run.js'
import type { Slab } from './slab.js'

const SOH = 1
/** SOH behind three digits. */
const SOH_FOURTH = 0x1000000
/** `35=`, `|34=` and `10=`, the first byte in the lowest place. */
const MSG_TYPE = 0x3d3533
const MSG_SEQ_NUM = 0x3d343301
const CHECK_SUM = 0x3d3031
/** Of both names in the header, of an SOH behind each of BodyLength(9) and MsgSeqNum(34), and without the zeros that milliseconds take the place of. */
const CONSTANT_SUM = byteSum(MSG_TYPE) + byteSum(MSG_SEQ_NUM) + 2 * SOH - 3 * 0x30
/** Beside MsgType(35), the ids and the body: length, names, MsgSeqNum(34), the trailer, and three bytes that a word may go beyond it. */
const ROOM = 40

/** Behind this MsgSeqNum(34) a message is no ordinary one any more. */
export const MOST_ORDINARY = 999_999

/**
 * Writes what nearly all messages are: a header of 8, 9, 35, 34, and 49 to 57 as a run, a drafted body and the trailer. All lengths and most sums are known, so
 * that it is written in one go from front to back.
 *
 * @param prefix `8=...|9=`
 * @param idsAndTime ends `.000|`, then `behindTime`.
 */
export function writeOrdinary(
  slab: Slab,
  prefix: Run,
  msgType: string,
  msgSeqNum: number,
  idsAndTime: Run,
  behindTime: number,
  milliseconds: number,
  draft: Draft
): Buffer {
  const bodyLength = draft.draftEnd - draft.draftStart
  const length = 8 + msgType.length + digitsOf(msgSeqNum) + idsAndTime.length + bodyLength
  slab.room(prefix.length + length + ROOM, slab.at)
  const { view, at: start } = slab
  let sum = CONSTANT_SUM + prefix.sum + idsAndTime.sum + draft.draftSum
  let at = copy(view, start, prefix.view, MARGIN, prefix.length)
  at = putNumber(view, at, length)
  sum += sumOf(length)
  view.setUint8(at, SOH)
  view.setInt32(at + 1, MSG_TYPE, true)
  at += 4
  for (let i = 0; i < msgType.length; i++) {
    const code = msgType.charCodeAt(i)
    view.setUint8(at++, code)
    sum += code
  }
  view.setInt32(at, MSG_SEQ_NUM, true)
  at = putNumber(view, at + 4, msgSeqNum)
  sum += sumOf(msgSeqNum)
  view.setUint8(at, SOH)
  at = copy(view, at + 1, idsAndTime.view, MARGIN, idsAndTime.length)
  const fraction = threeDigits(milliseconds)
  view.setInt32(at - behindTime - 3, fraction + SOH_FOURTH, true)
  sum += byteSum(fraction)
  at = copy(view, at, drafts.view, draft.draftStart, bodyLength)
  view.setInt32(at, CHECK_SUM, true)
  view.setInt32(at + 3, threeDigits(sum & 255) + SOH_FOURTH, true)
  slab.at = at + 7
  return slab.part(start)
}

/** Copies by words, up to three bytes more; answers where the copy ends. */
function copy(to: DataView, start: number, from: DataView, begin: number, length: number): number {
  for (let at = 0; at < length; at += 4) to.setInt32(start + at, from.getInt32(begin + at, true), true)
  return start + length
}

/** How many digits a whole number below a million has. */
function digitsOf(value: number): number {
  return value < 1000 ? widthOf(value) : 3 + widthOf((value / 1000) | 0)
}

/** Puts the digits of a whole number below a million; answers where they end. */
function putNumber(view: DataView, at: number, value: number): number {
  if (value < 1000) {
    const width = widthOf(value)
    view.setInt32(at, digits(value, width), true)
    return at + width
  }
  const thousands = (value / 1000) | 0
  const width = widthOf(thousands)
  view.setInt32(at, digits(thousands, width), true)
  view.setInt32(at + width, threeDigits(value - thousands * 1000), true)
  return at + width + 3
}

/** The sum of the digits of a whole number below a million, as bytes. */
function sumOf(value: number): number {
  if (value < 1000) return byteSum(digits(value, widthOf(value)))
  const thousands = (value / 1000) | 0
  return byteSum(digits(thousands, widthOf(thousands))) + byteSum(threeDigits(value - thousands * 1000))
}
