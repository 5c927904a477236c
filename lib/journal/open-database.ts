import { existsSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { FixJournalError } from '../errors.js'
import { forcedAfter } from './checkpoints.js'
import type { Ownership } from './ownership.js'
import { refuseReplaced } from './replaced-file.js'
import { bringUpToDate, inspectSchema, requireCurrentSchema, schemaVersion } from './schema.js'
import { journalError } from './sqlite-errors.js'
import type { FileOptions } from './sqlite-options.js'

export interface OpenedDatabase {
  readonly database: Database.Database
  readonly ownership: Ownership | undefined
  /** The older schema version that was found, or undefined where it was current or new. */
  readonly migratedFrom: number | undefined
}

/** Bytes. A commit of one message rewrites whole pages, so they are small; larger ones gain nothing for large commits. */
const newPageSize = 2_048
/** How long to wait for a tool that wrongly writes to the journal, milliseconds: the event loop waits with us. */
const writerWait = 250
/** A reader holds up nobody, so it may wait, milliseconds. */
const readerWait = 5_000

/** The one name of a file, however it was given; the file itself need not exist yet. */
export function canonicalPath(path: string): string {
  if (path === ':memory:') return path
  if (path === '') {
    throw new FixJournalError(
      'JOURNAL_OPEN',
      'Expected the path of a journal, got an empty text. Give a path or ":memory:".'
    )
  }
  try {
    return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path))
  } catch (error) {
    throw journalError('open', path, error)
  }
}

/**
 * Opens a journal for writing, makes it where there is none, and migrates an older one. What is not ours to write is
 * found out by reading only, before anything is written, and again once nobody else can write.
 */
export function openDatabase(path: string, options: FileOptions, own: () => Ownership | undefined): OpenedDatabase {
  look(path)
  const ownership = own()
  let database: Database.Database | undefined
  try {
    database = new Database(path, { timeout: writerWait })
    inspectSchema(database, path)
    database.pragma(`page_size = ${newPageSize}`)
    // An older file keeps its own.
    const pageSize = Number(database.pragma('page_size', { simple: true }))
    database.pragma('journal_mode = WAL')
    database.pragma(`synchronous = ${options.synchronous}`)
    database.pragma(`wal_autocheckpoint = ${forcedAfter(options.walAutocheckpoint)}`)
    // A log that once grew beyond its checkpoints (a migration, a slow reader) is cut back to this, in bytes.
    database.pragma(`journal_size_limit = ${options.walAutocheckpoint * pageSize * 4}`)
    if (options.maxFileSize !== Infinity) {
      database.pragma(`max_page_count = ${Math.max(1, Math.floor(options.maxFileSize / pageSize))}`)
    }
    const found = prepareSchema(database, path)
    return { database, ownership, migratedFrom: found === 0 || found === schemaVersion ? undefined : found }
  } catch (error) {
    database?.close()
    ownership?.release()
    throw journalError('open', path, error)
  }
}

/** Opens a journal for reading, also while another process writes it. */
export function openDatabaseForReading(path: string): Database.Database {
  let database: Database.Database | undefined
  try {
    refuseReplaced(path)
    database = new Database(path, { readonly: true, fileMustExist: true, timeout: readerWait })
    requireCurrentSchema(database, path)
    return database
  } catch (error) {
    database?.close()
    throw journalError('open', path, error)
  }
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0
}

function look(path: string): void {
  if (path === ':memory:') return
  let database: Database.Database | undefined
  try {
    refuseReplaced(path)
    if (!hasContent(path)) return
    database = new Database(path, { readonly: true, fileMustExist: true, timeout: readerWait })
    inspectSchema(database, path)
  } catch (error) {
    throw journalError('open', path, error)
  } finally {
    database?.close()
  }
}

/** Also finds out, where nothing is to be done, that the file can be written. */
function prepareSchema(database: Database.Database, path: string): number {
  database.exec('BEGIN IMMEDIATE')
  try {
    const version = inspectSchema(database, path)
    bringUpToDate(database, version)
    database.exec('COMMIT')
    return version
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw error
  }
}
