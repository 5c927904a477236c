import { closeSync, copyFileSync, existsSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Codec, FixError, FixMessage, type JournalMessage, SqliteJournal } from '../../lib/index.js'
import { repairJournal } from '../../lib/journal/salvage/repair.js'
import { SalvagedJournal } from '../../lib/journal/salvage/salvaged-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import { batch, range, temporaryDirectory, temporaryPath } from '../support/journal.js'

const ours = { senderCompId: 'BUYSIDE', targetCompId: 'BROKER' }
const theirs = { senderCompId: 'BROKER', targetCompId: 'BUYSIDE' }
const id = 'FIX.4.4:BUYSIDE->BROKER'
const codec = new Codec({ beginString: 'FIX.4.4' })

/** A message as the session has it: only whole ones are saved. */
function wire(direction: 'in' | 'out', msgSeqNum: number, length = msgSeqNum % 300): JournalMessage {
  const message = new FixMessage('B', {
    148: `${msgSeqNum % 7 === 0 ? 'café' : 'news'}`,
    58: `${direction}${'x'.repeat(length)}`
  })
  const time = 1_700_000_000_000 + msgSeqNum
  const header = { ...(direction === 'out' ? ours : theirs), msgSeqNum, sendingTime: new Date(time) }
  return { msgSeqNum, time, bytes: Buffer.from(codec.encode(message, header)) }
}

/** A journal with `count` messages each way, some in blocks and some in turns, as a kill leaves it. */
function journalOf(count: number, large = 0): string {
  const path = temporaryPath()
  const journal = new SqliteJournal({ path, walAutocheckpoint: 100 })
  journal.load(id, 500)
  journal.load('FIX.4.4:OTHER->BROKER', 500)
  if (large > 0) save(journal, range(1, large))
  for (const number of range(large + 1, count)) save(journal, [number])
  const copy = join(temporaryDirectory(), 'killed.db')
  for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
  journal.close()
  return copy
}

function save(journal: SqliteJournal, numbers: readonly number[]): void {
  const next = (numbers.at(-1) ?? 0) + 1
  const out = numbers.map((number) => wire('out', number))
  const received = numbers.map((number) => wire('in', number))
  journal.commit([batch(id, { in: received, out, nextNumIn: next, nextNumOut: next, connectTime: 900 })])
}

/** Number, time and text of each. */
function texts(messages: Iterable<JournalMessage>): string[] {
  return [...messages].map(
    ({ msgSeqNum, time, bytes }) => `${msgSeqNum} ${time} ${Buffer.from(bytes).toString('latin1')}`
  )
}

function bytesOf(path: string): Buffer[] {
  return ['', '-wal'].map((suffix) =>
    existsSync(`${path}${suffix}`) ? readFileSync(`${path}${suffix}`) : Buffer.alloc(0)
  )
}

/**
 * Repairs; holds the damaged file to be as it was, and what was saved to be what was written. Returns how many messages.
 * `altered`: so many may be others than were written, for of 256 damages one leaves CheckSum(10) right; and times are not checked by anything.
 */
function repaired(path: string, altered = 0): number {
  const before = bytesOf(path)
  const to = join(temporaryDirectory(), 'new.db')
  const { sessions } = repairJournal(path, to)
  expect(bytesOf(path).every((bytes, index) => bytes.equals(before[index] ?? Buffer.alloc(0)))).toBe(true)
  const reader = openJournalForReading(to)
  let count = 0
  let changed = 0
  for (const { sessionId } of sessions) {
    for (const direction of ['in', 'out'] as const) {
      for (const { msgSeqNum, bytes, time } of reader.messages(sessionId, direction)) {
        const expected = wire(direction, msgSeqNum)
        if (altered === 0) expect(time).toBe(expected.time)
        if (!Buffer.from(bytes).equals(expected.bytes)) changed++
        count++
      }
    }
  }
  reader.close()
  expect(changed).toBeLessThanOrEqual(altered)
  return count
}

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, at)
  closeSync(file)
}

describe('a journal that is not damaged', () => {
  it.each([
    ['empty', 0, 0],
    ['only turns, in the log', 20, 0],
    ['blocks and turns', 900, 0],
    ['large commits', 3_000, 2_900]
  ])('is read as SQLite reads it: %s', (_, count, large) => {
    const path = journalOf(count, large)
    const salvaged = new SalvagedJournal(path)
    const reader = openJournalForReading(path)
    expect(salvaged.sessions().map(({ doubts, ...session }) => session)).toEqual(reader.sessions())
    for (const direction of ['in', 'out'] as const) {
      expect(texts(salvaged.messages(id, direction))).toEqual(texts(reader.messages(id, direction)))
      expect(texts(salvaged.messages(id, direction, 7, 12))).toEqual(texts(reader.messages(id, direction, 7, 12)))
    }
    expect(salvaged.damagedMessages).toBe(0)
    reader.close()
    salvaged.close()
    expect(repaired(path)).toBe(count * 2)
  })

  it('has nothing in it that a reset or retention has deleted', () => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path, retention: { maxMessages: 300 } })
    journal.load(id, 500)
    save(journal, range(1, 2_000))
    journal.commit([batch(id, { reset: 700 })])
    save(journal, range(1, 1_500))
    for (const number of range(1_501, 1_600)) save(journal, [number])
    journal.close()
    const salvaged = new SalvagedJournal(path)
    const reader = openJournalForReading(path)
    expect(texts(salvaged.messages(id, 'out'))).toEqual(texts(reader.messages(id, 'out')))
    expect(salvaged.sessions()).toMatchObject(reader.sessions())
    reader.close()
    salvaged.close()
  })
})

describe('a journal of which pages were overwritten', () => {
  it('gives what is on the others, and not one message that is not as it was written', () => {
    const whole = journalOf(700, 400)
    const pages = Math.floor(statSync(whole).size / 2_048)
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            page: fc.nat(pages - 1),
            bytes: fc.uint8Array({ minLength: 1, maxLength: 2_048 }),
            at: fc.nat(2_047)
          }),
          {
            minLength: 1,
            maxLength: 12
          }
        ),
        (damages) => {
          const path = join(temporaryDirectory(), 'damaged.db')
          for (const suffix of ['', '-wal']) copyFileSync(`${whole}${suffix}`, `${path}${suffix}`)
          for (const { page, bytes, at } of damages)
            overwrite(path, page * 2_048 + Math.min(at, 2_048 - bytes.length), bytes)
          // Twelve pages of three hundred: most of it is still there.
          expect(repaired(path, damages.length)).toBeGreaterThan(0)
        }
      ),
      { numRuns: 40, endOnFailure: true }
    )
  })

  it('is cut off at any byte, its log too: what is before the cut is there', () => {
    const whole = journalOf(700, 400)
    const [length, logLength] = ['', '-wal'].map((suffix) => statSync(`${whole}${suffix}`).size)
    let least = Infinity
    fc.assert(
      fc.property(fc.nat(length ?? 0), fc.nat(logLength ?? 0), (end, logEnd) => {
        const path = join(temporaryDirectory(), 'cut.db')
        for (const suffix of ['', '-wal']) copyFileSync(`${whole}${suffix}`, `${path}${suffix}`)
        truncateSync(path, end)
        truncateSync(`${path}-wal`, logEnd)
        try {
          least = Math.min(least, repaired(path))
        } catch (error) {
          // So little of it is left that not even one row is whole.
          if (!(error instanceof FixError) || error.code !== 'JOURNAL_CORRUPT') throw error
          expect(end).toBeLessThan(200_000)
        }
      }),
      { numRuns: 30, endOnFailure: true }
    )
    expect(least).toBeLessThan(1_400)
  })

  it('loses the first page, the list of tables, and nothing else', () => {
    const path = journalOf(400, 300)
    overwrite(path, 0, Buffer.alloc(2_048, 0xee))
    overwrite(`${path}-wal`, 0, Buffer.alloc(32))
    expect(repaired(path, 1)).toBeGreaterThan(500)
  })
})
