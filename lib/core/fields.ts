import type { FixMessage } from '../fix/message.js'
import { SessionRejectReason } from '../fix/session-reject-reason.js'
import { utcTimestampMs } from '../fix/timestamp.js'
import type { RejectDetails } from './admin.js'

/** Fields of what comes in, read with the doubt that they deserve. */

export function missing(tag: number): RejectDetails {
  return { sessionRejectReason: SessionRejectReason.RequiredTagMissing, refTagId: tag, text: 'Required tag missing' }
}

export function malformed(tag: number): RejectDetails {
  return {
    sessionRejectReason: SessionRejectReason.IncorrectDataFormatForValue,
    refTagId: tag,
    text: 'Incorrect data format for value'
  }
}

export function outOfRange(tag: number): RejectDetails {
  return {
    sessionRejectReason: SessionRejectReason.ValueIsIncorrect,
    refTagId: tag,
    text: 'Value is incorrect (out of range) for this tag'
  }
}

/** A sequence number field, or why it is none. */
export function numberOf(message: FixMessage, tag: number): number | RejectDetails {
  const text = message.get(tag)
  if (text === undefined) return missing(tag)
  return /^\d{1,15}$/.test(text) ? Number(text) : malformed(tag)
}

/** The time that was read last: each is looked at more than once, and messages that come together have the same one. */
let readText = ''
let readTime: number | undefined

/** A UTCTimestamp in milliseconds, or undefined when it is missing or none. */
export function timeOf(message: FixMessage, tag: number): number | undefined {
  const text = message.get(tag)
  if (text === undefined) return undefined
  if (text === readText) return readTime
  const epochMs = utcTimestampMs(text)
  readText = text
  readTime = Number.isNaN(epochMs) ? undefined : epochMs
  return readTime
}
