import { existsSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import type { JournalLogger } from '../../lib/journal/sqlite-options.js'
import { batch, failure, message, messages, range, stored, temporaryPath } from '../support/journal.js'
import { describeJournal } from '../support/journal-contract.js'

describeJournal('SqliteJournal in a file', () => new SqliteJournal(temporaryPath()))
describeJournal('SqliteJournal in memory', () => new SqliteJournal(':memory:'))
describeJournal(
  'SqliteJournal, synchronous full',
  () => new SqliteJournal({ path: temporaryPath(), synchronous: 'full' })
)

describe('SqliteJournal', () => {
  it('has after reopening what it had before closing', async () => {
    const path = temporaryPath()
    const first = new SqliteJournal(path)
    first.load('S', 500)
    first.commit([batch('S', { out: messages(...range(1, 400)), nextNumOut: 401, connectTime: 600 })])
    first.commit([batch('S', { in: [message(1, 'caf\u00e9|')], nextNumIn: 2 })])
    first.close()
    const second = new SqliteJournal(path)
    expect(second.load('S', 9_000)).toEqual({ nextNumIn: 2, nextNumOut: 401, resetTime: 500, connectTime: 600 })
    expect((await stored(second, 'S', 'out')).map(([number]) => number)).toEqual(range(1, 400))
    expect(await stored(second, 'S', 'in')).toEqual([[1, 'caf\u00e9|']])
    second.close()
  })

  it('touches no file before it is used', () => {
    const path = temporaryPath()
    new SqliteJournal(path).close()
    expect(readdirSync(dirname(path))).toEqual([])
  })

  it('leaves one file and the lock when it is closed', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 0)
    journal.close()
    expect(readdirSync(dirname(path)).sort()).toEqual(['journal.db', 'journal.db.lock'])
  })

  it('keeps journals in memory apart', async () => {
    const one = new SqliteJournal(':memory:')
    const other = new SqliteJournal(':memory:')
    one.load('S', 0)
    other.load('S', 0)
    one.commit([batch('S', { out: messages(1), nextNumOut: 2 })])
    expect(other.load('S', 0).nextNumOut).toBe(1)
    one.close()
    other.close()
  })

  it('says whose file it opened, and from which schema', () => {
    const lines: [object, string][] = []
    const logger: JournalLogger = { info: (fields, text) => void lines.push([fields, text]) }
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, logger })
    journal.load('S', 0)
    expect(lines).toEqual([[{ path, migratedFrom: undefined }, 'journal opened']])
    journal.close()
  })

  it('says so when its log grows because another program keeps reading, twice as late each time, and is flat afterwards', () => {
    const path = temporaryPath()
    const warnings: object[] = []
    const logger: JournalLogger = { info() {}, warn: (fields) => void warnings.push(fields) }
    const journal = new SqliteJournal({ path, logger, walAutocheckpoint: 10 })
    journal.load('S', 500)
    const commit = (from: number, to: number) => {
      for (const number of range(from, to)) {
        journal.commit([batch('S', { out: [message(number, 'x'.repeat(50))], nextNumOut: number + 1 })])
      }
    }
    commit(1, 2_000)
    expect(warnings).toEqual([])
    const reader = new Database(path, { readonly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM turns').get()
    commit(2_001, 3_000)
    expect(warnings[0]).toMatchObject({ path })
    expect(warnings.length).toBeGreaterThan(1)
    expect(warnings.length).toBeLessThan(8)
    reader.close()
    commit(3_001, 3_500)
    expect(statSync(`${path}-wal`).size).toBeLessThan(10 * 2_048 * 5)
    journal.close()
  })

  describe('shared by the sessions of a process', () => {
    it('is one file, whatever name it goes by, until the last of them closes', async () => {
      const path = temporaryPath()
      const one = new SqliteJournal(path)
      one.load('S', 500)
      const link = join(dirname(path), 'link.db')
      symlinkSync(basename(path), link)
      const other = new SqliteJournal(link)
      other.load('T', 600)
      expect(other.store).toBe(one.store)
      one.commit([batch('S', { nextNumOut: 3 }), batch('T', { nextNumOut: 4 })])
      expect(other.load('S', 0).nextNumOut).toBe(3)
      one.close()
      one.close()
      expect(existsSync(`${path}-wal`)).toBe(true)
      expect(other.load('T', 0).nextNumOut).toBe(4)
      other.close()
      expect(existsSync(`${path}-wal`)).toBe(false)
    })

    it('opens anew after the last has closed', () => {
      const path = temporaryPath()
      for (const nextNumOut of [2, 3, 4]) {
        const journal = new SqliteJournal(path)
        expect(journal.load('S', 0).nextNumOut).toBe(nextNumOut - 1)
        journal.commit([batch('S', { nextNumOut })])
        journal.close()
      }
    })

    it('has one set of options', async () => {
      const path = temporaryPath()
      const first = new SqliteJournal({ path, synchronous: 'full', retention: { maxMessages: 500 } })
      first.load('S', 0)
      const silent = new SqliteJournal(path)
      silent.load('T', 0)
      const agreeing = new SqliteJournal({ path, retention: { maxMessages: 500 } })
      agreeing.load('U', 0)
      const differing = new SqliteJournal({ path, retention: { maxMessages: 600 } })
      const error = await failure(() => differing.load('V', 0))
      expect(error.code).toBe('JOURNAL_OPEN')
      expect(error.message).toMatch(/maxMessages: expected 500, with which this process has opened .* got 600/)
      for (const journal of [first, silent, agreeing, differing]) journal.close()
      expect(existsSync(`${path}-wal`)).toBe(false)
    })
  })

  it.each([
    [{ walAutocheckpoint: 0 }, 'walAutocheckpoint: expected a whole number from 1 to 1000000, got 0'],
    [{ maxFileSize: 5 }, 'maxFileSize: expected a whole number from 65536 to Infinity, got 5'],
    [{ retention: { maxAge: 0.5 } }, 'retention.maxAge: expected a whole number from 1 to Infinity, got 0.5'],
    [{ retention: { maxMessages: -1 } }, 'retention.maxMessages: expected a whole number from 0 to Infinity, got -1']
  ])('refuses an option out of range: %j', async (options, text) => {
    const error = await failure(() => new SqliteJournal({ path: 'unused.db', ...options }))
    expect(error.code).toBe('JOURNAL_OPEN')
    expect(error.message).toContain(text)
  })
})
