import { existsSync, rmSync } from 'node:fs'
import { FixError } from '../../errors.js'
import type { Direction, JournalBatch, JournalMessage } from '../journal.js'
import { type Ownership, takeOwnership } from '../ownership.js'
import { SqliteJournal } from '../sqlite-journal.js'
import { SalvagedJournal, type SalvagedSession } from './salvaged-journal.js'

/** What was saved of one session. */
export interface RepairedSession {
  readonly sessionId: string
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly in: RepairedWay
  readonly out: RepairedWay
  readonly doubts: readonly string[]
}

export interface RepairedWay {
  readonly messages: number
  /** Ranges of numbers, from the first that is kept on, under which there is no message: damaged, gap-filled, or never kept. */
  readonly missing: readonly (readonly [from: number, to: number])[]
}

export interface Repair {
  readonly sessions: readonly RepairedSession[]
  /** Messages that were found and are not whole. */
  readonly damagedMessages: number
  readonly damagedPages: number
}

/** A whole block of the new journal a commit. */
const messagesPerCommit = 256

/**
 * Puts all that can be read of a damaged journal into a new one. The damaged file is only read.
 *
 * Throws FixError `FILE_EXISTS` when `to` is there already, FixJournalError `JOURNAL_...` for what keeps the one from being read or the
 * other from being written (`JOURNAL_LOCKED`: a process has it open); then there is no new file.
 */
export function repairJournal(from: string, to: string): Repair {
  if (existsSync(to)) {
    throw new FixError('FILE_EXISTS', `${to}: expected a file that is not there yet. Choose another one.`)
  }
  const ownership = ownAtRest(from)
  try {
    return copy(from, to)
  } finally {
    ownership?.release()
  }
}

/** A journal that a process is writing is not to be read page by page. Without the lock beside it nobody has it open. */
function ownAtRest(path: string): Ownership | undefined {
  if (!existsSync(`${path}.lock`)) return undefined
  try {
    return takeOwnership(path)
  } catch (error) {
    // Where the lock cannot be written, on a disk mounted read-only, no journal can be either.
    if (error instanceof FixError && error.code !== 'JOURNAL_LOCKED') return undefined
    throw error
  }
}

function copy(from: string, to: string): Repair {
  const salvaged = new SalvagedJournal(from)
  const journal = new SqliteJournal(to)
  try {
    const sessions = salvaged.sessions().map((session) => copySession(salvaged, session, journal))
    journal.close()
    const { damagedMessages, damagedPages } = salvaged
    return { sessions, damagedMessages, damagedPages }
  } catch (error) {
    journal.close()
    for (const suffix of ['', '-wal', '-shm', '.lock']) rmSync(`${to}${suffix}`, { force: true })
    throw error
  } finally {
    salvaged.close()
  }
}

function copySession(from: SalvagedJournal, session: SalvagedSession, to: SqliteJournal): RepairedSession {
  const { sessionId, nextNumIn, nextNumOut, resetTime, connectTime, doubts } = session
  const save = (changes: Partial<JournalBatch>): void => to.commit([{ ...nothing, sessionId, ...changes }])
  to.load(sessionId, resetTime)
  const received = copyWay(from, session, 'in', nextNumIn, (messages) => save({ in: messages }))
  const sent = copyWay(from, session, 'out', nextNumOut, (messages) => save({ out: messages }))
  save({ nextNumIn, nextNumOut, connectTime })
  return { sessionId, nextNumIn, nextNumOut, in: received, out: sent, doubts }
}

const nothing = {
  reset: undefined,
  in: [],
  out: [],
  nextNumIn: undefined,
  nextNumOut: undefined,
  connectTime: undefined
}

function copyWay(
  from: SalvagedJournal,
  { sessionId }: SalvagedSession,
  direction: Direction,
  nextNum: number,
  save: (messages: readonly JournalMessage[]) => void
): RepairedWay {
  const missing: [number, number][] = []
  let waiting: JournalMessage[] = []
  let messages = 0
  let expected: number | undefined
  for (const message of from.messages(sessionId, direction)) {
    const { msgSeqNum } = message
    if (expected !== undefined && msgSeqNum > expected) missing.push([expected, msgSeqNum - 1])
    expected = msgSeqNum + 1
    messages++
    waiting.push(message)
    if (waiting.length < messagesPerCommit) continue
    save(waiting)
    waiting = []
  }
  if (waiting.length > 0) save(waiting)
  const last = expected ?? 1
  if (last < nextNum) missing.push([last, nextNum - 1])
  return { messages, missing }
}
