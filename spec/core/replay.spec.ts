import { describe, expect, it } from 'vitest'
import { MAX_WAITING_REQUESTS, NEW_A_PAGE } from '../../lib/core/replay.js'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'
import { loggedOn, type Profile, profiles } from '../support/profiles.js'

/** Logon 1, orders 2 and 3, Heartbeat 4, order 5 have been sent; message 3 is expected. */
function busy(profile: Partial<Profile>, options: CoreSessionOptions = {}): CoreSession {
  const s = loggedOn(profile, options)
  s.send('D', { 11: 'a' })
  s.send('D', { 11: 'b' })
  s.receive('35=1|34=2|112=x')
  s.send('D', { 11: 'c' })
  s.sent()
  s.states.length = 0
  return s
}

const possDup = '43=Y|122=*'

describe.each(profiles)('replay, $beginString $role', (profile) => {
  it('resends application messages and fills the rest (test case 8)', () => {
    const s = busy(profile).receive('35=2|34=3|7=1|16=0')
    expect(s.sent()).toEqual([
      `35=4|34=1|${possDup}|36=2|123=Y`,
      `35=D|34=2|${possDup}|11=a`,
      `35=D|34=3|${possDup}|11=b`,
      `35=4|34=4|${possDup}|36=5|123=Y`,
      `35=D|34=5|${possDup}|11=c`
    ])
    expect(s.states).toEqual(['ResendReqHandling', 'Active'])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([4, 6])
  })

  it('says when the message was first sent', () => {
    const s = busy(profile).pass(20).receive('35=2|34=3|7=2|16=2')
    const [text] = s.sentWhole()
    expect(text).toContain('|52=20260105-09:00:20.000|56=THEM|122=20260105-09:00:00.000|11=a|')
  })

  it('ends where it was asked to end', () => {
    const s = busy(profile).receive('35=2|34=3|7=2|16=3')
    expect(s.sent()).toEqual([`35=D|34=2|${possDup}|11=a`, `35=D|34=3|${possDup}|11=b`])
    s.receive('35=2|34=4|7=3|16=4')
    expect(s.sent()).toEqual([`35=D|34=3|${possDup}|11=b`, `35=4|34=4|${possDup}|36=5|123=Y`])
  })

  it('takes an end beyond the last number, and 999999, for the last', () => {
    const s = busy(profile).receive('35=2|34=3|7=5|16=77', '35=2|34=4|7=5|16=999999')
    expect(s.sent()).toEqual([`35=D|34=5|${possDup}|11=c`, `35=D|34=5|${possDup}|11=c`])
  })

  it('takes a beginning of 0 for 1', () => {
    const s = busy(profile).receive('35=2|34=3|7=0|16=1')
    expect(s.sent()).toEqual([`35=4|34=1|${possDup}|36=2|123=Y`])
  })

  it.each([
    ['begins beyond the last number', '7=6|16=0', 7],
    ['begins far beyond it, with an end', '7=100|16=200', 7],
    ['ends before it begins', '7=4|16=2', 16]
  ])('rejects a request that %s', (_, range, tag) => {
    const s = busy(profile).receive(`35=2|34=3|${range}`)
    expect(s.sent()).toEqual([
      `35=3|34=6|45=3|58=Value is incorrect (out of range) for this tag|371=${tag}|372=2|373=5`
    ])
    expect(s.core.nextNumIn).toBe(4)
  })

  it.each([
    ['16=0', 'Required tag missing|371=7|372=2|373=1'],
    ['7=1', 'Required tag missing|371=16|372=2|373=1'],
    ['7=one|16=0', 'Incorrect data format for value|371=7|372=2|373=6'],
    ['7=1|16=-1', 'Incorrect data format for value|371=16|372=2|373=6']
  ])('rejects a request with %s', (range, reject) => {
    const s = busy(profile).receive(`35=2|34=3|${range}`)
    expect(s.sent()).toEqual([`35=3|34=6|45=3|58=${reject}`])
  })

  it('honours a request whatever its own number, and counts it only in turn', () => {
    const s = busy(profile).receive('35=2|34=1|7=5|16=5')
    expect(s.sent()).toEqual([`35=D|34=5|${possDup}|11=c`])
    expect(s.core.nextNumIn).toBe(3)
  })

  it('fills in for what shouldReplay refuses', () => {
    const s = busy(profile)
    s.shouldReplay = (message) => message.get(11) === 'b'
    s.receive('35=2|34=3|7=1|16=0')
    expect(s.sent()).toEqual([
      `35=4|34=1|${possDup}|36=3|123=Y`,
      `35=D|34=3|${possDup}|11=b`,
      `35=4|34=4|${possDup}|36=6|123=Y`
    ])
  })

  it('fills in for everything when nothing is kept', () => {
    const s = busy(profile)
    s.stored.clear()
    s.receive('35=2|34=3|7=2|16=0')
    expect(s.sent()).toEqual([`35=4|34=2|${possDup}|36=6|123=Y`])
  })

  it('fills in for numbers that the journal lacks', () => {
    const s = busy(profile)
    s.stored.delete(2)
    s.stored.delete(5)
    s.receive('35=2|34=3|7=2|16=0')
    expect(s.sent()).toEqual([
      `35=4|34=2|${possDup}|36=3|123=Y`,
      `35=D|34=3|${possDup}|11=b`,
      `35=4|34=4|${possDup}|36=6|123=Y`
    ])
  })

  it('reads the journal page by page, and coalesces GapFills over the pages', () => {
    const s = busy(profile)
    s.pageSize = 1
    s.shouldReplay = (message) => message.get(11) === 'c'
    s.receive('35=2|34=3|7=1|16=0')
    expect(s.sent()).toEqual([`35=4|34=1|${possDup}|36=5|123=Y`, `35=D|34=5|${possDup}|11=c`])
    expect(s.kinds.filter((kind) => kind === 'readJournal')).toHaveLength(5)
  })

  it('goes on behind a page that cannot be made sense of', () => {
    const s = busy(profile).withhold('readJournal').receive('35=2|34=3|7=1|16=0')
    s.question('readJournal')
    s.do((core, now) => core.journalRead([], true, now, 3))
    expect(s.question('readJournal')).toMatchObject({ from: 4, to: 5 })
    s.do((core, now) => core.journalRead(s.page(4, 5), false, now))
    expect(s.sent()).toEqual([`35=4|34=1|${possDup}|36=5|123=Y`, `35=D|34=5|${possDup}|11=c`])
  })

  it('does not read for ever in a journal that gives nothing', () => {
    const s = busy(profile).withhold('readJournal').receive('35=2|34=3|7=1|16=0')
    s.question('readJournal')
    s.do((core, now) => core.journalRead([], true, now))
    expect(s.sent()).toEqual([`35=4|34=1|${possDup}|36=6|123=Y`])
  })

  it('takes no answer that it has not asked for', () => {
    const s = busy(profile).withhold('readJournal', 'decideReplay').receive('35=2|34=3|7=1|16=0')
    s.do((core, now) => core.replayDecided([true], now))
    expect(s.sent()).toEqual([])
    s.answer('readJournal')
    s.do((core, now) => core.journalRead([], false, now))
    expect(s.sent()).toEqual([])
    s.answer('decideReplay')
    expect(s.sent()).toHaveLength(5)
    s.do((core, now) => core.replayDecided([true], now))
    expect(s.sent()).toEqual([])
  })

  it('lets new messages wait, saved, until the resend is through', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    expect(s.send('D', { 11: 'new' })).toBe(6)
    expect(s.stored.has(6)).toBe(true)
    expect(s.sent()).toEqual([])
    expect(s.core.state).toBe('ResendReqHandling')
    s.answer('decideReplay')
    expect(s.sent()).toEqual([`35=D|34=5|${possDup}|11=c`, '35=D|34=6|11=new'])
    expect(s.core.state).toBe('Active')
    expect(s.core.replay.backlog).toBe(0)
  })

  it('sends new messages between the pages, in order, and some a page only', () => {
    const s = busy(profile)
    s.pageSize = 1
    s.withhold('readJournal').receive('35=2|34=3|7=2|16=5')
    const count = 2 * NEW_A_PAGE + 5
    for (let order = 0; order < count; order++) s.send('D', { 11: `n${order}` })
    const news: number[] = []
    const old: string[] = []
    for (let page = 0; page < 4; page++) {
      s.answer('readJournal')
      const sent = s.sent()
      for (const text of sent) {
        if (text.includes('43=Y')) old.push(text)
        else news.push(Number(/34=(\d+)/.exec(text)?.[1]))
      }
      if (page < 2) expect(news.length).toBeLessThanOrEqual((2 * page + 1) * NEW_A_PAGE)
    }
    expect(old.map((text) => text.split('|')[1])).toEqual(['34=2', '34=3', '34=4', '34=5'])
    expect(news).toEqual(Array.from({ length: count }, (_, index) => 6 + index))
    expect(s.core.replay.backlog).toBe(0)
  })

  it('sends what came while the counterparty made room before the next page', () => {
    const s = busy(profile)
    s.pageSize = 1
    s.withhold('readJournal').receive('35=2|34=3|7=2|16=3').answer('readJournal')
    expect(s.sent()).toEqual([`35=D|34=2|${possDup}|11=a`])
    s.send('D', { 11: 'new' })
    s.answer('readJournal')
    expect(s.sent()).toEqual(['35=D|34=6|11=new', `35=D|34=3|${possDup}|11=b`])
  })

  it("lets them wait over all pages with newMessagesDuringResend 'after', also after a TestRequest was answered in an earlier resend", () => {
    const s = busy(profile, { newMessagesDuringResend: 'after' })
    s.pageSize = 1
    s.withhold('readJournal').receive('35=2|34=3|7=2|16=3', '35=1|34=4|112=a')
    s.answer('readJournal').answer('readJournal')
    s.sent()
    s.receive('35=2|34=5|7=2|16=3').send('D', { 11: 'new' })
    s.answer('readJournal')
    expect(s.sent()).toEqual([`35=D|34=2|${possDup}|11=a`])
    s.answer('readJournal')
    expect(s.sent()).toEqual([`35=D|34=3|${possDup}|11=b`, '35=D|34=7|11=new'])
  })

  it('answers a TestRequest behind those that wait: numbers do not overtake each other', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    s.send('D', { 11: 'new' })
    s.receive('35=1|34=4|112=alive?').answer('decideReplay')
    expect(s.sent()).toEqual([`35=D|34=5|${possDup}|11=c`, '35=D|34=6|11=new', '35=0|34=7|112=alive?'])
  })

  it('answers a TestRequest no later than at the end of a page', () => {
    const s = busy(profile)
    s.pageSize = 2
    s.withhold('readJournal').receive('35=2|34=3|7=2|16=0', '35=1|34=4|112=alive?')
    expect(s.sent()).toEqual([])
    s.answer('readJournal')
    expect(s.sent()).toEqual([`35=D|34=2|${possDup}|11=a`, `35=D|34=3|${possDup}|11=b`, '35=0|34=6|112=alive?'])
    s.answer('readJournal')
    expect(s.sent()).toEqual([`35=4|34=4|${possDup}|36=5|123=Y`, `35=D|34=5|${possDup}|11=c`])
  })

  it('shows signs of life while it waits for a decision, with what waits before them', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    s.send('D', { 11: 'new' })
    s.pass(30)
    expect(s.sent()).toEqual(['35=D|34=6|11=new', '35=0|34=7'])
    s.pass(6)
    expect(s.sent()).toEqual(['35=1|34=8|112=TEST'])
  })

  it('says goodbye after what waits', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    s.send('D', { 11: 'new' })
    s.receive('35=5|34=4')
    expect(s.sent()).toEqual(['35=D|34=6|11=new', '35=5|34=7'])
    expect(s.closed?.code).toBe('PEER_LOGOUT')
    s.answer('decideReplay')
    expect(s.sent()).toEqual([])
  })

  it('finishes a resend before its own Logout, but does not wait for it longer than for the answer', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    s.do((core, now) => core.logout(undefined, now))
    expect(s.sent()).toEqual([])
    s.answer('decideReplay')
    expect(s.sent()).toEqual([`35=D|34=5|${possDup}|11=c`, '35=5|34=6'])

    const slow = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    slow.do((core, now) => core.logout(undefined, now)).pass(2)
    expect(slow.sent()).toEqual(['35=5|34=6'])
    expect(slow.closed?.code).toBe('LOGOUT_TIMEOUT')
  })

  it('answers requests one after the other, and sends what waits before the next', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    s.send('D', { 11: 'new' })
    s.receive('35=2|34=4|7=3|16=3')
    s.answer('decideReplay').answer('decideReplay')
    expect(s.sent()).toEqual([`35=D|34=5|${possDup}|11=c`, '35=D|34=6|11=new', `35=D|34=3|${possDup}|11=b`])
  })

  it('does not begin again for who asks again for what is on its way', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=2|16=0')
    s.send('D', { 11: 'new' })
    s.receive('35=2|34=4|7=2|16=0', '35=2|34=5|7=3|16=0', '35=2|34=6|7=3|16=5')
    s.answer('decideReplay')
    expect(s.sent().filter((text) => text.includes('35=D'))).toEqual([
      `35=D|34=2|${possDup}|11=a`,
      `35=D|34=3|${possDup}|11=b`,
      `35=D|34=5|${possDup}|11=c`,
      '35=D|34=6|11=new'
    ])
    expect([s.core.state, s.core.nextNumIn]).toEqual(['Active', 7])
    expect(s.asked.some(({ kind }) => kind === 'decideReplay')).toBe(false)
  })

  it('does not take these for a loop, however many they are', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=2|16=0')
    for (let request = 4; request < 1_000; request++) s.receive(`35=2|34=${request}|7=2|16=0`)
    s.answer('decideReplay')
    expect([s.core.state, s.closed]).toEqual(['Active', undefined])
  })

  it('answers equal requests that come meanwhile once', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=5|16=5')
    s.receive('35=2|34=4|7=2|16=2', '35=2|34=5|7=2|16=2')
    s.answer('decideReplay').answer('decideReplay')
    expect(s.sent()).toEqual([`35=D|34=5|${possDup}|11=c`, `35=D|34=2|${possDup}|11=a`])
    expect(s.core.nextNumIn).toBe(6)
    expect(s.core.state).toBe('Active')
  })

  it('keeps only so many requests waiting', () => {
    const s = loggedOn(profile)
    for (let order = 0; order < 40; order++) s.send('D', { 11: `${order}` })
    s.withhold('decideReplay').sent()
    for (let order = 2; order < 40; order++) s.receive(`35=2|34=${order}|7=${order}|16=${order}`)
    while (s.asked.length > 0 && s.asked.some(({ kind }) => kind === 'decideReplay')) s.answer('decideReplay')
    expect(s.sent()).toHaveLength(1 + MAX_WAITING_REQUESTS)
    expect(s.core.state).toBe('Active')
  })

  it('refuses new messages when too many bytes wait', () => {
    const s = busy(profile, { maxOutboundBuffer: 300 }).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    expect(() => {
      for (;;) s.send('D', { 11: 'new' })
    }).toThrow(/maxOutboundBuffer/)
    const { nextNumOut } = s.core
    s.answer('decideReplay')
    expect(s.sent()).toHaveLength(1 + nextNumOut - 6)
    expect(s.send('D', { 11: 'again' })).toBe(nextNumOut)
  })

  it('does not let a counterparty pile up answers', () => {
    const s = busy(profile, { maxOutboundBuffer: 300 }).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    for (let ask = 4; ask < 20; ask++) s.receive(`35=1|34=${ask}|112=again`)
    expect(s.core.replay.backlog).toBeLessThan(400)
    expect(s.sent().every((text) => text.startsWith('35=0'))).toBe(true)
  })

  it('is forgotten with the connection', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=2|34=3|7=5|16=0')
    s.send('D', { 11: 'new' })
    s.cut().answer('decideReplay')
    expect(s.sent()).toEqual([])
    expect(s.core.replay.active).toBe(false)
    expect(s.core.replay.backlog).toBe(0)
    expect(s.stored.has(6)).toBe(true)
  })

  it('resends while both sides lack messages, each at its own pace', () => {
    const s = busy(profile).withhold('decideReplay').receive('35=D|34=5|11=z', '35=2|34=6|7=2|16=0')
    expect(s.sent()).toEqual(['35=2|34=6|7=3|16=0'])
    s.receive('35=D|34=3|11=x').answer('decideReplay').receive('35=D|34=4|11=y')
    expect(s.sent()).toEqual([
      `35=D|34=2|${possDup}|11=a`,
      `35=D|34=3|${possDup}|11=b`,
      `35=4|34=4|${possDup}|36=5|123=Y`,
      `35=D|34=5|${possDup}|11=c`,
      `35=4|34=6|${possDup}|36=7|123=Y`
    ])
    expect(s.delivered).toEqual([3, 4, 5])
    expect(s.core.nextNumIn).toBe(7)
  })
})

it('fills the gap that NextExpectedMsgSeqNum(789) tells of before any message above it', () => {
  const s = new CoreSession({ role: 'acceptor', nextNumOut: 5, sendNextExpectedMsgSeqNum: true }).withhold(
    'readJournal'
  )
  s.pageSize = 1
  for (const number of [2, 3, 4])
    s.stored.set(number, s.text.bytes(`35=D|34=${number}|11=${number}`, s.now.wall).toString())
  s.link().receive('35=A|34=1|98=0|108=30|789=2')
  s.sent()
  s.send('D', { 11: 'new' })
  for (let page = 0; page < 4; page++) s.answer('readJournal')
  const sent = s.sent()
  expect(sent.findIndex((text) => text.includes('11=new'))).toBe(sent.length - 1)
  expect(sent.length).toBeGreaterThan(2)
})

/**
 * A counterparty that keeps no message that is too high and asks again at each of them, as quickfix-j/quickfixj issue 676 tells of. What
 * both say takes `delay` steps to the other; a step of ours is a page of the resend and one new message.
 */
describe.each([0, 1, 7])('a counterparty that asks again at each message that is too high, %s steps away', (delay) => {
  it('is sent a long resend about once, and has everything in the end', () => {
    const s = loggedOn({})
    const OLD = 200
    const NEW = 100
    for (let order = 0; order < OLD; order++) s.send('D', { 11: `${order}` })
    s.sent()
    s.pageSize = 10
    s.withhold('readJournal')
    const toThem: string[][] = []
    const toUs: string[][] = [['7=1']]
    let expected = 1
    let own = 2
    let resent = 0
    let step = 0
    for (; step < 1_000; step++) {
      if (step < NEW) s.send('D', { 11: `new-${step}` })
      else if (step % 20 === 0) s.receive(`35=1|34=${own++}|112=x`)
      if (step >= delay) for (const begin of toUs.shift() ?? []) s.receive(`35=2|34=${own++}|${begin}|16=0`)
      if (s.asked.some(({ kind }) => kind === 'readJournal')) s.answer('readJournal')
      const sent = s.sent()
      resent += sent.filter((text) => text.includes('43=Y')).length
      toThem.push(sent)
      const asks: string[] = []
      if (step >= delay) {
        for (const text of toThem.shift() ?? []) {
          const number = Number(/34=(\d+)/.exec(text)?.[1])
          const newSeqNo = /\|36=(\d+)/.exec(text)?.[1]
          if (number > expected) asks.push(`7=${expected}`)
          else if (number === expected) expected = newSeqNo === undefined ? number + 1 : Number(newSeqNo)
        }
      }
      toUs.push(asks)
      if (step > NEW && expected === s.core.nextNumOut) break
    }
    expect([s.core.state, s.closed, expected]).toEqual(['Active', undefined, s.core.nextNumOut])
    // All of the old once; of the new ones those that it did not keep, and of what was on its way when it asked again.
    expect(resent).toBeLessThan(4 * (OLD + NEW))
  })
})

describe('replay, the meaning of 999999', () => {
  it.each(['FIX.4.0', 'FIX.4.1', 'FIX.4.2'])('is the last number in %s, whatever it is', (beginString) => {
    const s = loggedOn({}, { beginString, nextNumOut: 1_000_000 })
    s.send('D', { 11: 'a' })
    s.sent()
    s.receive('35=2|34=2|7=1000001|16=999999')
    expect(s.sent()).toEqual([`35=D|34=1000001|${possDup}|11=a`])
  })

  it('is a number like any other since FIX.4.3', () => {
    const s = loggedOn({}, { beginString: 'FIX.4.4', nextNumOut: 1_000_000 })
    s.send('D', { 11: 'a' })
    s.sent()
    s.receive('35=2|34=2|7=1000001|16=999999')
    expect(s.sent()[0]).toContain('|371=16|')
  })
})
