import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type JournalBatch, SqliteJournal } from '../../lib/index.js'
import { batch, message, range, stored, temporaryDirectory, temporaryPath } from '../support/journal.js'
import { journalChild } from '../support/journal-child.js'
import { messageText, sessionId } from '../support/journal-child-messages.mjs'
import { anyDamage, type LogPosition, logPosition, losePower } from '../support/power-loss.js'

/*
 * A loss of power at the level of files: the journal's files as they are at any moment, of the write-ahead log everything
 * damaged that no sync had made safe. GAPFILL_POWER_LOSSES=500 (default 1) tries so many times as much.
 */

const times = Number(process.env.GAPFILL_POWER_LOSSES ?? 1)

/** One commit: how many messages each way, how long they are; `reset` begins anew before them. */
interface Step {
  readonly received: number
  readonly sent: number
  readonly length: number
  readonly reset: boolean
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  received: fc.integer({ min: 0, max: 3 }),
  sent: fc.integer({ min: 0, max: 30 }),
  length: fc.integer({ min: 0, max: 700 }),
  reset: fc.integer({ min: 0, max: 15 }).map((n) => n === 0)
})

/** What is to be read after each commit; ConnectTime tells which one it was. */
interface Saved {
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly in: readonly [number, string][]
  readonly out: readonly [number, string][]
  readonly position: LogPosition
}

function batchOf({ received, sent, length, reset }: Step, index: number, before: Saved | undefined): JournalBatch {
  const nextNumIn = reset || before === undefined ? 1 : before.nextNumIn
  const nextNumOut = reset || before === undefined ? 1 : before.nextNumOut
  const text = (number: number) => `34=${number}|58=${'x'.repeat(length)}|9999=${index}|`
  return batch('S', {
    reset: reset ? 1_000 : undefined,
    in: range(nextNumIn, nextNumIn + received - 1).map((number) => message(number, text(number))),
    out: range(nextNumOut, nextNumOut + sent - 1).map((number) => message(number, text(number))),
    nextNumIn: nextNumIn + received,
    nextNumOut: nextNumOut + sent,
    connectTime: index
  })
}

function savedBy(
  path: string,
  { reset, in: received, out, nextNumIn, nextNumOut }: JournalBatch,
  before?: Saved
): Saved {
  const kept = reset === undefined ? before : undefined
  const texts = (messages: JournalBatch['in']): [number, string][] =>
    messages.map(({ msgSeqNum, bytes }) => [msgSeqNum, Buffer.from(bytes).toString('latin1').replaceAll('\u0001', '|')])
  return {
    nextNumIn: nextNumIn ?? 1,
    nextNumOut: nextNumOut ?? 1,
    in: [...(kept?.in ?? []), ...texts(received)],
    out: [...(kept?.out ?? []), ...texts(out)],
    position: logPosition(path)
  }
}

/** The commits that must still be there: those in the file, and those in the log as far as it was synced. */
function surelyDurable(saved: readonly Saved[], { generation, synced }: LogPosition): number {
  return saved.findLastIndex(
    ({ position }) => position.generation !== generation || position.frames === 0 || position.frames <= synced
  )
}

describe('a loss of power', () => {
  it(
    'leaves whole commits, all that were synced among them, and a journal that goes on',
    async () => {
      let lost = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyStep, { minLength: 1, maxLength: 40 }),
          fc.integer({ min: 1, max: 60 }),
          fc.constantFrom('normal' as const, 'normal' as const, 'full' as const),
          fc.array(fc.array(anyDamage, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
          fc.boolean(),
          async (steps, walAutocheckpoint, synchronous, losses, keepIndex) => {
            const path = temporaryPath()
            const copy = join(temporaryDirectory(), 'copy.db')
            const journal = new SqliteJournal({ path, walAutocheckpoint, synchronous })
            journal.load('S', 500)
            const saved: Saved[] = []
            for (const [index, step] of steps.entries()) {
              const next = batchOf(step, index, saved.at(-1))
              journal.commit([next])
              saved.push(savedBy(path, next, saved.at(-1)))
            }
            const now = logPosition(path)
            // Every commit of 'full' ends with a sync of the log, and nothing is on the wire before its commit has ended.
            const synced = synchronous === 'full' ? now.frames : now.synced
            const least = surelyDurable(saved, { ...now, synced })
            if (synchronous === 'full') expect(least).toBe(saved.length - 1)
            for (const damages of losses) {
              losePower(path, copy, synced, damages, keepIndex)
              const found = await check(copy, saved, least)
              if (found < saved.length - 1) lost++
            }
            journal.close()
          }
        ),
        { numRuns: 40 * times, endOnFailure: true }
      )
      // Damage that never cost anything would show nothing.
      expect(lost).toBeGreaterThan(0)
    },
    60_000 * times
  )
})

/** Opens a copy; returns which commit was the last that it has, once all is as that one left it. */
async function check(copy: string, saved: readonly Saved[], least: number): Promise<number> {
  const journal = new SqliteJournal(copy)
  const state = journal.load('S', 500)
  const found = state.connectTime ?? -1
  expect(found).toBeGreaterThanOrEqual(least)
  const { nextNumIn, nextNumOut, in: received, out } = saved[found] ?? { nextNumIn: 1, nextNumOut: 1, in: [], out: [] }
  expect(state).toMatchObject({ nextNumIn, nextNumOut })
  expect(await stored(journal, 'S', 'in')).toEqual(received)
  expect(await stored(journal, 'S', 'out')).toEqual(out)
  journal.commit([batch('S', { out: [message(nextNumOut, 'next|')], nextNumOut: nextNumOut + 1 })])
  journal.close()
  const again = new SqliteJournal(copy)
  expect(again.load('S', 500)).toMatchObject({ nextNumIn, nextNumOut: nextNumOut + 1 })
  expect(await stored(again, 'S', 'out')).toEqual([...out, [nextNumOut, 'next|']])
  again.close()
  return found
}

describe('a loss of power at any moment, also amid a commit or a checkpoint', () => {
  it(
    'opens with whole commits; with "full" every one that had ended is there',
    async () => {
      for (const round of range(1, 6 * times)) {
        const full = round % 2 === 0
        const path = temporaryPath()
        const copy = join(temporaryDirectory(), 'copy.db')
        const child = journalChild(full ? 'commit-full' : 'commit', path, round)
        let told = await child.line()
        for (let lines = 0; lines < (round * 37) % 400; lines++) told = await child.line()
        process.kill(child.pid, 'SIGSTOP')
        await child.stopped()
        const { synced, frames } = logPosition(path)
        // What it was just writing may end up on the disk or not.
        const random = (salt: number) => ((round * 7_919 + salt * 104_729) % 1_000) / 1_000
        const damages = [
          { kind: 'garbled', at: random(1), bytes: 3_000 },
          { kind: 'truncated', at: random(2) }
        ] as const
        losePower(path, copy, full ? frames : synced, damages, round % 3 === 0)
        const rest = await child.kill()
        told = rest.at(-1) ?? told
        const journal = new SqliteJournal(copy)
        const state = journal.load(sessionId, 9_999)
        if (full) {
          const [nextNumIn = 0, nextNumOut = 0] = (told ?? '').split(' ').map(Number)
          expect(state.nextNumIn).toBeGreaterThanOrEqual(nextNumIn)
          expect(state.nextNumOut).toBeGreaterThanOrEqual(nextNumOut)
        }
        for (const [direction, next] of [['in', state.nextNumIn] as const, ['out', state.nextNumOut] as const]) {
          const expected = range(1, next - 1).map((number) => [
            number,
            messageText(direction, number).replaceAll('\u0001', '|')
          ])
          expect(await stored(journal, sessionId, direction)).toEqual(expected)
        }
        journal.close()
      }
    },
    60_000 * times
  )
})
