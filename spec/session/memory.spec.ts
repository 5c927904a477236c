import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { type FixSession, MemoryJournal } from '../../lib/index.js'
import { clOrdIds, order, type SeenSession, TwoSessions } from '../support/two-sessions.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heap(): number {
  for (let n = 0; n < 3; n++) collect()
  return process.memoryUsage().heapUsed
}

/** Bytes of heap for each of `count` things that `make` makes. */
async function bytesEach(count: number, make: () => Promise<unknown>): Promise<number> {
  const before = heap()
  const kept = await make()
  const bytes = (heap() - before) / count
  expect(kept).toBeDefined()
  return bytes
}

/** DESIGN: one listener, one journal and one process carry at least 10,000 sessions. */
describe('many sessions', () => {
  const pair = (two: TwoSessions, n: number, journal: MemoryJournal) => ({
    broker: two.acceptor({ targetCompId: `C${n}` }, { journal }),
    buySide: two.initiator({ senderCompId: `C${n}` }, { journal })
  })

  it('take less than 20 KB of heap each, before they are connected and when they are', async () => {
    const count = 1000
    const two = new TwoSessions()
    const journal = new MemoryJournal()
    const warm = pair(two, -1, journal)
    await two.loggedOn(warm.broker, warm.buySide)
    const pairs: { broker: SeenSession; buySide: SeenSession }[] = []
    const made = await bytesEach(2 * count, async () => {
      for (let n = 0; n < count; n++) pairs.push(pair(two, n, journal))
      return pairs
    })
    const connected = await bytesEach(2 * count, async () => {
      for (const { broker } of pairs) await broker.connect()
      for (const { buySide } of pairs) void buySide.connect()
      await two.settle()
      return pairs
    })
    expect(pairs.every(({ broker, buySide }) => broker.state === 'Active' && buySide.state === 'Active')).toBe(true)
    expect(made).toBeGreaterThan(1000)
    // The journal's record of it, and what the spec itself has seen, are in this.
    expect(made + connected).toBeLessThan(20 * 1024)
  })

  it('wait at one listener, 10,000 of them, and each is found by its counterparty', async () => {
    const two = new TwoSessions()
    const journal = new MemoryJournal()
    const brokers: FixSession[] = []
    for (let n = 0; n < 10_000; n++) brokers.push(two.acceptor({ targetCompId: `C${n}` }, { journal }))
    await Promise.all(brokers.map((broker) => broker.connect()))
    for (const n of [0, 5000, 9999]) {
      const buySide = two.initiator({ senderCompId: `C${n}` })
      void buySide.connect()
      await two.settle()
      expect(buySide.state).toBe('Active')
      buySide.send(order(`A-${n}`))
      await two.settle()
      expect(clOrdIds((brokers[n] as SeenSession).seen.messages)).toEqual([`A-${n}`])
    }
    expect(brokers.filter(({ state }) => state === 'Active')).toHaveLength(3)
    const stopped = Promise.all(brokers.map((broker) => broker.stop()))
    await two.settle()
    await stopped
  })

  it('come back all at once after an outage', async () => {
    const count = 2500
    const two = new TwoSessions()
    const journal = new MemoryJournal()
    const pairs = Array.from({ length: count }, (_, n) => pair(two, n, journal))
    for (const { broker } of pairs) await broker.connect()
    for (const { buySide } of pairs) void buySide.connect()
    await two.settle()
    two.network.cut()
    await two.pass(1.5)
    expect(pairs.filter(({ buySide }) => buySide.state === 'Active')).toHaveLength(count)
  })
})
