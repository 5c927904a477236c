import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import { batch, message, range, stored, temporaryPath } from '../support/journal.js'

const minute = 60_000

/** Commits messages `from` to `to` in batches of `size`, one message a second. */
function write(journal: SqliteJournal, sessionId: string, from: number, to: number, size: number): void {
  for (let next = from; next <= to; next += size) {
    const out = range(next, Math.min(to, next + size - 1)).map((number) =>
      message(number, `34=${number}|58=${'x'.repeat(200)}|`, number * 1_000)
    )
    journal.commit([batch(sessionId, { out, nextNumOut: next + out.length })])
  }
}

describe('retention by count', () => {
  it.each([1, 10, 100])('keeps the newest messages, and little more, in commits of %i', async (size) => {
    const journal = new SqliteJournal({ path: temporaryPath(), retention: { maxMessages: 1_000 } })
    journal.load('S', 0)
    for (const step of range(1, 6)) {
      write(journal, 'S', (step - 1) * 1_000 + 1, step * 1_000, size)
      const kept = await stored(journal, 'S', 'out')
      const [lowest] = kept[0] ?? [0]
      expect(kept.map(([number]) => number)).toEqual(range(lowest, step * 1_000))
      expect(kept.length).toBeGreaterThanOrEqual(1_000)
      expect(kept.length).toBeLessThan(1_000 + 2 * 256)
    }
    expect(journal.load('S', 0).nextNumOut).toBe(6_001)
    journal.close()
  })

  it('counts messages, not numbers: a hole does not cost any', async () => {
    const journal = new SqliteJournal({ path: temporaryPath(), retention: { maxMessages: 500 } })
    journal.load('S', 0)
    write(journal, 'S', 1, 400, 50)
    write(journal, 'S', 1_000_001, 1_000_100, 50)
    expect(await stored(journal, 'S', 'out')).toHaveLength(500)
    write(journal, 'S', 1_000_101, 1_001_000, 50)
    expect((await stored(journal, 'S', 'out'))[0]?.[0]).toBeGreaterThan(1_000_000)
    journal.close()
  })

  it('counts each session and direction for itself, also after reopening', async () => {
    const path = temporaryPath()
    for (const round of range(0, 9)) {
      const journal = new SqliteJournal({ path, retention: { maxMessages: 300 } })
      journal.load('S', 0)
      journal.load('quiet', 0)
      if (round === 0) write(journal, 'quiet', 1, 10, 1)
      write(journal, 'S', round * 500 + 1, round * 500 + 500, 50)
      const kept = await stored(journal, 'S', 'out')
      expect(kept.length).toBeGreaterThanOrEqual(300)
      expect(kept.length).toBeLessThan(300 + 256)
      expect(await stored(journal, 'quiet', 'out')).toHaveLength(10)
      journal.close()
    }
  })

  it('keeps the count right when messages are replaced', async () => {
    const journal = new SqliteJournal({ path: temporaryPath(), retention: { maxMessages: 400 } })
    journal.load('S', 0)
    const sparse = (from: number, to: number) => range(from, to).map((number) => message(number * 10))
    for (const step of range(0, 9)) journal.commit([batch('S', { in: sparse(step * 100 + 1, step * 100 + 100) })])
    for (const _ of range(1, 20)) journal.commit([batch('S', { in: sparse(900, 1_000) })])
    const kept = await stored(journal, 'S', 'in')
    expect(kept.length).toBeGreaterThanOrEqual(400)
    expect(kept.length).toBeLessThan(400 + 256)
    expect(kept.at(-1)?.[0]).toBe(10_000)
    journal.close()
  })

  it('hides from readers what it has deleted, though the turn that brought it is still in the file', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, retention: { maxMessages: 0 } })
    journal.load('S', 0)
    journal.commit([batch('S', { in: [message(1)], nextNumIn: 2 })])
    expect(await stored(journal, 'S', 'in')).toEqual([])
    const reader = openJournalForReading(path)
    expect([...reader.messages('S', 'in')]).toEqual([])
    expect(reader.sessions()[0]?.nextNumIn).toBe(2)
    reader.close()
    journal.close()
  })
})

describe('retention by age', () => {
  it('deletes what is older than the newest message allows', async () => {
    const journal = new SqliteJournal({ path: temporaryPath(), retention: { maxAge: 600 } })
    journal.load('S', 0)
    write(journal, 'S', 1, 5_000, 20)
    const kept = await stored(journal, 'S', 'out')
    expect(kept.at(-1)?.[0]).toBe(5_000)
    expect(kept[0]?.[0]).toBeLessThanOrEqual(4_400)
    expect(kept[0]?.[0]).toBeGreaterThan(4_300)
    expect(journal.load('S', 0).nextNumOut).toBe(5_001)
    journal.close()
  })

  it('concerns all sessions of the file, also idle ones, but never their numbers', async () => {
    const journal = new SqliteJournal({ path: temporaryPath(), retention: { maxAge: 600 } })
    journal.load('idle', 0)
    journal.load('S', 0)
    write(journal, 'idle', 1, 100, 20)
    write(journal, 'S', 100, 3_000, 20)
    expect(await stored(journal, 'idle', 'out')).toEqual([])
    expect(journal.load('idle', 0).nextNumOut).toBe(101)
    journal.close()
  })

  it('leaves messages that are young enough', async () => {
    const journal = new SqliteJournal({ path: temporaryPath(), retention: { maxAge: (10 * minute) / 1_000 } })
    journal.load('S', 0)
    write(journal, 'S', 1, 600, 20)
    expect(await stored(journal, 'S', 'out')).toHaveLength(600)
    journal.close()
  })
})

describe('the file', () => {
  it.each([1, 100])('stops growing when messages are deleted as fast as they come, in commits of %i', (size) => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, retention: { maxMessages: 2_000 }, walAutocheckpoint: 200 })
    journal.load('S', 0)
    write(journal, 'S', 1, 6_000, size)
    const early = new Database(path, { readonly: true })
    const pages = () => early.pragma('page_count', { simple: true })
    const before = Number(pages())
    write(journal, 'S', 6_001, 26_000, size)
    expect(Number(pages())).toBeLessThan(before * 1.25)
    expect(statSync(`${path}-wal`).size).toBeLessThan(200 * 2_048 * 5)
    early.close()
    journal.close()
  })

  it('uses the room of a session that was reset', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 0)
    const pages: number[] = []
    for (const round of range(1, 8)) {
      journal.commit([batch('S', { reset: round })])
      write(journal, 'S', 1, 5_000, 100)
      const reader = new Database(path, { readonly: true })
      pages.push(Number(reader.pragma('page_count', { simple: true })))
      reader.close()
    }
    expect(pages.at(-1)).toBeLessThan((pages[1] ?? 0) * 1.25)
    journal.close()
  })

  it('keeps no message of a session whose numbers only moved', async () => {
    const journal = new SqliteJournal(temporaryPath())
    journal.load('S', 0)
    for (const number of range(2, 1_000)) journal.commit([batch('S', { nextNumIn: number })])
    expect(await stored(journal, 'S', 'in')).toEqual([])
    expect(journal.load('S', 0).nextNumIn).toBe(1_000)
    journal.close()
  })
})
