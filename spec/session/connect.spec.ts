import { describe, expect, it } from 'vitest'
import { FixConnectionError, FixJournalError } from '../../lib/index.js'
import { outcome, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

describe('connect() of an acceptor', () => {
  it('resolves when it listens, before anybody has come', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    expect(broker.state).toBe('Unknown')
    expect(broker.listeningPort).toBeUndefined()
    await broker.connect()
    expect(broker.state).toBe('AwaitingConnection')
    expect(broker.listeningPort).toBe(9878)
    expect(broker.seen.events).toEqual(['DisconnectedNoConnToday', 'AwaitingConnection'])
  })

  it('rejects with ALREADY_CONNECTED while it listens, also after its counterparty has gone', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    await expect(broker.connect()).rejects.toMatchObject({ code: 'ALREADY_CONNECTED' })
    void buySide.logout()
    await two.settle()
    expect(broker.state).toBe('AwaitingConnection')
    await expect(broker.connect()).rejects.toThrow(FixConnectionError)
  })

  it('rejects with PORT_IN_USE, and listens once the port is free', async () => {
    const two = new TwoSessions()
    const other = await two.network.listen({ host: '127.0.0.1', port: 9878 }, () => {})
    const journal = new WatchedJournal()
    const broker = two.acceptor({}, { journal })
    await expect(broker.connect()).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    expect(broker.seen.errors).toMatchObject([{ code: 'PORT_IN_USE' }])
    expect(broker.state).toBe('DisconnectedNoConnToday')
    await other.close()
    await broker.connect()
    expect(broker.state).toBe('AwaitingConnection')
  })

  it('takes a free port when none is named, each session its own', async () => {
    const two = new TwoSessions()
    const sessions = ['A', 'B', 'C'].map((targetCompId) => two.acceptor({ port: 0, targetCompId }))
    for (const session of sessions) await session.connect()
    await sessions[0]?.stop()
    const later = two.acceptor({ port: 0, targetCompId: 'D' })
    await later.connect()
    const ports = [...sessions.slice(1), later].map((session) => session.listeningPort)
    expect(new Set(ports).size).toBe(3)
    expect(ports).not.toContain(0)
  })
})

describe('connect() of an initiator', () => {
  it('resolves at the first logon, and redials until then', async () => {
    const two = new TwoSessions()
    const buySide = two.initiator({ reconnectInterval: 5 })
    const connected = outcome(buySide.connect())
    await two.pass(12)
    expect(connected.state).toBe('pending')
    expect(buySide.seen.events.filter((event) => event === 'disconnect CONNECT_REFUSED')).toHaveLength(3)
    const broker = two.acceptor()
    await broker.connect()
    await two.pass(3)
    expect(connected.state).toBe('resolved')
    expect(buySide.state).toBe('Active')
  })

  it('redials ever after, when a link that was logged on breaks', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn(two.acceptor(), two.initiator({ reconnectInterval: 5 }))
    for (let cut = 0; cut < 3; cut++) {
      two.network.cut()
      await two.pass(4)
      expect(buySide.state).toBe('DisconnectedBrokenConn')
      await two.pass(1)
      expect(buySide.state).toBe('Active')
    }
  })

  it.each(['opening the journal', 'dialling', 'awaiting the Logon', 'logged on', 'pausing before the next dial'])(
    'rejects with ALREADY_CONNECTED while %s',
    async (when) => {
      const two = new TwoSessions()
      const broker = two.acceptor({}, { authenticate: () => new Promise<boolean>(() => {}) })
      const free = two.acceptor()
      const buySide = two.initiator()
      if (when === 'awaiting the Logon') await broker.connect()
      if (when === 'logged on') await free.connect()
      const first = outcome(buySide.connect())
      if (when === 'dialling') await Promise.resolve()
      if (when.startsWith('awaiting') || when === 'logged on') await two.settle()
      if (when.startsWith('pausing')) await two.pass(0.5)
      await expect(buySide.connect()).rejects.toMatchObject({
        code: 'ALREADY_CONNECTED',
        message: expect.stringContaining('disconnect() or stop()')
      })
      expect(first.state).toBe(when === 'logged on' ? 'resolved' : 'pending')
    }
  )

  it.each(['stop', 'disconnect', 'logout'] as const)('rejects with STOPPED when %s() comes first', async (how) => {
    const two = new TwoSessions()
    const buySide = two.initiator()
    const connected = outcome(buySide.connect())
    await two.pass(10)
    expect(connected.state).toBe('pending')
    await buySide[how]()
    await two.settle()
    expect(connected).toMatchObject({ state: 'rejected', error: { code: 'STOPPED' } })
    expect(connected.error).toBeInstanceOf(FixConnectionError)
    const dials = buySide.seen.events.length
    await two.pass(100)
    expect(buySide.seen.events).toHaveLength(dials)
  })

  it('goes on dialling after a Logon that was refused, and resolves at a later one', async () => {
    const two = new TwoSessions()
    let open = false
    const broker = two.acceptor({}, { authenticate: () => open })
    await broker.connect()
    const buySide = two.initiator()
    const connected = outcome(buySide.connect())
    await two.pass(3)
    expect(connected.state).toBe('pending')
    open = true
    await two.pass(1)
    expect(connected.state).toBe('resolved')
  })
})

describe('connect() and the journal', () => {
  it.each(['acceptor', 'initiator'] as const)(
    'of an %s rejects with JOURNAL_FAILED when it cannot be loaded',
    async (role) => {
      const two = new TwoSessions()
      const journal = new WatchedJournal()
      const cause = new FixJournalError('JOURNAL_CORRUPT', 'Expected a sound journal.')
      journal.faults.load = cause
      const session = two[role]({}, { journal })
      await expect(session.connect()).rejects.toMatchObject({ code: 'JOURNAL_FAILED', cause })
      expect(session.seen.errors).toEqual([cause])
      expect(session.state).toBe('Unknown')
      await two.pass(60)
      expect(two.network.links).toEqual([])
      journal.faults.load = undefined
      const other = two[role === 'acceptor' ? 'initiator' : 'acceptor']()
      void other.connect()
      void session.connect()
      await two.pass(2)
      expect(session.state).toBe('Active')
    }
  )

  it('waits for one that loads late', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal({ late: true })
    const broker = two.acceptor({}, { journal })
    const connected = outcome(broker.connect())
    await two.settle()
    expect(connected.state).toBe('pending')
    expect(broker.listeningPort).toBeUndefined()
    journal.answer()
    await two.settle()
    expect(connected.state).toBe('resolved')
  })

  it('does not begin when it was ended while the journal was loading', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal({ late: true })
    const buySide = two.initiator({}, { journal })
    const connected = outcome(buySide.connect())
    void buySide.disconnect()
    await two.settle()
    journal.answer()
    await two.pass(10)
    expect(connected).toMatchObject({ state: 'rejected', error: { code: 'STOPPED' } })
    expect(buySide.state).toBe('DisconnectedNoConnToday')
  })
})

describe('connect() after an end', () => {
  it.each(['stop', 'disconnect', 'logout'] as const)('begins again after %s() that was awaited', async (how) => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    const ended = buySide[how]()
    await two.settle()
    await ended
    const connected = outcome(buySide.connect())
    await two.settle()
    expect(connected.state).toBe('resolved')
    expect(buySide.state).toBe('Active')
  })

  it.each(['disconnect', 'logout'] as const)(
    'dials as soon as %s() is through, when that was not awaited',
    async (how) => {
      const two = new TwoSessions()
      const { buySide } = await two.loggedOn(two.acceptor(), two.initiator({ reconnectInterval: 3600 }))
      void buySide[how]()
      const connected = outcome(buySide.connect())
      await two.settle()
      expect(connected.state).toBe('resolved')
      expect(buySide.state).toBe('Active')
      expect(buySide.seen.events.filter((event) => event.startsWith('disconnect'))).toHaveLength(1)
    }
  )

  it('is refused while stop() is under way, so that a listener of disconnect cannot keep a session from stopping', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    const again: { state: string; error?: unknown }[] = []
    buySide.on('disconnect', () => again.push(outcome(buySide.connect())))
    const stopped = outcome(buySide.stop())
    await two.pass(10)
    expect(stopped.state).toBe('resolved')
    expect(again).toMatchObject([{ state: 'rejected', error: { code: 'STOPPED' } }])
    expect(buySide.state).toBe('DisconnectedWConnToday')
  })

  it('listens again after an acceptor was stopped', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    void broker.stop()
    await two.settle()
    expect(broker.listeningPort).toBeUndefined()
    await broker.connect()
    await two.pass(1)
    expect(buySide.state).toBe('Active')
    expect(broker.state).toBe('Active')
  })
})

it('a connect() that nobody awaits never crashes the process', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', note)
  try {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    journal.faults.load = new FixJournalError('JOURNAL_OPEN', 'no such folder')
    void two.initiator({}, { journal }).connect()
    const { buySide } = await two.loggedOn()
    void buySide.connect()
    const other = two.initiator({ senderCompId: 'OTHER' })
    void other.connect()
    void other.stop()
    void two.acceptor({ port: 9878, senderCompId: 'THIRD' }).connect()
    await two.settle()
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  } finally {
    process.off('unhandledRejection', note)
  }
})
