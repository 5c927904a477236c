import type { EncodeHeader } from '../fix/encode-header.js'
import { FieldValueError } from '../fix/errors.js'
import { isUtcTimestampRange } from '../fix/timestamp.js'

/** Stands where no id has been seen, and is equal to none. */
const none = Symbol('none')

/**
 * Refuses what would make the header of a message another one than was meant: a delimiter in an id, MsgSeqNum(34)=NaN.
 *
 * A session gives the same ids with every message, so only those that are not the ones seen last are looked at.
 */
export class HeaderCheck {
  #senderCompId: string | symbol = none
  #targetCompId: string | symbol = none
  #senderSubId: string | undefined
  #senderLocationId: string | undefined
  #targetSubId: string | undefined
  #targetLocationId: string | undefined

  /** @throws FieldValueError */
  check(header: EncodeHeader): void {
    if (header?.senderCompId !== this.#senderCompId || header.targetCompId !== this.#targetCompId) this.#compIds(header)
    if (
      header.senderSubId !== this.#senderSubId ||
      header.senderLocationId !== this.#senderLocationId ||
      header.targetSubId !== this.#targetSubId ||
      header.targetLocationId !== this.#targetLocationId
    ) {
      this.#furtherIds(header)
    }
    if (!isSeqNum(header.msgSeqNum, 1)) refuseSeqNum(34, header.msgSeqNum, 1)
    const { lastMsgSeqNumProcessed: last } = header
    if (last !== undefined && !isSeqNum(last, 0)) refuseSeqNum(369, last, 0)
  }

  #compIds(header: EncodeHeader): void {
    checkText(49, header?.senderCompId, 'Give senderCompId.')
    checkText(56, header.targetCompId, 'Give targetCompId.')
    this.#senderCompId = header.senderCompId
    this.#targetCompId = header.targetCompId
  }

  #furtherIds(header: EncodeHeader): void {
    checkId(50, header.senderSubId)
    checkId(142, header.senderLocationId)
    checkId(57, header.targetSubId)
    checkId(143, header.targetLocationId)
    this.#senderSubId = header.senderSubId
    this.#senderLocationId = header.senderLocationId
    this.#targetSubId = header.targetSubId
    this.#targetLocationId = header.targetLocationId
  }
}

/**
 * The milliseconds of a time, or its text where it is one that was read.
 *
 * @throws FieldValueError
 */
export function checkedTime(tag: number, time: Date | number | string): number | string {
  if (typeof time === 'string') {
    checkText(tag, time, 'Give milliseconds or a Date.')
    return time
  }
  const epochMs = time instanceof Date ? time.getTime() : time
  if (typeof epochMs === 'number' && isUtcTimestampRange(epochMs)) return epochMs
  throw new FieldValueError(tag, 'a time in the years 0 to 9999', String(epochMs), 'Give milliseconds or a Date.')
}

function isSeqNum(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least
}

function refuseSeqNum(tag: number, value: unknown, least: number): never {
  throw new FieldValueError(
    tag,
    `a whole number from ${least} to 2^53`,
    String(value),
    `Give ${tag === 34 ? 'msgSeqNum' : 'lastMsgSeqNumProcessed'} as a number.`
  )
}

function checkId(tag: number, text: unknown): void {
  if (text !== undefined) checkText(tag, text, 'Leave it out when there is none.')
}

function checkText(tag: number, text: unknown, advice: string): void {
  if (typeof text === 'string' && text !== '' && !text.includes('\u0001') && !/[\u0100-\uffff]/.test(text)) return
  throw new FieldValueError(
    tag,
    'text of at least 1 character, without SOH, none above U+00FF',
    typeof text === 'string' ? text.replaceAll('\u0001', '|') : String(text),
    advice
  )
}
