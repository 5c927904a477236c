import { writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { takeOwnership } from '../../lib/journal/ownership.js'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import { batch, failure, messages, temporaryPath } from '../support/journal.js'
import { journalChild } from '../support/journal-child.js'
import { sessionId } from '../support/journal-child-messages.mjs'

describe('a journal that another process owns', () => {
  it('is refused, naming that process, until it ends, however it ends', async () => {
    const path = temporaryPath()
    const child = journalChild('hold', path)
    expect(await child.line()).toBe('ready')
    const journal = new SqliteJournal(path)
    const error = await failure(() => journal.load('S', 0))
    expect(error.code).toBe('JOURNAL_LOCKED')
    expect(error.message).toContain(`process ${child.pid}`)
    await child.kill()
    expect(journal.load('S', 0).nextNumOut).toBe(1)
    journal.commit([batch('S', { out: messages(1), nextNumOut: 2 })])
    journal.close()
  })

  it('can be read meanwhile, by us and by any tool', async () => {
    const path = temporaryPath()
    const child = journalChild('commit', path)
    const [nextNumIn = 0, nextNumOut = 0] = ((await child.line()) ?? '').split(' ').map(Number)
    const reader = openJournalForReading(path)
    const [session] = reader.sessions()
    expect(session?.sessionId).toBe(sessionId)
    expect(session?.nextNumIn).toBeGreaterThanOrEqual(nextNumIn)
    expect(session?.nextNumOut).toBeGreaterThanOrEqual(nextNumOut)
    const before = [...reader.messages(sessionId, 'out')].length
    for (let lines = 0; lines < 50; lines++) await child.line()
    expect([...reader.messages(sessionId, 'out')].length).toBeGreaterThan(before)
    reader.close()
    const tool = new Database(path, { readonly: true })
    const count = tool.prepare<[], number>("SELECT count(*) FROM messages WHERE direction = 'out'").pluck().get()
    expect(count).toBeGreaterThan(before)
    tool.close()
    await child.kill()
  })

  it('may be taken over by the next process as soon as the owner has closed it', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal(path)
    journal.load('S', 0)
    const refused = journalChild('hold', path)
    expect(await refused.line()).toBe('JOURNAL_LOCKED')
    journal.close()
    const child = journalChild('hold', path)
    expect(await child.line()).toBe('ready')
  })
})

describe('the lock', () => {
  it('has one owner at a time, and names it', async () => {
    const path = temporaryPath()
    const first = takeOwnership(path)
    const error = await failure(() => takeOwnership(path))
    expect(error.code).toBe('JOURNAL_LOCKED')
    expect(error.message).toContain(`process ${process.pid}`)
    first.release()
    takeOwnership(path).release()
  })

  it('survives an owner that was killed while it wrote its name', () => {
    const path = temporaryPath()
    new Database(`${path}.lock`).exec('CREATE TABLE owner (pid INTEGER NOT NULL, token TEXT NOT NULL)').close()
    takeOwnership(path).release()
  })

  it('does not overwrite a file that is not a lock', async () => {
    const path = temporaryPath()
    writeFileSync(`${path}.lock`, 'the notes of somebody else, which must not be lost '.repeat(20))
    const error = await failure(() => takeOwnership(path))
    expect(error.code).toBe('JOURNAL_CORRUPT')
    expect(error.message).toContain(`${path}.lock`)
  })
})
