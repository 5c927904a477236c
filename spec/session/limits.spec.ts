import { describe, expect, it } from 'vitest'
import { converse } from '../support/conversation.js'
import { Counterparty } from '../support/counterparty.js'
import { clOrdIds, order, report, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

/** DESIGN, laws 4 and 5: nothing unbounded, and bad input stays outside. */

describe('a counterparty that does not read', () => {
  it('is closed with a reason when maxOutboundBuffer bytes wait for it, and lacks nothing afterwards', async () => {
    const two = new TwoSessions()
    const maxOutboundBuffer = 20_000
    const { broker, buySide } = await two.loggedOn(two.acceptor(), two.initiator({ maxOutboundBuffer }))
    // The network itself holds a MiB in each direction.
    two.network.stall('toAcceptor')
    const padding = 'x'.repeat(1000)
    const sent: string[] = []
    for (let turn = 0; turn < 2000 && buySide.state === 'Active'; turn++) {
      sent.push(`A-${turn}`)
      buySide.send(order(`A-${turn}`).set(58, padding))
      await two.turn()
    }
    expect(buySide.seen.events).toContain('disconnect SLOW_COUNTERPARTY')
    expect(buySide.seen.errors).toMatchObject([
      { code: 'SLOW_COUNTERPARTY', message: expect.stringContaining('maxOutboundBuffer') }
    ])
    expect(sent.length).toBeLessThan(1_100)
    two.network.resume()
    await two.pass(5)
    expect(clOrdIds(broker.seen.messages)).toEqual(sent)
    expect(broker.state).toBe('Active')
  })

  it('is served a resend no faster than it reads', async () => {
    const { two, broker, buySide, journal } = await converse()
    two.network.stall('toAcceptor')
    const padding = 'x'.repeat(2000)
    const count = 5000
    for (let n = 0; n < count; n++) buySide.send(order(`A-${n}`).set(58, padding))
    await two.settle()
    two.network.cut()
    two.network.resume()
    await two.settle()
    let read = 0
    const readPage = journal.read.bind(journal)
    journal.read = (sessionId, direction, from, to, limit) => {
      read += limit
      return readPage(sessionId, direction, from, to, limit)
    }
    two.clock.holdUp(1000)
    for (let turns = 0; turns < 100 && read === 0; turns++) await two.turn()
    expect(read).toBeGreaterThan(0)
    two.network.stall('toAcceptor')
    await two.pass(5)
    // What the network and the socket hold, and a page; not the ten megabytes of it all.
    expect(read * 2000).toBeLessThan(3_000_000)
    two.network.resume()
    await two.pass(5)
    expect(broker.seen.messages).toHaveLength(count)
    expect(buySide.state).toBe('Active')
  })
})

describe('a counterparty that sends more than can be saved', () => {
  it('is read no further than maxInboundBacklog bytes until the journal has answered', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const maxInboundBacklog = 10_000
    const { broker, buySide } = await two.loggedOn(two.acceptor(), two.initiator({ maxInboundBacklog }, { journal }))
    journal.late = true
    const padding = 'x'.repeat(1000)
    for (let turn = 0; turn < 100; turn++) {
      broker.send(report(`R-${turn}`).set(58, padding))
      await two.turn()
    }
    await two.pass(1)
    const seen = buySide.seen.messages.length
    expect(seen).toBeGreaterThan(8)
    expect(seen).toBeLessThan(14)
    journal.late = false
    while (journal.waiting.length > 0) journal.answer()
    await two.settle()
    expect(buySide.seen.messages).toHaveLength(100)
    expect(buySide.nextNumIn).toBe(102)
  })
})

describe('a counterparty that sends while an answer is awaited', () => {
  it('is not read: what it sends stays on the network', async () => {
    const two = new TwoSessions()
    let admit = (_: boolean): void => {}
    const authenticate = () =>
      new Promise<boolean>((resolve) => {
        admit = resolve
      })
    const broker = two.acceptor({}, { authenticate })
    await broker.connect()
    const them = await new Counterparty(two, broker.config).dial()
    await them.say('35=A|34=1|98=0|108=30', '35=D|34=2|11=A')
    for (let n = 3; n < 100; n++) await them.say(`35=D|34=${n}|11=A|58=${'x'.repeat(1000)}`)
    expect(two.network.links[0]?.toAcceptor.queued).toBeGreaterThan(90_000)
    admit(true)
    await two.settle()
    expect(broker.seen.messages).toHaveLength(98)
    expect(two.network.links[0]?.toAcceptor.queued).toBe(0)
  })
})

it('a thousand held messages are delivered over several turns of the event loop, in order', async () => {
  const two = new TwoSessions()
  const broker = two.acceptor()
  await broker.connect()
  const them = await new Counterparty(two, broker.config).dial()
  await them.say('35=A|34=1|98=0|108=30')
  const numbers = Array.from({ length: 1000 }, (_, index) => index + 3)
  await them.say(...numbers.map((msgSeqNum) => `35=D|34=${msgSeqNum}|11=${msgSeqNum}`))
  const perTurn: number[] = []
  let inTurn = 0
  broker.on('message', () => {
    if (inTurn++ > 0) return
    two.clock.endOfTurn(() => {
      perTurn.push(inTurn)
      inTurn = 0
    })
  })
  await them.say('35=D|34=2|11=2', '35=D|34=1003|11=1003')
  expect(clOrdIds(broker.seen.messages)).toEqual(['2', ...numbers.map(String), '1003'])
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(260)
  expect(them.heard().filter((text) => text.startsWith('35=2'))).toHaveLength(1)
})

describe('bytes that are no message, in session', () => {
  const junk: [string, string, string | undefined][] = [
    ['garbage', '8=hello|9=world|', undefined],
    ['a wrong checksum', '8=FIX.4.4|9=5|35=D|10=000|', undefined],
    ['a BodyLength(9) of 10^12', '8=FIX.4.4|9=1000000000000|35=D|', 'GARBLED'],
    ['an endless field', `8=FIX.4.4|9=900000|58=${'x'.repeat(70_000)}`, 'GARBLED'],
    ['a million tags', `8=FIX.4.4|9=60000|35=D|${'1=1|'.repeat(15_000)}`, undefined]
  ]

  it.each(junk)('%s: bounded, told, and no listener sees it', async (_, text, closes) => {
    const two = new TwoSessions()
    const warnings: string[] = []
    const warn = (...args: unknown[]) => void warnings.push(String(args.at(-1)))
    const logger = { debug() {}, info() {}, warn, error() {} }
    const broker = two.acceptor({ maxMessageLength: 65_536, maxFields: 1000 }, { logger })
    const other = two.acceptor({ targetCompId: 'OTHER' })
    await broker.connect()
    await other.connect()
    const good = two.initiator({ senderCompId: 'OTHER' })
    void good.connect()
    const them = await new Counterparty(two, broker.config).dial()
    await them.say('35=A|34=1|98=0|108=30')
    expect(broker.state).toBe('Active')
    await them.say(text)
    expect(broker.seen.messages).toEqual([])
    expect(broker.seen.errors).toEqual([])
    if (closes === undefined) {
      const before = broker.counters.garbled
      await them.say('35=D|34=2|11=A', '35=0|34=3')
      expect(Math.max(before, broker.counters.garbled)).toBeGreaterThan(0)
    } else {
      expect(broker.seen.events).toContain(`disconnect ${closes}`)
      expect(broker.counters.garbled).toBe(1)
    }
    expect(warnings.some((line) => line.startsWith('Garbled: '))).toBe(true)
    good.send(order('A'))
    await two.settle()
    expect(clOrdIds(other.seen.messages)).toEqual(['A'])
  })
})

it('a counterparty that goes on after the link was closed for it is not listened to', async () => {
  const two = new TwoSessions()
  const broker = two.acceptor()
  await broker.connect()
  const them = await new Counterparty(two, broker.config).dial()
  await them.say('35=A|34=1|98=0|108=30')
  void broker.disconnect()
  await them.say('35=D|34=2|11=A', '35=D|34=3|11=B')
  expect(broker.seen.messages).toEqual([])
  expect(broker.nextNumIn).toBe(2)
  const again = await new Counterparty(two, broker.config).dial()
  await again.say('35=A|34=4|98=0|108=30')
  expect(again.heard()).toEqual(['35=A|34=2|98=0|108=30', '35=2|34=3|7=2|16=0'])
})
