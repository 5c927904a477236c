import { describe, expect, it } from 'vitest'
import { at, CoreSession, type CoreSessionOptions, START } from '../../support/core-session.js'

const waiting = (options: CoreSessionOptions = {}) => new CoreSession({ role: 'initiator', ...options }).link()

describe.each(['FIX.4.2', 'FIX.4.4'])('logon sent, %s', (beginString) => {
  it('logs on (test case 1B)', () => {
    const s = waiting({ beginString })
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
    s.receive('35=A|34=1|98=0|108=30')
    expect(s.sent()).toEqual([])
    expect(s.events).toEqual(['connect', 'logon'])
    expect(s.states).toEqual([
      'DisconnectedNoConnToday',
      'InitiateConnection',
      'NetworkConnEstablished',
      'LogonInitialSent',
      'WaitingForLogon',
      'Active'
    ])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
  })

  it('shows that the Logon is on the way until it is saved and with the socket', () => {
    const s = new CoreSession({ role: 'initiator', beginString }).withhold('reportCommit').link()
    expect(s.core.state).toBe('LogonInitialSent')
    s.answer('reportCommit')
    expect(s.core.state).toBe('WaitingForLogon')
  })

  it('takes an answer that comes before that report', () => {
    const s = new CoreSession({ role: 'initiator', beginString }).withhold('reportCommit').link()
    s.receive('35=A|34=1|98=0|108=30').answer('reportCommit')
    expect(s.core.state).toBe('Active')
  })

  it('goes by the numbers of before', () => {
    const s = waiting({ beginString, nextNumIn: 5, nextNumOut: 8 })
    expect(s.sent()).toEqual(['35=A|34=8|98=0|108=30'])
    s.receive('35=A|34=5|98=0|108=30')
    expect(s.core.nextNumIn).toBe(6)
  })

  it('asks for what is missing when the answer shows a gap', () => {
    const s = waiting({ beginString }).receive('35=A|34=5|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30', '35=2|34=2|7=1|16=0'])
    expect(s.events).toEqual(['connect', 'logon unhealthy'])
    expect(s.states.slice(-3)).toEqual(['WaitingForLogon', 'RecvSeqNumTooHigh', 'ResendReqAwaiting'])
  })

  it('says when the number is too low, and closes', () => {
    const s = waiting({ beginString, nextNumIn: 5 }).receive('35=A|34=3|98=0|108=30')
    expect(s.sent().at(-1)).toBe('35=5|34=2|58=MsgSeqNum too low, expecting 5 but received 3')
    expect(s.closed?.code).toBe('MSG_SEQ_NUM_TOO_LOW')
    expect(s.events).toEqual(['connect', 'disconnect MSG_SEQ_NUM_TOO_LOW'])
  })

  it('takes an old Logon with PossDupFlag(43) for no answer', () => {
    const s = waiting({ beginString, nextNumIn: 5 }).receive(`35=A|34=3|43=Y|122=${at(START)}|98=0|108=30`)
    expect(s.closed?.code).toBe('LOGON_INVALID')
  })

  it('takes the HeartBtInt of the acceptor', () => {
    const s = waiting({ beginString }).receive('35=A|34=1|98=0|108=10')
    expect(s.core.heartBtInt).toBe(10)
    expect(s.logged.join()).toContain('30 was offered, the acceptor wants 10')
    s.sent()
    s.pass(10)
    expect(s.sent()).toEqual(['35=0|34=2'])
  })

  it('passes on why the acceptor refuses', () => {
    const s = waiting({ beginString }).receive('35=5|34=1|58=not today')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
    expect(s.closed).toMatchObject({ code: 'LOGON_REFUSED' })
    expect(s.closed?.text).toContain('not today')
    expect(s.events).toEqual(['connect', 'logout', 'disconnect LOGON_REFUSED'])
    expect(s.core.nextNumIn).toBe(2)
  })

  it('logs on with the number that CME Globex wants', () => {
    const s = waiting({ beginString, cmeEnhancedResend: true, nextNumOut: 4 }).receive('35=5|34=1|58=wait|789=7')
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 7])
  })

  it('begins anew where CME Globex wants number 1', () => {
    const s = waiting({ beginString, cmeEnhancedResend: true, nextNumIn: 30, nextNumOut: 4 })
    s.receive('35=5|34=1|58=a new week|789=1')
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 1])
    expect(s.stored.size).toBe(0)
  })

  it.each(['', '|789=0', '|789=x', '|789=5'])('keeps its numbers when CME Globex says nothing new: %s', (field) => {
    const s = waiting({ beginString, cmeEnhancedResend: true, nextNumOut: 4 }).receive(`35=5|34=1|58=no${field}`)
    expect(s.core.nextNumOut).toBe(5)
  })

  it('keeps its numbers whatever others say', () => {
    const s = waiting({ beginString, nextNumOut: 4 }).receive('35=5|34=1|58=no|789=1')
    expect(s.core.nextNumOut).toBe(5)
  })

  it('does not count a refusal with another number', () => {
    const s = waiting({ beginString }).receive('35=5|34=9|58=MsgSeqNum too low')
    expect(s.core.nextNumIn).toBe(1)
  })

  it('ends when the Logon is rejected', () => {
    const s = waiting({ beginString }).receive('35=3|34=1|45=1|58=Required tag missing|371=553')
    expect(s.events).toEqual(['connect', 'reject', 'disconnect LOGON_REJECTED'])
    expect(s.closed?.text).toContain('Required tag missing')
  })

  it.each(['35=0|34=1', '35=D|34=1|11=a', '35=2|34=1|7=1|16=0', '35=4|34=1|123=Y|36=5'])(
    'ends when something else comes first: %s',
    (text) => {
      const s = waiting({ beginString }).receive(text)
      expect(s.sent()).toHaveLength(1)
      expect(s.closed?.code).toBe('UNEXPECTED_MESSAGE')
      expect(s.delivered).toEqual([])
    }
  )

  it.each([
    ['35=A|34=1|49=WHO|98=0|108=30', /SenderCompID\(49\)/],
    ['35=A|34=1|98=0|108=-1', /HeartBtInt/],
    ['35=A|34=1|52=20010101-00:00:00|98=0|108=30', /SendingTime/],
    ['35=A|98=0|108=30', /MsgSeqNum\(34\)/]
  ])('says why it does not accept the answer %s', (text, why) => {
    const s = waiting({ beginString }).receive(text)
    expect(s.sent().at(-1)).toMatch(/^35=5\|34=2\|58=/)
    expect(s.closed?.code).toBe('LOGON_INVALID')
    expect(s.closed?.text).toMatch(why)
    expect(s.core.nextNumIn).toBe(1)
  })

  it('ignores garbage while it waits', () => {
    const s = waiting({ beginString }).receive('8=FIX.4.4|9=5|35=A|34=1|98=0|108=30|10=000|')
    expect(s.closed).toBeUndefined()
    s.receive('35=A|34=1|98=0|108=30')
    expect(s.core.state).toBe('Active')
  })

  it('waits logonTimeout for the answer, the signature included', () => {
    const s = waiting({ beginString }).pass(9.9)
    expect(s.closed).toBeUndefined()
    s.pass(0.1)
    expect(s.closed?.code).toBe('LOGON_TIMEOUT')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
  })

  it('can be logged out of', () => {
    const s = waiting({ beginString }).do((core, now) => core.logout('changed my mind', now))
    expect(s.sent().at(-1)).toBe('35=5|34=2|58=changed my mind')
    s.receive('35=A|34=1|98=0|108=30', '35=5|34=2')
    expect(s.closed?.code).toBe('LOGGED_OUT')
    expect(s.core.nextNumIn).toBe(3)
    s.pass(100)
    expect(s.asked.filter(({ kind }) => kind === 'dial')).toHaveLength(1)
  })

  it('begins anew with resetOnLogon', () => {
    const s = waiting({ beginString, resetOnLogon: true, nextNumIn: 5, nextNumOut: 9 })
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
    expect(s.kinds).toContain('reset')
    s.receive('35=A|34=1|98=0|108=30|141=Y')
    expect(s.sent()).toEqual([])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
  })

  it('does not mind when the answer to a reset lacks the flag', () => {
    const s = waiting({ beginString, resetOnLogon: true }).receive('35=A|34=1|98=0|108=30')
    expect(s.core.state).toBe('Active')
    expect(s.core.nextNumIn).toBe(2)
  })

  it.each(['resetOnLogout', 'resetOnDisconnect'] as const)('says that it begins anew with %s', (option) => {
    expect(waiting({ beginString, [option]: true }).sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
    expect(waiting({ beginString, [option]: true, nextNumOut: 2 }).sent()).toEqual(['35=A|34=2|98=0|108=30'])
  })

  it('follows an acceptor that begins anew unasked, so that both count from 1', () => {
    const s = waiting({ beginString, nextNumIn: 50, nextNumOut: 70 }).receive('35=A|34=1|98=0|108=30|141=Y')
    expect(s.sent()).toEqual(['35=A|34=70|98=0|108=30', '35=A|34=1|98=0|108=30|141=Y'])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
  })

  it('keeps its numbers right when it logs out before a reset is answered', () => {
    const s = waiting({ beginString, resetOnLogon: true }).do((core, now) => core.logout(undefined, now))
    s.receive('35=A|34=1|98=0|108=30|141=Y', '35=5|34=2')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y', '35=5|34=2'])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([3, 3])
  })
})

describe('logon sent, and the counterparty closes without a word', () => {
  it('says what that may mean', () => {
    const s = waiting().do((core, now) => core.disconnected({ code: 'PEER_CLOSED', text: 'It closed.' }, now))
    expect(s.events.at(-1)).toBe('disconnect PEER_CLOSED')
    expect(s.logged.join()).toMatch(
      /Disconnected, PEER_CLOSED: It closed\..*without answering the Logon: check CompIDs/
    )
  })
})

describe('logon sent, other versions', () => {
  it('says its DefaultApplVerID(1137) in FIXT.1.1', () => {
    const s = waiting({ beginString: 'FIXT.1.1', defaultApplVerId: '9' })
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|1137=9'])
    s.receive('35=A|34=1|98=0|108=30')
    expect(s.closed?.text).toContain('DefaultApplVerID(1137)')
  })

  it('has no flag for a reset in FIX.4.0', () => {
    const s = waiting({ beginString: 'FIX.4.0', resetOnLogon: true, nextNumOut: 7 })
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
  })
})
