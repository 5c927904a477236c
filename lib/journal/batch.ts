import { FixJournalError } from '../errors.js'
import type { JournalBatch, JournalMessage } from './journal.js'

/**
 * Refuses a batch that no session may write, before any of its commit is carried out: numbers that are not whole,
 * below 1 or beyond 2^53 - 1, and times that are not whole milliseconds. Throws FixJournalError `JOURNAL_WRITE`.
 */
export function checkBatch(batch: JournalBatch): void {
  for (const message of batch.in) checkMessage(batch, message)
  for (const message of batch.out) checkMessage(batch, message)
  checkNumber(batch, 'nextNumIn', batch.nextNumIn)
  checkNumber(batch, 'nextNumOut', batch.nextNumOut)
  checkTime(batch, 'reset', batch.reset)
  checkTime(batch, 'connectTime', batch.connectTime)
}

function checkMessage(batch: JournalBatch, message: JournalMessage): void {
  checkNumber(batch, 'MsgSeqNum(34)', message.msgSeqNum)
  checkTime(batch, 'time', message.time)
}

function checkNumber(batch: JournalBatch, name: string, value: number | undefined): void {
  if (value === undefined || (value >= 1 && Number.isSafeInteger(value))) return
  throw refused(batch, `${name} to be a whole number from 1 to 2^53 - 1`, value)
}

function checkTime(batch: JournalBatch, name: string, value: number | undefined): void {
  if (value === undefined || Number.isSafeInteger(value)) return
  throw refused(batch, `${name} to be whole milliseconds since the epoch`, value)
}

function refused(batch: JournalBatch, expected: string, got: number): FixJournalError {
  return new FixJournalError(
    'JOURNAL_WRITE',
    `${batch.sessionId}: expected ${expected}, got ${got}. Nothing of this commit was saved.`
  )
}

/** The call names a session that no `load` has opened. */
export function notLoaded(sessionId: string, code: 'JOURNAL_READ' | 'JOURNAL_WRITE'): FixJournalError {
  return new FixJournalError(
    code,
    `${sessionId}: expected a session that was loaded, got one that never was, or whose last commit failed. ` +
      'Load it (again) and go on from the numbers that load returns.'
  )
}

/** The journal was used after its `close`. */
export function closedJournal(name: string): FixJournalError {
  return new FixJournalError(
    'JOURNAL_CLOSED',
    `Expected an open journal, got one that was closed: ${name}. Make a new one.`
  )
}

/** The messages in strictly ascending order; of two with one number the later one counts. */
export function ascending(messages: readonly JournalMessage[]): readonly JournalMessage[] {
  if (isAscending(messages)) return messages
  const byNumber = new Map<number, JournalMessage>()
  for (const message of messages) byNumber.set(message.msgSeqNum, message)
  return [...byNumber.values()].sort((a, b) => a.msgSeqNum - b.msgSeqNum)
}

/** Whether each number is higher than the one before it, and the first is higher than `after`. */
export function isAscending(messages: readonly JournalMessage[], after = 0): boolean {
  let highest = after
  for (const message of messages) {
    if (message.msgSeqNum <= highest) return false
    highest = message.msgSeqNum
  }
  return true
}

/** Messages of one direction, and what decides how they are written. */
export interface Measured {
  readonly messages: readonly JournalMessage[]
  /** Of all of them. */
  readonly bytes: number
  /** Each number is higher than the one before it, and all are higher than any that is stored. */
  readonly ascend: boolean
}

/** `highest`: the highest number that is stored. */
export function measured(messages: readonly JournalMessage[], highest: number): Measured {
  let bytes = 0
  let last = highest
  let ascend = true
  for (const message of messages) {
    bytes += message.bytes.length
    if (message.msgSeqNum <= last) ascend = false
    last = message.msgSeqNum
  }
  return { messages, bytes, ascend }
}

/** A batch of more bytes goes straight into blocks: writing it twice would cost more than appending it saves. */
const maxTurnBatchBytes = 4 * 1024

/** Whether a turn can hold them: small, and only new numbers. */
export function fitsTurn(received: Measured, sent: Measured): boolean {
  return received.ascend && sent.ascend && received.bytes + sent.bytes <= maxTurnBatchBytes
}
