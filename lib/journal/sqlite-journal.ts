import { closedJournal } from './batch.js'
import type { Direction, Journal, JournalBatch, JournalMessage, JournalState } from './journal.js'
import type { JournalFile } from './journal-file.js'
import { shareFile } from './shared-files.js'
import { type FileOptions, givenOptions, type JournalLogger, type SqliteJournalOptions } from './sqlite-options.js'

/**
 * A journal in a SQLite file, for any number of sessions.
 *
 * The file is opened by the first call of `load`, not before; opening throws FixJournalError `JOURNAL_OPEN`,
 * `JOURNAL_LOCKED` (another process writes it), `JOURNAL_SCHEMA` (another program's, or a newer version's),
 * `JOURNAL_CORRUPT` or `JOURNAL_FULL`, and then has changed nothing. All journals of a process on one file share one
 * connection; the last `close` closes it. Other processes may read it at any time, as plain SQL or with
 * `openJournalForReading`: the view `messages` has one row a message, the view `sessions` the numbers.
 *
 * A commit that throws has saved nothing, and its sessions are refused (`JOURNAL_WRITE`) until `load` has told them what
 * is durable: going on from numbers of which some were never saved would leave a hole. Others are not concerned.
 *
 * Messages are kept as they come: it is the session that takes the secrets out of a Logon(A) before it stores one.
 */
export class SqliteJournal implements Journal {
  /** As it was given. */
  readonly path: string
  readonly #options: Partial<FileOptions>
  readonly #logger: JournalLogger | undefined
  #file: JournalFile | undefined
  #release: (() => void) | undefined
  #closed = false

  /** Throws FixJournalError `JOURNAL_OPEN` for an option out of range; touches no file. */
  constructor(pathOrOptions: string | SqliteJournalOptions) {
    const options = typeof pathOrOptions === 'string' ? { path: pathOrOptions } : pathOrOptions
    this.path = options.path
    this.#options = givenOptions(options)
    this.#logger = options.logger
  }

  /** The open file, which all journals of this process on it share. */
  get store(): object {
    return this.#file ?? this
  }

  load(sessionId: string, now: number): JournalState {
    return this.#opened().load(sessionId, now)
  }

  commit(batches: readonly JournalBatch[]): void {
    this.#opened().commit(batches)
  }

  read(sessionId: string, direction: Direction, from: number, to: number, limit: number): readonly JournalMessage[] {
    return this.#opened().read(sessionId, direction, from, to, limit)
  }

  close(): void {
    this.#closed = true
    this.#file = undefined
    const release = this.#release
    this.#release = undefined
    release?.()
  }

  #opened(): JournalFile {
    if (this.#file !== undefined) return this.#file
    if (this.#closed) throw closedJournal(this.path)
    const shared = shareFile(this.path, this.#options, this.#logger)
    this.#release = shared.release
    this.#file = shared.file
    return shared.file
  }
}
