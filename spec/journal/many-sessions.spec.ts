import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import { batch, message, messages, range, stored, temporaryPath } from '../support/journal.js'

function turnsIn(path: string): number {
  const reader = new Database(path, { readonly: true })
  const count = reader.prepare<[], number>('SELECT count(*) FROM turns').pluck().get() ?? 0
  reader.close()
  return count
}

describe('many sessions in one file', () => {
  it('keeps every one whole, with a bounded number of turns that are not packed', async () => {
    const path = temporaryPath()
    const sessionIds = range(1, 2_000).map((number) => `FIX.4.4:ACCEPTOR->CLIENT${number}`)
    const journal = new SqliteJournal(path)
    for (const sessionId of sessionIds) journal.load(sessionId, 500)
    for (const number of range(1, 60)) {
      for (const chunk of range(0, 19)) {
        const group = sessionIds.slice(chunk * 100, chunk * 100 + 100)
        journal.commit(group.map((sessionId) => batch(sessionId, { out: messages(number), nextNumOut: number + 1 })))
      }
    }
    expect(turnsIn(path)).toBeGreaterThan(10_000)
    expect(turnsIn(path)).toBeLessThan(67_000)
    const reader = openJournalForReading(path)
    expect(reader.sessions().every((session) => session.nextNumOut === 61)).toBe(true)
    expect(reader.sessions()).toHaveLength(2_000)
    reader.close()
    for (const sessionId of sessionIds.filter((_, index) => index % 97 === 0)) {
      expect((await stored(journal, sessionId, 'out')).map(([number]) => number)).toEqual(range(1, 60))
    }
    journal.close()
    expect(turnsIn(path)).toBe(0)
    const again = new SqliteJournal(path)
    for (const sessionId of sessionIds) expect(again.load(sessionId, 0).nextNumOut).toBe(61)
    again.close()
  })

  it('bounds the bytes of turns that are not packed', () => {
    const path = temporaryPath()
    const sessionIds = range(1, 400).map((number) => `FIX.4.4:ACCEPTOR->CLIENT${number}`)
    const journal = new SqliteJournal(path)
    for (const sessionId of sessionIds) journal.load(sessionId, 500)
    const large = 'x'.repeat(4_000)
    for (const number of range(1, 20)) {
      for (const sessionId of sessionIds) journal.commit([batch(sessionId, { out: [message(number, large)] })])
    }
    const reader = new Database(path, { readonly: true })
    const unpacked = reader
      .prepare<[], number>(
        'SELECT sum(length(body)) FROM turns JOIN records ON records.id = turns.record WHERE turns.id > packedTurn'
      )
      .pluck()
      .get()
    expect(unpacked).toBeGreaterThan(1_000_000)
    expect(unpacked).toBeLessThan(17_000_000)
    reader.close()
    journal.close()
  })

  it('does not let an idle session keep the turns of a busy one in the file', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('idle', 500)
    journal.load('busy', 500)
    journal.commit([batch('idle', { in: messages(1), nextNumIn: 2 })])
    for (const number of range(1, 70_000)) journal.commit([batch('busy', { nextNumIn: number + 1 })])
    expect(turnsIn(path)).toBeLessThan(67_000)
    for (const number of range(1, 70_000)) journal.commit([batch('busy', { nextNumOut: number + 1 })])
    expect(turnsIn(path)).toBeLessThan(2_000)
    expect(journal.load('busy', 0)).toMatchObject({ nextNumIn: 70_001, nextNumOut: 70_001 })
    expect(await stored(journal, 'idle', 'in')).toHaveLength(1)
    journal.close()
  })

  it('goes on from the turns that a killed process left, also those of sessions that nobody loads', async () => {
    const path = temporaryPath()
    const first = new SqliteJournal(path)
    first.load('S', 500)
    first.load('T', 500)
    first.commit([batch('S', { out: messages(1), nextNumOut: 2 }), batch('T', { out: messages(1), nextNumOut: 2 })])
    first.commit([batch('T', { reset: 600 })])
    first.commit([batch('T', { out: messages(1), nextNumOut: 2 })])
    const copy = temporaryPath()
    new Database(path).prepare('VACUUM INTO ?').run(copy)
    expect(turnsIn(copy)).toBe(3)
    first.close()
    const second = new SqliteJournal(copy)
    expect(second.load('T', 0)).toMatchObject({ nextNumOut: 2, resetTime: 600 })
    second.commit([batch('T', { out: messages(2), nextNumOut: 3 })])
    expect(await stored(second, 'T', 'out')).toHaveLength(2)
    second.close()
    const reader = openJournalForReading(copy)
    expect([...reader.messages('S', 'out')]).toHaveLength(1)
    expect(reader.sessions().map((session) => session.nextNumOut)).toEqual([2, 3])
    reader.close()
  })
})
