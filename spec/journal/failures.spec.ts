import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import {
  batch,
  failure,
  message,
  messages,
  range,
  stored,
  temporaryDirectory,
  temporaryPath
} from '../support/journal.js'

const filler = 'x'.repeat(500)

/** A closed journal with messages 1 to `count` out, in more than one block. */
function filled(count: number): string {
  const path = temporaryPath()
  const journal = new SqliteJournal(path)
  journal.load('S', 500)
  for (let next = 1; next <= count; next += 100) {
    const out = range(next, next + 99).map((number) => message(number, `34=${number}|58=${filler}|`))
    journal.commit([batch('S', { out, nextNumOut: next + 100 })])
  }
  journal.close()
  return path
}

describe('a journal that cannot be opened', () => {
  it.each([
    ['no directory', () => join(temporaryDirectory(), 'missing', 'journal.db')],
    ['a directory in its place', () => temporaryDirectory()],
    ['no name', () => '']
  ])('says JOURNAL_OPEN and the path: %s', async (_, path) => {
    const given = path()
    const journal = new SqliteJournal(given)
    const error = await failure(() => journal.load('S', 0))
    expect(error.code).toBe('JOURNAL_OPEN')
    expect(error.message).toContain(given)
    journal.close()
  })

  it('says JOURNAL_OPEN when the lock beside it cannot be written', async () => {
    const path = temporaryPath()
    mkdirSync(`${path}.lock`)
    const journal = new SqliteJournal(path)
    const error = await failure(() => journal.load('S', 0))
    expect(error.code).toBe('JOURNAL_OPEN')
    expect(error.message).toContain(`${path}.lock`)
    expect(readdirSync(dirname(path))).toEqual(['journal.db.lock'])
    journal.close()
  })

  it('says JOURNAL_OPEN when the log beside it cannot be written, and lets go of the lock', async () => {
    const path = temporaryPath()
    mkdirSync(`${path}-wal`)
    const journal = new SqliteJournal(path)
    expect((await failure(() => journal.load('S', 0))).code).toBe('JOURNAL_OPEN')
    rmSync(`${path}-wal`, { recursive: true })
    expect(journal.load('S', 0).nextNumOut).toBe(1)
    journal.close()
  })

  it('says JOURNAL_CORRUPT when its end is missing, and leaves it as it was', async () => {
    const path = filled(1_000)
    truncateSync(path, 100_000)
    const before = readFileSync(path)
    const journal = new SqliteJournal(path)
    expect((await failure(() => journal.load('S', 0))).code).toBe('JOURNAL_CORRUPT')
    expect((await failure(() => openJournalForReading(path))).code).toBe('JOURNAL_CORRUPT')
    journal.close()
    expect(readFileSync(path)).toEqual(before)
  })

  it('is refused to a reader when there is none', async () => {
    expect((await failure(() => openJournalForReading(temporaryPath()))).code).toBe('JOURNAL_OPEN')
  })
})

describe('a journal that is damaged within', () => {
  it('says JOURNAL_CORRUPT where the damage is met', async () => {
    const path = filled(2_000)
    const file = openSync(path, 'r+')
    for (let page = 20; page < 400; page++) writeSync(file, Buffer.alloc(2_048, 0xee), 0, 2_048, page * 2_048)
    closeSync(file)
    const journal = new SqliteJournal(path)
    const load = () => journal.load('S', 0)
    const read = () => journal.read('S', 'out', 1, 2_000, 2_000)
    expect((await failure(() => load() && read())).code).toBe('JOURNAL_CORRUPT')
    journal.close()
    const readAll = () => {
      const reader = openJournalForReading(path)
      try {
        return [...reader.messages('S', 'out')]
      } finally {
        reader.close()
      }
    }
    expect((await failure(readAll)).code).toBe('JOURNAL_CORRUPT')
  })

  it('says JOURNAL_CORRUPT when a block is not what its entries say', async () => {
    for (const change of ["entries = '[[0,0'", "entries = '[[0,0,0,99999]]'"]) {
      const path = filled(100)
      new Database(path).exec(`UPDATE blocks SET ${change}`).close()
      const journal = new SqliteJournal(path)
      journal.load('S', 0)
      expect((await failure(() => journal.read('S', 'out', 1, 9, 9))).code).toBe('JOURNAL_CORRUPT')
      journal.close()
    }
  })
})

describe('a full disk', () => {
  it('fails the commit, of which nothing is seen; what was saved stays', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, maxFileSize: 200_000 })
    journal.load('S', 500)
    journal.load('T', 500)
    let next = 1
    const fill = () => {
      for (;;) {
        const out = range(next, next + 19).map((number) => message(number, `34=${number}|58=${filler}|`))
        journal.commit([batch('S', { out, nextNumOut: next + 20 }), batch('T', { in: out, nextNumIn: next + 20 })])
        next += 20
      }
    }
    const error = await failure(fill)
    expect(error.code).toBe('JOURNAL_FULL')
    expect(error.message).toContain(path)
    expect(error.cause).toMatchObject({ code: 'SQLITE_FULL' })
    expect((await failure(() => journal.commit([batch('S', { nextNumOut: 9_999 })]))).code).toBe('JOURNAL_WRITE')
    expect(journal.load('S', 0)).toMatchObject({ nextNumIn: 1, nextNumOut: next })
    expect(journal.load('T', 0)).toMatchObject({ nextNumIn: next, nextNumOut: 1 })
    expect((await stored(journal, 'S', 'out')).map(([number]) => number)).toEqual(range(1, next - 1))
    expect((await stored(journal, 'T', 'in')).map(([number]) => number)).toEqual(range(1, next - 1))
    journal.close()

    const roomier = new SqliteJournal(path)
    expect(roomier.load('S', 0).nextNumOut).toBe(next)
    roomier.commit([batch('S', { out: messages(next), nextNumOut: next + 1 })])
    expect(await stored(roomier, 'S', 'out')).toHaveLength(next)
    roomier.close()
  })

  it('may fill up one small message at a time', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, maxFileSize: 100_000 })
    journal.load('S', 500)
    let next = 1
    const error = await failure(() => {
      for (;;) {
        journal.commit([batch('S', { out: [message(next, `34=${next}|58=${filler}|`)], nextNumOut: next + 1 })])
        next++
      }
    })
    expect(error.code).toBe('JOURNAL_FULL')
    journal.close()
    const reader = openJournalForReading(path)
    expect(reader.sessions()[0]?.nextNumOut).toBe(next)
    expect([...reader.messages('S', 'out')].map((found) => found.msgSeqNum)).toEqual(range(1, next - 1))
    reader.close()
  })

  it('has room again when a reset has given some back', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, maxFileSize: 100_000 })
    journal.load('S', 500)
    const large = (number: number) => batch('S', { out: [message(number, 'x'.repeat(20_000))], nextNumOut: number + 1 })
    await failure(() => {
      for (const number of range(1, 99)) journal.commit([large(number)])
    })
    journal.load('S', 0)
    journal.commit([batch('S', { reset: 900 })])
    journal.commit([large(1)])
    expect(await stored(journal, 'S', 'out')).toHaveLength(1)
    journal.close()
  })
})

describe('a journal that is in use', () => {
  it.each([
    ['moved away', (path: string) => renameSync(path, `${path}.away`)],
    ['cut off', (path: string) => truncateSync(path, 0)],
    ['without its log', (path: string) => rmSync(`${path}-wal`)],
    ['without the index of its log', (path: string) => rmSync(`${path}-shm`)],
    ['deleted with its directory', (path: string) => rmSync(dirname(path), { recursive: true })],
    [
      'replaced by another',
      (path: string) => {
        renameSync(path, `${path}.away`)
        new Database(path).exec('CREATE TABLE other (name TEXT)').close()
      }
    ]
  ])('fails soon when it is %s', async (_, remove) => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.commit([batch('S', { out: messages(1), nextNumOut: 2 })])
    remove(path)
    let commits = 0
    const error = await failure(() => {
      for (const number of range(2, 200)) {
        journal.commit([batch('S', { out: messages(number), nextNumOut: number + 1 })])
        commits++
      }
    })
    expect(error.code).toBe('JOURNAL_WRITE')
    expect(error.message).toContain('moved or deleted')
    expect(commits).toBeLessThan(64)
    expect((await failure(() => journal.load('S', 0))).code).toBe('JOURNAL_READ')
    journal.close()
  })

  it('fails the commit, not the process, when another tool writes to it', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    const tool = new Database(path)
    tool.exec('BEGIN IMMEDIATE')
    const error = await failure(() => journal.commit([batch('S', { nextNumOut: 2 })]))
    expect(error.code).toBe('JOURNAL_WRITE')
    expect(error.message).toContain("End the other tool's transaction")
    tool.exec('ROLLBACK')
    tool.close()
    expect(journal.load('S', 0).nextNumOut).toBe(1)
    journal.commit([batch('S', { nextNumOut: 2 })])
    expect(journal.load('S', 0).nextNumOut).toBe(2)
    journal.close()
  })

  it('keeps the sessions apart whose commits did not fail', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.load('T', 500)
    journal.commit([batch('S', { out: messages(1), nextNumOut: 2 }), batch('T', { out: messages(1), nextNumOut: 2 })])
    const tool = new Database(path)
    tool.exec('BEGIN IMMEDIATE')
    await failure(() => journal.commit([batch('S', { nextNumOut: 3 })]))
    tool.close()
    journal.commit([batch('T', { out: messages(2), nextNumOut: 3 })])
    expect(journal.load('T', 0).nextNumOut).toBe(3)
    expect(await stored(journal, 'T', 'out')).toHaveLength(2)
    expect((await failure(() => journal.commit([batch('S', { nextNumOut: 3 })]))).message).toContain('Load it')
    journal.close()
  })

  it('does not answer from memory what it could not ask the file again after a failure', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.commit([batch('S', { out: messages(1), nextNumOut: 2 })])
    const tool = new Database(path)
    const entries = tool.prepare<[], string>('SELECT entries FROM turns').pluck().get()
    tool.exec("BEGIN IMMEDIATE; UPDATE turns SET entries = 'torn'")
    await failure(() => journal.commit([batch('S', { out: messages(2), nextNumOut: 3 })]))
    tool.exec('COMMIT')
    expect((await failure(() => journal.load('S', 0))).code).toBe('JOURNAL_CORRUPT')
    tool.prepare('UPDATE turns SET entries = ?').run(entries)
    tool.close()
    expect(journal.load('S', 0).nextNumOut).toBe(2)
    expect(await stored(journal, 'S', 'out')).toHaveLength(1)
    journal.close()
  })
})
