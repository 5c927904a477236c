import { describe, expect, it } from 'vitest'
import type { SessionEvents } from '../../lib/index.js'
import { converse } from '../support/conversation.js'
import { clOrdIds, order, outcome, report, type SeenSession, TwoSessions } from '../support/two-sessions.js'

/** Listeners that call the session whose event they are given: from inside any event, anything. */

const events = ['connect', 'logon', 'message', 'logout', 'disconnect', 'stateChange', 'sent', 'error'] as const

const calls: Record<string, (session: SeenSession) => unknown> = {
  send: (session) => session.state === 'Active' && session.send(order('from inside')),
  logout: (session) => session.logout('from inside'),
  disconnect: (session) => session.disconnect(),
  'disconnect with a text': (session) => session.disconnect({ logoutText: 'from inside' }),
  stop: (session) => session.stop(),
  connect: (session) => session.connect().catch(() => {}),
  resetSeqNums: (session) => session.resetSeqNums().catch(() => {}),
  setSeqNums: (session) => session.setSeqNums({ nextNumOut: 20 }, { force: true }).catch(() => {}),
  sendTestRequest: (session) => session.state === 'Active' && session.sendTestRequest(),
  flush: (session) => session.flush().catch(() => {})
}

const roles = ['initiator', 'acceptor'] as const
const cases = roles.flatMap((role) =>
  events.flatMap((event) => Object.keys(calls).map((call) => [role, event, call] as const))
)

describe('from inside an event', () => {
  it.each(cases)('of an %s, %s: %s()', async (role, event, call) => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const buySide = two.initiator()
    const session = role === 'initiator' ? buySide : broker
    const other = role === 'initiator' ? broker : buySide
    let called = 0
    session.once(event as keyof SessionEvents, () => {
      called++
      void calls[call]?.(session)
    })
    // Some of the calls end it before it listens.
    await broker.connect().catch(() => {})
    void buySide.connect()
    await two.settle()
    if (other.state === 'Active' && session.state === 'Active') {
      other.send(report('A'))
      session.send(order('B'))
      session.once('message', () => {
        throw new Error('a bug')
      })
      other.send(report('C'))
    }
    await two.pass(5)
    if (event === 'logout' || event === 'disconnect') {
      void other.logout()
      await two.pass(5)
    }
    two.network.cut()
    await two.pass(200)
    if (event !== 'error') expect(called).toBe(1)

    // Whatever was called, both can be brought together again, and what is sent then arrives once, in order.
    for (const one of [session, other]) {
      void one.stop()
      await two.pass(5)
      expect(one.listeningPort).toBeUndefined()
    }
    expect(two.network.links).toEqual([])
    expect(two.clock.pendingTimers).toBe(0)
    for (const one of [session, other]) void one.resetSeqNums()
    await two.settle()
    await broker.connect()
    const connected = outcome(buySide.connect())
    await two.pass(2)
    expect(connected.state).toBe('resolved')
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
    const before = broker.seen.messages.length
    for (const id of ['X', 'Y', 'Z']) buySide.send(order(id))
    await two.settle()
    expect(clOrdIds(broker.seen.messages.slice(before))).toEqual(['X', 'Y', 'Z'])
    expect([broker.nextNumIn, buySide.nextNumIn]).toEqual([buySide.nextNumOut, broker.nextNumOut])
    const faults = [...broker.seen.errors, ...buySide.seen.errors].map((error) => (error as { code?: string }).code)
    expect(faults.filter((code) => code !== 'LISTENER_FAILED')).toEqual([])
  })
})

describe('what a listener did', () => {
  it('in `message` goes with the message into one transaction', async () => {
    const { two, broker, buySide, trace } = await converse()
    buySide.on('message', () => void buySide.logout('enough'))
    trace.length = 0
    broker.send(report('A'))
    await two.settle()
    expect(trace[0]).toBe('commit BUYSIDE->BROKER out 2 in 2')
    expect(buySide.state).toBe('DisconnectedWConnToday')
  })

  it('in `connect` may end the link before the Logon has an answer', async () => {
    const two = new TwoSessions()
    await two.acceptor().connect()
    const buySide = two.initiator()
    buySide.on('connect', () => void buySide.disconnect())
    const connected = outcome(buySide.connect())
    await two.pass(10)
    expect(connected).toMatchObject({ state: 'rejected', error: { code: 'STOPPED' } })
    expect(buySide.seen.events.filter((event) => event === 'connect')).toHaveLength(1)
    expect(two.network.links).toEqual([])
  })

  it('in `logon`: disconnect() resolves a connect() that had logged on, and stays disconnected', async () => {
    const two = new TwoSessions()
    await two.acceptor().connect()
    const buySide = two.initiator()
    buySide.on('logon', () => void buySide.disconnect())
    const connected = outcome(buySide.connect())
    await two.pass(10)
    expect(connected.state).toBe('resolved')
    expect(buySide.state).toBe('DisconnectedWConnToday')
  })

  it('in `disconnect`: connect() brings the session back, time and again', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    buySide.on('disconnect', () => void buySide.connect())
    for (let n = 0; n < 5; n++) {
      void buySide.logout()
      await two.settle()
      expect(buySide.state).toBe('Active')
    }
    buySide.send(order('A'))
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })
})

describe('stop()', () => {
  it.each(['acceptor', 'initiator'] as const)(
    'at any moment after connect() of an %s leaves nothing behind',
    async (role) => {
      for (let moment = 0; moment < 20; moment++) {
        const two = new TwoSessions()
        const session = two[role]()
        const connected = outcome(session.connect())
        for (let n = 0; n < moment; n++) await Promise.resolve()
        const stopped = outcome(session.stop())
        await two.settle()
        expect(stopped.state).toBe('resolved')
        expect(connected.state).not.toBe('pending')
        expect(session.state).toMatch(/^Disconnected|Unknown$/)
        expect(session.listeningPort).toBeUndefined()
        await (await two.network.listen({ host: '127.0.0.1', port: 9878 }, () => {})).close()
        expect(two.clock.pendingTimers).toBe(0)
      }
    }
  )

  it('while the journal is being opened closes it all the same', async () => {
    const { two, buySide, journal } = await converse()
    void buySide.stop()
    await two.settle()
    journal.late = true
    const connected = outcome(buySide.connect())
    const stopped = outcome(buySide.stop())
    await two.settle()
    expect(stopped.state).toBe('pending')
    journal.answer()
    await two.settle()
    expect(stopped.state).toBe('resolved')
    expect(connected).toMatchObject({ state: 'rejected', error: { code: 'STOPPED' } })
    await two.pass(10)
    expect(two.network.links).toEqual([])
  })

  it('while a Logon is being judged lets nobody in', async () => {
    const two = new TwoSessions()
    let admit = (_: boolean): void => {}
    const authenticate = () =>
      new Promise<boolean>((resolve) => {
        admit = resolve
      })
    const broker = two.acceptor({}, { authenticate })
    await broker.connect()
    const buySide = two.initiator()
    void buySide.connect()
    await two.settle()
    expect(broker.state).toBe('LogonInitialRecv')
    const stopped = outcome(broker.stop())
    await two.settle()
    admit(true)
    await two.settle()
    expect(stopped.state).toBe('resolved')
    expect(broker.state).toMatch(/^Disconnected/)
  })
})
