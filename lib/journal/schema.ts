import type { Database } from 'better-sqlite3'
import { FixJournalError } from '../errors.js'
import { migrateToVersion2 } from './migrate-v2.js'

/** "gapf": marks a SQLite file as a journal of this library (PRAGMA application_id). */
export const applicationId = 0x67617066

/** PRAGMA user_version of the schema below. Version 1 was the schema of the 0.0 prototypes: one row per message. */
export const schemaVersion = 2

/** How the columns `direction` hold which way a message went. */
export const directionCode = { in: 0, out: 1 } as const

const isoTime = (milliseconds: string) =>
  `strftime('%Y-%m-%dT%H:%M:%S', (${milliseconds}) / 1000, 'unixepoch') || printf('.%03dZ', (${milliseconds}) % 1000)`

/** The text whose offset is in the entry at `index`, and its length in the next; SQLite finds nothing in an empty body. */
const textAt = (body: string, index: number) =>
  `coalesce(CAST(substr(${body}, json_extract(entry.value, '$[${index}]') + 1, ` +
  `json_extract(entry.value, '$[${index + 1}]')) AS TEXT), '')`

/**
 * Three tables hold everything, two views show it.
 *
 * - `records`: one row a session, with its numbers as of the last packing. A reset leaves the old row behind without
 *   a name until retention has reclaimed its blocks, which makes the reset of a large session as fast as any other.
 * - `turns`: what sessions saved, one row a session and turn, in the order of commits. One appended row is the least that
 *   SQLite can write: half of what the same commit costs spread over tables. Each record's turns are packed into blocks
 *   from time to time; those up to its `packedTurn` mean nothing any more, and are deleted in the order of their ids.
 * - `blocks`: packed runs of messages of one direction. Runs of one record and direction never overlap.
 *
 * All times are milliseconds since the epoch; direction is 0 for in, 1 for out. `entries` is JSON, one array a message:
 * in a turn `[direction, MsgSeqNum, time, offset, length]`, in a block `[MsgSeqNum - first, time - firstTime, offset,
 * length]`; offset and length, in bytes, find its UTF-8 text in `body`.
 *
 * The view `messages` shows one row a message, the view `sessions` the numbers as they are now.
 */
const tables = `
CREATE TABLE records (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sessionId TEXT UNIQUE,
  nextNumIn INTEGER NOT NULL,
  nextNumOut INTEGER NOT NULL,
  resetTime INTEGER NOT NULL,
  connectTime INTEGER,
  packedTurn INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE turns (
  id INTEGER PRIMARY KEY,
  record INTEGER NOT NULL,
  nextNumIn INTEGER NOT NULL,
  nextNumOut INTEGER NOT NULL,
  connectTime INTEGER,
  entries TEXT NOT NULL,
  body BLOB NOT NULL
);
CREATE TABLE blocks (
  id INTEGER PRIMARY KEY,
  record INTEGER NOT NULL,
  direction INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  count INTEGER NOT NULL,
  firstTime INTEGER NOT NULL,
  lastTime INTEGER NOT NULL,
  entries TEXT NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX blocksByNumber ON blocks (record, direction, first, last, count);
`

/**
 * Whether what was committed last can be missing. The row 0 is there while the file is in use, and stays when that does not end
 * with `close`. The others are of records that were there then: from which number on messages may have been sent that are not here.
 *
 * It came without a schema version of its own: a program that does not know it leaves it alone.
 */
const unclean = `
CREATE TABLE IF NOT EXISTS unclean (
  record INTEGER PRIMARY KEY,
  nextNumOut INTEGER NOT NULL
);
`

/** The numbers of a record are those of its newest turn that is not packed, or else its own. */
export const recordsWithNewestTurn = `records
LEFT JOIN (
  SELECT turns.record, max(turns.id) AS id FROM turns JOIN records ON records.id = turns.record
  WHERE turns.id > records.packedTurn GROUP BY turns.record
) AS newest ON newest.record = records.id
LEFT JOIN turns ON turns.id = newest.id`

const views = `
CREATE VIEW sessions AS
SELECT records.sessionId AS sessionId,
  coalesce(turns.nextNumIn, records.nextNumIn) AS nextNumIn,
  coalesce(turns.nextNumOut, records.nextNumOut) AS nextNumOut,
  ${isoTime('records.resetTime')} AS resetTime,
  ${isoTime('coalesce(turns.connectTime, records.connectTime)')} AS connectTime
FROM ${recordsWithNewestTurn}
WHERE records.sessionId IS NOT NULL;

CREATE VIEW messages AS
SELECT records.sessionId AS sessionId,
  CASE blocks.direction WHEN 0 THEN 'in' ELSE 'out' END AS direction,
  blocks.first + json_extract(entry.value, '$[0]') AS msgSeqNum,
  ${isoTime("blocks.firstTime + json_extract(entry.value, '$[1]')")} AS time,
  ${textAt('blocks.body', 2)} AS text
FROM records JOIN blocks ON blocks.record = records.id JOIN json_each(blocks.entries) AS entry
WHERE records.sessionId IS NOT NULL
UNION ALL
SELECT records.sessionId,
  CASE json_extract(entry.value, '$[0]') WHEN 0 THEN 'in' ELSE 'out' END,
  json_extract(entry.value, '$[1]'),
  ${isoTime("json_extract(entry.value, '$[2]')")},
  ${textAt('turns.body', 3)}
FROM records JOIN turns ON turns.record = records.id AND turns.id > records.packedTurn JOIN json_each(turns.entries) AS entry
WHERE records.sessionId IS NOT NULL;
`

/**
 * The schema version of an open database, 0 for one that is still empty; a look only, nothing is written.
 * Throws FixJournalError `JOURNAL_SCHEMA` when it belongs to another program or a newer version of this one.
 */
export function inspectSchema(database: Database, path: string): number {
  const tableCount = database.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get()
  const application = database.pragma('application_id', { simple: true })
  const version = database.pragma('user_version', { simple: true })
  if (tableCount === 0 && application === 0 && version === 0) return 0
  if (application !== applicationId || typeof version !== 'number' || version < 1) {
    throw refusedSchema(
      path,
      'a journal of gapfill or a new file',
      'a SQLite database of another program',
      'Give another path.'
    )
  }
  if (version > schemaVersion) {
    throw refusedSchema(
      path,
      `schema version ${schemaVersion} or older`,
      `version ${version}`,
      'A newer gapfill wrote it: use that version or newer, or give another path.'
    )
  }
  return version
}

/** Makes a new schema, or adds to an older one what it lacks, one version after the other. Runs in the caller's transaction. */
export function bringUpToDate(database: Database, version: number): void {
  if (version === 0) database.exec(tables + views)
  if (version === 1) migrateToVersion2(database, tables, views)
  database.exec(unclean)
  if (version === schemaVersion) return
  database.pragma(`application_id = ${applicationId}`)
  database.pragma(`user_version = ${schemaVersion}`)
}

/** A reader cannot migrate; throws FixJournalError `JOURNAL_SCHEMA` unless the schema is the current one. */
export function requireCurrentSchema(database: Database, path: string): void {
  const version = inspectSchema(database, path)
  if (version === schemaVersion) return
  throw refusedSchema(
    path,
    `a journal with schema version ${schemaVersion}`,
    version === 0 ? 'an empty database' : `version ${version}`,
    'Open it once with SqliteJournal, which migrates it.'
  )
}

function refusedSchema(path: string, expected: string, got: string, advice: string): FixJournalError {
  return new FixJournalError(
    'JOURNAL_SCHEMA',
    `${path}: expected ${expected}, got ${got}. Nothing was written. ${advice}`
  )
}
