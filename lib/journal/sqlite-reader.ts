import type { Database, Statement } from 'better-sqlite3'
import { closedJournal } from './batch.js'
import { BlockReader } from './blocks.js'
import type { Direction, JournalMessage } from './journal.js'
import { fromStored, type StoredMessage } from './message-text.js'
import { openDatabaseForReading } from './open-database.js'
import type { JournalReader, JournalSession } from './reader.js'
import { directionCode, recordsWithNewestTurn } from './schema.js'
import { journalError } from './sqlite-errors.js'
import { TurnReader } from './turn-rows.js'

const pageSize = 500

/**
 * Opens a journal that this or another process may be writing, without the right to change it.
 *
 * Throws FixJournalError `JOURNAL_OPEN` (there is none), `JOURNAL_SCHEMA` (another program's, a newer version's, or an older
 * one's, which only opening it for writing migrates) or `JOURNAL_CORRUPT`.
 */
export function openJournalForReading(path: string): JournalReader {
  return new SqliteReader(path)
}

interface SessionRow {
  readonly sessionId: string
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly resetTime: number
  readonly connectTime: number | null
}

class SqliteReader implements JournalReader {
  readonly #path: string
  readonly #database: Database
  readonly #blocks: BlockReader
  readonly #turns: TurnReader
  readonly #sessions: Statement<[], SessionRow>
  readonly #record: Statement<[string], number>

  constructor(path: string) {
    this.#path = path
    this.#database = openDatabaseForReading(path)
    try {
      this.#blocks = new BlockReader(this.#database, path)
      this.#turns = new TurnReader(this.#database, path)
      this.#sessions = this.#database.prepare(
        `SELECT sessionId, coalesce(turns.nextNumIn, records.nextNumIn) AS nextNumIn,
           coalesce(turns.nextNumOut, records.nextNumOut) AS nextNumOut, resetTime,
           coalesce(turns.connectTime, records.connectTime) AS connectTime
         FROM ${recordsWithNewestTurn}
         WHERE sessionId IS NOT NULL ORDER BY sessionId`
      )
      this.#record = this.#database.prepare<[string], number>('SELECT id FROM records WHERE sessionId = ?').pluck()
    } catch (error) {
      this.#database.close()
      throw journalError('open', path, error)
    }
  }

  sessions(): readonly JournalSession[] {
    return this.#read(() => this.#sessions.all().map((row) => ({ ...row, connectTime: row.connectTime ?? undefined })))
  }

  *messages(
    sessionId: string,
    direction: Direction,
    from = 1,
    to = Number.MAX_SAFE_INTEGER
  ): IterableIterator<JournalMessage> {
    this.#blocks.forget()
    for (let next = from; ; ) {
      const page = this.#read(() => this.#page(sessionId, direction, next, to))
      const last = page.at(-1)
      if (last === undefined) return
      for (const stored of page) yield fromStored(stored)
      next = last.msgSeqNum + 1
    }
  }

  close(): void {
    this.#database.close()
  }

  /** Turns hold the newest numbers, so they come when the blocks have no more. */
  #page(sessionId: string, direction: Direction, from: number, to: number): StoredMessage[] {
    const record = this.#record.get(sessionId)
    if (record === undefined) return []
    const code = directionCode[direction]
    const page = this.#blocks.read(record, code, from, to, pageSize)
    return page.length > 0 ? page : this.#turns.read(record, code, from, to)
  }

  /** One transaction, so that what the writer packs meanwhile is seen in one place only. */
  #read<T>(work: () => T): T {
    if (!this.#database.open) throw closedJournal(this.#path)
    try {
      return this.#database.transaction(work)()
    } catch (error) {
      throw journalError('read', this.#path, error)
    }
  }
}
