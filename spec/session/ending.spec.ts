import { describe, expect, it } from 'vitest'
import { type FixMessage, SessionState } from '../../lib/index.js'
import { converse } from '../support/conversation.js'
import { clOrdIds, order, outcome, report, type SeenSession, TwoSessions } from '../support/two-sessions.js'

describe('logout()', () => {
  it('exchanges Logouts and resolves when the link is closed', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    const texts: (string | undefined)[] = []
    broker.on('logout', (logout) => texts.push(logout.get(58)))
    buySide.on('logout', (logout) => texts.push(logout.get(58)))
    const out = outcome(buySide.logout('end of day'))
    expect(buySide.state).toBe('InitiateLogout')
    expect(out.state).toBe('pending')
    await two.settle()
    expect(out.state).toBe('resolved')
    expect(texts).toEqual(['end of day', undefined])
    expect(buySide.seen.events).toEqual(['InitiateLogout', 'logout', 'DisconnectedWConnToday', 'disconnect LOGGED_OUT'])
    expect(two.network.links).toEqual([])
  })

  it('closes after logoutTimeout when it is not answered', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn(two.acceptor(), two.initiator({ logoutTimeout: 5 }))
    two.network.stall('toInitiator')
    const out = outcome(buySide.logout())
    await two.pass(4.9)
    expect(out.state).toBe('pending')
    await two.pass(0.2)
    expect(out.state).toBe('resolved')
    expect(buySide.seen.events).toContain('disconnect LOGOUT_TIMEOUT')
  })

  it('still delivers what was under way', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    broker.send(report('late'))
    void buySide.logout()
    await two.settle()
    expect(clOrdIds(buySide.seen.messages)).toEqual(['late'])
    expect(buySide.nextNumIn).toBe(broker.nextNumOut)
  })

  it('lets a resend that is going on finish for the next logon', async () => {
    const { two, broker, buySide } = await converse()
    two.network.stall('toAcceptor')
    for (let n = 0; n < 1000; n++) buySide.send(order(`A-${n}`))
    await two.settle()
    two.network.cut()
    two.network.resume()
    let out: { state: string } | undefined
    buySide.on('stateChange', (state) => {
      if (state === 'ResendReqHandling') out ??= outcome(buySide.logout())
    })
    await two.pass(10)
    expect(out?.state).toBe('resolved')
    expect(buySide.state).toBe('DisconnectedWConnToday')
    void buySide.connect()
    await two.pass(1)
    expect(clOrdIds(broker.seen.messages)).toEqual(Array.from({ length: 1000 }, (_, n) => `A-${n}`))
    expect(buySide.state).toBe('Active')
  })

  it.each<[string, (two: TwoSessions) => Promise<SeenSession>]>([
    ['an initiator that was never connected', async (two) => two.initiator()],
    [
      'an initiator that dials',
      async (two) => {
        const buySide = two.initiator()
        void buySide.connect()
        await two.settle()
        return buySide
      }
    ],
    [
      'an acceptor that waits',
      async (two) => {
        const broker = two.acceptor()
        await broker.connect()
        return broker
      }
    ]
  ])('of %s resolves at once', async (_, make) => {
    const two = new TwoSessions()
    await (await make(two)).logout()
  })
})

describe('disconnect()', () => {
  it('sends no Logout where no text is given', async () => {
    const { two, broker, buySide, transport } = await converse()
    const writes = transport.writes.length
    const out = outcome(buySide.disconnect())
    await two.settle()
    expect(out.state).toBe('resolved')
    expect(transport.writes).toHaveLength(writes)
    expect(buySide.seen.events).toEqual(['DisconnectedWConnToday', 'disconnect LOCAL_DISCONNECT'])
    expect(broker.seen.events).toContain('disconnect PEER_CLOSED')
  })

  it('sends the text that is given, and does not wait for an answer', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    two.network.stall('toInitiator')
    const texts: (string | undefined)[] = []
    broker.on('logout', (logout) => texts.push(logout.get(58)))
    const out = outcome(buySide.disconnect({ logoutText: 'maintenance' }))
    await two.settle()
    expect(out.state).toBe('resolved')
    expect(texts).toEqual(['maintenance'])
  })

  it('leaves the session in the state that is given', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    void buySide.disconnect({ state: SessionState.DisconnectedBrokenConn })
    await two.settle()
    expect(buySide.state).toBe('DisconnectedBrokenConn')
  })

  it.each(['Active', 'disconnected', 'AwaitingConnection', '', 7, null])('refuses the state %o', async (state) => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    await expect(buySide.disconnect({ state: state as SessionState })).rejects.toMatchObject({
      code: 'STATE',
      message: expect.stringContaining('expected DisconnectedNoConnToday')
    })
    expect(buySide.state).toBe('Active')
  })

  it('puts on the wire what was sent before it', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    buySide.send(order('A'))
    void buySide.disconnect()
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })
})

describe.each(['logout', 'disconnect'] as const)('after %s()', (how) => {
  it('an initiator does not dial', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    void buySide[how]()
    await two.pass(100)
    expect(buySide.state).toBe('DisconnectedWConnToday')
    expect(two.network.links).toEqual([])
  })

  it('an acceptor goes on listening', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    const out = outcome(broker[how]())
    await two.settle()
    expect(out.state).toBe('resolved')
    expect(broker.state).toBe('AwaitingConnection')
    await two.pass(1)
    expect(buySide.state).toBe('Active')
    expect(broker.state).toBe('Active')
  })
})

describe('stop()', () => {
  it('logs out, closes and stops redialling', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    const stopped = outcome(buySide.stop())
    expect(buySide.state).toBe('InitiateLogout')
    await two.settle()
    expect(stopped.state).toBe('resolved')
    expect(broker.seen.events).toContain('logout')
    await two.pass(100)
    expect(buySide.state).toBe('DisconnectedWConnToday')
    expect(two.clock.pendingTimers).toBe(0)
  })

  it('of an acceptor lets nobody in any more, however fast the counterparty comes back', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    buySide.on('disconnect', () => void buySide.connect())
    const stopped = outcome(broker.stop())
    await two.pass(60)
    expect(stopped.state).toBe('resolved')
    expect(broker.state).toBe('DisconnectedWConnToday')
    expect(broker.listeningPort).toBeUndefined()
    expect(buySide.seen.events).toContain('disconnect CONNECT_REFUSED')
    expect(broker.seen.events.filter((event) => event === 'connect')).toEqual([])
  })

  it('is one stop when called twice, and nothing when called again', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    const both = [outcome(buySide.stop()), outcome(buySide.stop())]
    await two.settle()
    expect(both.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
    const { length } = buySide.seen.events
    await buySide.stop()
    expect(buySide.seen.events).toHaveLength(length)
  })

  it('of a session that was never connected opens nothing', async () => {
    const two = new TwoSessions()
    await two.initiator().stop()
    await two.acceptor().stop()
  })

  it('ends a dial that is under way', async () => {
    const two = new TwoSessions()
    two.network.dials = 'ignore'
    const buySide = two.initiator()
    const connected = outcome(buySide.connect())
    await two.settle()
    expect(buySide.state).toBe('InitiateConnection')
    await buySide.stop()
    expect(connected).toMatchObject({ state: 'rejected', error: { code: 'STOPPED' } })
    two.network.dials = 'accept'
    await two.acceptor().connect()
    await two.pass(100)
    expect(buySide.state).toBe('DisconnectedNoConnToday')
    expect(two.network.links).toEqual([])
  })

  it('closes after logoutTimeout when the counterparty is gone', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    two.network.blackHole()
    const stopped = outcome(buySide.stop())
    await two.pass(3)
    expect(stopped.state).toBe('resolved')
  })

  it('delivers and saves what comes while it logs out', async () => {
    const { two, broker, buySide, journal } = await converse()
    const answered: FixMessage[] = []
    buySide.on('message', (message) => answered.push(message))
    broker.send(report('late'))
    void buySide.stop()
    await two.settle()
    expect(answered).toHaveLength(1)
    expect(journal.inner.load(buySide.id, 0).nextNumIn).toBe(buySide.nextNumIn)
  })
})
