import { describe, expect, it } from 'vitest'
import { FixConfigError, FixMessage, FixSession, type SessionConfig } from '../../lib/index.js'
import { clOrdIds, order, outcome, report, TwoSessions } from '../support/two-sessions.js'

const ten = Array.from({ length: 10 }, (_, i) => `A-${i}`)

describe('two sessions', () => {
  it('log on, talk and log out', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const buySide = two.initiator()
    broker.on('message', (message) => broker.send(report(message.get(11) ?? '')))
    await broker.connect()
    void buySide.connect()
    await two.settle()
    for (const [index, id] of ten.entries()) expect(buySide.send(order(id))).toBe(index + 2)
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(ten)
    expect(clOrdIds(buySide.seen.messages)).toEqual(ten)
    const out = outcome(buySide.logout('bye'))
    await two.settle()
    expect(out.state).toBe('resolved')
    expect(buySide.seen.events).toEqual([
      'DisconnectedNoConnToday',
      'InitiateConnection',
      'NetworkConnEstablished',
      'connect',
      'LogonInitialSent',
      'WaitingForLogon',
      'Active',
      'logon',
      'InitiateLogout',
      'logout',
      'DisconnectedWConnToday',
      'disconnect LOGGED_OUT'
    ])
    expect(broker.seen.events).toEqual([
      'DisconnectedNoConnToday',
      'AwaitingConnection',
      'NetworkConnEstablished',
      'connect',
      'LogonInitialRecv',
      'LogonResponse',
      'Active',
      'logon',
      'ReceivedLogout',
      'logout',
      'DisconnectedWConnToday',
      'disconnect PEER_LOGOUT',
      'AwaitingConnection'
    ])
    expect(broker.seen.errors).toEqual([])
    expect(buySide.seen.errors).toEqual([])
  })

  it('know who they are, where they stand and what they were told', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor({ heartBtInt: 10 })
    const buySide = two.initiator({ heartBtInt: 45, senderSubId: 'DESK', targetLocationId: 'LDN' })
    expect(broker.id).toBe('FIX.4.4:BROKER->BUYSIDE')
    expect(buySide.id).toBe('FIX.4.4:BUYSIDE/DESK->BROKER/LDN')
    expect([broker.role, buySide.role]).toEqual(['acceptor', 'initiator'])
    expect([buySide.state, buySide.nextNumIn, buySide.nextNumOut]).toEqual(['Unknown', 1, 1])
    expect([broker.heartBtInt, buySide.heartBtInt]).toEqual([10, 45])
    await two.loggedOn(broker, buySide)
    buySide.send(order('A'))
    await two.settle()
    expect([buySide.state, buySide.nextNumIn, buySide.nextNumOut]).toEqual(['Active', 2, 3])
    expect([broker.state, broker.nextNumIn, broker.nextNumOut]).toEqual(['Active', 3, 2])
    // The acceptor takes the initiator's.
    expect([broker.heartBtInt, buySide.heartBtInt]).toEqual([45, 45])
  })

  it('count what they do', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    buySide.send(order('A'))
    buySide.send(new FixMessage('D', { 58: 'x' }))
    await two.settle()
    expect(buySide.counters).toMatchObject({ sent: 3, received: 1, resent: 0, gapFilled: 0, garbled: 0, rejected: 0 })
    expect(broker.counters).toMatchObject({ sent: 1, received: 3 })
  })
})

describe('the config of a session', () => {
  const config: SessionConfig = {
    role: 'initiator',
    beginString: 'FIX.4.4',
    senderCompId: 'A',
    targetCompId: 'B',
    host: '127.0.0.1',
    port: 9878,
    journal: { path: ':memory:' }
  }

  it('is complete and cannot be changed', () => {
    const session = new FixSession(config)
    expect(session.config).toMatchObject({ heartBtInt: 30, logonTimeout: 10, resetOnLogon: false })
    expect(Object.isFrozen(session.config)).toBe(true)
    expect(session.codec.beginString).toBe('FIX.4.4')
  })

  it('is refused with every mistake, and nothing is opened', () => {
    const wrong = { ...config, port: 70_000, heartBtIntt: 30, beginString: 'FIX.9' }
    const refused = (): unknown => new FixSession(wrong as unknown as SessionConfig)
    expect(refused).toThrow(FixConfigError)
    try {
      refused()
    } catch (error) {
      expect((error as FixConfigError).problems.map(({ path }) => path).sort()).toEqual([
        'beginString',
        'heartBtIntt',
        'port'
      ])
    }
  })
})
