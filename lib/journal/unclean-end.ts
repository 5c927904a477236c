import type { Database, Statement } from 'better-sqlite3'
import { recordsWithNewestTurn } from './schema.js'
import { journalError } from './sqlite-errors.js'

/** The row that stands for the file. */
const FILE = 0

/**
 * Whether the use of a journal before this one ended with `close` (schema.ts, table `unclean`).
 *
 * With `synchronous: 'normal'` the last commits may be gone after a loss of power, and nothing in the file tells of them. So the file
 * says before the first commit that it is in use, on the disk before anything that may be lost; with 'full' nothing may be.
 */
export class UncleanEnd {
  readonly #path: string
  readonly #database: Database
  readonly #synchronous: 'normal' | 'full'
  readonly #markFile: Statement<[]>
  readonly #unmarkFile: Statement<[]>
  readonly #unmark: Statement<[number]>
  readonly #note: Statement<[number]>
  /** The use before this one was not closed. */
  readonly #ofBefore: boolean
  #begun = false

  /** What an earlier use left unsaid is noted of each record. */
  constructor(database: Database, path: string, synchronous: 'normal' | 'full') {
    this.#path = path
    this.#database = database
    this.#synchronous = synchronous
    this.#markFile = database.prepare(`INSERT OR IGNORE INTO unclean VALUES (${FILE}, 0)`)
    this.#unmarkFile = database.prepare(`DELETE FROM unclean WHERE record = ${FILE}`)
    this.#unmark = database.prepare('DELETE FROM unclean WHERE record = ?')
    this.#note = database.prepare('INSERT OR IGNORE INTO unclean VALUES (?, 1)')
    this.#ofBefore = database.prepare(`SELECT 1 FROM unclean WHERE record = ${FILE}`).get() !== undefined
    if (!this.#ofBefore) return
    // Where it happened before and is not settled yet, that number counts.
    database.exec(
      `INSERT OR IGNORE INTO unclean SELECT records.id, coalesce(turns.nextNumOut, records.nextNumOut)
       FROM ${recordsWithNewestTurn} WHERE records.sessionId IS NOT NULL`
    )
  }

  /** Before a commit: the first one is preceded by a mark that no loss of power takes back. */
  begin(): void {
    if (this.#begun) return
    try {
      this.#mark()
      this.#begun = true
    } catch (error) {
      throw journalError('write', this.#path, error)
    }
  }

  #mark(): void {
    if (this.#synchronous === 'full') {
      this.#unmarkFile.run()
      return
    }
    this.#database.pragma('synchronous = full')
    try {
      this.#markFile.run()
      // Out of the log, which is all that a loss of power can damage.
      this.#database.pragma('wal_checkpoint(PASSIVE)')
    } finally {
      this.#database.pragma('synchronous = normal')
    }
  }

  /**
   * From which number on messages of a new record may be lacking: all that there was of its session can have been lost. Runs in the
   * caller's transaction.
   */
  create(record: number): number | undefined {
    if (!this.#ofBefore) return undefined
    this.#note.run(record)
    return 1
  }

  /** All is packed and about to be closed. Runs in the caller's transaction. */
  end(): void {
    if (this.#begun) this.#unmarkFile.run()
  }

  /** A record of which nothing is missing any more. Runs in the caller's transaction. */
  settle(record: number): void {
    this.#unmark.run(record)
  }
}
