import type { JournalMessage } from './journal.js'

/** Messages in the order of their numbers, the newest `limit` of them. */
export class MessageList {
  readonly #limit: number
  #messages: JournalMessage[] = []
  /** Those before it are gone; the array is cut when they are half of it, so that dropping one costs next to nothing. */
  #start = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Keeps a copy of the message, in place of one that has its number. */
  put(message: JournalMessage): void {
    const { msgSeqNum, time } = message
    const kept = { msgSeqNum, time, bytes: new Uint8Array(message.bytes) }
    const index = this.#indexOf(msgSeqNum)
    if (this.#messages[index]?.msgSeqNum === msgSeqNum) this.#messages[index] = kept
    else if (index === this.#messages.length) this.#messages.push(kept)
    else this.#messages.splice(index, 0, kept)
    if (this.#messages.length - this.#start > this.#limit) this.#dropOldest()
  }

  /** Copies of the messages from `from` to `to`, at most `limit`. */
  read(from: number, to: number, limit: number): JournalMessage[] {
    const found: JournalMessage[] = []
    for (let index = this.#indexOf(from); found.length < limit; index++) {
      const message = this.#messages[index]
      if (message === undefined || message.msgSeqNum > to) break
      found.push({ ...message, bytes: new Uint8Array(message.bytes) })
    }
    return found
  }

  copy(): MessageList {
    const copy = new MessageList(this.#limit)
    copy.#messages = this.#messages.slice(this.#start)
    return copy
  }

  clear(): void {
    this.#messages = []
    this.#start = 0
  }

  #dropOldest(): void {
    this.#start++
    if (this.#start * 2 < this.#messages.length) return
    this.#messages = this.#messages.slice(this.#start)
    this.#start = 0
  }

  /** Where the first number from `msgSeqNum` is, or would be. */
  #indexOf(msgSeqNum: number): number {
    const last = this.#messages.at(-1)
    if (last === undefined || last.msgSeqNum < msgSeqNum) return this.#messages.length
    let low = this.#start
    let high = this.#messages.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#messages[middle]?.msgSeqNum ?? 0) < msgSeqNum) low = middle + 1
      else high = middle
    }
    return low
  }
}
