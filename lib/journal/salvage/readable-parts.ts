import { existsSync } from 'node:fs'
import { FixJournalError } from '../../errors.js'
import type { Direction, JournalMessage } from '../journal.js'
import type { JournalReader, JournalSession } from '../reader.js'
import { openJournalForReading } from '../sqlite-reader.js'
import { SalvagedJournal } from './salvaged-journal.js'

/**
 * What can be read of a journal: in the ordinary way as far as that goes, which takes a live one as it is, and page by page from where it
 * meets damage.
 */
export class ReadableParts {
  readonly #path: string
  #reader: JournalReader
  #salvaged: SalvagedJournal | undefined
  /** The first damage that was met. */
  damage: FixJournalError | undefined

  /** Throws what `openJournalForReading` and `SalvagedJournal` throw. */
  constructor(path: string) {
    this.#path = path
    try {
      this.#reader = openJournalForReading(path)
    } catch (error) {
      if (!isDamage(error) || !existsSync(path)) throw error
      this.#reader = this.#salvage(error)
    }
  }

  sessions(): readonly JournalSession[] {
    try {
      return this.#reader.sessions()
    } catch (error) {
      return this.#salvage(error).sessions()
    }
  }

  *messages(sessionId: string, direction: Direction, from: number, to: number): Generator<JournalMessage> {
    let next = from
    try {
      for (const message of this.#reader.messages(sessionId, direction, from, to)) {
        next = message.msgSeqNum + 1
        yield message
      }
    } catch (error) {
      yield* this.#salvage(error).messages(sessionId, direction, next, to)
    }
  }

  /** Messages that were met and are not whole; they are left out. */
  get damagedMessages(): number {
    return this.#salvaged?.damagedMessages ?? 0
  }

  close(): void {
    this.#reader.close()
    if (this.#salvaged !== this.#reader) this.#salvaged?.close()
  }

  /** Throws what is no damage. */
  #salvage(error: unknown): SalvagedJournal {
    if (!isDamage(error)) throw error
    this.damage ??= error
    this.#salvaged ??= new SalvagedJournal(this.#path)
    return this.#salvaged
  }
}

/** `JOURNAL_OPEN`: SQLite does not read what is in a log where it may not write beside it. */
function isDamage(error: unknown): error is FixJournalError {
  return error instanceof FixJournalError && ['JOURNAL_CORRUPT', 'JOURNAL_OPEN', 'JOURNAL_READ'].includes(error.code)
}
