import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { applicationId, schemaVersion } from '../../lib/journal/schema.js'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import { batch, failure, message, messages, range, stored, temporaryPath } from '../support/journal.js'

const version1 = readFileSync(new URL('../../fixtures/journal/version-1.sql', import.meta.url), 'utf8')
const buySide = 'FIX.4.4:BUYSIDE->BROKER'

/** A SQLite file with this content. */
function database(sql: string): string {
  const path = temporaryPath()
  new Database(path).exec(sql).close()
  return path
}

/** What plain SQL says of a file. */
function query(path: string, sql: string): unknown[] {
  const reader = new Database(path, { readonly: true })
  const rows = reader.prepare(sql).all()
  reader.close()
  return rows
}

describe('a journal of schema version 1', () => {
  it('is migrated when it is opened, and nothing of it is lost', async () => {
    const path = database(version1)
    const journal = new SqliteJournal(path)
    expect(journal.load(buySide, 9_999)).toEqual({
      nextNumIn: 4,
      nextNumOut: 6,
      resetTime: 1_767_225_600_000,
      connectTime: undefined
    })
    expect(await stored(journal, buySide, 'out')).toEqual([
      [1, '8=FIX.4.4|9=5|35=A|34=1|10=123|'],
      [2, '8=FIX.4.4|9=5|35=D|34=2|10=124|'],
      [3, '8=FIX.4.4|35=D|34=3|58=caf\u00e9|95=3|96=\u0000\u00ff|'],
      [5, '8=FIX.4.4|9=5|35=0|34=5|10=125|']
    ])
    expect(await stored(journal, buySide, 'in')).toEqual([
      [1, '8=FIX.4.4|9=5|35=A|34=1|10=223|'],
      [2, '8=FIX.4.4|9=5|35=8|34=2|10=224|'],
      [3, '8=FIX.4.4|9=5|35=8|34=3|10=225|']
    ])
    expect(journal.read(buySide, 'out', 3, 3, 1)[0]?.time).toBe(1_767_225_603_000)
    expect(journal.load('FIX.4.2:IDLE->BROKER', 9_999)).toMatchObject({ nextNumIn: 1, resetTime: 1_767_225_600_001 })
    journal.commit([batch(buySide, { out: messages(6), nextNumOut: 7 })])
    journal.close()
    expect(query(path, 'PRAGMA user_version')).toEqual([{ user_version: schemaVersion }])
    expect(query(path, "SELECT name FROM sqlite_schema WHERE name LIKE 'version1%'")).toEqual([])
    expect(query(path, `SELECT count(*) AS count FROM messages WHERE sessionId = '${buySide}'`)).toEqual([{ count: 8 }])
  })

  it('may be larger than what the migration holds in memory at a time', async () => {
    const path = database(`${version1}
      WITH RECURSIVE numbers(number) AS (SELECT 10 UNION ALL SELECT number + 1 FROM numbers WHERE number < 5000)
      INSERT INTO messages SELECT '${buySide}', 'out', number, 0, CAST('34=' || number AS BLOB) FROM numbers`)
    const journal = new SqliteJournal(path)
    journal.load(buySide, 0)
    const found = await stored(journal, buySide, 'out')
    expect(found.map(([number]) => number)).toEqual([1, 2, 3, 5, ...range(10, 5_000)])
    expect(found.at(-1)).toEqual([5_000, '34=5000'])
    journal.close()
  })

  it('stays as it was when the migration fails', async () => {
    const path = database(`${version1}
      WITH RECURSIVE numbers(number) AS (SELECT 10 UNION ALL SELECT number + 1 FROM numbers WHERE number < 5000)
      INSERT INTO messages SELECT '${buySide}', 'out', number, 0, CAST('34=' || number AS BLOB) FROM numbers`)
    const journal = new SqliteJournal({ path, maxFileSize: 65_536 })
    expect((await failure(() => journal.load(buySide, 0))).code).toBe('JOURNAL_FULL')
    journal.close()
    expect(query(path, 'PRAGMA user_version')).toEqual([{ user_version: 1 }])
    expect(query(path, 'SELECT count(*) AS count FROM messages')).toEqual([{ count: 4_998 }])
  })

  it('is refused by a reader, which cannot migrate', async () => {
    const error = await failure(() => openJournalForReading(database(version1)))
    expect(error.code).toBe('JOURNAL_SCHEMA')
    expect(error.message).toContain('Open it once with SqliteJournal')
  })
})

describe('a file that is not ours to write', () => {
  const foreign = 'CREATE TABLE customers (name TEXT); INSERT INTO customers VALUES (1);'
  const newer = `PRAGMA application_id = ${applicationId}; PRAGMA user_version = 99; CREATE TABLE records (id INTEGER);`

  it.each([
    ["another program's database", foreign, 'a SQLite database of another program'],
    ["another program's database with an id", `PRAGMA application_id = 5; ${foreign}`, 'another program'],
    ["another program's database in WAL mode", `PRAGMA journal_mode = WAL; ${foreign}`, 'another program'],
    ['a journal of a newer version', newer, `schema version ${schemaVersion} or older, got version 99`]
  ])('is refused and left as it was: %s', async (_, sql, text) => {
    const path = database(sql)
    const before = readFileSync(path)
    const journal = new SqliteJournal(path)
    const error = await failure(() => journal.load('S', 0))
    expect(error.code).toBe('JOURNAL_SCHEMA')
    expect(error.message).toContain(text)
    expect((await failure(() => openJournalForReading(path))).code).toBe('JOURNAL_SCHEMA')
    journal.close()
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(dirname(path))).not.toContain('journal.db.lock')
  })

  it('is refused and left as it was: something else than a database', async () => {
    const path = temporaryPath()
    const text = 'Dear diary, this is not a database, but longer than its header. '.repeat(20)
    writeFileSync(path, text)
    const journal = new SqliteJournal(path)
    const error = await failure(() => journal.load('S', 0))
    expect(error.code).toBe('JOURNAL_CORRUPT')
    expect(error.message).toContain(path)
    expect((await failure(() => openJournalForReading(path))).code).toBe('JOURNAL_CORRUPT')
    journal.close()
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(readdirSync(dirname(path))).toEqual(['journal.db'])
  })

  it('an empty file is as good as none', () => {
    const path = temporaryPath()
    writeFileSync(path, '')
    const journal = new SqliteJournal(path)
    expect(journal.load('S', 7)).toMatchObject({ nextNumIn: 1, resetTime: 7 })
    journal.close()
  })
})

describe('plain SQL', () => {
  it('shows one row a message, as text, whether packed or not', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 1_767_225_600_000)
    const time = Date.UTC(2026, 0, 2, 3, 4, 5, 6)
    journal.commit([
      batch('S', { out: [message(1, '8=FIX.4.4|35=A|', time), message(2, '58=caf\u00e9|', time + 994)] })
    ])
    journal.read('S', 'out', 1, 1, 1)
    const logon = message(1, '8=FIX.4.4|35=A|43=Y|', time + 999)
    journal.commit([batch('S', { in: [logon], nextNumIn: 2, nextNumOut: 3, connectTime: time })])
    expect(query(path, 'SELECT * FROM messages ORDER BY sessionId, direction, msgSeqNum')).toEqual([
      {
        sessionId: 'S',
        direction: 'in',
        msgSeqNum: 1,
        time: '2026-01-02T03:04:06.005Z',
        text: '8=FIX.4.4\u000135=A\u000143=Y\u0001'
      },
      {
        sessionId: 'S',
        direction: 'out',
        msgSeqNum: 1,
        time: '2026-01-02T03:04:05.006Z',
        text: '8=FIX.4.4\u000135=A\u0001'
      },
      { sessionId: 'S', direction: 'out', msgSeqNum: 2, time: '2026-01-02T03:04:06.000Z', text: '58=caf\u00e9\u0001' }
    ])
    expect(query(path, 'SELECT * FROM sessions')).toEqual([
      {
        sessionId: 'S',
        nextNumIn: 2,
        nextNumOut: 3,
        resetTime: '2026-01-01T00:00:00.000Z',
        connectTime: '2026-01-02T03:04:05.006Z'
      }
    ])
    journal.close()
  })

  it('does not show what was reset, though it is deleted bit by bit', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    for (const page of range(0, 99)) {
      const numbers = range(page * 256 + 1, page * 256 + 256)
      journal.commit([batch('S', { out: messages(...numbers), nextNumOut: page * 256 + 257 })])
    }
    journal.commit([batch('S', { reset: 600, out: messages(1), nextNumOut: 2 })])
    expect(query(path, 'SELECT count(*) AS count FROM blocks')[0]).not.toEqual({ count: 1 })
    expect(query(path, 'SELECT msgSeqNum FROM messages')).toEqual([{ msgSeqNum: 1 }])
    expect(query(path, 'SELECT sessionId, nextNumOut FROM sessions')).toEqual([{ sessionId: 'S', nextNumOut: 2 }])
    for (const number of range(2, 60)) {
      journal.commit([batch('S', { out: messages(number), nextNumOut: number + 1 })])
      journal.read('S', 'out', number, number, 1)
    }
    expect(query(path, 'SELECT count(*) AS count FROM records')).toEqual([{ count: 1 }])
    expect(query(path, 'SELECT min(record) = max(record) AS alone FROM blocks')).toEqual([{ alone: 1 }])
    journal.close()
  })

  it('leaves nothing behind of what was reset before it was packed', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.commit([batch('S', { out: messages(1), nextNumOut: 2 })])
    journal.commit([batch('S', { reset: 600 })])
    journal.close()
    expect(query(path, 'SELECT count(*) AS count FROM blocks')).toEqual([{ count: 0 }])
    expect(query(path, 'SELECT count(*) AS count FROM turns')).toEqual([{ count: 0 }])
    expect(query(path, 'SELECT sessionId FROM records')).toEqual([{ sessionId: 'S' }])
  })
})
