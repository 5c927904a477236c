import { existsSync, statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { batch, message, range, stored, temporaryPath } from '../support/journal.js'

const pages = 256
const text = (number: number): string => `35=D|34=${number}|58=${'x'.repeat(3_000)}|`

function commit(journal: SqliteJournal, number: number): void {
  journal.commit([batch('S', { out: [message(number, text(number))], nextNumOut: number + 1 })])
}

/** Commits until `over` says so; returns the number of the last. Fails where that takes very long. */
async function commitUntil(journal: SqliteJournal, from: number, over: () => boolean): Promise<number> {
  for (let number = from; number < from + 50_000; number++) {
    commit(journal, number)
    await nextTurn()
    if (over()) return number
  }
  throw new Error('it never came to that')
}

function messagesIn(path: string): number {
  const reader = new Database(path, { readonly: true })
  try {
    return Number(reader.prepare('SELECT count(*) FROM messages').pluck().get())
  } finally {
    reader.close()
  }
}

describe('the log of a journal', () => {
  it('is moved into the file while commits go on, begins anew, and is gone when the journal is closed', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, walAutocheckpoint: pages })
    journal.load('S', 0)
    const atFirst = statSync(path).size
    const moved = await commitUntil(journal, 1, () => statSync(`${path}-wal`).size > pages * 2_048 * 1.2)
    // Nobody commits now, and the turns of the event loop have nothing to do.
    while (statSync(path).size === atFirst) await nextTurn()
    expect(messagesIn(path)).toBe(moved)
    // Far more than the log may hold: it was used again and again.
    let last = moved
    while (statSync(path).size < pages * 2_048 * 20) last = await commitUntil(journal, last + 1, () => true)
    expect(statSync(`${path}-wal`).size).toBeLessThan(statSync(path).size)
    expect(messagesIn(path)).toBe(last)
    journal.close()
    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(messagesIn(path)).toBe(last)
  })

  it('is gone, and all of it in the file, whenever the journal is closed while it is being moved', async () => {
    for (const after of range(0, 15)) {
      const path = temporaryPath()
      const journal = new SqliteJournal({ path, walAutocheckpoint: pages })
      journal.load('S', 0)
      const last = pages + after * 16
      for (const number of range(1, last)) commit(journal, number)
      for (let turn = 0; turn < after; turn++) await nextTurn()
      journal.close()
      expect(existsSync(`${path}-wal`)).toBe(false)
      const again = new SqliteJournal(path)
      expect(again.load('S', 0)).toMatchObject({ nextNumOut: last + 1 })
      expect((await stored(again, 'S', 'out')).at(-1)).toEqual([last, text(last)])
      again.close()
    }
  })

  it('is moved once more when another program that read an old state of it has ended', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, walAutocheckpoint: pages })
    journal.load('S', 0)
    commit(journal, 1)
    const reader = new Database(path, { readonly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM messages').get()
    const log = `${path}-wal`
    const long = await commitUntil(journal, 2, () => statSync(log).size > pages * 2_048 * 8)
    expect(reader.prepare('SELECT count(*) FROM messages').pluck().get()).toBe(1)
    reader.close()
    await commitUntil(journal, long + 1, () => statSync(log).size < pages * 2_048 * 5)
    journal.close()
  })
})
