import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import { batch, failure, messages, temporaryPath } from '../support/journal.js'

/**
 * Somebody puts another file in the place of a journal that was not closed, and leaves its write-ahead log there: SQLite would take the
 * log for that of the new file.
 */

const session = 'FIX.4.4:BUYSIDE->BROKER'

/** A journal as a killed process leaves it, with a log that is not empty. */
function killed(): string {
  const [path, left] = [temporaryPath(), temporaryPath()]
  const journal = new SqliteJournal(path)
  journal.load(session, 1)
  journal.commit([batch(session, { out: messages(1, 2, 3), nextNumOut: 4 })])
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, left + suffix)
  journal.close()
  return left
}

function foreign(sql: string): string {
  const path = temporaryPath()
  new Database(path).exec(sql).close()
  return path
}

describe('in place of a journal that was not closed', () => {
  const replacements: [string, (path: string) => void, string, RegExp][] = [
    [
      'garbage',
      (path) => writeFileSync(path, Buffer.alloc(50_000, 7)),
      'JOURNAL_CORRUPT',
      /a file that is no database/
    ],
    [
      'a few bytes',
      (path) => writeFileSync(path, 'SQLite format 3\0'),
      'JOURNAL_CORRUPT',
      /a file that is no database/
    ],
    ['an empty file', (path) => writeFileSync(path, ''), 'JOURNAL_CORRUPT', /an empty file/],
    [
      'the database of another program',
      (path) => renameSync(foreign('CREATE TABLE accounts(id); INSERT INTO accounts VALUES (1)'), path),
      'JOURNAL_SCHEMA',
      /another program/
    ],
    [
      'one that another program has signed',
      (path) => renameSync(foreign('PRAGMA application_id = 77'), path),
      'JOURNAL_SCHEMA',
      /another program/
    ],
    [
      'the journal of a newer version',
      (path) => renameSync(foreign('PRAGMA application_id = 0x67617066; PRAGMA user_version = 99'), path),
      'JOURNAL_SCHEMA',
      /schema version 99/
    ]
  ]

  it.each(replacements)('%s is refused and left as it is, and so is the log', async (_, replace, code, text) => {
    const path = killed()
    replace(path)
    const before = [readFileSync(path), readFileSync(`${path}-wal`)]
    const refusal = await failure(() => new SqliteJournal(path).load(session, 1))
    expect(refusal.code).toBe(code)
    expect(refusal.message).toMatch(text)
    expect(refusal.message).toContain(`move ${path}-wal and ${path}-shm away`)
    if (before[0]?.length !== 0) expect((await failure(() => openJournalForReading(path))).code).toBe(code)
    expect([readFileSync(path), readFileSync(`${path}-wal`)]).toEqual(before)
  })

  it('nothing at all is refused too: the numbers are not to begin again', async () => {
    const path = killed()
    rmSync(path)
    const log = readFileSync(`${path}-wal`)
    const refusal = await failure(() => new SqliteJournal(path).load(session, 1))
    expect(refusal.code).toBe('JOURNAL_CORRUPT')
    expect(refusal.message).toContain('got none')
    expect(readFileSync(`${path}-wal`)).toEqual(log)
    rmSync(`${path}-wal`)
    expect(new SqliteJournal(path).load(session, 1).nextNumOut).toBe(1)
  })

  it('the journal itself goes on', () => {
    const path = killed()
    const journal = new SqliteJournal(path)
    expect(journal.load(session, 1).nextNumOut).toBe(4)
    journal.close()
  })
})
