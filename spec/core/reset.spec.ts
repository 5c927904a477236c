import { describe, expect, it } from 'vitest'
import { CoreSession } from '../support/core-session.js'
import { loggedOn, profiles } from '../support/profiles.js'

const logon = '98=0|108=30|141=Y'

describe.each(profiles)('a reset that the counterparty asks for in session, $beginString $role', (profile) => {
  it('begins anew and answers (SessionReset)', () => {
    const s = loggedOn(profile).receive('35=0|34=2', '35=1|34=3|112=x', `35=A|34=1|${logon}`)
    expect(s.sent()).toEqual(['35=0|34=2|112=x', `35=A|34=1|${logon}`])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
    expect(s.received).toEqual([1])
    expect([...s.stored.keys()]).toEqual([1])
    s.receive('35=1|34=2|112=y')
    expect(s.sent()).toEqual(['35=0|34=2|112=y'])
  })

  it('takes the HeartBtInt along', () => {
    const s = loggedOn(profile).receive('35=A|34=1|98=0|108=7|141=Y')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=7|141=Y'])
    expect(s.core.heartBtInt).toBe(7)
  })

  it('asks for what it claims to have sent since', () => {
    const s = loggedOn(profile).receive(`35=A|34=4|${logon}`)
    expect(s.sent()).toEqual([`35=A|34=1|${logon}`, '35=2|34=2|7=1|16=0'])
  })

  it('forgets the gap and what is held', () => {
    const s = loggedOn(profile).receive('35=D|34=9|11=z', `35=A|34=1|${logon}`)
    expect(s.core.gap.size).toBe(0)
    expect(s.core.state).toBe('Active')
    s.receive('35=D|34=2|11=a')
    expect(s.delivered).toEqual([2])
  })

  it('ends a resend of old numbers, and says what will not be sent any more', () => {
    const s = loggedOn(profile).withhold('decideReplay')
    s.send('D', { 11: 'a' })
    s.receive('35=2|34=2|7=2|16=0')
    s.send('D', { 11: 'b' })
    s.sent()
    s.receive(`35=A|34=1|${logon}`).answer('decideReplay')
    expect(s.sent()).toEqual([`35=A|34=1|${logon}`])
    expect(s.events).toEqual(['fault MESSAGES_DISCARDED'])
    expect(s.core.state).toBe('Active')
    expect(s.send('D', { 11: 'c' })).toBe(2)
    expect(s.sent()).toEqual(['35=D|34=2|11=c'])
  })
})

describe.each(profiles)('a reset that we ask for in session, $beginString $role', (profile) => {
  const asking = () => {
    const s = loggedOn(profile)
    s.receive('35=0|34=2')
    s.send('D', { 11: 'a' })
    s.sent()
    return s.do((core, now) => core.resetSeqNums(now))
  }

  it('begins anew with the answer', () => {
    const s = asking()
    expect(s.sent()).toEqual([`35=A|34=1|${logon}`])
    s.receive(`35=A|34=1|${logon}`)
    expect(s.sent()).toEqual([])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
    s.receive('35=D|34=2|11=x')
    expect(s.delivered).toEqual([2])
  })

  it('does not mind an answer without the flag', () => {
    const s = asking().receive('35=A|34=1|98=0|108=30', '35=D|34=2|11=x')
    expect(s.core.nextNumIn).toBe(3)
    expect(s.delivered).toEqual([2])
  })

  it('sends new numbers at once', () => {
    const s = asking()
    s.send('D', { 11: 'b' })
    expect(s.sent()).toEqual([`35=A|34=1|${logon}`, '35=D|34=2|11=b'])
  })

  it('delivers what was under way, in its order, and counts it not', () => {
    const s = asking()
    s.sent()
    s.receive('35=D|34=3|11=x', '35=0|34=4', '35=1|34=5|112=y', '35=3|34=6|45=2', '35=8|34=7|37=z')
    expect(s.delivered).toEqual([3, 7])
    expect(s.events).toEqual(['reject'])
    expect(s.sent()).toEqual(['35=0|34=2|112=y'])
    expect(s.received).toEqual([])
    expect(s.core.nextNumIn).toBe(1)
    s.receive(`35=A|34=1|${logon}`, '35=D|34=2|11=new')
    expect(s.delivered).toEqual([3, 7, 2])
    expect(s.received).toEqual([1, 2])
  })

  it('follows a GapFill of old numbers, and answers no request for them', () => {
    const s = asking()
    s.sent()
    s.receive('35=4|34=3|36=6|123=Y', '35=D|34=6|11=x', '35=2|34=7|7=2|16=0', '35=D|34=8|11=y')
    expect(s.delivered).toEqual([6, 8])
    expect(s.sent()).toEqual([])
  })

  it('ignores what is out of order among them', () => {
    const s = asking().receive('35=D|34=9|11=x', '35=D|34=1|11=y')
    expect(s.delivered).toEqual([])
    expect(s.closed).toBeUndefined()
  })

  it('is not asked for twice', () => {
    expect(() => asking().do((core, now) => core.resetSeqNums(now))).toThrow(/waits for the answer to a reset/)
  })

  it('agrees with a counterparty that asks at the same time', () => {
    const s = asking()
    s.sent()
    s.receive(`35=A|34=1|${logon}`)
    expect(s.sent()).toEqual([])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
  })

  it('ends the link when there is no answer', () => {
    const s = asking().pass(9.9)
    expect(s.closed).toBeUndefined()
    s.pass(0.1)
    expect(s.closed?.code).toBe('RESET_TIMEOUT')
  })

  it('is refused by a Logout', () => {
    const s = asking().receive('35=5|34=3|58=no')
    expect(s.sent()).toEqual([`35=A|34=1|${logon}`, '35=5|34=2'])
    expect(s.closed?.code).toBe('PEER_LOGOUT')
  })

  it('leaves a message that is being delivered uncounted', () => {
    const s = loggedOn(profile)
    s.listener = () => {
      if (s.delivered.length === 1) s.do((core, now) => core.resetSeqNums(now))
      return undefined
    }
    s.receive('35=D|34=2|11=a', '35=D|34=3|11=b', `35=A|34=1|${logon}`, '35=D|34=2|11=c')
    expect(s.delivered).toEqual([2, 3, 2])
    expect(s.received).toEqual([1, 2])
    expect(s.core.nextNumIn).toBe(3)
  })
})

describe.each(['FIX.4.2', 'FIX.4.4'])('a reset whose answer was cut off, %s', (beginString) => {
  it('is asked for again by the Logon of an initiator', () => {
    const s = loggedOn({ role: 'initiator' }, { beginString })
    s.receive('35=0|34=2')
      .do((core, now) => core.resetSeqNums(now))
      .cut()
      .pass(5)
    s.sent()
    s.do((core, now) => core.connected(now))
    expect(s.sent()).toEqual([`35=A|34=1|${logon}`])
    s.receive(`35=A|34=1|${logon}`)
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
    s.cut().pass(5)
    s.do((core, now) => core.connected(now))
    expect(s.sent()).toEqual(['35=A|34=2|98=0|108=30'])
  })

  it('is asked for again by the answer of an acceptor', () => {
    const s = loggedOn({ role: 'acceptor' }, { beginString })
    s.receive('35=0|34=2')
      .do((core, now) => core.resetSeqNums(now))
      .cut()
    s.sent()
    s.do((core, now) => core.connected(now)).receive('35=A|34=4|98=0|108=30')
    expect(s.sent()).toEqual([`35=A|34=1|${logon}`])
    expect(s.events.at(-1)).toBe('logon')
    s.receive('35=D|34=5|11=under way', `35=A|34=1|${logon}`, '35=D|34=2|11=new')
    expect(s.sent()).toEqual([])
    expect(s.delivered).toEqual([5, 2])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([3, 2])
  })

  it('is done when the counterparty asks for it itself', () => {
    const s = loggedOn({ role: 'acceptor' }, { beginString })
    s.do((core, now) => core.resetSeqNums(now)).cut()
    s.sent()
    s.do((core, now) => core.connected(now)).receive(`35=A|34=1|${logon}`)
    expect(s.sent()).toEqual([`35=A|34=1|${logon}`])
    s.cut()
      .do((core, now) => core.connected(now))
      .receive('35=A|34=2|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=2|98=0|108=30'])
  })
})

describe('reset, FIXT.1.1', () => {
  it('that was cut off is asked for again in the version of the Logon that came', () => {
    const s = new CoreSession({ role: 'acceptor', beginString: 'FIXT.1.1' }).logOn('35=A|34=1|98=0|108=30|1137=9')
    s.do((core, now) => core.resetSeqNums(now)).cut()
    s.sent()
    s.do((core, now) => core.connected(now)).receive('35=A|34=2|98=0|108=30|1137=8')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y|1137=8'])
  })
})

describe('reset, FIX.4.0', () => {
  it('has no flag to ask with', () => {
    const s = loggedOn({}, { beginString: 'FIX.4.0' })
    expect(() => s.do((core, now) => core.resetSeqNums(now))).toThrow(/log off first/)
  })
})
