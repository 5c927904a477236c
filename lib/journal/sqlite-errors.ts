import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { FixJournalError } from '../errors.js'

/** What the journal was doing when SQLite refused. */
export type JournalOperation = 'open' | 'read' | 'write'

const codeOf = { open: 'JOURNAL_OPEN', read: 'JOURNAL_READ', write: 'JOURNAL_WRITE' } as const
const doing = { open: 'opening', read: 'reading', write: 'writing' } as const

/** Turns whatever came out of SQLite or the file system into a FixJournalError that says what to do. */
export function journalError(operation: JournalOperation, path: string, cause: unknown): FixJournalError {
  if (cause instanceof FixJournalError) return cause
  const sqliteCode = cause instanceof Database.SqliteError ? cause.code : ''
  const said = cause instanceof Error ? cause.message : String(cause)
  const got = `${doing[operation]} ${path}: got "${said}"${sqliteCode ? ` (${sqliteCode})` : ''}.`
  if (sqliteCode === 'SQLITE_FULL') {
    return new FixJournalError(
      'JOURNAL_FULL',
      `Expected room to write: ${got} Free disk space or raise maxFileSize, then connect() again.`,
      { cause }
    )
  }
  if (sqliteCode === 'SQLITE_NOTADB' || sqliteCode.startsWith('SQLITE_CORRUPT') || cause instanceof SyntaxError) {
    return new FixJournalError(
      'JOURNAL_CORRUPT',
      `Expected a sound journal: ${got} The file was left as it is: save what can be read with gapfill journal repair, or restore a backup.`,
      { cause }
    )
  }
  if (sqliteCode.startsWith('SQLITE_BUSY')) {
    return new FixJournalError(
      codeOf[operation],
      `Expected to be the only writer: ${got} End the other tool's transaction; tools may read a live journal, not write it.`,
      { cause }
    )
  }
  const misplaced = operation === 'open' ? misplacedAt(path) : undefined
  if (misplaced !== undefined) return new FixJournalError('JOURNAL_OPEN', misplaced, { cause })
  return new FixJournalError(
    codeOf[operation],
    `Expected a file that can be read and written: ${got} Check that its directory exists, is writable and is on a local disk.`,
    { cause }
  )
}

/** What is wrong with a path at which no file can be: the file system's own words name system calls. */
function misplacedAt(path: string): string | undefined {
  if (isFolder(path))
    return `Expected the path of a journal file, got a folder: ${path}. Give a file in it, such as ${join(path, 'gapfill.db')}.`
  const folder = dirname(path)
  if (isFolder(folder) !== undefined) return undefined
  return `Expected the folder of the journal ${path} to be there. Make it (mkdir -p ${folder}), or give another path.`
}

/** Undefined: there is nothing. */
function isFolder(path: string): boolean | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory()
  } catch {
    return false
  }
}

/** The journal holds what no version of this library writes. */
export function corruptJournal(path: string, what: string): FixJournalError {
  return new FixJournalError(
    'JOURNAL_CORRUPT',
    `Expected a sound journal: ${path}: ${what}. The file was left as it is: save what can be read with gapfill journal repair, or restore a backup.`
  )
}
