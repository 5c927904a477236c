import { Codec } from '../../codec/codec.js'
import type { FixMessage } from '../../fix/message.js'
import type { JournalMessage } from '../journal.js'
import { fromStored } from '../message-text.js'

/** A message that is whole: framed, with a right CheckSum(10), and the number under which it is kept. */
export interface WholeMessage extends JournalMessage {
  readonly direction: number
}

/** What a turn or a block holds. */
export interface Unpacked {
  readonly messages: readonly WholeMessage[]
  /** Messages that should be there and are not whole. */
  readonly damaged: number
}

/** How a row says which message is where: direction, MsgSeqNum(34), time, offset, length. */
export type Entry = readonly [number, number, number, number, number]

const codec = new Codec({ beginString: 'FIX.4.4', maxMessageLength: 256 * 1024 * 1024, maxFields: 1_000_000 })

/** What is known of a row beside its entries and its text. */
export interface RowFacts {
  /** Which way a message went, where the row does not say so. */
  directionOf(message: FixMessage): number
  /** False: its CompIDs say that it went the other way. */
  fits(message: FixMessage, direction: number): boolean
  /** Milliseconds since the epoch, where neither row nor message say when it was. */
  readonly time: number
}

/** Takes the messages out of a row's text, by its entries, or where those are damaged by looking for messages. */
export function unpack(entries: readonly Entry[] | undefined, body: Uint8Array, facts: RowFacts): Unpacked {
  if (entries === undefined) return { messages: lookFor(body, facts), damaged: 0 }
  const messages: WholeMessage[] = []
  for (const [direction, msgSeqNum, time, offset, length] of entries) {
    const { bytes } = fromStored({ msgSeqNum, time, text: body.subarray(offset, offset + length) })
    const message = codec.decode(bytes)
    if (message.garbled || message.msgSeqNum !== msgSeqNum || !facts.fits(message, direction)) continue
    messages.push({ msgSeqNum, time, bytes, direction })
  }
  return { messages, damaged: entries.length - messages.length }
}

function lookFor(body: Uint8Array, facts: RowFacts): WholeMessage[] {
  const { bytes } = fromStored({ msgSeqNum: 1, time: 0, text: body })
  const found: WholeMessage[] = []
  codec.reset()
  for (const item of codec.push(bytes)) {
    if (item.garbled || item.msgSeqNum === undefined) continue
    const direction = facts.directionOf(item)
    if (!facts.fits(item, direction)) continue
    found.push({ msgSeqNum: item.msgSeqNum, time: timeOf(item) ?? facts.time, bytes: item.toBytes(), direction })
  }
  codec.reset()
  return found
}

/** SendingTime(52): when it came or went is no longer known. */
function timeOf(message: FixMessage): number | undefined {
  try {
    return message.getUtcTimestamp(52)?.getTime()
  } catch {
    return undefined
  }
}

/** Entries as they were written, or undefined where they are damaged. `width`: how many numbers each has. */
export function parseEntries(text: unknown, width: number): readonly (readonly number[])[] | undefined {
  if (typeof text !== 'string') return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(parsed)) return undefined
  const good = parsed.every(
    (entry: unknown) =>
      Array.isArray(entry) && entry.length === width && entry.every((number: unknown) => Number.isSafeInteger(number))
  )
  return good ? (parsed as number[][]) : undefined
}
