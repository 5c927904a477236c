import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Direction, Journal, JournalBatch, JournalState } from '../../lib/journal/journal.js'
import { MemoryJournal } from '../../lib/journal/memory-journal.js'
import type { JournalReader } from '../../lib/journal/reader.js'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import { batch, message, range, stored, temporaryPath, textOf } from '../support/journal.js'

/** What a journal is, said plainly: the numbers, and a map of messages for each direction. */
class Model {
  readonly sessions = new Map<string, { state: JournalState; in: Map<number, string>; out: Map<number, string> }>()

  session(sessionId: string) {
    let session = this.sessions.get(sessionId)
    if (session === undefined) {
      const state = { nextNumIn: 1, nextNumOut: 1, resetTime: 500, connectTime: undefined }
      session = { state, in: new Map(), out: new Map() }
      this.sessions.set(sessionId, session)
    }
    return session
  }

  commit(batches: readonly JournalBatch[]): void {
    for (const { sessionId, reset, nextNumIn, nextNumOut, connectTime, ...lists } of batches) {
      if (reset !== undefined) this.sessions.delete(sessionId)
      const session = this.session(sessionId)
      if (reset !== undefined) session.state = { ...session.state, resetTime: reset }
      for (const direction of ['in', 'out'] as const) {
        for (const each of lists[direction]) session[direction].set(each.msgSeqNum, textOf(each))
      }
      const { state } = session
      session.state = {
        ...state,
        nextNumIn: nextNumIn ?? state.nextNumIn,
        nextNumOut: nextNumOut ?? state.nextNumOut,
        connectTime: connectTime ?? state.connectTime
      }
    }
  }

  messages(sessionId: string, direction: Direction): [number, string][] {
    return [...this.session(sessionId)[direction]].sort(([a], [b]) => a - b)
  }
}

type Step =
  | { readonly kind: 'commit'; readonly batches: readonly JournalBatch[] }
  /** Many small commits, so that turns are packed by themselves. */
  | { readonly kind: 'drizzle'; readonly sessionId: string; readonly from: number; readonly count: number }
  | {
      readonly kind: 'read'
      readonly sessionId: string
      readonly from: number
      readonly to: number
      readonly limit: number
    }
  | { readonly kind: 'reopen' }

const sessionIds = ['FIX.4.4:A->B', 'FIX.4.4:A->C']
const anySession = fc.constantFrom(...sessionIds)
const anyNumber = fc.integer({ min: 1, max: 60 })
const anyText = fc.oneof(
  fc.string({ maxLength: 30, unit: 'binary-ascii' }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.constant('x'.repeat(3_000))
)
const anyMessages = fc.oneof(
  fc.array(fc.tuple(anyNumber, anyText), { maxLength: 6 }).map((list) => list.map(([n, text]) => message(n, text))),
  fc
    .tuple(anyNumber, fc.integer({ min: 0, max: 400 }))
    .map(([from, count]) => range(from, from + count - 1).map((n) => message(n)))
)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 })
const anyBatch = fc
  .record({
    sessionId: anySession,
    reset: fc.option(fc.integer({ min: 0, max: 9_999 }), { nil: undefined, freq: 1 }),
    in: anyMessages,
    out: anyMessages,
    nextNumIn: maybe(anyNumber),
    nextNumOut: maybe(anyNumber),
    connectTime: maybe(fc.integer({ min: 0, max: 9_999 }))
  })
  .map((changes): JournalBatch => changes)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('commit'), batches: fc.array(anyBatch, { maxLength: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('drizzle'),
      sessionId: anySession,
      from: fc.integer({ min: 1, max: 500 }),
      count: fc.integer({ min: 1, max: 300 })
    })
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read'),
      sessionId: anySession,
      from: fc.integer({ min: 0, max: 600 }),
      to: fc.integer({ min: 0, max: 600 }),
      limit: fc.integer({ min: 0, max: 50 })
    })
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' } as const) }
)

/** Opens what was there before, as after a restart. */
type Open = (previous: Journal | undefined) => Journal

async function play(
  steps: readonly Step[],
  open: Open,
  check: (journal: Journal, model: Model) => void
): Promise<void> {
  const model = new Model()
  let journal = open(undefined)
  const load = () => {
    for (const sessionId of sessionIds) expect(journal.load(sessionId, 500)).toEqual(model.session(sessionId).state)
  }
  const commit = (batches: readonly JournalBatch[]) => {
    journal.commit(batches)
    model.commit(batches)
  }
  load()
  for (const step of steps) {
    if (step.kind === 'commit') commit(step.batches)
    else if (step.kind === 'drizzle') {
      for (const number of range(step.from, step.from + step.count - 1)) {
        commit([batch(step.sessionId, { out: [message(number, `drizzle ${number}`)], nextNumOut: number + 1 })])
      }
    } else if (step.kind === 'read') {
      const { sessionId, from, to, limit } = step
      const found = await journal.read(sessionId, 'out', from, to, limit)
      const expected = model.messages(sessionId, 'out').filter(([number]) => number >= from && number <= to)
      expect(found.map((each) => [each.msgSeqNum, textOf(each)])).toEqual(expected.slice(0, limit))
    } else {
      journal = open(journal)
    }
    load()
  }
  check(journal, model)
  for (const sessionId of sessionIds) {
    for (const direction of ['in', 'out'] as const) {
      expect(await stored(journal, sessionId, direction)).toEqual(model.messages(sessionId, direction))
    }
  }
  await journal.close()
}

function sameAsModel(reader: JournalReader, model: Model): void {
  for (const { sessionId, ...state } of reader.sessions()) {
    expect(state).toEqual(model.session(sessionId).state)
    for (const direction of ['in', 'out'] as const) {
      const found = [...reader.messages(sessionId, direction)].map((each) => [each.msgSeqNum, textOf(each)])
      expect(found).toEqual(model.messages(sessionId, direction))
    }
  }
}

function viewSameAsModel(path: string, model: Model): void {
  const database = new Database(path, { readonly: true })
  const rows = database
    .prepare<[string, string], [number, string]>(
      'SELECT msgSeqNum, text FROM messages WHERE sessionId = ? AND direction = ? ORDER BY msgSeqNum'
    )
    .raw()
  for (const sessionId of sessionIds) {
    for (const direction of ['in', 'out'] as const) {
      const shown = rows.all(sessionId, direction).map(([number, text]) => [number, text.replaceAll('\u0001', '|')])
      expect(shown).toEqual(model.messages(sessionId, direction))
    }
  }
  database.close()
}

describe('any batches, resets, reads and restarts leave what a plain model has', () => {
  const steps = fc.array(anyStep, { maxLength: 14 })

  it('in SqliteJournal, as its reader and plain SQL see it too', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const path = temporaryPath()
        const open: Open = (previous) => {
          void previous?.close()
          return new SqliteJournal(path)
        }
        await play(list, open, (_, model) => {
          const reader = openJournalForReading(path)
          sameAsModel(reader, model)
          reader.close()
          viewSameAsModel(path, model)
        })
      }),
      { numRuns: 120 }
    )
  }, 120_000)

  it('in MemoryJournal', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const open: Open = (previous) => (previous instanceof MemoryJournal ? previous.snapshot() : new MemoryJournal())
        await play(list, open, (journal, model) => {
          if (journal instanceof MemoryJournal) sameAsModel(journal, model)
        })
      }),
      { numRuns: 120 }
    )
  }, 120_000)
})
