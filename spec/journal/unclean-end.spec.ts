import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { batch, messages, range, stored, temporaryPath } from '../support/journal.js'
import { type Damage, logPosition, losePower } from '../support/power-loss.js'

/** A journal knows that its last use was not closed, whatever a loss of power has left of that use. */

const nothingLeft: Damage = { kind: 'truncated', at: 0 }

interface Files {
  readonly path: string
  readonly synchronous?: 'normal' | 'full'
}

/** A journal of session S that has sent up to this number. */
function sent(last: number, options: Partial<Files> = {}): SqliteJournal {
  const journal = new SqliteJournal({ path: temporaryPath(), ...options })
  journal.load('S', 500)
  journal.commit([batch('S', { out: messages(...range(1, last)), nextNumOut: last + 1 })])
  return journal
}

/** What is left of a journal that is open; `safe`: pages of its log that no damage reaches. */
function afterPowerLoss(journal: SqliteJournal, safe = 0, damage = nothingLeft): string {
  const left = temporaryPath()
  losePower(journal.path, left, safe, [damage])
  return left
}

function lostFrom(path: string, sessionId = 'S'): number | undefined {
  const journal = new SqliteJournal({ path })
  const { lostFrom } = journal.load(sessionId, 500)
  journal.close()
  return lostFrom
}

describe('a journal whose last use ended', () => {
  it('with close has lost nothing', () => {
    const journal = sent(3)
    expect(journal.load('S', 500).lostFrom).toBeUndefined()
    journal.close()
    expect(lostFrom(journal.path)).toBeUndefined()
  })

  it('otherwise may lack what comes after the last number it has', () => {
    const journal = sent(3)
    const { frames } = logPosition(journal.path)
    journal.commit([batch('S', { out: messages(4, 5), nextNumOut: 6 })])
    expect(lostFrom(afterPowerLoss(journal, 1_000))).toBe(6)
    expect(lostFrom(afterPowerLoss(journal, frames))).toBe(4)
    journal.close()
  })

  it('knows it even when nothing is left of the log, and before the first message', () => {
    const journal = sent(3)
    expect(logPosition(journal.path).synced).toBe(0)
    const left = afterPowerLoss(journal)
    const reader = new Database(left, { readonly: true })
    expect(reader.prepare('SELECT record FROM unclean').pluck().all()).toContain(0)
    reader.close()
    journal.close()
    expect(lostFrom(left)).toBe(1)
  })

  it('while it was only read, is as it was', () => {
    const journal = sent(3)
    const left = afterPowerLoss(journal, 1_000)
    journal.close()
    const looked = new SqliteJournal(left)
    looked.load('S', 500)
    const again = afterPowerLoss(looked, 1_000)
    looked.close()
    expect([lostFrom(again), lostFrom(left)]).toEqual([4, 4])
  })

  it.each(range(0, 9).map((tenth) => tenth / 10))('torn at %s of what was not synced', (at) => {
    const journal = sent(1)
    journal.close()
    const use = new SqliteJournal(journal.path)
    use.load('S', 500)
    for (const number of range(2, 60)) use.commit([batch('S', { out: messages(number), nextNumOut: number + 1 })])
    const left = afterPowerLoss(use, logPosition(use.path).synced, { kind: 'truncated', at })
    use.close()
    const again = new SqliteJournal(left)
    const { nextNumOut, lostFrom: from } = again.load('S', 500)
    expect([nextNumOut >= 2, nextNumOut <= 61, from]).toEqual([true, true, nextNumOut])
    again.close()
  })
})

describe('what may be lacking of a session', () => {
  const torn = (): string => {
    const journal = sent(3)
    journal.commit([batch('S', { nextNumIn: 7 })])
    const left = afterPowerLoss(journal, 1_000)
    journal.close()
    return left
  }

  it('stays so through clean uses, until it is settled', () => {
    const path = torn()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.commit([batch('S', { out: messages(4, 5), nextNumOut: 6 })])
    journal.close()
    expect(lostFrom(path)).toBe(4)
    const again = new SqliteJournal(path)
    again.load('S', 500)
    again.commit([batch('S', { settled: true })])
    expect(again.load('S', 500).lostFrom).toBeUndefined()
    again.close()
    expect(lostFrom(path)).toBeUndefined()
  })

  it('is what the first loss left open, after a second one', () => {
    const journal = new SqliteJournal(torn())
    journal.load('S', 500)
    journal.commit([batch('S', { out: messages(4, 5), nextNumOut: 6 })])
    const left = afterPowerLoss(journal, 1_000)
    journal.close()
    expect(lostFrom(left)).toBe(4)
  })

  it('is nothing once it begins anew', () => {
    const path = torn()
    const journal = new SqliteJournal(path)
    journal.load('S', 500)
    journal.commit([batch('S', { reset: 600 })])
    expect(journal.load('S', 500).lostFrom).toBeUndefined()
    journal.close()
    expect(lostFrom(path)).toBeUndefined()
  })

  it('may be all that there was of a session, which is a new one then', () => {
    const path = torn()
    expect(lostFrom(path, 'NEW')).toBe(1)
    const journal = new SqliteJournal(path)
    journal.load('NEW', 500)
    journal.commit([batch('NEW', { settled: true })])
    journal.close()
    expect([lostFrom(path, 'NEW'), lostFrom(path, 'NEWER')]).toEqual([undefined, undefined])
  })

  it('is known of every session of the file', () => {
    const journal = new SqliteJournal(temporaryPath())
    const names = ['A', 'B', 'C']
    for (const [index, name] of names.entries()) {
      journal.load(name, 500)
      journal.commit([batch(name, { out: messages(...range(1, index + 1)), nextNumOut: index + 2 })])
    }
    const left = afterPowerLoss(journal, 1_000)
    journal.close()
    expect(names.map((name) => lostFrom(left, name))).toEqual([2, 3, 4])
  })
})

it("with 'full' nothing is ever lacking", () => {
  const path = temporaryPath()
  const journal = sent(3, { path, synchronous: 'full' })
  expect(lostFrom(afterPowerLoss(journal, 1_000))).toBeUndefined()
  journal.close()
})

it('a journal of before, which has nowhere to say so, is as good as any other', async () => {
  const journal = sent(3)
  journal.close()
  new Database(journal.path).exec('DROP TABLE unclean').close()
  const again = new SqliteJournal(journal.path)
  expect(again.load('S', 500)).toMatchObject({ nextNumOut: 4, lostFrom: undefined })
  again.commit([batch('S', { out: messages(4), nextNumOut: 5 })])
  expect(await stored(again, 'S', 'out')).toHaveLength(4)
  const left = afterPowerLoss(again, 1_000)
  again.close()
  expect(lostFrom(left)).toBe(5)
})
