import { copyFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JournalState } from '../../lib/journal/journal.js'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { batch, message, range, stored, temporaryDirectory, temporaryPath } from '../support/journal.js'
import { journalChild } from '../support/journal-child.js'
import { messageText, sessionId } from '../support/journal-child-messages.mjs'

/** Both directions are whole, and go exactly as far as the numbers say. */
async function expectConsistent(journal: SqliteJournal, { nextNumIn, nextNumOut }: JournalState): Promise<void> {
  for (const [direction, next] of [['in', nextNumIn] as const, ['out', nextNumOut] as const]) {
    const expected = range(1, next - 1).map((number) => [
      number,
      messageText(direction, number).replaceAll('\u0001', '|')
    ])
    expect(await stored(journal, sessionId, direction)).toEqual(expected)
  }
}

describe('SIGKILL while commits go on', () => {
  it.each([
    ['commit', 12, 37],
    ['commit-thread', 8, 97]
  ] as const)(
    'loses nothing that was committed, and leaves nothing by halves: %s',
    async (action, rounds, steps) => {
      const path = temporaryPath()
      for (const round of range(1, rounds)) {
        const child = journalChild(action, path, round)
        let told: string | undefined
        for (let lines = 0; lines < round * steps; lines++) told = await child.line()
        told = (await child.kill()).at(-1) ?? told ?? ''
        const journal = new SqliteJournal(path)
        const state = journal.load(sessionId, 9_999)
        const [nextNumIn = 0, nextNumOut = 0] = told.split(' ').map(Number)
        expect(nextNumOut).toBeGreaterThan(1)
        expect(state.nextNumIn).toBeGreaterThanOrEqual(nextNumIn)
        expect(state.nextNumOut).toBeGreaterThanOrEqual(nextNumOut)
        await expectConsistent(journal, state)
        journal.close()
      }
    },
    120_000
  )
})

describe('a loss of power, as far as it tears the log that was not synced yet', () => {
  it('opens with whole commits: at most the last ones are gone', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load(sessionId, 500)
    const commits = 40
    for (const number of range(1, commits)) {
      const bytes = (direction: 'in' | 'out') => message(number, messageText(direction, number))
      journal.commit([
        batch(sessionId, { in: [bytes('in')], out: [bytes('out')], nextNumIn: number + 1, nextNumOut: number + 1 })
      ])
      if (number % 15 === 0) journal.read(sessionId, 'out', 1, 1, 1)
    }
    const directory = temporaryDirectory()
    const copy = join(directory, 'copy.db')
    const size = copyLive(path, copy)
    const seen = new Set<number>()
    for (let length = size; length > 0; length = Math.floor(length - size / 40)) {
      copyLive(path, copy)
      truncateSync(`${copy}-wal`, length)
      const torn = new SqliteJournal(copy)
      const state = torn.load(sessionId, 500)
      expect(state.nextNumIn).toBe(state.nextNumOut)
      await expectConsistent(torn, state)
      torn.close()
      seen.add(state.nextNumOut)
    }
    expect(Math.max(...seen)).toBe(commits + 1)
    expect(seen.size).toBeGreaterThan(10)
    journal.close()
  })
})

/** Copies the files as they are on the disk, with no writer's help; returns the length of the log. */
function copyLive(from: string, to: string): number {
  copyFileSync(from, to)
  copyFileSync(`${from}-wal`, `${to}-wal`)
  return statSync(`${to}-wal`).size
}
