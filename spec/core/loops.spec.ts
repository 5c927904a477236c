import { describe, expect, it } from 'vitest'
import { MAX_EQUAL_REQUESTS, MAX_FRUITLESS, MAX_RESETS, SLOW_REDIAL } from '../../lib/core/loops.js'
import { CoreSession } from '../support/core-session.js'
import { loggedOn, profiles } from '../support/profiles.js'

describe.each(profiles)('loops, $beginString $role', (profile) => {
  it('answers only so many equal ResendRequests', () => {
    const s = loggedOn(profile)
    s.send('D', { 11: 'a' })
    s.sent()
    for (let request = 0; request < MAX_EQUAL_REQUESTS; request++) s.receive(`35=2|34=${request + 2}|7=2|16=0`)
    expect(s.sent()).toHaveLength(MAX_EQUAL_REQUESTS)
    expect(s.closed).toBeUndefined()
    s.receive(`35=2|34=${MAX_EQUAL_REQUESTS + 2}|7=2|16=0`)
    expect(s.sent()).toEqual(['35=5|34=3|58=A ResendRequest(2) from 2 on came more than 20 times'])
    expect(s.events).toEqual(['fault RESEND_LOOP', 'disconnect RESEND_LOOP'])
  })

  it('answers as many as there are messages behind the missing one, within reason', () => {
    const s = loggedOn(profile)
    for (let sent = 0; sent < 50; sent++) s.send('D', { 11: 'a' })
    for (let request = 0; request < 50; request++) s.receive(`35=2|34=${request + 2}|7=2|16=0`)
    expect(s.closed).toBeUndefined()
    s.receive('35=2|34=52|7=2|16=0')
    expect(s.closed?.code).toBe('RESEND_LOOP')
    const busy = loggedOn(profile, { nextNumOut: 100_000 })
    for (let request = 0; request < 10 * MAX_EQUAL_REQUESTS; request++) busy.receive(`35=2|34=${request + 2}|7=2|16=0`)
    expect(busy.closed).toBeUndefined()
    busy.receive('35=2|34=202|7=2|16=0')
    expect(busy.closed?.code).toBe('RESEND_LOOP')
  })

  it('takes requests that differ in their end only for the same', () => {
    const s = loggedOn(profile)
    for (let request = 0; request < MAX_EQUAL_REQUESTS; request++) {
      s.send('D', { 11: 'a' })
      s.receive(`35=2|34=${request + 2}|7=2|16=${request + 2}`)
    }
    expect(s.closed).toBeUndefined()
    s.receive(`35=2|34=${MAX_EQUAL_REQUESTS + 2}|7=2|16=0`)
    expect(s.closed?.code).toBe('RESEND_LOOP')
  })

  it('rejects no Reject, which the counterparty could reject again', () => {
    const fault = { sessionRejectReason: 0, text: 'at fault' }
    const s = loggedOn(profile, { parts: { validate: ({ msgType }) => (msgType === 'A' ? undefined : fault) } })
    s.receive('35=3|34=2|45=1|58=no', '35=0|34=3')
    expect(s.sent()).toEqual(['35=3|34=2|45=3|58=at fault|372=0|373=0'])
    expect(s.events).toEqual(['reject'])
    expect(s.core.nextNumIn).toBe(4)
  })

  it('does not refuse a BusinessMessageReject, which the counterparty could refuse again', () => {
    const s = loggedOn(profile, { onListenerError: 'reject' })
    s.listener = () => ({ failed: 'oops' })
    s.receive('35=j|34=2|45=1|372=D|380=3', '35=D|34=3|11=a')
    expect(s.sent()).toHaveLength(1)
    expect(s.core.nextNumIn).toBe(4)
  })

  it('minds neither requests that differ nor one a minute', () => {
    const s = loggedOn(profile, { heartBtInt: 0, disableHeartBeatCheck: true })
    s.send('D', { 11: 'a' })
    for (let request = 0; request < 100; request++) s.receive(`35=2|34=${request + 2}|7=${1 + (request % 2)}|16=0`)
    expect(s.closed).toBeUndefined()
    for (let request = 100; request < 200; request++) s.pass(60).receive(`35=2|34=${request + 2}|7=2|16=0`)
    expect(s.closed).toBeUndefined()
    expect(s.core.nextNumIn).toBe(202)
  })

  it('lets the counterparty reset only so often', () => {
    const s = loggedOn(profile)
    for (let reset = 0; reset < MAX_RESETS; reset++) s.receive('35=A|34=1|98=0|108=30|141=Y')
    expect(s.sent()).toHaveLength(MAX_RESETS)
    s.receive('35=A|34=1|98=0|108=30|141=Y')
    expect(s.sent()).toEqual(['35=5|34=2|58=The numbers were reset more than 10 times'])
    expect(s.events).toEqual(['fault RESET_LOOP', 'disconnect RESET_LOOP'])
  })

  it('lets the counterparty reset once a minute for ever', () => {
    const s = loggedOn(profile, { disableHeartBeatCheck: true })
    for (let reset = 0; reset < 100; reset++) s.pass(60).receive('35=A|34=1|98=0|108=30|141=Y')
    expect(s.closed).toBeUndefined()
  })

  it('counts requests anew on the next connection', () => {
    const s = loggedOn(profile)
    for (let request = 0; request < MAX_EQUAL_REQUESTS; request++) s.receive(`35=2|34=${request + 2}|7=1|16=1`)
    s.cut()
    if (profile.role === 'initiator') s.pass(5)
    s.do((core, now) => core.connected(now)).receive('35=A|34=22|98=0|108=30', '35=2|34=23|7=1|16=1')
    expect(s.core.state).toBe('Active')
  })

  it('counts resets anew on the next connection', () => {
    const s = loggedOn(profile)
    for (let reset = 0; reset < MAX_RESETS; reset++) s.receive('35=A|34=1|98=0|108=30|141=Y')
    s.cut()
    if (profile.role === 'initiator') s.pass(5)
    s.do((core, now) => core.connected(now)).receive('35=A|34=2|98=0|108=30', '35=A|34=1|98=0|108=30|141=Y')
    expect(s.core.state).toBe('Active')
  })
})

describe('an initiator whose logons lead to nothing', () => {
  const dials = (s: CoreSession) => s.asked.filter(({ kind }) => kind === 'dial').length

  /** Connects again and again until `ends` has ended the link so many times. */
  function loop(times: number, ends: (s: CoreSession, round: number) => void): CoreSession {
    const s = new CoreSession({ role: 'initiator', reconnectInterval: 1 }).do((core, now) => core.connect(now))
    for (let round = 0; round < times; round++) {
      s.do((core, now) => core.connected(now))
      ends(s, round)
      s.pass(1)
    }
    return s
  }

  it.each([
    ['is refused', (s: CoreSession, round: number) => s.receive(`35=5|34=${round + 1}|58=no`)],
    [
      'is logged out at once',
      (s: CoreSession, round: number) => s.receive(`35=A|34=${2 * round + 1}|98=0|108=30`, `35=5|34=${2 * round + 2}`)
    ],
    ['is cut off', (s: CoreSession) => s.cut()]
  ])('dials slowly and says so when it %s again and again', (_, ends) => {
    const s = loop(MAX_FRUITLESS, ends)
    expect(s.events.filter((event) => event.startsWith('fault'))).toEqual(['fault LOGON_LOOP'])
    expect(dials(s)).toBe(MAX_FRUITLESS)
    s.pass(SLOW_REDIAL - 2)
    expect(dials(s)).toBe(MAX_FRUITLESS)
    s.pass(1)
    expect(dials(s)).toBe(MAX_FRUITLESS + 1)
    s.do((core, now) => core.connected(now))
    ends(s, MAX_FRUITLESS)
    s.pass(SLOW_REDIAL)
    expect(dials(s)).toBe(MAX_FRUITLESS + 2)
    expect(s.events.filter((event) => event.startsWith('fault'))).toHaveLength(1)
  })

  it('dials as before when messages came or went in between', () => {
    const s = loop(3 * MAX_FRUITLESS, (session, round) => {
      if (round % MAX_FRUITLESS !== 3) session.cut()
      else session.receive(`35=A|34=${session.core.nextNumIn}|98=0|108=30`).send('D', { 11: 'a' }) && session.cut()
    })
    expect(s.events.filter((event) => event.startsWith('fault'))).toEqual([])
    expect(dials(s)).toBe(3 * MAX_FRUITLESS + 1)
  })

  it('takes an idle session of a minute for a good one', () => {
    const s = loop(3 * MAX_FRUITLESS, (session) => {
      session.receive(`35=A|34=${session.core.nextNumIn}|98=0|108=60`).pass(60).cut()
    })
    expect(s.events.filter((event) => event.startsWith('fault'))).toEqual([])
  })

  it('does not count hosts that cannot be reached', () => {
    const s = new CoreSession({ role: 'initiator', reconnectInterval: 1 }).do((core, now) => core.connect(now))
    for (let round = 0; round < 100; round++)
      s.do((core, now) => core.dialFailed({ code: 'X', text: 'x' }, now)).pass(1)
    expect(dials(s)).toBe(101)
  })
})

describe('an acceptor', () => {
  it('tells of a counterparty that comes again and again and gets nowhere', () => {
    const s = new CoreSession({ nextNumIn: 9 }).do((core, now) => core.connect(now))
    for (let round = 1; round <= 2 * MAX_FRUITLESS; round++) {
      s.do((core, now) => core.connected(now)).receive('35=A|34=1|98=0|108=30')
      const faults = s.events.filter((event) => event.startsWith('fault'))
      expect(faults).toEqual(round < MAX_FRUITLESS ? [] : ['fault LOGON_LOOP'])
    }
  })

  it('tells nothing of strangers', () => {
    const s = new CoreSession().do((core, now) => core.connect(now))
    for (let round = 0; round < 2 * MAX_FRUITLESS; round++) {
      s.do((core, now) => core.connected(now)).receive('35=A|34=1|49=STRANGER|98=0|108=30')
    }
    expect(s.events.filter((event) => event.startsWith('fault'))).toEqual([])
  })

  it('lets a counterparty come and go as often as it likes', () => {
    const s = new CoreSession({ resetOnLogon: true }).do((core, now) => core.connect(now))
    for (let round = 0; round < 100; round++) {
      s.do((core, now) => core.connected(now)).receive('35=A|34=1|98=0|108=30', '35=5|34=2')
    }
    expect(s.events.filter((event) => event === 'logon')).toHaveLength(100)
    expect(s.events.filter((event) => event.startsWith('fault'))).toEqual([])
  })
})
