import { isAscii } from 'node:buffer'
import type { JournalMessage } from './journal.js'

/**
 * A message as the file keeps it: UTF-8 text whose characters U+0000 to U+00FF are the bytes on the wire.
 *
 * Messages are ASCII but for data and encoded text fields, so this is nearly always the bytes themselves; in the
 * other case every tool still sees valid text, and not one byte is lost.
 */
export interface StoredMessage {
  readonly msgSeqNum: number
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly text: Uint8Array
}

export function toStored({ msgSeqNum, time, bytes }: JournalMessage): StoredMessage {
  return { msgSeqNum, time, text: toText(bytes) }
}

export function fromStored({ msgSeqNum, time, text }: StoredMessage): JournalMessage {
  return { msgSeqNum, time, bytes: toBytes(text) }
}

/** From the wire to the file. The result may be the argument itself. */
export function toText(bytes: Uint8Array): Uint8Array {
  return isAscii(bytes) ? bytes : Buffer.from(viewOf(bytes).toString('latin1'), 'utf8')
}

/** From the file to the wire. The result may be the argument itself. */
function toBytes(text: Uint8Array): Uint8Array {
  return isAscii(text) ? text : Buffer.from(viewOf(text).toString('utf8'), 'latin1')
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
