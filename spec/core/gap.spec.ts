import { describe, expect, it } from 'vitest'
import { MAX_ASKS, RESEND_PATIENCE } from '../../lib/core/gap.js'
import { at, START } from '../support/core-session.js'
import { loggedOn, profiles } from '../support/profiles.js'

const orig = `43=Y|122=${at(START)}`

describe.each(profiles)('gap, $beginString $role', (profile) => {
  it('asks once, holds what comes, and delivers in order (test case 2b)', () => {
    const s = loggedOn(profile).receive('35=D|34=5|11=d')
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0'])
    expect(s.states).toEqual(['RecvSeqNumTooHigh', 'ResendReqAwaiting'])
    s.receive('35=D|34=6|11=e', '35=D|34=7|11=f')
    expect(s.sent()).toEqual([])
    expect(s.delivered).toEqual([])
    s.receive(`35=D|34=2|${orig}|11=a`, `35=D|34=3|${orig}|11=b`, `35=D|34=4|${orig}|11=c`)
    expect(s.delivered).toEqual([2, 3, 4, 5, 6, 7])
    expect(s.received).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(s.core.state).toBe('Active')
    expect(s.core.gap.size).toBe(0)
  })

  it('takes what was missing with or without PossDupFlag(43) and OrigSendingTime(122)', () => {
    const s = loggedOn(profile).receive('35=D|34=5|11=d', '35=D|34=2|11=a', '35=D|34=3|43=Y|11=b')
    s.receive(`35=D|34=4|122=${at(START)}|11=c`)
    expect(s.delivered).toEqual([2, 3, 4, 5])
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0'])
  })

  it('closes by GapFills and messages in turn, dropping what a GapFill covers', () => {
    const s = loggedOn(profile).receive('35=D|34=6|11=e', '35=0|34=7', '35=D|34=8|11=g')
    s.receive(`35=D|34=2|${orig}|11=a`, `35=4|34=3|${orig}|36=7|123=Y`)
    expect(s.delivered).toEqual([2, 8])
    expect(s.core.nextNumIn).toBe(9)
    expect(s.core.state).toBe('Active')
    expect(s.core.gap.size).toBe(0)
  })

  it('answers held messages when their turn comes, in order', () => {
    const s = loggedOn(profile).receive('35=1|34=3|112=a', '35=1|34=4|112=b')
    s.sent()
    s.receive(`35=D|34=2|${orig}|11=x`)
    expect(s.sent()).toEqual(['35=0|34=3|112=a', '35=0|34=4|112=b'])
  })

  it('ignores a resent message that was held and has been used', () => {
    const s = loggedOn(profile).receive('35=D|34=3|11=b', `35=D|34=2|${orig}|11=a`, `35=D|34=3|${orig}|11=b`)
    expect(s.delivered).toEqual([2, 3])
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0'])
    expect(s.closed).toBeUndefined()
  })

  it('finds the next gap when the first is closed', () => {
    const s = loggedOn(profile).receive('35=D|34=3|11=b', '35=D|34=5|11=d', `35=D|34=2|${orig}|11=a`)
    expect(s.delivered).toEqual([2, 3])
    s.receive('35=0|34=6')
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0', '35=2|34=3|7=4|16=0'])
    s.receive(`35=D|34=4|${orig}|11=c`)
    expect(s.delivered).toEqual([2, 3, 4, 5])
    expect(s.core.nextNumIn).toBe(7)
  })

  it('holds a message that is not expected yet, though it is among those that are missing', () => {
    const s = loggedOn(profile).receive('35=D|34=6|11=e', '35=D|34=4|11=c', '35=D|34=2|11=a', '35=D|34=3|11=b')
    expect(s.delivered).toEqual([2, 3, 4])
    expect(s.core.state).toBe('ResendReqAwaiting')
    s.receive('35=D|34=5|11=d')
    expect(s.delivered).toEqual([2, 3, 4, 5, 6])
  })

  it('does not doubt the time of a message that was held for long', () => {
    const s = loggedOn(profile, { heartBtInt: 0 }).receive('35=D|34=3|11=b')
    for (let minute = 0; minute < 3; minute++) s.pass(50).receive(`35=D|34=${minute + 4}|11=x`)
    s.receive(`35=D|34=2|${orig}|11=a`)
    expect(s.delivered).toEqual([2, 3, 4, 5, 6])
    expect(s.closed).toBeUndefined()
  })

  it('answers a ResendRequest at once, while its own is out (test case 20)', () => {
    const s = loggedOn(profile)
    s.send('D', { 11: 'x' })
    s.receive('35=0|34=5')
    s.sent()
    s.receive('35=2|34=6|7=2|16=2')
    expect(s.sent()).toEqual(['35=D|34=2|43=Y|122=*|11=x'])
    s.receive('35=0|34=2', '35=0|34=3', '35=0|34=4')
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(7)
  })

  it('answers a ResendRequest with a number that is too high, then asks for what is missing', () => {
    const s = loggedOn(profile)
    s.send('D', { 11: 'x' })
    s.sent()
    s.receive('35=2|34=4|7=2|16=0')
    expect(s.sent()).toEqual(['35=D|34=2|43=Y|122=*|11=x', '35=2|34=3|7=2|16=0'])
    s.receive('35=4|34=2|43=Y|36=4|123=Y')
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(5)
  })

  it('is forgotten with the connection, and found again at the next logon', () => {
    const s = loggedOn(profile, { heartBtInt: 0 }).receive('35=D|34=4|11=c').cut()
    expect(s.core.gap.size).toBe(0)
    if (profile.role === 'initiator') s.pass(5)
    s.do((core, now) => core.connected(now)).receive('35=A|34=5|98=0|108=30')
    expect(s.sent().at(-1)).toMatch(/^35=2\|34=\d\|7=2\|16=0$/)
    expect(s.events.at(-1)).toBe('logon unhealthy')
  })

  it('logs out with a gap open', () => {
    const s = loggedOn(profile).receive('35=D|34=4|11=c', '35=5|34=5')
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0', '35=5|34=3'])
    expect(s.delivered).toEqual([])
    expect(s.core.nextNumIn).toBe(2)
  })

  it('holds at most maxHeldMessages, says so, and asks for the rest afterwards', () => {
    const s = loggedOn(profile, { maxHeldMessages: 2 })
    s.receive('35=D|34=3|11=c', '35=D|34=4|11=d', '35=D|34=5|11=e', '35=D|34=6|11=f')
    expect(s.events).toEqual(['fault HELD_MESSAGES_FULL'])
    s.sent()
    s.receive(`35=D|34=2|${orig}|11=b`)
    expect(s.delivered).toEqual([2, 3, 4])
    expect(s.sent()).toEqual(['35=2|34=3|7=5|16=0'])
    s.receive(`35=D|34=5|${orig}|11=e`, `35=D|34=6|${orig}|11=f`)
    expect(s.delivered).toEqual([2, 3, 4, 5, 6])
    expect(s.core.state).toBe('Active')
  })

  it('does not ask for what it could not hold when it has come meanwhile', () => {
    const s = loggedOn(profile, { maxHeldMessages: 1 }).receive('35=D|34=3|11=c', '35=D|34=4|11=d')
    s.sent()
    s.receive(`35=4|34=2|${orig}|36=5|123=Y`)
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(5)
  })

  it('asks again when nothing comes, and gives the session up in the end', () => {
    const s = loggedOn(profile, { disableHeartBeatCheck: true }).receive('35=D|34=4|11=c')
    const asks = () => s.sent().filter((text) => text.startsWith('35=2'))
    expect(asks()).toHaveLength(1)
    for (let ask = 2; ask <= MAX_ASKS; ask++) {
      s.pass(RESEND_PATIENCE - 1)
      expect(asks()).toEqual([])
      s.pass(1)
      expect(asks()).toHaveLength(1)
    }
    s.pass(RESEND_PATIENCE)
    expect(s.sent().at(-1)).toMatch(/\|58=MsgSeqNum\(34\)=2 was asked for 3 times and never sent$/)
    expect(s.events).toEqual(['fault RESEND_UNANSWERED', 'disconnect RESEND_UNANSWERED'])
  })

  it('has patience as long as something comes', () => {
    const s = loggedOn(profile, { disableHeartBeatCheck: true }).receive('35=D|34=100|11=z')
    s.sent()
    for (let msgSeqNum = 2; msgSeqNum < 20; msgSeqNum++) s.pass(59).receive(`35=D|34=${msgSeqNum}|${orig}|11=a`)
    expect(s.sent().filter((text) => text.startsWith('35=2'))).toEqual([])
    expect(s.closed).toBeUndefined()
  })

  it('asks again and again with sendRedundantResendRequests', () => {
    const s = loggedOn(profile, { sendRedundantResendRequests: true }).receive('35=0|34=4', '35=0|34=6')
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0', '35=2|34=3|7=2|16=0'])
    s.receive(`35=4|34=2|${orig}|36=4|123=Y`)
    expect(s.core.state).toBe('ResendReqAwaiting')
    s.receive('35=0|34=5')
    expect(s.core.state).toBe('Active')
  })

  it('gives the session up though each new message asks again, when nothing ever comes of it', () => {
    const s = loggedOn(profile, { sendRedundantResendRequests: true, heartBtInt: 0 })
    let msgSeqNum = 4
    for (let second = 0; second < RESEND_PATIENCE * MAX_ASKS && s.closed === undefined; second++) {
      s.receive(`35=0|34=${msgSeqNum++}`).pass(1)
    }
    expect(s.closed?.code).toBe('RESEND_UNANSWERED')
  })

  it('takes a Reset to the number that is missing for no answer', () => {
    const s = loggedOn(profile).receive('35=0|34=4')
    for (let ask = 0; ask < MAX_ASKS; ask++) {
      expect(s.closed).toBeUndefined()
      for (let second = 0; second < RESEND_PATIENCE; second += 10) s.receive('35=4|34=1|36=2').pass(10)
    }
    expect(s.closed?.code).toBe('RESEND_UNANSWERED')
  })

  it('makes no redundant request of a request, nor of what is resent: that would never end', () => {
    const s = loggedOn(profile, { sendRedundantResendRequests: true }).receive('35=0|34=4', '35=2|34=5|7=1|16=1')
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0', '35=4|34=1|43=Y|122=*|36=2|123=Y'])
    s.receive(`35=D|34=3|${orig}|11=b`)
    expect(s.sent()).toEqual([])
  })

  it('asks up to the last missing number with closedResendInterval', () => {
    const s = loggedOn(profile, { closedResendInterval: true }).receive('35=0|34=4')
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=3'])
  })
})

describe.each(profiles)('a gap asked for in parts, $beginString $role', (profile) => {
  const asking = (gapTo: number, options = {}) =>
    loggedOn(profile, { resendRequestChunkSize: 5, ...options }).receive(
      '35=0|34=2',
      '35=0|34=3',
      `35=D|34=${gapTo}|11=z`
    )

  it('asks for the next part when one has come, and for the last without an end', () => {
    const s = asking(10)
    expect(s.sent()).toEqual(['35=2|34=2|7=4|16=8'])
    s.receive(...[4, 5, 6, 7].map((msgSeqNum) => `35=D|34=${msgSeqNum}|${orig}|11=a`))
    expect(s.sent()).toEqual([])
    s.receive(`35=D|34=8|${orig}|11=a`)
    expect(s.sent()).toEqual(['35=2|34=3|7=9|16=0'])
    s.receive(`35=D|34=9|${orig}|11=a`)
    expect(s.delivered).toEqual([4, 5, 6, 7, 8, 9, 10])
  })

  it('takes a GapFill to the end of a part for its end', () => {
    const s = asking(15)
    s.sent()
    s.receive(`35=4|34=4|${orig}|36=8|123=Y`)
    expect(s.sent()).toEqual(['35=2|34=3|7=8|16=12'])
    s.receive(`35=4|34=8|${orig}|36=12|123=Y`)
    expect(s.sent()).toEqual(['35=2|34=4|7=12|16=0'])
    s.receive(`35=4|34=12|${orig}|36=15|123=Y`)
    expect(s.delivered).toEqual([15])
  })

  it('needs no parts for a gap that is small', () => {
    expect(asking(9).sent()).toEqual(['35=2|34=2|7=4|16=0'])
  })

  it('gives every part its end, and waits for it, in the dialect of QuickFIX/n', () => {
    const s = asking(15, { dialect: 'quickfixn' })
    s.sent()
    s.receive(`35=4|34=4|${orig}|36=8|123=Y`)
    expect(s.sent()).toEqual([])
    s.receive(`35=D|34=8|${orig}|11=a`)
    expect(s.sent()).toEqual(['35=2|34=3|7=9|16=13'])
    s.receive(`35=4|34=9|${orig}|36=14|123=Y`)
    expect(s.sent()).toEqual(['35=2|34=4|7=14|16=14'])
  })
})

describe('gap, by the rules of CME Globex', () => {
  const cme = { cmeEnhancedResend: true, resendRequestChunkSize: 100 }

  it('asks for every part with its end', () => {
    expect(loggedOn({}, cme).receive('35=0|34=9').sent()).toEqual(['35=2|34=2|7=2|16=8'])
    expect(loggedOn({}, { cmeEnhancedResend: true }).receive('35=0|34=9').sent()).toEqual(['35=2|34=2|7=2|16=8'])
  })

  it('takes a GapFill for no more than it was asked for, and asks for the rest', () => {
    const s = loggedOn({}, cme).receive('35=D|34=108|11=a')
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=101'])
    s.receive('35=4|34=2|43=Y|36=107|123=Y')
    expect(s.core.nextNumIn).toBe(102)
    expect(s.sent()).toEqual(['35=2|34=3|7=102|16=107'])
    s.receive('35=4|34=102|43=Y|36=120|123=Y')
    expect(s.delivered).toEqual([108])
    expect(s.core.nextNumIn).toBe(109)
  })

  it('takes a GapFill for what it says where nothing was asked for', () => {
    expect(loggedOn({}, cme).receive('35=4|34=2|36=9|123=Y').core.nextNumIn).toBe(9)
  })
})

describe('gap, older versions', () => {
  it.each(['FIX.4.0', 'FIX.4.1'])('asks to 999999 in %s', (beginString) => {
    const s = loggedOn({}, { beginString }).receive('35=0|34=4')
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=999999'])
  })

  it('asks to 0 in FIX.4.3 and FIXT.1.1', () => {
    expect(loggedOn({}, { beginString: 'FIX.4.3' }).receive('35=0|34=4').sent()).toEqual(['35=2|34=2|7=2|16=0'])
  })
})
