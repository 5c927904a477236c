import { describe, expect, it } from 'vitest'
import { FixConnectionError, FixJournalError, MemoryJournal } from '../../lib/index.js'
import { type Conversation, converse } from '../support/conversation.js'
import { clOrdIds, forget, order, outcome, report, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

/** DESIGN, law 6: a failed journal stops the session, and nothing that was not saved is said or acknowledged. */

const full = new FixJournalError('JOURNAL_FULL', 'Expected room to write.')

async function conversation(): Promise<Conversation> {
  const begun = await converse()
  begun.trace.length = 0
  begun.transport.writes.length = 0
  return begun
}

describe('a commit that fails', () => {
  it('stops the session: an error event, the link closed, nothing of the batch on the wire', async () => {
    const { two, broker, buySide, journal, transport } = await conversation()
    journal.faults.commit = full
    expect(buySide.send(order('A'))).toBe(2)
    const flushed = outcome(buySide.flush())
    await two.settle()
    expect(buySide.seen.errors).toEqual([full])
    expect(buySide.seen.events).toEqual(['DisconnectedWConnToday', 'disconnect JOURNAL_FAILED'])
    expect(flushed).toMatchObject({ state: 'rejected', error: full })
    expect(transport.writes).toEqual([])
    expect(broker.seen.messages).toEqual([])
    await two.pass(100)
    expect(buySide.state).toBe('DisconnectedWConnToday')
    expect(two.network.links).toEqual([])
  })

  it.each([true, false])('tells of each message that will not be sent; persistMessages %o', async (persistMessages) => {
    const { two, buySide, broker, journal } = await converse({}, { persistMessages })
    const dropped: string[] = []
    buySide.on('dropped', (message, { code, text }) => {
      expect(text).toContain('room to write')
      dropped.push(`${message.get(11)} ${message.msgSeqNum} ${code}`)
    })
    buySide.send(order('saved'))
    await two.settle()
    journal.faults.commit = full
    buySide.send(order('A'))
    buySide.sendTestRequest()
    buySide.send(order('B'))
    await two.settle()
    expect(dropped).toEqual(['A 3 JOURNAL_FAILED', 'B 5 JOURNAL_FAILED'])
    expect(clOrdIds(broker.seen.messages)).toEqual(['saved'])
  })

  it('acknowledges nothing that came: it comes again when the journal is mended', async () => {
    const { two, broker, buySide, journal } = await conversation()
    journal.faults.commit = full
    broker.send(report('R1'))
    await two.settle()
    expect(clOrdIds(buySide.seen.messages)).toEqual(['R1'])
    expect(journal.inner.load(buySide.id, 0)).toMatchObject({ nextNumIn: 2, nextNumOut: 2 })
    journal.faults.commit = undefined
    forget(buySide)
    const connected = outcome(buySide.connect())
    await two.settle()
    expect(connected.state).toBe('resolved')
    expect(buySide.seen.messages.map((message) => [message.get(11), message.get(43)])).toEqual([['R1', 'Y']])
    expect(journal.inner.load(buySide.id, 0)).toMatchObject({ nextNumIn: 4, nextNumOut: 4 })
  })

  it('leaves no hole: the numbers that were not saved are used again', async () => {
    const { two, broker, buySide, journal } = await conversation()
    journal.faults.commit = full
    buySide.send(order('lost'))
    await two.settle()
    journal.faults.commit = undefined
    void buySide.connect()
    await two.settle()
    expect(buySide.nextNumOut).toBe(3)
    expect(buySide.send(order('B'))).toBe(3)
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['B'])
    expect(broker.seen.events).not.toContain('RecvSeqNumTooHigh')
  })

  it('lets flush() reject until the journal is open again', async () => {
    const { two, buySide, journal } = await conversation()
    journal.faults.commit = full
    buySide.send(order('A'))
    await two.settle()
    await expect(buySide.flush()).rejects.toBe(full)
    journal.faults.commit = undefined
    void buySide.connect()
    await two.settle()
    await buySide.flush()
  })

  it('rejects a connect() that has not logged on yet', async () => {
    const two = new TwoSessions()
    await two.acceptor().connect()
    const journal = new WatchedJournal()
    journal.faults.commit = full
    const buySide = two.initiator({}, { journal })
    const connected = outcome(buySide.connect())
    await two.settle()
    expect(connected).toMatchObject({ state: 'rejected', error: { code: 'JOURNAL_FAILED', cause: full } })
    expect(connected.error).toBeInstanceOf(FixConnectionError)
  })

  it('of an acceptor ends its listening, and connect() begins it again', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const { broker, buySide } = await two.loggedOn(two.acceptor({}, { journal }))
    journal.faults.commit = full
    buySide.send(order('A'))
    await two.settle()
    expect(broker.state).toBe('DisconnectedWConnToday')
    expect(broker.listeningPort).toBeUndefined()
    await two.pass(1)
    expect(buySide.seen.events).toContain('disconnect CONNECT_REFUSED')
    forget(broker)
    journal.faults.commit = undefined
    await broker.connect()
    await two.pass(2)
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
    expect(buySide.state).toBe('Active')
  })

  it('is an error of the journal, whatever was thrown', async () => {
    const { two, buySide, journal } = await conversation()
    const thrown = Object.create(null) as Error
    journal.faults.commit = thrown
    buySide.send(order('A'))
    await two.settle()
    expect(buySide.seen.errors).toMatchObject([{ code: 'JOURNAL_WRITE', cause: thrown }])
    expect(buySide.seen.errors[0]).toBeInstanceOf(FixJournalError)
  })

  it('may be met by a connect() in the error listener', async () => {
    const { two, buySide, journal } = await conversation()
    buySide.once('error', () => {
      journal.faults.commit = undefined
      void buySide.connect()
    })
    journal.faults.commit = full
    buySide.send(order('A'))
    await two.settle()
    expect(buySide.state).toBe('Active')
    expect(buySide.nextNumOut).toBe(3)
  })
})

describe('a late commit that fails', () => {
  it('takes with it what has gathered meanwhile', async () => {
    const { two, broker, buySide, journal, transport } = await conversation()
    journal.late = true
    const commits = journal.commits.length
    buySide.send(order('A'))
    await two.settle()
    buySide.send(order('B'))
    broker.send(report('R1'))
    await two.settle()
    const flushed = outcome(buySide.flush())
    const dropped: (string | undefined)[] = []
    buySide.on('dropped', (message) => dropped.push(message.get(11)))
    journal.fail(full)
    await two.settle()
    expect(flushed).toMatchObject({ state: 'rejected', error: full })
    expect(dropped).toEqual(['A', 'B'])
    expect(journal.commits.length).toBe(commits + 1)
    expect(journal.inner.load(buySide.id, 0)).toMatchObject({ nextNumIn: 2, nextNumOut: 2 })
    expect(transport.writes).toEqual([])
    expect(buySide.seen.errors).toEqual([full])
  })

  it('after the link was lost is the end all the same', async () => {
    const { two, buySide, journal } = await conversation()
    journal.late = true
    buySide.send(order('A'))
    await two.settle()
    two.network.cut()
    await two.settle()
    journal.fail(full)
    await two.pass(100)
    expect(buySide.state).toBe('DisconnectedBrokenConn')
    expect(two.network.links).toEqual([])
    expect(buySide.seen.errors).toEqual([full])
  })

  it('while a new link is being dialled ends the dial', async () => {
    const { two, buySide, journal } = await conversation()
    journal.late = true
    buySide.send(order('A'))
    await two.settle()
    two.network.dials = 'ignore'
    two.network.cut()
    await two.pass(2)
    expect(buySide.state).toBe('InitiateConnection')
    journal.fail(full)
    await two.settle()
    two.network.dials = 'accept'
    await two.pass(100)
    expect(buySide.state).toBe('DisconnectedBrokenConn')
    expect(two.network.links).toEqual([])
  })
})

describe('a read that fails during a resend', () => {
  it.each(['at once', 'late'])('%s stops the session', async (when) => {
    const { two, buySide, journal } = await conversation()
    two.network.stall('toAcceptor')
    buySide.send(order('A'))
    await two.settle()
    two.network.cut()
    two.network.resume()
    journal.faults.read = new Error('bad sector')
    journal.late = when === 'late'
    forget(buySide)
    await two.pass(1)
    while (journal.waiting.length > 0) {
      journal.answer()
      await two.settle()
    }
    expect(buySide.seen.errors).toMatchObject([{ code: 'JOURNAL_READ', cause: journal.faults.read }])
    expect(buySide.seen.events.at(-1)).toBe('disconnect JOURNAL_FAILED')
    await two.pass(100)
    expect(two.network.links).toEqual([])
    journal.faults.read = undefined
    journal.late = false
    void buySide.connect()
    await two.settle()
    expect(buySide.state).toBe('Active')
  })
})

describe('the journal of several sessions', () => {
  const names = ['A', 'B', 'C'] as const

  async function desk(journalOf: (name: string) => WatchedJournal) {
    const two = new TwoSessions()
    const brokers = names.map((name) => two.acceptor({ targetCompId: name }))
    const traders = names.map((name) => two.initiator({ senderCompId: name }, { journal: journalOf(name) }))
    for (const broker of brokers) await broker.connect()
    for (const trader of traders) void trader.connect()
    await two.settle()
    return { two, brokers, traders }
  }

  it('saves the turn of all of them in one transaction', async () => {
    const journal = new WatchedJournal()
    const { two, traders } = await desk(() => journal)
    journal.commits.length = 0
    for (const trader of traders) trader.send(order('1'))
    await two.settle()
    expect(journal.commits).toHaveLength(1)
    expect(journal.commits[0]?.map(({ sessionId }) => sessionId)).toEqual(traders.map(({ id }) => id))
  })

  it('stops those that were to be saved, and no others, when a commit fails', async () => {
    const journal = new WatchedJournal()
    const { two, traders, brokers } = await desk(() => journal)
    journal.faults.commit = full
    traders[0]?.send(order('1'))
    traders[1]?.send(order('1'))
    await two.settle()
    expect(traders.map(({ state }) => state)).toEqual(['DisconnectedWConnToday', 'DisconnectedWConnToday', 'Active'])
    journal.faults.commit = undefined
    traders[2]?.send(order('2'))
    await two.settle()
    expect(clOrdIds(brokers[2]?.seen.messages ?? [])).toEqual(['2'])
  })

  it('is nothing to the sessions of another journal', async () => {
    const journals = new Map(names.map((name) => [name as string, new WatchedJournal()]))
    const { two, traders, brokers } = await desk((name) => journals.get(name) as WatchedJournal)
    const broken = journals.get('A')
    if (broken !== undefined) broken.faults.commit = full
    for (const trader of traders) trader.send(order('1'))
    await two.settle()
    expect(traders.map(({ state }) => state)).toEqual(['DisconnectedWConnToday', 'Active', 'Active'])
    expect(brokers.map(({ seen }) => clOrdIds(seen.messages))).toEqual([[], ['1'], ['1']])
  })

  it('lets a session go on that resends in the turn in which the commit of another fails', async () => {
    const journal = new WatchedJournal()
    const { two, traders, brokers } = await desk(() => journal)
    const [first, second] = traders
    two.network.links[1]?.stall('toAcceptor')
    for (let n = 0; n < 3000; n++) second?.send(order(String(n)))
    await two.settle()
    two.network.links[1]?.cut()
    await two.settle()
    // Turn by turn, until the first of twelve pages has arrived: the second one goes out with nothing else to save.
    two.clock.holdUp(1000)
    for (let turns = 0; turns < 1000 && (brokers[1]?.seen.messages.length ?? 0) === 0; turns++) await two.turn()
    expect(second?.state).toBe('ResendReqHandling')
    journal.faults.commit = full
    first?.send(order('1'))
    await two.turn()
    journal.faults.commit = undefined
    await two.settle()
    expect([first?.state, second?.state]).toEqual(['DisconnectedWConnToday', 'Active'])
    expect(brokers[1]?.seen.messages).toHaveLength(3000)
  })
})

it('a MemoryJournal of the session itself outlives stop(), as the numbers of a file do', async () => {
  const two = new TwoSessions()
  const { buySide } = await two.loggedOn()
  buySide.send(order('A'))
  await two.settle()
  const { nextNumOut } = buySide
  void buySide.stop()
  await two.settle()
  await buySide.open()
  expect(buySide.nextNumOut).toBe(nextNumOut + 1)
})

it('a journal that was brought is not closed by stop()', async () => {
  const journal = new WatchedJournal({ inner: new MemoryJournal() })
  const two = new TwoSessions()
  const { buySide } = await two.loggedOn(two.acceptor(), two.initiator({}, { journal }))
  void buySide.stop()
  await two.settle()
  expect(journal.closed).toBe(0)
})
