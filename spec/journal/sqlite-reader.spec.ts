import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import { batch, failure, message, messages, range, temporaryPath, textOf } from '../support/journal.js'

describe('openJournalForReading', () => {
  it('lists the sessions with their numbers as they are now', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('T', 500)
    journal.load('S', 600)
    const reader = openJournalForReading(path)
    expect(reader.sessions()).toEqual([
      { sessionId: 'S', nextNumIn: 1, nextNumOut: 1, resetTime: 600, connectTime: undefined },
      { sessionId: 'T', nextNumIn: 1, nextNumOut: 1, resetTime: 500, connectTime: undefined }
    ])
    journal.commit([batch('S', { nextNumIn: 4, connectTime: 700 }), batch('T', { nextNumOut: 2 })])
    journal.commit([batch('T', { nextNumOut: 3 })])
    journal.commit([batch('T', { reset: 800 })])
    journal.commit([batch('T', { nextNumOut: 9 })])
    expect(reader.sessions()).toEqual([
      { sessionId: 'S', nextNumIn: 4, nextNumOut: 1, resetTime: 600, connectTime: 700 },
      { sessionId: 'T', nextNumIn: 1, nextNumOut: 9, resetTime: 800, connectTime: undefined }
    ])
    reader.close()
    journal.close()
  })

  it('reads messages in order, wherever the writer keeps them', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.commit([batch('S', { out: messages(...range(1, 1_200)), nextNumOut: 1_201 })])
    for (const number of range(1_201, 1_300)) {
      journal.commit([batch('S', { out: [message(number, `caf\u00e9 ${number}|`)], nextNumOut: number + 1 })])
    }
    const reader = openJournalForReading(path)
    const found = [...reader.messages('S', 'out')]
    expect(found.map((each) => each.msgSeqNum)).toEqual(range(1, 1_300))
    expect(found.at(-1) && textOf(found.at(-1) ?? message(0))).toBe('caf\u00e9 1300|')
    expect([...reader.messages('S', 'out', 1_190, 1_210)].map((each) => each.msgSeqNum)).toEqual(range(1_190, 1_210))
    expect([...reader.messages('S', 'out', 1_250)].map((each) => each.msgSeqNum)).toEqual(range(1_250, 1_300))
    expect([...reader.messages('S', 'in')]).toEqual([])
    expect([...reader.messages('unknown', 'out')]).toEqual([])
    reader.close()
    journal.close()
  })

  it('goes on while the writer adds and packs, and misses nothing', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.commit([batch('S', { out: messages(...range(1, 600)), nextNumOut: 601 })])
    const reader = openJournalForReading(path)
    const found: number[] = []
    let next = 601
    for (const { msgSeqNum } of reader.messages('S', 'out', 1, 2_000)) {
      found.push(msgSeqNum)
      if (next > 2_000) continue
      journal.commit([batch('S', { out: messages(next, next + 1), nextNumOut: next + 2 })])
      if (next % 97 === 0) journal.read('S', 'out', 1, 1, 1)
      next += 2
    }
    expect(found).toEqual(range(1, 2_000))
    reader.close()
    journal.close()
  })

  it('reads a journal that nobody has open', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.commit([batch('S', { in: messages(1), nextNumIn: 2 })])
    journal.close()
    const reader = openJournalForReading(path)
    expect([...reader.messages('S', 'in')].map(textOf)).toEqual(['8=FIX.4.4|35=8|34=1|10=000|'])
    reader.close()
  })

  it('never holds up the writer, nor lets the log grow while it is between two pages', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, walAutocheckpoint: 100 })
    journal.load('S', 500)
    journal.commit([batch('S', { out: messages(...range(1, 1_000)), nextNumOut: 1_001 })])
    const reader = openJournalForReading(path)
    const reading = reader.messages('S', 'out')
    reading.next()
    for (const number of range(1_001, 3_000)) {
      journal.commit([batch('S', { out: messages(number), nextNumOut: number + 1 })])
    }
    expect(statSync(`${path}-wal`).size).toBeLessThan(100 * 2_048 * 5)
    expect([...reading].at(-1)?.msgSeqNum).toBe(3_000)
    reader.close()
    journal.close()
  })

  it('cannot be used after close', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.close()
    const reader = openJournalForReading(path)
    reader.close()
    reader.close()
    expect((await failure(() => reader.sessions())).code).toBe('JOURNAL_CLOSED')
    expect((await failure(() => reader.messages('S', 'out').next())).code).toBe('JOURNAL_CLOSED')
  })
})
