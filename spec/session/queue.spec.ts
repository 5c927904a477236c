import { describe, expect, it } from 'vitest'
import { FixConnectionError, type FixMessage, type SessionConfig } from '../../lib/index.js'
import { clOrdIds, order, type SeenSession, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

const queue: Partial<SessionConfig> = { sendWhileLoggedOff: 'queue', maxMessageAge: 60 }

/** What `sent` and `dropped` tell, in order. */
function told(session: SeenSession): string[] {
  const events: string[] = []
  session.on('sent', (message, msgSeqNum) => events.push(`sent ${msgSeqNum} ${message.get(11)}`))
  session.on('dropped', (message, { code }) => events.push(`dropped ${code} ${message.get(11)}`))
  session.on('logon', () => events.push('logon'))
  return events
}

async function stop(two: TwoSessions, session: SeenSession): Promise<void> {
  const stopped = session.stop()
  await two.pass(3)
  await stopped
}

describe('a session whose messages wait for a logon', () => {
  it('takes them before connect(), and sends them behind its first Logon', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const broker = two.acceptor()
    const buySide = two.initiator(queue, { journal })
    const events = told(buySide)
    const first = order('A')
    expect(buySide.send(first)).toBeUndefined()
    first.set(11, 'changed', { replace: true })
    void buySide.connect()
    expect(buySide.send(order('B'))).toBeUndefined()
    await two.pass(30)
    expect(events).toEqual([])
    await broker.connect()
    await two.pass(1)
    expect(events).toEqual(['logon', 'sent 2 A', 'sent 3 B'])
    expect(clOrdIds(broker.seen.messages)).toEqual(['A', 'B'])
    expect(buySide.send(order('C'))).toBe(4)
    // Numbers and messages are saved together, and not before.
    const out = journal.commits.flat().flatMap((batch) => batch.out.map(({ msgSeqNum }) => msgSeqNum))
    expect(out).toEqual([1, 2, 3])
  })

  it('sends what a listener of logon sends behind what waited, and what one of sent sends behind all', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const buySide = two.initiator(queue)
    const send = (message: FixMessage): void => {
      buySide.send(message)
    }
    buySide.once('logon', () => send(order('from logon')))
    buySide.once('sent', () => send(order('from sent')))
    send(order('A'))
    send(order('B'))
    await two.loggedOn(broker, buySide)
    const events = [...broker.seen.messages]
    expect(events).toEqual([])
    expect(buySide.nextNumOut).toBe(6)
    expect(broker.nextNumIn).toBe(6)
  })

  it('drops what is stale, at its time', async () => {
    const two = new TwoSessions()
    const buySide = two.initiator({ ...queue, maxMessageAges: { D: 5 } })
    const events = told(buySide)
    void buySide.connect()
    await two.settle()
    buySide.send(order('A'))
    await two.pass(4)
    expect(events).toEqual([])
    await two.pass(1)
    expect(events).toEqual(['dropped STALE A'])
    await two.acceptor().connect()
    await two.pass(1)
    expect(events).toEqual(['dropped STALE A', 'logon'])
  })

  it('drops them with an event when it is stopped, those of a listener that hears of it too', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn(two.acceptor(), two.initiator(queue))
    const events = told(buySide)
    buySide.on('disconnect', () => buySide.send(order('late')))
    await stop(two, buySide)
    expect(events).toEqual(['dropped STOPPED late'])
    expect(two.clock.pendingTimers).toBe(0)
  })

  it('keeps them over disconnect() until it connects again', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const { buySide } = await two.loggedOn(broker, two.initiator(queue))
    void buySide.disconnect()
    await two.settle()
    buySide.send(order('A'))
    void buySide.connect()
    await two.pass(1)
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })

  it('keeps them outside its session time, over the end of a session', async () => {
    const two = new TwoSessions('2026-01-05T16:59:50Z')
    const times = { startTime: '08:00', endTime: '17:00', heartBtInt: 0 }
    const broker = two.acceptor(times)
    const { buySide } = await two.loggedOn(broker, two.initiator({ ...times, ...queue, maxMessageAge: 86_400 }))
    await two.pass(20)
    expect(buySide.send(order('A'))).toBeUndefined()
    await two.pass(15 * 3600)
    expect([buySide.nextNumOut, clOrdIds(broker.seen.messages)]).toEqual([3, ['A']])
  })

  it('takes only so many', async () => {
    const two = new TwoSessions()
    const buySide = two.initiator({ ...queue, maxQueued: 1 })
    buySide.send(order('A'))
    const refused = (): unknown => buySide.send(order('B'))
    expect(refused).toThrow(FixConnectionError)
    expect(refused).toThrow(expect.objectContaining({ code: 'QUEUE_FULL' }))
  })

  it('does not hold up flush()', async () => {
    const two = new TwoSessions()
    const buySide = two.initiator(queue)
    buySide.send(order('A'))
    await buySide.flush()
    await stop(two, buySide)
  })

  it.each([
    [{ maxMessageAges: { D: 5 } }, [], { resent: 0, gapFilled: 2 }],
    [{}, ['lost'], { resent: 1, gapFilled: 1 }]
  ] as const)('with %j resends of what got lost in a dead link half a minute ago: %j', async (config, ids, counted) => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const { buySide } = await two.loggedOn(broker, two.initiator({ ...config, reconnectInterval: 30 }))
    two.network.blackHole('toAcceptor')
    expect(buySide.send(order('lost'))).toBe(2)
    await two.pass(3)
    two.network.cut()
    two.network.resume()
    await two.pass(30)
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
    expect(clOrdIds(broker.seen.messages)).toEqual(ids)
    expect([broker.nextNumIn, buySide.nextNumOut]).toEqual([4, 4])
    expect(buySide.counters).toMatchObject(counted)
  })
})

describe('a session whose messages do not wait', () => {
  it('ends at the end of its time before it refuses to send', async () => {
    const two = new TwoSessions('2026-01-05T16:00:00Z')
    const times = { startTime: '08:00', endTime: '17:00', heartBtInt: 0 }
    const { buySide, broker } = await two.loggedOn(two.acceptor(times), two.initiator(times))
    two.clock.stepWall(2 * 3_600_000)
    expect(() => buySide.send(order('A'))).toThrow(expect.objectContaining({ code: 'NOT_LOGGED_ON' }))
    await two.settle()
    expect(broker.seen.events).toContain('logout')
    expect([buySide.nextNumOut, broker.nextNumOut]).toEqual([1, 1])
  })
})
