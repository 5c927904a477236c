import { describe, expect, it } from 'vitest'
import { FixMessage, type FixSession } from '../../lib/index.js'
import { converse } from '../support/conversation.js'
import { clOrdIds, order, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

/** session.writableNeedDrain and the drain event: whoever sends is told when to wait. */

const padding = 'x'.repeat(1000)
const big = (id: string) => order(id).set(58, padding)

/** Sends as one who minds `writableNeedDrain`, a hundred a turn. */
async function mindfully(
  two: TwoSessions,
  session: FixSession,
  ids: readonly string[],
  turns: number
): Promise<number> {
  let next = 0
  for (let turn = 0; turn < turns && next < ids.length; turn++) {
    for (let n = 0; n < 100 && next < ids.length && !session.writableNeedDrain; n++)
      session.send(big(ids[next++] ?? ''))
    await two.turn()
  }
  return next
}

function drains(session: FixSession): { count: number } {
  const seen = { count: 0 }
  session.on('drain', () => {
    expect(session.writableNeedDrain).toBe(false)
    seen.count++
  })
  return seen
}

describe('a sender that minds writableNeedDrain', () => {
  it('is never refused or cut off, and goes on when the counterparty reads', async () => {
    const { two, broker, buySide } = await converse({}, { maxOutboundBuffer: 200_000, heartBtInt: 0 })
    const drained = drains(buySide)
    two.network.stall('toAcceptor')
    const ids = Array.from({ length: 3000 }, (_, n) => `A-${n}`)
    const sent = await mindfully(two, buySide, ids, 200)
    // The network itself holds a MiB; half of what may wait here does.
    expect(sent).toBeGreaterThan(1_000)
    expect(sent).toBeLessThan(1_400)
    expect([buySide.writableNeedDrain, buySide.state]).toEqual([true, 'Active'])
    const { count } = drained
    two.network.resume()
    await two.settle()
    expect([buySide.writableNeedDrain, drained.count]).toEqual([false, count + 1])
    await mindfully(two, buySide, ids.slice(sent), 200)
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(ids)
    expect(buySide.seen.errors).toEqual([])
  })

  it('waits for a journal that is slow', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const { broker, buySide } = await two.loggedOn(
      two.acceptor(),
      two.initiator({ maxOutboundBuffer: 20_000 }, { journal })
    )
    const drained = drains(buySide)
    journal.late = true
    for (let n = 0; n < 8; n++) buySide.send(big(`A-${n}`))
    expect(buySide.writableNeedDrain).toBe(false)
    for (let n = 8; n < 11; n++) buySide.send(big(`A-${n}`))
    await two.turn()
    expect([buySide.writableNeedDrain, drained.count]).toEqual([true, 0])
    journal.late = false
    while (journal.waiting.length > 0) journal.answer()
    await two.settle()
    expect([buySide.writableNeedDrain, drained.count, broker.seen.messages.length]).toEqual([false, 1, 11])
  })

  it('waits for a logon, with sendWhileLoggedOff "queue"', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const buySide = two.initiator({ sendWhileLoggedOff: 'queue', maxQueued: 10, maxMessageAge: 60 })
    const drained = drains(buySide)
    for (let n = 0; n < 5; n++) buySide.send(order(`A-${n}`))
    expect(buySide.writableNeedDrain).toBe(false)
    buySide.send(order('A-5'))
    expect(buySide.writableNeedDrain).toBe(true)
    await two.loggedOn(broker, buySide)
    expect([buySide.writableNeedDrain, drained.count]).toEqual([false, 1])
  })

  it('waits for a resend to finish', async () => {
    const { two, broker, buySide } = await converse({}, { maxOutboundBuffer: 20_000 })
    const drained = drains(buySide)
    two.network.stall('toAcceptor')
    for (let n = 0; n < 600; n++) {
      buySide.send(order(`A-${n}`))
      if (n % 50 === 0) await two.turn()
    }
    await two.settle()
    two.network.cut()
    two.network.resume()
    // At the logon the resend begins, and its first page is still to come.
    buySide.on('stateChange', (state) => {
      if (state !== 'ResendReqHandling') return
      for (let n = 0; n < 12; n++) buySide.send(big(`B-${n}`))
      expect(buySide.writableNeedDrain).toBe(true)
    })
    await two.pass(3)
    expect([buySide.writableNeedDrain, drained.count > 0]).toEqual([false, true])
    expect(broker.seen.messages).toHaveLength(612)
  })

  it('is told when there is no link to wait for any more', async () => {
    const { two, buySide } = await converse({}, { maxOutboundBuffer: 200_000, heartBtInt: 0 })
    const drained = drains(buySide)
    two.network.stall('toAcceptor')
    await mindfully(two, buySide, Array.from({ length: 2000 }, String), 100)
    expect(buySide.writableNeedDrain).toBe(true)
    const { count } = drained
    two.network.cut()
    await two.settle()
    expect([buySide.writableNeedDrain, drained.count]).toEqual([false, count + 1])
  })

  it('is told when the journal has failed', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const { buySide } = await two.loggedOn(two.acceptor(), two.initiator({ maxOutboundBuffer: 20_000 }, { journal }))
    const drained = drains(buySide)
    journal.faults.commit = new Error('disk full')
    for (let n = 0; n < 12; n++) buySide.send(big(`A-${n}`))
    expect(buySide.writableNeedDrain).toBe(true)
    await two.settle()
    expect([buySide.writableNeedDrain, drained.count]).toEqual([false, 1])
  })

  it('may send from its drain listener', async () => {
    const { two, broker, buySide } = await converse({}, { maxOutboundBuffer: 50_000 })
    const ids = Array.from({ length: 500 }, (_, n) => `A-${n}`)
    let next = 0
    const go = (): void => {
      while (next < ids.length && !buySide.writableNeedDrain) buySide.send(big(ids[next++] ?? ''))
    }
    buySide.on('drain', go)
    go()
    expect(next).toBeLessThan(100)
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(ids)
  })
})

describe('a sender that does not', () => {
  it('is refused at the limit, in a listener too, and nothing of what it sent is lost', async () => {
    const { two, broker, buySide } = await converse({}, { maxOutboundBuffer: 20_000 })
    const accepted: string[] = []
    const refused: unknown[] = []
    buySide.on('message', () => {
      for (let n = 0; n < 1000; n++) {
        try {
          buySide.send(big(`A-${n}`))
          accepted.push(`A-${n}`)
        } catch (error) {
          refused.push(error)
        }
      }
    })
    broker.send(new FixMessage('8', { 11: 'go' }))
    await two.settle()
    expect(accepted.length).toBeGreaterThan(15)
    expect(accepted.length).toBeLessThan(22)
    expect(refused[0]).toMatchObject({ code: 'OUTBOUND_FULL' })
    expect(clOrdIds(broker.seen.messages)).toEqual(accepted)
    expect(buySide.state).toBe('Active')
  })
})
