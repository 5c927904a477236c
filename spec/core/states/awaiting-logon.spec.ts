import { describe, expect, it } from 'vitest'
import { FixMessage } from '../../../lib/fix/message.js'
import { at, CoreSession, type CoreSessionOptions, START } from '../../support/core-session.js'

const linked = (options: CoreSessionOptions = {}) => new CoreSession(options).link()

describe.each(['FIX.4.2', 'FIX.4.4'])('awaiting logon, %s', (beginString) => {
  it('answers the Logon and is logged on (test case 1S)', () => {
    const s = linked({ beginString }).receive('35=A|34=1|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
    expect(s.events).toEqual(['connect', 'logon'])
    expect(s.states.slice(1)).toEqual([
      'AwaitingConnection',
      'NetworkConnEstablished',
      'LogonInitialRecv',
      'LogonResponse',
      'Active'
    ])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
    expect(s.received).toEqual([1])
  })

  it('copies EncryptMethod(98) and HeartBtInt(108)', () => {
    const s = linked({ beginString }).receive('35=A|34=1|98=2|108=7')
    expect(s.sent()).toEqual(['35=A|34=1|98=2|108=7'])
    expect(s.core.heartBtInt).toBe(7)
  })

  it('goes by the numbers of before', () => {
    const s = linked({ beginString, nextNumIn: 5, nextNumOut: 8 }).receive('35=A|34=5|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=8|98=0|108=30'])
  })

  it('answers a Logon with a gap, then asks for what is missing', () => {
    const s = linked({ beginString }).receive('35=A|34=5|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30', '35=2|34=2|7=1|16=0'])
    expect(s.events).toEqual(['connect', 'logon unhealthy'])
    expect(s.states.slice(-3)).toEqual(['LogonResponse', 'RecvSeqNumTooHigh', 'ResendReqAwaiting'])
    s.receive('35=4|34=1|43=Y|122=20260105-09:00:00|36=6|123=Y')
    expect(s.core.state).toBe('Active')
    expect(s.core.nextNumIn).toBe(6)
  })

  it('says when the number is too low, and closes', () => {
    const s = linked({ beginString, nextNumIn: 5 }).receive('35=A|34=3|98=0|108=30')
    expect(s.sent()).toEqual(['35=5|34=1|58=MsgSeqNum too low, expecting 5 but received 3'])
    expect(s.closed).toMatchObject({ code: 'MSG_SEQ_NUM_TOO_LOW', abrupt: false })
    expect(s.events).toEqual(['connect', 'disconnect MSG_SEQ_NUM_TOO_LOW'])
    expect(s.core.nextNumIn).toBe(5)
  })

  it('takes a Logon with a low number and PossDupFlag(43) for no logon', () => {
    const s = linked({ beginString, nextNumIn: 5 }).receive(`35=A|34=3|43=Y|122=${at(START)}|98=0|108=30`)
    expect(s.sent()).toEqual([])
    expect(s.closed?.code).toBe('LOGON_INVALID')
  })

  it.each([
    ['a message that is no Logon (test case 1S)', '35=0|34=1', 'FIRST_NOT_LOGON'],
    ['a Logout', '35=5|34=1', 'FIRST_NOT_LOGON'],
    ['a wrong SenderCompID', '35=A|34=1|49=WHO|98=0|108=30', 'LOGON_INVALID'],
    ['a wrong TargetCompID', '35=A|34=1|56=WHOM|98=0|108=30', 'LOGON_INVALID'],
    ['an empty TargetCompID', '35=A|34=1|56=|98=0|108=30', 'LOGON_INVALID'],
    ['no MsgSeqNum', '35=A|98=0|108=30', 'LOGON_INVALID'],
    ['a SendingTime of long ago', '35=A|34=1|52=20010101-00:00:00|98=0|108=30', 'LOGON_INVALID'],
    ['a SendingTime that is none', '35=A|34=1|52=yesterday|98=0|108=30', 'LOGON_INVALID'],
    ['no HeartBtInt', '35=A|34=1|98=0', 'LOGON_INVALID'],
    ['a negative HeartBtInt', '35=A|34=1|98=0|108=-10', 'LOGON_INVALID'],
    ['a HeartBtInt that is no number', '35=A|34=1|98=0|108=abc', 'LOGON_INVALID'],
    ['garbled bytes', '8=FIX.4.4|9=5|35=A|34=1|98=0|108=30|10=000|', 'GARBLED'],
    ['bytes of something else', 'GET / HTTP/1.1|8=', 'GARBLED']
  ])('meets %s with silence', (_, text, code) => {
    const s = linked({ beginString }).receive(text)
    expect(s.sent()).toEqual([])
    expect(s.closed?.code).toBe(code)
    expect(s.core.state).toBe('AwaitingConnection')
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([1, 1])
    expect(s.kinds).not.toContain('received')
  })

  it('says nothing to another version', () => {
    const s = linked({ beginString: beginString === 'FIX.4.2' ? 'FIX.4.4' : 'FIX.4.2' })
    s.receive(new CoreSession({ beginString }).text.bytes('35=A|34=1|98=0|108=30', START).toString('latin1'))
    expect(s.sent()).toEqual([])
    expect(s.closed?.text).toMatch(/BeginString\(8\)=FIX/)
  })

  it('waits logonTimeout for the Logon', () => {
    const s = linked({ beginString }).pass(9.9)
    expect(s.closed).toBeUndefined()
    s.pass(0.1)
    expect(s.sent()).toEqual([])
    expect(s.closed?.code).toBe('LOGON_TIMEOUT')
  })

  it('begins anew with a Logon that says so', () => {
    const s = linked({ beginString, nextNumIn: 50, nextNumOut: 70 }).receive('35=A|34=1|98=0|108=30|141=Y')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
    expect(s.kinds).toContain('reset')
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
  })

  it('asks for what a Logon claims to have sent since its reset', () => {
    const s = linked({ beginString, nextNumIn: 50 }).receive('35=A|34=3|98=0|108=30|141=Y')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y', '35=2|34=2|7=1|16=0'])
  })

  it('begins anew at each logon with resetOnLogon, saying so only where the Logon did', () => {
    const s = linked({ beginString, resetOnLogon: true, nextNumIn: 50, nextNumOut: 70 })
    s.receive('35=A|34=1|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
  })

  it('validates the Logon by the dictionary', () => {
    const validate = () => ({ sessionRejectReason: 0, refTagId: 9999, text: 'Invalid tag number' })
    const s = linked({ beginString, parts: { validate } }).receive('35=A|34=1|98=0|108=30|9999=x')
    expect(s.sent()).toEqual([])
    expect(s.closed?.text).toContain('Invalid tag number, tag 9999')
  })

  it('is closed by this side without a word', () => {
    const out = linked({ beginString }).do((core, now) => core.logout('bye', now))
    expect(out.sent()).toEqual([])
    expect(out.closed?.code).toBe('LOCAL_DISCONNECT')
    const cut = linked({ beginString }).do((core, now) => core.disconnect('bye', undefined, now))
    expect(cut.sent()).toEqual([])
    expect(cut.core.state).toBe('AwaitingConnection')
  })

  it('takes numbers for what they are without validateSequenceNumbers', () => {
    const s = linked({ beginString, validateSequenceNumbers: false, nextNumIn: 9 }).receive('35=A|34=3|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
    expect(s.received).toEqual([3])
    s.receive('35=D|34=40|11=a')
    expect(s.sent()).toEqual([])
    expect(s.delivered).toEqual([40])
    expect(s.core.nextNumIn).toBe(41)
    s.receive('35=D|34=12|11=b')
    expect(s.delivered).toEqual([40, 12])
    expect(s.core.nextNumIn).toBe(41)
  })
})

describe('awaiting logon, FIXT.1.1', () => {
  const fixt = { beginString: 'FIXT.1.1', defaultApplVerId: '9' } as const

  it('answers with its own DefaultApplVerID(1137), last', () => {
    const s = linked(fixt).receive('35=A|34=1|98=0|108=30|141=Y|1137=7')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y|1137=9'])
  })

  it('speaks the version of the Logon where none is configured', () => {
    const s = linked({ beginString: 'FIXT.1.1' }).receive('35=A|34=1|98=0|108=30|1137=8')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|1137=8'])
    s.do((core, now) => core.businessReject(new FixMessage('8', { 37: 'x' }), { businessRejectReason: 3 }, now))
    expect(s.sent()).toEqual(['35=j|34=2|45=0|58=Unsupported Message Type|372=8|380=3|1137=8'])
    s.do((core, now) => core.disconnected({ code: 'PEER_CLOSED', text: '' }, now))
    s.link().receive('35=A|34=2|98=0|108=30|1137=7')
    expect(s.sent()).toEqual(['35=A|34=3|98=0|108=30|1137=7'])
  })

  it.each(['35=A|34=1|98=0|108=30', '35=A|34=1|98=0|108=30|1137=33', '35=A|34=1|98=0|108=30|1137=x'])(
    'meets %s with silence',
    (text) => {
      const s = linked(fixt).receive(text)
      expect(s.sent()).toEqual([])
      expect(s.closed?.text).toContain('DefaultApplVerID(1137)')
    }
  )
})

describe('awaiting logon, FIX.4.0', () => {
  it('knows no ResetSeqNumFlag(141) to answer with', () => {
    const s = linked({ beginString: 'FIX.4.0' }).receive('35=A|34=1|52=20260105-09:00:00|98=0|108=30|141=Y')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
  })
})
