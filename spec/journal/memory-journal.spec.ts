import { describe, expect, it } from 'vitest'
import { MemoryJournal } from '../../lib/journal/memory-journal.js'
import { batch, failure, messages, range, stored } from '../support/journal.js'
import { describeJournal } from '../support/journal-contract.js'

describeJournal('MemoryJournal', () => new MemoryJournal())

describe('MemoryJournal', () => {
  it('keeps the newest messages of each session and direction', async () => {
    const journal = new MemoryJournal({ maxMessages: 10 })
    journal.load('S', 0)
    for (const number of range(1, 100)) {
      journal.commit([batch('S', { out: messages(number), in: messages(number * 2), nextNumOut: number + 1 })])
      expect(await stored(journal, 'S', 'out')).toHaveLength(Math.min(number, 10))
    }
    expect((await stored(journal, 'S', 'out')).map(([number]) => number)).toEqual(range(91, 100))
    expect((await stored(journal, 'S', 'in')).map(([number]) => number)).toEqual(
      range(91, 100).map((number) => number * 2)
    )
    expect(journal.load('S', 0).nextNumOut).toBe(101)
  })

  it('keeps none where none are wanted', async () => {
    const journal = new MemoryJournal({ maxMessages: 0 })
    journal.load('S', 0)
    journal.commit([batch('S', { out: messages(1, 2), nextNumOut: 3 })])
    expect(await stored(journal, 'S', 'out')).toEqual([])
    expect(journal.load('S', 0).nextNumOut).toBe(3)
  })

  it('refuses a limit that is none', async () => {
    const error = await failure(() => new MemoryJournal({ maxMessages: Number.NaN }))
    expect(error.code).toBe('JOURNAL_OPEN')
  })

  it('gives a snapshot that has what was committed and goes its own way', async () => {
    const journal = new MemoryJournal()
    journal.load('S', 500)
    journal.commit([batch('S', { out: messages(1, 2), nextNumOut: 3 })])
    const afterCrash = journal.snapshot()
    journal.commit([batch('S', { out: messages(3), nextNumOut: 4 })])
    journal.close()
    expect(afterCrash.load('S', 900)).toMatchObject({ nextNumOut: 3, resetTime: 500 })
    expect((await stored(afterCrash, 'S', 'out')).map(([number]) => number)).toEqual([1, 2])
    afterCrash.commit([batch('S', { out: messages(3), nextNumOut: 4 })])
    expect(afterCrash.load('S', 900).nextNumOut).toBe(4)
  })

  it('lists its sessions and messages', () => {
    const journal = new MemoryJournal()
    journal.load('T', 500)
    journal.load('S', 600)
    journal.commit([batch('S', { in: messages(...range(1, 600)), nextNumIn: 601 })])
    expect(journal.sessions()).toEqual([
      { sessionId: 'S', nextNumIn: 601, nextNumOut: 1, resetTime: 600, connectTime: undefined },
      { sessionId: 'T', nextNumIn: 1, nextNumOut: 1, resetTime: 500, connectTime: undefined }
    ])
    expect([...journal.messages('S', 'in')].map((found) => found.msgSeqNum)).toEqual(range(1, 600))
    expect([...journal.messages('S', 'in', 599)].map((found) => found.msgSeqNum)).toEqual([599, 600])
    expect([...journal.messages('S', 'in', 2, 3)].map((found) => found.msgSeqNum)).toEqual([2, 3])
    expect([...journal.messages('unknown', 'in')]).toEqual([])
  })
})
