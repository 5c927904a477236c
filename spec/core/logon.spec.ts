import { describe, expect, it } from 'vitest'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'

/** Numbers 1 to 3 of ours are in the journal: a Logon, an order and a Heartbeat. */
function withHistory(options: CoreSessionOptions): CoreSession {
  const s = new CoreSession({ sendNextExpectedMsgSeqNum: true, ...options }).link()
  s.receive(`35=A|34=1|98=0|108=30|789=${options.role === 'initiator' ? 2 : 1}`)
  s.send('D', { 11: 'a' })
  s.receive('35=1|34=2|112=x').cut()
  if (s.core.settings.role === 'initiator') s.pass(5)
  s.sent()
  return s.do((core, now) => core.connected(now))
}

describe.each(['FIX.4.2', 'FIX.4.4'])('NextExpectedMsgSeqNum(789), acceptor, %s', (beginString) => {
  const accept = (logon: string, options: CoreSessionOptions = {}) =>
    new CoreSession({ beginString, sendNextExpectedMsgSeqNum: true, ...options }).link().receive(logon)

  it('says what it expects next', () => {
    const s = accept('35=A|34=1|98=0|108=30|789=1')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|789=2'])
    expect(s.core.state).toBe('Active')
  })

  it('resends unasked what the counterparty lacks', () => {
    const s = withHistory({ beginString }).receive('35=A|34=3|98=0|108=30|789=2')
    expect(s.sent()).toEqual([
      '35=A|34=4|98=0|108=30|789=4',
      '35=D|34=2|43=Y|122=*|11=a',
      '35=4|34=3|43=Y|122=*|36=5|123=Y'
    ])
  })

  it('fills the gap of a counterparty that lacks everything', () => {
    const s = accept('35=A|34=1|98=0|108=30|789=1', { nextNumOut: 2000 })
    expect(s.sent()).toEqual(['35=A|34=2000|98=0|108=30|789=2', '35=4|34=1|43=Y|122=*|36=2001|123=Y'])
  })

  it('resends nothing to a counterparty that lacks nothing', () => {
    const s = withHistory({ beginString }).receive('35=A|34=3|98=0|108=30|789=4')
    expect(s.sent()).toEqual(['35=A|34=4|98=0|108=30|789=4'])
  })

  it('ends the session when more is expected than was ever sent', () => {
    const s = accept('35=A|34=1000|98=0|108=30|789=1200')
    expect(s.sent()).toEqual([
      '35=5|34=1|58=Tag 789 (NextExpectedMsgSeqNum) is higher than expected. Expected 1, Received 1200'
    ])
    expect(s.closed?.code).toBe('NEXT_EXPECTED_TOO_HIGH')
  })

  it('waits for what is missing without asking, and asks when it does not come', () => {
    const s = accept('35=A|34=4|98=0|108=0|789=1')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=0|789=1'])
    expect(s.events).toEqual(['connect', 'logon unhealthy'])
    expect(s.core.state).toBe('ResendReqAwaiting')
    s.pass(60)
    expect(s.sent()).toEqual(['35=2|34=2|7=1|16=0'])
  })

  it('is logged on when it has come', () => {
    const s = accept('35=A|34=4|98=0|108=30|789=1').receive('35=4|34=1|43=Y|36=3|123=Y', '35=D|34=3|43=Y|11=b')
    expect(s.delivered).toEqual([3])
    expect(s.core.nextNumIn).toBe(5)
    expect(s.core.state).toBe('Active')
  })

  it('asks as ever when the counterparty does not use the field', () => {
    const s = accept('35=A|34=4|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|789=1', '35=2|34=2|7=1|16=0'])
  })

  it.each(['x', '0', '-1'])('does not go by 789=%s', (claimed) => {
    const s = accept(`35=A|34=1|98=0|108=30|789=${claimed}`, { nextNumOut: 5 })
    expect(s.sent()).toEqual(['35=A|34=5|98=0|108=30|789=2'])
  })

  it('begins anew with ResetSeqNumFlag(141), whatever the numbers were', () => {
    const s = accept('35=A|34=1|98=0|108=30|141=Y|789=1', { nextNumIn: 50, nextNumOut: 70 })
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y|789=2'])
  })

  it('does not look at it unless it is wanted', () => {
    const s = accept('35=A|34=1|98=0|108=30|789=77', { sendNextExpectedMsgSeqNum: false })
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
  })
})

describe.each(['FIX.4.2', 'FIX.4.4'])('NextExpectedMsgSeqNum(789), initiator, %s', (beginString) => {
  const initiator = { role: 'initiator', beginString } as const

  it('says what it expects, and resends what the acceptor lacks', () => {
    const s = withHistory(initiator)
    expect(s.sent()).toEqual(['35=A|34=4|98=0|108=30|789=3'])
    s.receive('35=A|34=3|98=0|108=30|789=2')
    expect(s.sent()).toEqual(['35=D|34=2|43=Y|122=*|11=a', '35=4|34=3|43=Y|122=*|36=5|123=Y'])
    expect(s.core.state).toBe('Active')
  })

  it('resends nothing to an acceptor that lacks nothing', () => {
    const s = withHistory(initiator)
    s.sent()
    s.receive('35=A|34=3|98=0|108=30|789=5')
    expect(s.sent()).toEqual([])
  })

  it('waits for what it lacks itself', () => {
    const s = withHistory(initiator)
    s.sent()
    s.receive('35=A|34=7|98=0|108=30|789=5')
    expect(s.sent()).toEqual([])
    expect(s.events.at(-1)).toBe('logon unhealthy')
    s.receive('35=4|34=3|43=Y|36=8|123=Y')
    expect(s.core.nextNumIn).toBe(8)
    expect(s.core.state).toBe('Active')
  })

  it('fills on both sides at once', () => {
    const s = withHistory(initiator)
    s.sent()
    s.receive('35=A|34=7|98=0|108=30|789=2', '35=4|34=3|43=Y|36=8|123=Y')
    expect(s.sent()).toEqual(['35=D|34=2|43=Y|122=*|11=a', '35=4|34=3|43=Y|122=*|36=5|123=Y'])
    expect(s.core.nextNumIn).toBe(8)
  })
})
