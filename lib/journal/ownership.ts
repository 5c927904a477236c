import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import { FixJournalError } from '../errors.js'
import { journalError } from './sqlite-errors.js'

/** The right to write one journal; it ends with `release` or with the process, however that dies. */
export interface Ownership {
  release(): void
}

interface Owner {
  readonly pid: number
  readonly token: string
}

/** How long to wait for another process that is just reading or writing its name, milliseconds. */
const nameWait = 200

/**
 * Takes the right to write `path`, or throws FixJournalError `JOURNAL_LOCKED` naming the process that has it.
 *
 * The right is SQLite's RESERVED lock on a small database beside the journal, `<path>.lock`: a lock of the operating
 * system that ends with the process, SIGKILL included, and leaves the journal itself free for readers. RESERVED rather
 * than EXCLUSIVE, because others may then still read the owner's name in it. The file stays when the owner goes:
 * deleting it could take the lock from under a process that has just opened it.
 */
export function takeOwnership(path: string): Ownership {
  const lockPath = `${path}.lock`
  let database: Database.Database | undefined
  try {
    database = new Database(lockPath, { timeout: nameWait })
    holdLock(database, path)
    const held = database
    return { release: () => held.close() }
  } catch (error) {
    database?.close()
    throw journalError('open', lockPath, error)
  }
}

/** Puts our name in, and returns once the lock is held *and* the name in it is still ours. */
function holdLock(database: Database.Database, path: string): void {
  const token = randomUUID()
  for (;;) {
    if (!begin(database)) throw locked(path, ownerOf(database))
    database.exec('CREATE TABLE IF NOT EXISTS owner (pid INTEGER NOT NULL, token TEXT NOT NULL)')
    if (ownerOf(database)?.token === token) return
    database.exec('DELETE FROM owner')
    database.prepare<[number, string]>('INSERT INTO owner VALUES (?, ?)').run(process.pid, token)
    database.exec('COMMIT')
  }
}

function begin(database: Database.Database): boolean {
  try {
    database.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false
    throw error
  }
}

function ownerOf(database: Database.Database): Owner | undefined {
  const exists = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'owner'").get() !== undefined
  return exists ? database.prepare<[], Owner>('SELECT pid, token FROM owner').get() : undefined
}

function locked(path: string, owner: Owner | undefined): FixJournalError {
  const who = owner === undefined ? 'another process that is just opening it' : `process ${owner.pid}`
  return new FixJournalError(
    'JOURNAL_LOCKED',
    `Expected to be the only writer of ${path}, got one that is owned by ${who}. ` +
      'Stop that process, give this one another path, or open the journal for reading only.'
  )
}
