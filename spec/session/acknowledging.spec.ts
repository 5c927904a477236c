import { describe, expect, it } from 'vitest'
import { type FixMessage, MemoryJournal, type SessionConfig } from '../../lib/index.js'
import { converse } from '../support/conversation.js'
import { clOrdIds, report, TwoSessions } from '../support/two-sessions.js'

/** ack: 'manual'. */

async function desk(config: Partial<SessionConfig> = {}) {
  const conversation = await converse({}, { ack: 'manual', ...config })
  const { two, broker, buySide, journal } = conversation
  return {
    ...conversation,
    durable: () => journal.inner.load(buySide.id, 0).nextNumIn,
    async report(...ids: string[]) {
      for (const id of ids) broker.send(report(id))
      await two.settle()
    },
    async ack(...indexes: number[]) {
      for (const index of indexes) buySide.seen.messages[index]?.ack()
      await two.settle()
    }
  }
}

describe("ack: 'manual'", () => {
  it('makes the number durable with message.ack(), and not before', async () => {
    const { buySide, durable, ack, report } = await desk()
    await report('A', 'B')
    expect([durable(), buySide.nextNumIn, buySide.unacknowledged]).toEqual([2, 4, 2])
    await ack(0)
    expect([durable(), buySide.unacknowledged]).toEqual([3, 1])
    await ack(1)
    expect([durable(), buySide.unacknowledged]).toEqual([4, 0])
  })

  it('waits for those before it, and does nothing the second time', async () => {
    const { durable, ack, report } = await desk()
    await report('A', 'B', 'C')
    await ack(2, 2, 1)
    expect(durable()).toBe(2)
    await ack(0, 0)
    expect(durable()).toBe(5)
    await ack(0, 1, 2)
    expect(durable()).toBe(5)
  })

  it('may be done in the listener', async () => {
    const { buySide, durable, report } = await desk()
    buySide.on('message', (message) => message.ack())
    await report('A', 'B')
    expect([durable(), buySide.unacknowledged]).toEqual([4, 0])
  })

  it('is saved together with what is sent in the same turn', async () => {
    const { two, buySide, broker, journal, durable, report: reports } = await desk()
    await reports('A')
    const { length } = journal.commits
    buySide.send(report('answer'))
    buySide.seen.messages[0]?.ack()
    await two.settle()
    expect(journal.commits.slice(length)).toMatchObject([[{ nextNumIn: 3, nextNumOut: 3 }]])
    expect([durable(), clOrdIds(broker.seen.messages)]).toEqual([3, ['answer']])
  })

  it('after a crash brings what was not acknowledged again, marked, and nothing else', async () => {
    const two = new TwoSessions()
    const journal = new MemoryJournal()
    const first = two.initiator({ ack: 'manual' }, { journal })
    const { broker } = await two.loggedOn(two.acceptor(), first)
    for (const id of ['A', 'B', 'C', 'D']) broker.send(report(id))
    await two.settle()
    for (const index of [0, 2]) first.seen.messages[index]?.ack()
    await two.settle()
    const left = journal.snapshot()
    void first.disconnect()
    await two.settle()
    const second = two.initiator({ ack: 'manual' }, { journal: left })
    void second.connect()
    await two.pass(2)
    expect(second.seen.messages.map((message) => `${message.get(11)}${message.get(43)}`)).toEqual(['BY', 'CY', 'DY'])
    for (const message of second.seen.messages) message.ack()
    await two.settle()
    expect(left.load(second.id, 0).nextNumIn).toBe(second.nextNumIn)
  })

  it('goes on over a disconnect: what the application has does not come again, and may be acknowledged', async () => {
    const { two, buySide, durable, ack, report } = await desk()
    await report('A', 'B')
    two.network.cut()
    await ack(0)
    expect(durable()).toBe(3)
    await two.pass(3)
    await report('C')
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B', 'C'])
    await ack(1, 2)
    expect(durable()).toBe(buySide.nextNumIn)
  })

  it('means nothing any more after stop(): it comes again', async () => {
    const { two, buySide, durable, report } = await desk()
    await report('A')
    const [old] = buySide.seen.messages
    void buySide.stop()
    await two.settle()
    old?.ack()
    await two.settle()
    expect(durable()).toBe(2)
    void buySide.connect()
    await two.pass(2)
    expect(buySide.seen.messages.map((message) => `${message.get(11)}${message.get(43) ?? ''}`)).toEqual(['A', 'AY'])
    old?.ack()
    expect(buySide.unacknowledged).toBe(1)
  })

  it('stops reading at maxUnacknowledged, and goes on when some are', async () => {
    const { two, buySide, ack, report } = await desk({ maxUnacknowledged: 3, heartBtInt: 10 })
    await report('A', 'B', 'C', 'D', 'E')
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B', 'C'])
    // It is the application's own affair, and no reason to give up the counterparty.
    await two.pass(100)
    expect(buySide.state).toBe('Active')
    await ack(1)
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B', 'C', 'D'])
    await ack(0, 2)
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B', 'C', 'D', 'E'])
  })

  it('is what an iteration needs too: asking for the next one is not enough', async () => {
    const { two, buySide, durable, report } = await desk()
    const seen: FixMessage[] = []
    void (async () => {
      for await (const message of buySide.messages()) seen.push(message)
    })()
    await report('A', 'B')
    expect([seen.length, durable()]).toEqual([2, 2])
    for (const message of seen) message.ack()
    await two.settle()
    expect(durable()).toBe(4)
  })

  it('keeps what nobody listened to', async () => {
    const { buySide, durable, report } = await desk()
    buySide.removeAllListeners('message')
    await report('A')
    expect([durable(), buySide.unacknowledged]).toEqual([2, 1])
  })

  it('counts a GapFill and a Heartbeat with what is before them', async () => {
    const { two, broker, buySide, durable, ack, report } = await desk()
    await report('A')
    buySide.sendTestRequest()
    await two.settle()
    expect([durable(), buySide.nextNumIn]).toEqual([2, 4])
    await ack(0)
    expect(durable()).toBe(4)
    expect(broker.state).toBe('Active')
  })

  it('of numbers that were reset means nothing', async () => {
    const { two, broker, buySide, durable, ack, report } = await desk()
    await report('A')
    await Promise.all([buySide.resetSeqNums(), two.settle()])
    expect([buySide.unacknowledged, durable()]).toEqual([0, 2])
    await report('B')
    await ack(0)
    expect([buySide.unacknowledged, durable(), broker.state]).toEqual([1, 2, 'Active'])
  })

  it('after a Logout leaves the number where it was, for the next life', async () => {
    const { two, buySide, durable, ack, report } = await desk()
    await report('A')
    void buySide.logout()
    await two.settle()
    expect(durable()).toBe(2)
    await ack(0)
    expect(durable()).toBe(buySide.nextNumIn)
  })

  it('does nothing where nobody asked for it', async () => {
    const { two, broker, buySide } = await converse()
    broker.send(report('A'))
    await two.settle()
    buySide.seen.messages[0]?.ack()
    expect([buySide.unacknowledged, buySide.nextNumIn]).toEqual([0, 3])
  })
})

describe('a listener that fails where messages are acknowledged by hand', () => {
  it.each([
    ['continue', 2, 1],
    ['reject', 3, 0]
  ] as const)('%s: durable %d', async (onListenerError, number, unacknowledged) => {
    for (const listener of [
      () => {
        throw new Error('bug')
      },
      async () => {
        throw new Error('bug')
      }
    ]) {
      const { buySide, durable, report } = await desk({ onListenerError })
      buySide.on('message', listener)
      await report('A')
      expect([durable(), buySide.unacknowledged, buySide.state]).toEqual([number, unacknowledged, 'Active'])
    }
  })

  it('disconnect: it comes again', async () => {
    const { two, buySide, durable, report } = await desk({ onListenerError: 'disconnect' })
    buySide.once('message', () => {
      throw new Error('bug')
    })
    await report('A')
    await two.pass(2)
    expect([clOrdIds(buySide.seen.messages), durable(), buySide.unacknowledged]).toEqual([['A', 'A'], 2, 1])
  })
})
