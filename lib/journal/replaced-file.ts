import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { FixJournalError } from '../errors.js'
import { applicationId, schemaVersion } from './schema.js'

/** The beginning of every SQLite file (its file format, 1.3). */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1')

/** Bytes of the header. */
const HEADER_LENGTH = 100

/**
 * Refuses a file that has taken the place of a journal whose write-ahead log is still there. SQLite takes the word of the log, whatever
 * the file below it is: it would be read as the journal, and written over; where there is none it drops the log, and the numbers would
 * begin again. A look at the header only.
 *
 * A journal that has just been made has one page below its log that nobody has signed yet.
 *
 * @throws FixJournalError `JOURNAL_CORRUPT` for what is no database, `JOURNAL_SCHEMA` for one of another program or of a newer version.
 */
export function refuseReplaced(path: string): void {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  if (log === undefined || !log.isFile() || log.size === 0) return
  const header = headerOf(path)
  if (header === undefined) throw replaced('JOURNAL_CORRUPT', path, 'none')
  if (header.length === 0) throw replaced('JOURNAL_CORRUPT', path, 'an empty file')
  if (header.length < HEADER_LENGTH || !header.subarray(0, MAGIC.length).equals(MAGIC))
    throw replaced('JOURNAL_CORRUPT', path, 'a file that is no database')
  const pages = header.readUInt32BE(28)
  const version = header.readUInt32BE(60)
  const application = header.readUInt32BE(68)
  if (application !== applicationId && (application !== 0 || version !== 0 || pages > 1))
    throw replaced('JOURNAL_SCHEMA', path, 'a SQLite database of another program')
  if (version > schemaVersion) throw replaced('JOURNAL_SCHEMA', path, `a journal of schema version ${version}`)
}

/** Undefined where there is no file. */
function headerOf(path: string): Buffer | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER_LENGTH)
    return header.subarray(0, readSync(file, header, 0, HEADER_LENGTH, 0))
  } finally {
    closeSync(file)
  }
}

function replaced(code: 'JOURNAL_CORRUPT' | 'JOURNAL_SCHEMA', path: string, got: string): FixJournalError {
  return new FixJournalError(
    code,
    `Expected at ${path} the journal whose write-ahead log is beside it (${path}-wal), got ${got}. Nothing was written: put the journal back, ` +
      `or save what can be read with gapfill journal repair, or, to lose what is in the log, move ${path}-wal and ${path}-shm away.`
  )
}
