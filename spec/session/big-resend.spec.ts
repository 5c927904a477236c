import { expect, it } from 'vitest'
import { Codec, FixMessage, MemoryJournal } from '../../lib/index.js'
import { order, report, TwoSessions } from '../support/two-sessions.js'

/** DESIGN, law 4: a resend of any length takes as much memory as one of a thousand messages, and other things go on meanwhile. */

const COUNT = 20_000
const ids = { beginString: 'FIX.4.4', senderCompId: 'BROKER', targetCompId: 'BUYSIDE' }

/** Says how many messages were read to be sent again. */
class CountingJournal extends MemoryJournal {
  pagesRead = 0
  messagesRead = 0
  largestPage = 0

  override read(...args: Parameters<MemoryJournal['read']>) {
    const page = super.read(...args)
    this.pagesRead++
    this.messagesRead += page.length
    this.largestPage = Math.max(this.largestPage, page.length)
    return page
  }
}

/** What an acceptor has saved that has sent this many reports, none of which arrived. */
function sentInVain(count: number): CountingJournal {
  const journal = new CountingJournal()
  const codec = new Codec({ beginString: 'FIX.4.4' })
  const sessionId = 'FIX.4.4:BROKER->BUYSIDE'
  journal.load(sessionId, 0)
  const out = Array.from({ length: count }, (_, index) => {
    const msgSeqNum = index + 1
    const header = { ...ids, msgSeqNum, sendingTime: new Date(Date.UTC(2024, 0, 1)) }
    return { msgSeqNum, time: 0, bytes: codec.encode(report(`R-${msgSeqNum}`), header) }
  })
  const numbers = { nextNumIn: 1, nextNumOut: count + 1 }
  journal.commit([{ sessionId, reset: undefined, out, in: [], ...numbers, connectTime: undefined }])
  return journal
}

it('a long resend is paced by the counterparty, and new messages and Heartbeats go on beside it', async () => {
  // A link of 8 KiB each 25 ms: the resend takes many Heartbeat intervals.
  const two = new TwoSessions(undefined, { latency: 25, window: 8192, highWaterMark: 8192 })
  const journal = sentInVain(COUNT)
  const broker = two.acceptor({ log: { level: 'error' } }, { journal })
  const buySide = two.initiator({ heartBtInt: 1 })
  buySide.removeAllListeners('message')
  let resent = 0
  const news: string[] = []
  buySide.on('message', (message) => {
    if (message.msgType !== 'B') {
      expect([message.msgSeqNum, message.get(43)]).toEqual([++resent, 'Y'])
      return
    }
    // What is new comes in its place, behind all that is old.
    expect(resent).toBe(COUNT)
    news.push(message.get(148) ?? '')
  })
  const answered: number[] = []
  broker.on('message', (message) => answered.push(two.clock.now() - Number(message.get(58))))
  await broker.connect()
  void buySide.connect()

  let most = 0
  let sentNews = 0
  let orders = 0
  let seconds = 0
  while (resent < COUNT && seconds < 600) {
    for (let tenth = 0; tenth < 10; tenth++) {
      await two.pass(0.1)
      most = Math.max(most, journal.messagesRead - resent)
    }
    seconds++
    if (broker.state === 'ResendReqHandling' && sentNews < 50)
      broker.send(new FixMessage('B', { 148: `N-${++sentNews}` }))
    if (buySide.state !== 'ResendReqAwaiting') continue
    buySide.send(order('A').set(58, String(two.clock.now())))
    orders++
    if (seconds % 5 === 0) buySide.sendTestRequest()
  }
  await two.pass(5)
  expect([resent, news.length, sentNews > 3]).toEqual([COUNT, sentNews, true])
  // It went on for long, and never was there more under way than the link and a few pages hold.
  expect(seconds).toBeGreaterThan(5)
  expect(journal.pagesRead).toBeGreaterThan(COUNT / 300)
  expect(journal.largestPage).toBeLessThanOrEqual(256)
  expect(most).toBeLessThan(1_000)
  expect(answered).toHaveLength(orders)
  expect(Math.max(...answered)).toBeLessThanOrEqual(100)
  const { errors, events } = buySide.seen
  expect([errors, broker.seen.errors, events.filter((event) => event.startsWith('disconnect'))]).toEqual([[], [], []])
  expect([broker.state, buySide.state, buySide.nextNumIn]).toEqual(['Active', 'Active', broker.nextNumOut])
})

it('more new messages than the counterparty holds are sent again, once, and nothing goes round', async () => {
  const count = 5_000
  const two = new TwoSessions(undefined, { latency: 5, window: 8192, highWaterMark: 8192 })
  const journal = sentInVain(count)
  const broker = two.acceptor({ log: { level: 'error' } }, { journal })
  const buySide = two.initiator({ maxHeldMessages: 50 })
  buySide.removeAllListeners('message')
  const numbers: number[] = []
  buySide.on('message', ({ msgSeqNum = 0 }) => numbers.push(msgSeqNum))
  await broker.connect()
  void buySide.connect()
  let news = 0
  for (let tick = 0; tick < 5_000 && (tick < 50 || buySide.nextNumIn < broker.nextNumOut); tick++) {
    await two.pass(0.01)
    if (broker.state !== 'ResendReqHandling') continue
    for (let each = 0; each < 5 && news < 400; each++) broker.send(new FixMessage('B', { 148: `N-${++news}` }))
  }
  await two.pass(1)
  expect(news).toBeGreaterThan(100)
  // All that the application was sent, each number once; the Logon and the answers between them have numbers too.
  expect(numbers.length).toBe(count + news)
  expect(numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0))).toBe(true)
  expect([broker.state, buySide.state, buySide.nextNumIn]).toEqual(['Active', 'Active', broker.nextNumOut])
  expect(journal.messagesRead).toBeLessThan(count + 4 * news)
  expect(buySide.seen.errors.length).toBeGreaterThan(0)
  expect(buySide.seen.errors.length).toBeLessThan(10)
  expect(buySide.seen.errors.every((error) => error.message.includes('maxHeldMessages'))).toBe(true)
  expect(broker.seen.errors).toEqual([])
})
