import type { EncodeHeader } from '../fix/encode-header.js'
import { FieldValueError } from '../fix/errors.js'
import { isUtcTimestampRange, utcSecondText } from '../fix/timestamp.js'
import { Run } from './run.js'

/** Stands where no id has been seen, and is equal to none. */
const none = Symbol('none')

const nothing = new Run('')

/**
 * The ids of the header that was written last, checked and as bytes, and with them the second of its SendingTime(52): a
 * session gives the same ones with every message, so they are made once and copied.
 *
 * Refuses what would make the header of a message another one than was meant: a delimiter in an id, MsgSeqNum(34)=NaN.
 */
export class HeaderIds {
  /** From SenderCompID(49) to the name of SendingTime(52). */
  beforeSendingTime = ''
  /** From the SOH of SendingTime(52) to TargetSubID(57). */
  afterSendingTime = ''
  /** SenderLocationID(142) and TargetLocationID(143). */
  locations = ''
  /** The second that `withSecond` is of, milliseconds since the epoch. */
  #second = Number.NaN
  #withSecond = nothing
  #senderCompId: string | symbol = none
  #targetCompId: string | symbol = none
  #senderSubId: string | undefined
  #senderLocationId: string | undefined
  #targetSubId: string | undefined
  #targetLocationId: string | undefined

  /** Takes the ids of this header from now on. @throws FieldValueError */
  take(header: EncodeHeader): void {
    if (
      header?.senderCompId !== this.#senderCompId ||
      header.targetCompId !== this.#targetCompId ||
      header.senderSubId !== this.#senderSubId ||
      header.senderLocationId !== this.#senderLocationId ||
      header.targetSubId !== this.#targetSubId ||
      header.targetLocationId !== this.#targetLocationId
    ) {
      this.#make(header)
    }
    if (!isSeqNum(header.msgSeqNum, 1)) refuseSeqNum(34, header.msgSeqNum, 1)
    const { lastMsgSeqNumProcessed: last } = header
    if (last !== undefined && !isSeqNum(last, 0)) refuseSeqNum(369, last, 0)
  }

  /** The second that a time lies in, milliseconds since the epoch. */
  secondOf(epochMs: number): number {
    const second = this.#second
    return epochMs >= second && epochMs < second + 1000 ? second : Math.floor(epochMs / 1000) * 1000
  }

  /** From SenderCompID(49) to TargetSubID(57), SendingTime(52) being a whole second, written with `zeros` behind it. */
  withSecond(second: number, zeros: '' | '.000'): Run {
    if (second !== this.#second) {
      const time = utcSecondText(second / 1000) + zeros
      this.#withSecond = new Run(this.beforeSendingTime + time + this.afterSendingTime)
      this.#second = second
    }
    return this.#withSecond
  }

  #make(header: EncodeHeader): void {
    checkText(49, header?.senderCompId, 'Give senderCompId.')
    checkText(56, header.targetCompId, 'Give targetCompId.')
    checkId(50, header.senderSubId)
    checkId(142, header.senderLocationId)
    checkId(57, header.targetSubId)
    checkId(143, header.targetLocationId)
    this.#senderCompId = header.senderCompId
    this.#targetCompId = header.targetCompId
    this.#senderSubId = header.senderSubId
    this.#senderLocationId = header.senderLocationId
    this.#targetSubId = header.targetSubId
    this.#targetLocationId = header.targetLocationId
    const sender = field(49, header.senderCompId) + field(50, header.senderSubId)
    const target = field(56, header.targetCompId) + field(57, header.targetSubId)
    this.beforeSendingTime = `${sender}52=`
    this.afterSendingTime = `\u0001${target}`
    this.locations = field(142, header.senderLocationId) + field(143, header.targetLocationId)
    this.#second = Number.NaN
  }
}

function field(tag: number, text: string | undefined): string {
  return text === undefined ? '' : `${tag}=${text}\u0001`
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
