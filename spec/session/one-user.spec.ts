import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FixConnectionError, FixJournalError, MemoryJournal, type SessionConfig } from '../../lib/index.js'
import { order, outcome, type SeenSession, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

/** DESIGN, law 1: two session objects on one record would give numbers twice and overwrite each other's messages. */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapfill-one-user-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

type Pair = (two: TwoSessions) => [SeenSession, SeenSession]

const pairs: [string, Pair][] = [
  [
    'one journal file',
    (two) => {
      const config: Partial<SessionConfig> = { journal: { path: join(folder, 'shared.db') } }
      return [two.initiator(config), two.initiator(config)]
    }
  ],
  [
    'one Journal object',
    (two) => {
      const journal = new MemoryJournal()
      return [two.initiator({}, { journal }), two.initiator({}, { journal })]
    }
  ]
]

describe.each(pairs)('two sessions of one id on %s', (_, make) => {
  it('are refused the second: open() and connect() say to stop the first', async () => {
    const two = new TwoSessions()
    const [first, second] = make(two)
    await two.loggedOn(two.acceptor(), first)
    const opened = outcome(second.open())
    const connected = outcome(second.connect())
    await two.settle()
    for (const refused of [opened, connected]) {
      expect(refused).toMatchObject({
        state: 'rejected',
        error: { code: 'JOURNAL_FAILED', cause: { code: 'JOURNAL_IN_USE' } }
      })
      expect(refused.error).toBeInstanceOf(FixConnectionError)
      expect(String(refused.error)).toMatch(/FIX\.4\.4:BUYSIDE->BROKER.*stop\(\) that one first/)
    }
    expect(first.send(order('A'))).toBe(2)
    await two.settle()
    expect(first.state).toBe('Active')
  })

  it('may follow each other', async () => {
    const two = new TwoSessions()
    const [first, second] = make(two)
    await two.loggedOn(two.acceptor(), first)
    const stopped = outcome(first.stop())
    await two.settle()
    expect(stopped.state).toBe('resolved')
    const connected = outcome(second.connect())
    await two.settle()
    expect(connected.state).toBe('resolved')
    expect(second.nextNumOut).toBeGreaterThan(2)
    void second.stop()
    await two.settle()
  })
})

describe('a session that failed', () => {
  it('has its record again, and leaves it to another', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const [first, second] = [two.initiator({}, { journal }), two.initiator({}, { journal })]
    await two.loggedOn(two.acceptor(), first)
    for (const session of [first, first, second]) {
      if (session === second) void first.stop()
      await two.settle()
      const opened = outcome(session.open())
      await two.settle()
      expect(opened.state).toBe('resolved')
      journal.faults.commit = new FixJournalError('JOURNAL_FULL', 'Expected room to write.')
      void session.setSeqNums({ nextNumOut: 9 }, { force: true }).catch(() => {})
      await two.settle()
      journal.faults.commit = undefined
    }
  })
})
