import type { Direction, JournalMessage, JournalState } from './journal.js'

/** What is durable of one session, by its name. */
export interface JournalSession extends JournalState {
  readonly sessionId: string
}

/**
 * Reads what a journal has, without the right to change it. All methods throw FixJournalError `JOURNAL_READ`,
 * `JOURNAL_CORRUPT` or `JOURNAL_CLOSED`.
 */
export interface JournalReader {
  /** All sessions, ordered by name. */
  sessions(): readonly JournalSession[]
  /**
   * The messages of one direction with `from <= MsgSeqNum <= to` (default all), ascending; none for an unknown session.
   * They are fetched a page at a time, so any number takes little memory, and a writer is never held up: messages that
   * are stored meanwhile are seen when the reading comes to them.
   */
  messages(sessionId: string, direction: Direction, from?: number, to?: number): IterableIterator<JournalMessage>
  close(): void
}
