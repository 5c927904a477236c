import { describe, expect, it } from 'vitest'
import { at, CoreSession, type CoreSessionOptions, START } from '../../support/core-session.js'

const lost = { nextNumIn: 5, nextNumOut: 10, lostFrom: 10 }

const answered = (options: CoreSessionOptions = {}, logon = '35=A|34=5|98=0|108=30') =>
  new CoreSession({ ...lost, ...options }).link().receive(logon)

describe.each(['FIX.4.2', 'FIX.4.4'])('confirming the logon, %s', (beginString) => {
  it('answers the Logon and asks for a sign of life before anything else', () => {
    const s = answered({ beginString })
    expect(s.sent()).toEqual(['35=A|34=10|98=0|108=30', '35=1|34=11|112=TEST'])
    expect(s.core.state).toBe('LogonResponse')
    expect(s.events).toEqual(['connect'])
    expect(() => s.send('D', { 11: 'A' })).toThrow("wait for the 'logon' event")
  })

  it('is logged on with the answer', () => {
    const s = answered({ beginString })
    s.sent()
    s.receive('35=0|34=6|112=TEST')
    expect([s.core.state, s.core.nextNumIn]).toEqual(['Active', 7])
    expect(s.events).toEqual(['connect', 'logon'])
    expect(s.kinds).toContain('settled')
    expect(s.send('D', { 11: 'A' })).toBe(12)
  })

  it('any message is an answer, and is used', () => {
    const s = answered({ beginString }).receive('35=8|34=6|37=O')
    expect([s.core.state, s.delivered]).toEqual(['Active', [6]])
    const asking = answered({ beginString })
    asking.sent()
    asking.receive('35=2|34=6|7=9|16=0')
    expect(asking.core.state).toBe('Active')
    expect(asking.sent().join()).toContain('35=4|34=9')
  })

  it.each([false, true])(
    'what is missing is asked for at once, and once (redundantly: %s)',
    (sendRedundantResendRequests) => {
      const s = answered({ beginString, sendRedundantResendRequests }, '35=A|34=8|98=0|108=30')
      expect(s.sent()).toEqual(['35=A|34=10|98=0|108=30', '35=2|34=11|7=5|16=0'])
      expect([s.core.state, s.events]).toEqual(['LogonResponse', ['connect']])
      s.receive(`35=8|34=5|43=Y|122=${at(START)}|37=O`)
      expect([s.core.state, s.delivered]).toEqual(['ResendReqAwaiting', [5]])
      expect(s.events).toEqual(['connect', 'logon unhealthy'])
      s.receive(`35=4|34=6|43=Y|122=${at(START)}|123=Y|36=8`)
      expect([s.core.state, s.core.nextNumIn, s.sent()]).toEqual(['Active', 9, []])
    }
  )

  it('what is missing is asked for again after a refusal', () => {
    const s = answered({ beginString }, '35=A|34=8|98=0|108=30')
    s.receive('35=5|34=9|58=MsgSeqNum too low, expecting 15 but received 10')
    expect([s.core.state, s.core.nextNumIn, s.core.nextNumOut]).toEqual(['AwaitingConnection', 5, 15])
    s.sent()
    s.do((core, now) => core.connected(now)).receive('35=A|34=10|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=15|98=0|108=30', '35=2|34=16|7=5|16=0'])
  })

  it('takes over the number of a counterparty that refuses ours, and says nothing more', () => {
    const s = answered({ beginString })
    s.sent()
    s.receive('35=5|34=6|58=MsgSeqNum too low, expecting 15 but received 10')
    expect(s.sent()).toEqual([])
    expect(s.closed).toMatchObject({ code: 'LOGON_REFUSED', abrupt: false })
    expect(s.events).toEqual(['connect', 'reconcile NOT_IN_JOURNAL 10-14', 'logout', 'disconnect LOGON_REFUSED'])
    expect([s.core.state, s.core.nextNumIn, s.core.nextNumOut]).toEqual(['AwaitingConnection', 7, 15])
    s.do((core, now) => core.connected(now)).receive('35=A|34=7|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=15|98=0|108=30', '35=1|34=16|112=TEST'])
    s.receive('35=0|34=8|112=TEST')
    expect(s.core.state).toBe('Active')
  })

  it('knows of one lost message though the TestRequest has its number', () => {
    const s = answered({ beginString }).receive('35=5|34=6|58=MsgSeqNum too low, expecting 11 but received 10')
    expect(s.events).toContain('reconcile NOT_IN_JOURNAL 10-10')
    expect(s.core.nextNumOut).toBe(12)
  })

  it('a Logout that says something else is one', () => {
    const s = answered({ beginString })
    s.sent()
    s.receive('35=5|34=6|58=good night')
    expect(s.sent()).toEqual(['35=5|34=12'])
    expect(s.closed?.code).toBe('PEER_LOGOUT')
  })

  it('a refusal with a number that cannot be is told as such', () => {
    const s = answered({ beginString }).receive('35=5|34=6|58=MsgSeqNum too low, expecting 9000000 but received 10')
    expect(s.closed?.code).toBe('LOGON_REFUSED')
    expect(s.closed?.text).toContain('cannot have been lost')
    expect(s.closed?.text).toContain('setSeqNums()')
    expect(s.kinds).not.toContain('settled')
  })

  it('who is silent has refused nothing', () => {
    const s = answered({ beginString })
    s.pass(10)
    expect(s.core.state).toBe('Active')
    expect(s.closed).toBeUndefined()
  })

  it('ignores garbled bytes', () => {
    const s = answered({ beginString }).receive('8=FIX.4.4|9=5|35=0|10=000|')
    expect([s.core.state, s.closed]).toEqual(['LogonResponse', undefined])
  })

  it('may be logged out', () => {
    const s = answered({ beginString })
    s.sent()
    s.do((core, now) => core.logout('enough', now))
    expect(s.sent()).toEqual(['35=5|34=12|58=enough'])
    expect(s.core.state).toBe('InitiateLogout')
  })

  it('a link that is gone leaves everything open', () => {
    const s = answered({ beginString }).cut()
    expect(s.events).toEqual(['connect', 'disconnect CONNECTION_LOST'])
    expect(s.kinds).not.toContain('settled')
    s.do((core, now) => core.connected(now)).receive('35=A|34=6|98=0|108=30')
    s.receive('35=5|34=7|58=MsgSeqNum too low, expecting 15 but received 12')
    expect(s.events).toContain('reconcile NOT_IN_JOURNAL 10-14')
  })
})

it('is passed over where nothing can be lost', () => {
  const s = new CoreSession({ nextNumIn: 5, nextNumOut: 10 }).link().receive('35=A|34=5|98=0|108=30')
  expect(s.sent()).toEqual(['35=A|34=10|98=0|108=30'])
  expect(s.core.state).toBe('Active')
})
