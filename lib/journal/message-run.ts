import { isAscii } from 'node:buffer'
import type { JournalMessage } from './journal.js'
import { type StoredMessage, toText } from './message-text.js'

/** Bytes that the first texts of a run have room for: most sessions say little. */
const firstRoom = 512

/**
 * Messages of one direction, their texts one behind the other as turns and blocks have them: what is to be written is cut out of it,
 * and a thousand messages are a few objects.
 */
export class MessageRun {
  readonly numbers: number[] = []
  /** Milliseconds since the epoch. */
  readonly times: number[] = []
  /** Where the text of each ends in `texts`; that of the next begins there. */
  readonly ends: number[] = []
  #texts: Buffer = nothing

  get count(): number {
    return this.ends.length
  }

  /** Bytes of all texts. */
  get bytes(): number {
    return this.ends.at(-1) ?? 0
  }

  start(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] as number)
  }

  /** The texts of the messages `from` to `to` (exclusive); valid until the run is changed. */
  texts(from: number, to: number): Buffer {
    return this.#texts.subarray(this.start(from), this.start(to))
  }

  clear(): void {
    this.numbers.length = 0
    this.times.length = 0
    this.ends.length = 0
  }

  /** Adds messages as they are on the wire; of `bytes` bytes altogether. */
  add(messages: readonly JournalMessage[], bytes: number): void {
    if (messages.length === 0) return
    const first = this.count
    const start = this.bytes
    const texts = this.#withRoom(start, start + bytes)
    let end = start
    for (const message of messages) {
      texts.set(message.bytes, end)
      end += message.bytes.length
      this.numbers.push(message.msgSeqNum)
      this.times.push(message.time)
      this.ends.push(end)
    }
    if (isAscii(texts.subarray(start, end))) return
    this.numbers.length = first
    this.times.length = first
    this.ends.length = first
    for (const { msgSeqNum, time, bytes } of messages) this.addText(msgSeqNum, time, toText(bytes))
  }

  /** Adds a message as the file has it. */
  addText(msgSeqNum: number, time: number, text: Uint8Array): void {
    const start = this.bytes
    const end = start + text.length
    this.#withRoom(start, end).set(text, start)
    this.numbers.push(msgSeqNum)
    this.times.push(time)
    this.ends.push(end)
  }

  #withRoom(used: number, wanted: number): Buffer {
    if (wanted <= this.#texts.length) return this.#texts
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, this.#texts.length * 2, firstRoom))
    this.#texts.copy(larger, 0, 0, used)
    this.#texts = larger
    return larger
  }
}

const nothing = Buffer.alloc(0)

export function runOf(messages: readonly StoredMessage[]): MessageRun {
  const run = new MessageRun()
  for (const { msgSeqNum, time, text } of messages) run.addText(msgSeqNum, time, text)
  return run
}
