import { describe, expect, it } from 'vitest'
import { MAX_LOST } from '../../lib/core/lost-tail.js'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'

/** FIX session layer, "MsgSeqNum too low", where it is this side that lost what it had sent. */

const lost = { nextNumIn: 5, nextNumOut: 10, lostFrom: 10 }
const refusal = 'MsgSeqNum too low, expecting 15 but received 10'

function initiator(options: CoreSessionOptions = {}): CoreSession {
  const s = new CoreSession({ role: 'initiator', ...lost, ...options }).link()
  s.sent()
  return s
}

describe('an initiator whose Logon is refused', () => {
  it('goes on with the number that the acceptor expects, and dials at once', () => {
    const s = initiator().receive(`35=5|34=5|58=${refusal}`)
    expect(s.closed?.text).toBe(`The acceptor refused the Logon: ${refusal}. The next Logon(A) has MsgSeqNum(34)=15.`)
    expect(s.events).toEqual(['connect', 'reconcile NOT_IN_JOURNAL 10-14', 'logout', 'disconnect LOGON_REFUSED'])
    expect(s.sent()).toEqual([])
    expect(s.core.state).toBe('InitiateConnection')
    s.do((core, now) => core.connected(now))
    expect(s.sent()).toEqual(['35=A|34=15|98=0|108=30'])
    s.receive('35=A|34=6|98=0|108=30')
    expect(s.core.state).toBe('Active')
    expect(s.kinds.filter((kind) => kind === 'settled')).toHaveLength(1)
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([7, 16])
  })

  it('gap-fills the numbers that are gone when they are asked for', () => {
    const s = initiator().receive(`35=5|34=5|58=${refusal}`)
    s.do((core, now) => core.connected(now)).receive('35=A|34=6|98=0|108=30')
    s.sent()
    s.receive('35=2|34=7|7=11|16=0')
    expect(s.sent().map((text) => text.replace(/\|122=[^|]*/, ''))).toEqual(['35=4|34=11|43=Y|36=16|123=Y'])
  })

  it.each([
    refusal,
    'MsgSeqNum too low, expecting 15 but received 10.',
    'MsgSeqNum(34) too low: expected 15, got 10',
    'Sequence number 10 is lower than expected 15',
    'Received MsgSeqNum 10 is less than the next one, 15',
    'Sequence number too low. Expected: 15',
    'Serious error: incoming sequence number (10) is too low, expecting 15'
  ])('in these words: %s', (text) => {
    expect(initiator().receive(`35=5|34=5|58=${text}`).core.nextNumOut).toBe(15)
  })

  it('by SessionStatus(1409)=9', () => {
    const s = initiator({ beginString: 'FIXT.1.1', defaultApplVerId: '9' })
    expect(s.receive('35=5|34=5|1409=9|58=I expect 15').core.nextNumOut).toBe(15)
  })

  it('by NextExpectedMsgSeqNum(789) in the Logout', () => {
    expect(initiator().receive('35=5|34=5|58=no|789=15').core.nextNumOut).toBe(15)
  })

  it.each([
    'not today',
    'Password too low in entropy: 15',
    'MsgSeqNum too low',
    // About a number that we have not used.
    'MsgSeqNum too low, expecting 15 but received 7',
    'MsgSeqNum too low, 15 or 16',
    'MsgSeqNum too low, expecting 99999999999999999999 but received 10'
  ])('leaves its numbers alone where none is named: %s', (text) => {
    const s = initiator().receive(`35=5|34=5|58=${text}`)
    expect([s.core.nextNumOut, s.closed?.text]).toEqual([11, `The acceptor refused the Logon: ${text}`])
    expect(s.core.state).toBe('DisconnectedWConnToday')
  })

  it.each<[string, boolean, string, string]>([
    ['the journal has all that was sent', false, refusal, 'does not say that it lost anything'],
    ['it is lower', true, 'MsgSeqNum too low, expecting 4 but received 10', 'it is not above ours, 10'],
    [
      'it is higher than can be',
      true,
      `MsgSeqNum too low, expecting ${10 + MAX_LOST + 1} but received 10`,
      `more than ${MAX_LOST} messages cannot have been lost`
    ]
  ])('stays refused, with the reason and advice, when %s', (_, mayLack, text, why) => {
    const s = initiator()
    if (!mayLack) s.core.lostTail = undefined
    s.receive(`35=5|34=5|58=${text}`)
    expect(s.core.nextNumOut).toBe(11)
    expect(s.closed?.text).toContain(why)
    expect(s.closed?.text).toContain('setSeqNums()')
    expect(s.events).toEqual(['connect', 'logout', 'disconnect LOGON_REFUSED'])
    // As any other refusal: after `reconnectInterval`.
    expect(s.core.state).toBe('DisconnectedWConnToday')
  })

  it('takes the highest number that can be', () => {
    const expected = 10 + MAX_LOST
    const s = initiator().receive(`35=5|34=5|58=MsgSeqNum too low, expecting ${expected} but received 10`)
    expect(s.core.nextNumOut).toBe(expected)
  })

  it.each([false, true])(
    'does not run after a counterparty that wants more each time (refreshOnLogon: %s)',
    (refreshOnLogon) => {
      const s = initiator({ refreshOnLogon })
      const numbersRead = () => s.do((core, now) => core.numbersRead(core.nextNumIn, core.nextNumOut, true, now, 0, 10))
      numbersRead()
      for (let expected = 15; expected < 40; expected++) {
        s.receive(
          `35=5|34=${s.core.nextNumIn}|58=MsgSeqNum too low, expecting ${expected} but received ${expected - 1}`
        )
        if (s.core.state !== 'InitiateConnection') s.pass(60)
        s.do((core, now) => core.connected(now))
        numbersRead()
      }
      // The first time without a pause; then as often as with any acceptor that refuses.
      expect(s.now.mono).toBeGreaterThan(20 * 5_000)
    }
  )

  it('does not take what a later session says for it', () => {
    const s = initiator().receive(
      '35=A|34=5|98=0|108=30',
      '35=5|34=6|58=MsgSeqNum too low, expecting 15 but received 10'
    )
    expect(s.core.nextNumOut).toBeLessThan(15)
    expect(s.closed?.code).toBe('PEER_LOGOUT')
    expect(s.closed?.text).toContain('does not say that it lost anything')
  })

  it('does not give way where an operator has set the number', () => {
    const s = new CoreSession({ role: 'initiator', ...lost })
    s.do((core, now) => core.setSeqNums(undefined, 12, now)).link()
    s.receive('35=5|34=5|58=MsgSeqNum too low, expecting 15 but received 12')
    expect(s.core.nextNumOut).toBe(13)
  })
})

describe('NextExpectedMsgSeqNum(789)', () => {
  it('tells an acceptor at once, whether it sends it itself or not', () => {
    for (const sendNextExpectedMsgSeqNum of [false, true]) {
      const s = new CoreSession({ ...lost, sendNextExpectedMsgSeqNum }).link().receive('35=A|34=5|98=0|108=30|789=15')
      const own = sendNextExpectedMsgSeqNum ? '|789=6' : ''
      expect(s.sent()).toEqual([`35=A|34=15|98=0|108=30${own}`])
      expect(s.events).toEqual(['connect', 'reconcile NOT_IN_JOURNAL 10-14', 'logon'])
    }
  })

  it('tells an initiator whose Logon was taken all the same', () => {
    const s = initiator({ sendNextExpectedMsgSeqNum: true }).receive('35=A|34=5|98=0|108=30|789=15')
    expect([s.core.state, s.core.nextNumOut]).toEqual(['Active', 15])
  })

  it('confirms the number of an acceptor that has lost nothing', () => {
    const s = new CoreSession(lost).link().receive('35=A|34=5|98=0|108=30|789=10')
    expect(s.sent()).toEqual(['35=A|34=10|98=0|108=30'])
    expect(s.core.state).toBe('Active')
  })

  it('is refused as ever where nothing can be lost, or not so much', () => {
    for (const [lostFrom, next] of [
      [undefined, 15],
      [10, 10 + MAX_LOST + 1]
    ] as const) {
      const s = new CoreSession({
        nextNumIn: 5,
        nextNumOut: 10,
        lostFrom: lostFrom ?? 0,
        sendNextExpectedMsgSeqNum: true
      })
      if (lostFrom === undefined) s.core.lostTail = undefined
      s.link().receive(`35=A|34=5|98=0|108=30|789=${next}`)
      expect(s.sent()).toEqual([
        `35=5|34=10|58=Tag 789 (NextExpectedMsgSeqNum) is higher than expected. Expected 10, Received ${next}`
      ])
      expect(s.closed?.code).toBe('NEXT_EXPECTED_TOO_HIGH')
      expect(s.closed?.text).toContain('setSeqNums()')
    }
  })

  it('without the option, is of no account where nothing can be lost', () => {
    const s = new CoreSession({ nextNumIn: 5, nextNumOut: 10 }).link().receive('35=A|34=5|98=0|108=30|789=15')
    expect(s.sent()).toEqual(['35=A|34=10|98=0|108=30'])
  })
})

it('a reset of the numbers ends it', () => {
  const s = new CoreSession({ role: 'initiator', ...lost, resetOnLogon: true }).link()
  expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
  s.receive('35=5|34=1|58=MsgSeqNum too low, expecting 15 but received 1')
  expect(s.core.nextNumOut).toBeLessThan(15)
})

it('numbers that are read again are as the journal has them (refreshOnLogon)', () => {
  const s = new CoreSession({ role: 'initiator', ...lost, lostFrom: 3, refreshOnLogon: true }).link()
  s.do((core, now) => core.numbersRead(5, 12, true, now, 0, undefined))
  s.receive('35=5|34=5|58=MsgSeqNum too low, expecting 15 but received 12')
  expect(s.core.nextNumOut).toBe(13)
})
