import { FixJournalError } from '../errors.js'
import { ascending, checkBatch, closedJournal, notLoaded } from './batch.js'
import type { Direction, Journal, JournalBatch, JournalMessage, JournalState } from './journal.js'
import { MessageList } from './message-list.js'
import type { JournalReader, JournalSession } from './reader.js'

export interface MemoryJournalOptions {
  /** Most messages kept of each session and direction; the oldest go first. Default 100,000. */
  readonly maxMessages?: number | undefined
}

const defaultMaxMessages = 100_000

interface MemorySession {
  state: JournalState
  readonly in: MessageList
  readonly out: MessageList
}

/**
 * A journal that ends with its process: for specs, and for `journal: { path: ':memory:' }`.
 *
 * It refuses what SqliteJournal refuses, except that nothing of it can fail by itself. To see a session meet a failing
 * journal, wrap it; to see one after a crash, go on with a `snapshot()` taken at that moment.
 */
export class MemoryJournal implements Journal, JournalReader {
  readonly #maxMessages: number
  readonly #sessions = new Map<string, MemorySession>()
  /** Those that may be used: not before `load`, and not after a commit that was refused. */
  readonly #loaded = new Set<string>()
  #closed = false

  /** Throws FixJournalError `JOURNAL_OPEN` for an option out of range. */
  constructor(options: MemoryJournalOptions = {}) {
    const { maxMessages = defaultMaxMessages } = options
    if (!(maxMessages >= 0)) {
      throw new FixJournalError(
        'JOURNAL_OPEN',
        `maxMessages: expected a number from 0, or Infinity, got ${String(maxMessages)}. Change the option.`
      )
    }
    this.#maxMessages = maxMessages
  }

  load(sessionId: string, now: number): JournalState {
    this.#checkOpen()
    let session = this.#sessions.get(sessionId)
    if (session === undefined) {
      session = { state: newState(now), in: this.#newList(), out: this.#newList() }
      this.#sessions.set(sessionId, session)
    }
    this.#loaded.add(sessionId)
    return session.state
  }

  commit(batches: readonly JournalBatch[]): void {
    this.#checkOpen()
    let sessions: MemorySession[]
    try {
      sessions = batches.map((batch) => this.#checked(batch))
    } catch (error) {
      for (const { sessionId } of batches) this.#loaded.delete(sessionId)
      throw error
    }
    for (const [index, batch] of batches.entries()) {
      const session = sessions[index]
      if (session !== undefined) apply(session, batch)
    }
  }

  read(sessionId: string, direction: Direction, from: number, to: number, limit: number): readonly JournalMessage[] {
    this.#checkOpen()
    return this.#session(sessionId, 'JOURNAL_READ')[direction].read(from, to, limit)
  }

  sessions(): readonly JournalSession[] {
    this.#checkOpen()
    return [...this.#sessions]
      .map(([sessionId, { state }]) => ({ sessionId, ...state }))
      .sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
  }

  *messages(sessionId: string, direction: Direction, from = 1, to = Infinity): IterableIterator<JournalMessage> {
    for (let next = from; ; ) {
      this.#checkOpen()
      const page = this.#sessions.get(sessionId)?.[direction].read(next, to, 256)
      const last = page?.at(-1)
      if (page === undefined || last === undefined) return
      yield* page
      next = last.msgSeqNum + 1
    }
  }

  /** What is committed now, as a journal of its own: what a process that starts after a crash at this moment would find. */
  snapshot(): MemoryJournal {
    const copy = new MemoryJournal({ maxMessages: this.#maxMessages })
    for (const [sessionId, session] of this.#sessions) {
      copy.#sessions.set(sessionId, { state: session.state, in: session.in.copy(), out: session.out.copy() })
    }
    return copy
  }

  close(): void {
    this.#closed = true
  }

  #newList(): MessageList {
    return new MessageList(this.#maxMessages)
  }

  #checked(batch: JournalBatch): MemorySession {
    checkBatch(batch)
    return this.#session(batch.sessionId, 'JOURNAL_WRITE')
  }

  #session(sessionId: string, code: 'JOURNAL_READ' | 'JOURNAL_WRITE'): MemorySession {
    const session = this.#sessions.get(sessionId)
    if (session === undefined || !this.#loaded.has(sessionId)) throw notLoaded(sessionId, code)
    return session
  }

  #checkOpen(): void {
    if (this.#closed) throw closedJournal('a MemoryJournal')
  }
}

function newState(resetTime: number): JournalState {
  return { nextNumIn: 1, nextNumOut: 1, resetTime, connectTime: undefined }
}

function apply(session: MemorySession, batch: JournalBatch): void {
  if (batch.reset !== undefined) {
    session.state = newState(batch.reset)
    session.in.clear()
    session.out.clear()
  }
  for (const message of ascending(batch.in)) session.in.put(message)
  for (const message of ascending(batch.out)) session.out.put(message)
  session.state = {
    nextNumIn: batch.nextNumIn ?? session.state.nextNumIn,
    nextNumOut: batch.nextNumOut ?? session.state.nextNumOut,
    resetTime: session.state.resetTime,
    connectTime: batch.connectTime ?? session.state.connectTime,
    lostFrom: batch.settled === true ? undefined : session.state.lostFrom
  }
}
