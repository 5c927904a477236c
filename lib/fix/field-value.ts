import { lengthTagOf } from './data-fields.js'
import { FieldValueError } from './errors.js'
import { formatUtcTimestamp, isUtcTimestampRange, utcTimestampMs } from './timestamp.js'

/** What `set` takes: text, an integer, a boolean (Y or N), a date (UTCTimestamp with milliseconds), or bytes. */
export type FieldValue = string | number | bigint | boolean | Date | Uint8Array

/** Tags and values, in the order in which they are to stand; object keys come out ascending in JavaScript. */
export type FieldInput = Readonly<Record<number, FieldValue>> | readonly (readonly [tag: number, value: FieldValue])[]

/** The largest tag that a decoder reads. */
const LARGEST_TAG = 999_999_999

/** Refuses what is no tag. */
export function checkTag(tag: number): void {
  if ((tag | 0) === tag && tag > 0 && tag <= LARGEST_TAG) return
  throw new FieldValueError(tag, `a tag from 1 to ${LARGEST_TAG}`, String(tag), 'Give the number of the field.')
}

/**
 * The text of a value on the wire, one character a byte.
 *
 * @throws FieldValueError for a fraction or an integer beyond 2^53 (a binary number does not say how many digits were
 *   meant: give the text), an invalid date, characters above U+00FF (their bytes depend on MessageEncoding(347): give a
 *   buffer), SOH outside a data field, and an empty value, which FIX forbids ("tag specified without a value") and
 *   which is almost always a value that somebody forgot, unless `allowEmpty` says that it is meant.
 */
export function textOfValue(tag: number, value: FieldValue, allowEmpty: boolean): string {
  const text = typeof value === 'string' ? checkedText(tag, value) : textOfOther(tag, value)
  if (text.length === 0 && !allowEmpty) {
    throw new FieldValueError(
      tag,
      'a value',
      '',
      'FIX has no empty fields: leave it out, or pass { allowEmpty: true }.'
    )
  }
  return text
}

function checkedText(tag: number, text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // One comparison for nearly every character there is: 2 to 255.
    if ((code - 2) >>> 0 <= 0xfd) continue
    if (code > 0xff) {
      throw new FieldValueError(
        tag,
        'characters up to U+00FF',
        text,
        'Give a Buffer in the encoding that MessageEncoding(347) names.'
      )
    }
    if (code === 1 && lengthTagOf(tag) === 0) {
      throw new FieldValueError(tag, 'text without SOH', text, 'Only data fields, like RawData(96), may hold it.')
    }
  }
  return text
}

/** The text of a value of which only one text can be meant; undefined for bytes, and for what cannot be written. */
export function simpleText(value: FieldValue): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined
  if (typeof value === 'boolean') return value ? 'Y' : 'N'
  if (typeof value === 'bigint') return String(value)
  if (!(value instanceof Date)) return undefined
  const epochMs = value.getTime()
  return isUtcTimestampRange(epochMs) ? formatUtcTimestamp(epochMs) : undefined
}

function textOfOther(tag: number, value: Exclude<FieldValue, string>): string {
  const text = value instanceof Uint8Array ? checkedText(tag, textOfBytes(value)) : simpleText(value)
  if (text !== undefined) return text
  if (typeof value === 'number') {
    throw new FieldValueError(tag, 'an integer within 2^53', String(value), 'Give the text, with the digits you mean.')
  }
  if (value instanceof Date) {
    throw new FieldValueError(
      tag,
      'a date in the years 0 to 9999',
      String(value.getTime()),
      'Check how the Date was made.'
    )
  }
  throw new FieldValueError(
    tag,
    'a string, integer, bigint, boolean, Date or Uint8Array',
    String(value),
    'Leave the field out when there is no value.'
  )
}

/** One character a byte. */
export function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** Reads an int: digits with an optional minus sign, leading zeros allowed, within 2^53. */
export function readInt(tag: number, text: string): number {
  const negative = text.charCodeAt(0) === 0x2d
  let value = 0
  let at = negative ? 1 : 0
  const valid = text.length > at
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (!(digit >= 0 && digit <= 9)) break
    value = value * 10 + digit
  }
  if (!valid || at < text.length) throw new FieldValueError(tag, 'an int', text, 'Read the text with get().')
  if (!Number.isSafeInteger(value)) {
    throw new FieldValueError(tag, 'an int within 2^53', text, 'Read the text with get() and use BigInt.')
  }
  return negative && value !== 0 ? -value : value
}

/** Reads a SeqNum: 1 to 15 digits and nothing else; undefined when it is none. */
export function readSeqNum(text: string): number | undefined {
  const { length } = text
  if (length === 0 || length > 15) return undefined
  let value = 0
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (!(digit >= 0 && digit <= 9)) return undefined
    value = value * 10 + digit
  }
  return value
}

/** Checks a float (Qty, Price, Amt, ...): an optional minus sign, digits, at most one point; answers the text itself. */
export function readDecimal(tag: number, text: string): string {
  let digits = 0
  let points = 0
  let at = text.charCodeAt(0) === 0x2d ? 1 : 0
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) digits++
    else if (code === 0x2e && points === 0) points++
    else break
  }
  if (at === text.length && digits > 0) return text
  throw new FieldValueError(tag, 'a decimal number', text, 'Read the text with get().')
}

/** Reads a Boolean: Y or N. */
export function readBoolean(tag: number, text: string): boolean {
  if (text === 'Y') return true
  if (text === 'N') return false
  throw new FieldValueError(tag, 'Y or N', text, 'Read the text with get().')
}

/** Reads a UTCTimestamp; a Date holds milliseconds, so finer digits are cut off. */
export function readUtcTimestamp(tag: number, text: string): Date {
  const epochMs = utcTimestampMs(text)
  if (!Number.isNaN(epochMs)) return new Date(epochMs)
  throw new FieldValueError(tag, 'a UTCTimestamp YYYYMMDD-HH:MM:SS[.sss...]', text, 'Read the text with get().')
}

/** MessageEncoding(347) as the WHATWG encoding standard names it. */
const encodings: ReadonlyMap<string, string> = new Map([
  ['ISO-2022-JP', 'iso-2022-jp'],
  ['EUC-JP', 'euc-jp'],
  ['SHIFT_JIS', 'shift_jis'],
  ['UTF-8', 'utf-8']
])
const decoders = new Map<string, InstanceType<typeof TextDecoder>>()

/**
 * Decodes text by MessageEncoding(347). Without one it is latin1: every byte then has a meaning, ASCII reads as
 * itself, and the result is what `get` gives.
 */
export function decodeText(tag: number, text: string, messageEncoding: string | undefined): string {
  if (messageEncoding === undefined) return text
  const encoding = encodings.get(messageEncoding.toUpperCase())
  if (encoding === undefined) {
    throw new FieldValueError(347, [...encodings.keys()].join(', '), messageEncoding, 'Decode getData() yourself.')
  }
  let decoder = decoders.get(encoding)
  if (decoder === undefined) {
    decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
    decoders.set(encoding, decoder)
  }
  try {
    return decoder.decode(Buffer.from(text, 'latin1'))
  } catch {
    throw new FieldValueError(tag, `${messageEncoding} text`, text, 'Read the bytes with getData().')
  }
}
