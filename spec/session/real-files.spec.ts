import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import {
  FixConnectionError,
  FixJournalError,
  FixSession,
  type SessionConfig,
  type SessionEvents
} from '../../lib/index.js'
import { temporaryDirectory, temporaryPath } from '../support/journal.js'
import { journalChild } from '../support/journal-child.js'
import { clOrdIds, order, silent } from '../support/two-sessions.js'

/** Real sockets, files and processes; nothing here waits for a time, only for events. */

const sessions: FixSession[] = []
const servers: Server[] = []

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.stop()))
  for (const server of servers.splice(0)) server.close()
})

function make(config: Partial<SessionConfig> & Pick<SessionConfig, 'role'>): FixSession {
  const acceptor = config.role === 'acceptor'
  const session = new FixSession(
    {
      beginString: 'FIX.4.4',
      senderCompId: acceptor ? 'BROKER' : 'BUYSIDE',
      targetCompId: acceptor ? 'BUYSIDE' : 'BROKER',
      host: '127.0.0.1',
      port: 0,
      ...(acceptor ? {} : { reconnectInterval: 0.02 }),
      ...config
    } as SessionConfig,
    { logger: silent }
  )
  session.on('error', () => {})
  sessions.push(session)
  return session
}

function next(session: FixSession, event: keyof SessionEvents): Promise<void> {
  return new Promise((resolve) => session.once(event, () => resolve()))
}

async function portInUse(): Promise<{ port: number; free(): Promise<void> }> {
  const server = createServer()
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    free: () => new Promise((resolve) => server.close(() => resolve()))
  }
}

describe('a port in use', () => {
  it('stops the session with PORT_IN_USE; it begins when the port is free', async () => {
    const { port, free } = await portInUse()
    const path = temporaryPath()
    const broker = make({ role: 'acceptor', port, journal: { path } })
    const errors: Error[] = []
    broker.on('error', (error) => errors.push(error))
    await expect(broker.connect()).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    expect(errors).toMatchObject([{ code: 'PORT_IN_USE', message: expect.stringContaining(String(port)) }])
    // The journal is free for others again.
    const other = make({ role: 'acceptor', port: 0, journal: { path } })
    await other.connect()
    await other.stop()
    await free()
    await broker.connect()
    expect(broker.listeningPort).toBe(port)
  })
})

describe('a journal that cannot be opened', () => {
  const cases: [string, string, () => string][] = [
    [
      'is a directory',
      'JOURNAL_OPEN',
      () => {
        const path = temporaryPath()
        mkdirSync(path)
        return path
      }
    ],
    ['is in a folder that does not exist', 'JOURNAL_OPEN', () => `${temporaryDirectory()}/none/journal.db`],
    [
      'is the database of another program',
      'JOURNAL_SCHEMA',
      () => {
        const path = temporaryPath()
        const database = new Database(path)
        database.exec('CREATE TABLE trades (id INTEGER)')
        database.close()
        return path
      }
    ],
    [
      'is no database',
      'JOURNAL_CORRUPT',
      () => {
        const path = temporaryPath()
        writeFileSync(path, 'Dear diary, '.repeat(1000))
        return path
      }
    ]
  ]

  it.each(cases)(
    'because it %s: JOURNAL_FAILED, %s as its cause, and nothing is changed or opened',
    async (_, code, make_) => {
      const path = make_()
      const before = code === 'JOURNAL_OPEN' ? undefined : readFileSync(path)
      const broker = make({ role: 'acceptor', journal: { path } })
      const errors: Error[] = []
      broker.on('error', (error) => errors.push(error))
      const refused = await broker.connect().catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(FixConnectionError)
      expect(refused).toMatchObject({ code: 'JOURNAL_FAILED', cause: { code } })
      expect((refused as FixConnectionError).cause).toBeInstanceOf(FixJournalError)
      expect(errors).toMatchObject([{ code }])
      expect(broker.listeningPort).toBeUndefined()
      if (before !== undefined) expect(readFileSync(path)).toEqual(before)
      await broker.stop()
    }
  )

  it('because another process writes it: JOURNAL_LOCKED, until that one is gone', async () => {
    const path = temporaryPath()
    const child = journalChild('hold', path)
    expect(await child.line()).toBe('ready')
    const broker = make({ role: 'acceptor', journal: { path } })
    await expect(broker.connect()).rejects.toMatchObject({
      code: 'JOURNAL_FAILED',
      cause: { code: 'JOURNAL_LOCKED', message: expect.stringContaining(`process ${child.pid}`) }
    })
    await child.kill()
    await broker.connect()
    expect(broker.state).toBe('AwaitingConnection')
  })
})

describe('sessions over TCP with journals in files', () => {
  it('go on where they stopped, as new objects', async () => {
    const journal = { path: temporaryPath() }
    const ours = { path: temporaryPath() }
    let port = 0
    const seen: (string | undefined)[] = []
    for (const [round, ids] of [['A', 'B'], ['C'], ['D', 'E', 'F']].entries()) {
      const broker = make({ role: 'acceptor', journal, port })
      broker.on('message', (message) => seen.push(...clOrdIds([message])))
      await broker.connect()
      port = broker.listeningPort ?? 0
      const buySide = make({ role: 'initiator', journal: ours, port })
      await buySide.connect()
      expect(buySide.nextNumOut).toBe([2, 6, 9][round])
      for (const id of ids) buySide.send(order(id))
      await buySide.flush()
      await buySide.stop()
      await broker.stop()
    }
    expect(seen).toEqual(['A', 'B', 'C', 'D', 'E', 'F'])
  })

  it('keep what setSeqNums() has said, at whatever moment of stop() it was called', async () => {
    const session = make({ role: 'initiator', port: 1, journal: { path: temporaryPath() } })
    for (let moment = 0; moment < 15; moment++) {
      await session.open()
      const stopped = session.stop()
      for (let n = 0; n < moment; n++) await Promise.resolve()
      const set = await session.setSeqNums({ nextNumOut: 100 + moment }).then(
        () => true,
        () => false
      )
      await stopped
      await session.stop()
      await session.open()
      if (set) expect(session.nextNumOut).toBe(100 + moment)
      else expect(session.nextNumOut).toBeLessThan(100 + moment)
    }
  })

  it('share one file, and one connection to it, in one process', async () => {
    const journal = { path: temporaryPath() }
    const broker = make({ role: 'acceptor', journal })
    await broker.connect()
    const buySide = make({ role: 'initiator', journal, port: broker.listeningPort ?? 0 })
    await buySide.connect()
    const heard = next(broker, 'message')
    buySide.send(order('A'))
    await heard
    // The file stays open for the one when the other stops.
    await buySide.stop()
    await broker.resetSeqNums()
    expect(broker.nextNumIn).toBe(1)
  })
})
