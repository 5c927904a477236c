import { describe, expect, it } from 'vitest'
import { CoreSession } from '../support/core-session.js'
import { loggedOn, profiles } from '../support/profiles.js'

describe.each(profiles)('pulse, $beginString $role', (profile) => {
  it('sends a Heartbeat when it has said nothing for HeartBtInt (test case 4a)', () => {
    const s = loggedOn(profile).pass(29.9)
    expect(s.sent()).toEqual([])
    s.pass(0.1)
    expect(s.sent()).toEqual(['35=0|34=2'])
  })

  it('counts from the last message it sent, whatever that was', () => {
    const s = loggedOn(profile).pass(20)
    s.send('D', { 11: 'a' })
    s.pass(5).receive('35=1|34=2|112=x')
    s.sent()
    s.pass(29.9)
    expect(s.sent()).toEqual([])
    s.pass(0.1)
    expect(s.sent()).toEqual(['35=0|34=4'])
  })

  it('takes a resend for something said', () => {
    const s = loggedOn(profile).pass(20).receive('35=2|34=2|7=1|16=0')
    s.sent()
    s.pass(29.9)
    expect(s.sent()).toEqual([])
    s.pass(0.1)
    expect(s.sent()).toEqual(['35=0|34=2'])
  })

  it('sends one Heartbeat an interval while the counterparty lives', () => {
    const s = loggedOn(profile)
    for (let msgSeqNum = 2; msgSeqNum < 6; msgSeqNum++) s.pass(30).receive(`35=0|34=${msgSeqNum}`)
    expect(s.sent()).toEqual(['35=0|34=2', '35=0|34=3', '35=0|34=4', '35=0|34=5'])
  })

  it('tests a counterparty that is silent, and ends the link when nothing comes (test case 6)', () => {
    const s = loggedOn(profile).pass(36)
    expect(s.sent()).toEqual(['35=0|34=2', '35=1|34=3|112=TEST'])
    expect(s.states).toEqual(['NoMsgInInterval', 'AwaitProcTestReq'])
    s.pass(35.9)
    expect(s.sent()).toEqual([])
    expect(s.closed).toBeUndefined()
    s.pass(0.1)
    expect(s.sent()).toEqual([])
    expect(s.closed).toMatchObject({ code: 'HEARTBEAT_TIMEOUT', abrupt: true })
    expect(s.closed?.text).toContain('72 seconds')
    expect(s.states).toContain('DisconnectedBrokenConn')
  })

  it.each(['35=0|34=2|112=TEST', '35=0|34=2', '35=D|34=2|11=a', '35=D|34=9|11=late', '35=0|34=1|43=Y'])(
    'takes %s for life',
    (text) => {
      const s = loggedOn(profile).pass(36).receive(text)
      expect(s.states.slice(0, 2)).toEqual(['NoMsgInInterval', 'AwaitProcTestReq'])
      expect(s.core.pulse.pendingTestReqId).toBeUndefined()
      s.sent()
      s.pass(35.9)
      expect(s.closed).toBeUndefined()
      expect(s.sent()).toEqual([expect.stringMatching(/^35=0\|34=\d$/)])
    }
  )

  it('does not take garbage for life', () => {
    const s = loggedOn(profile).pass(71).receive('8=FIX.4.4|9=5|35=0|34=2|10=000|').pass(1)
    expect(s.closed?.code).toBe('HEARTBEAT_TIMEOUT')
  })

  it('goes by the interval that was agreed', () => {
    const s = new CoreSession(profile).logOn('35=A|34=1|98=0|108=6').pass(6)
    expect(s.sent()).toEqual(['35=0|34=2'])
  })

  it('goes by the multipliers', () => {
    const s = loggedOn(profile, { testRequestDelayMultiplier: 0.5, heartBeatTimeoutMultiplier: 1 }).pass(45)
    expect(s.sent().at(-1)).toBe('35=1|34=3|112=TEST')
    s.pass(14.9)
    expect(s.closed).toBeUndefined()
    s.pass(0.1)
    expect(s.closed?.code).toBe('HEARTBEAT_TIMEOUT')
  })

  it('says nothing and tests nothing with HeartBtInt 0', () => {
    const s = new CoreSession(profile).logOn('35=A|34=1|98=0|108=0').pass(10_000)
    expect(s.sent()).toEqual([])
    expect(s.core.phase.name).toBe('loggedOn')
  })

  it('beats but does not test with disableHeartBeatCheck', () => {
    const s = loggedOn(profile, { disableHeartBeatCheck: true }).pass(300)
    expect(s.sent()).toHaveLength(10)
    expect(s.closed).toBeUndefined()
  })

  it('says goodbye to the silent where that is wanted', () => {
    const s = loggedOn(profile, { sendLogoutBeforeDisconnectFromTimeout: true }).pass(36)
    s.sent()
    s.pass(36)
    expect(s.sent()).toEqual(['35=5|34=4'])
    expect(s.closed).toMatchObject({ code: 'HEARTBEAT_TIMEOUT', abrupt: false })
    expect(s.states).toContain('DisconnectedBrokenConn')
  })

  it('gives every TestRequest an id of its own unless one is configured', () => {
    const s = loggedOn(profile, { testReqId: undefined }).pass(36)
    const first = s.sent().at(-1)
    s.receive('35=0|34=2').pass(36)
    const second = s.sent().at(-1)
    expect(first).toMatch(/^35=1\|34=3\|112=.+/)
    expect(second?.split('112=')[1]).not.toBe(first?.split('112=')[1])
  })

  it('catches up once when time jumps', () => {
    const s = loggedOn(profile)
    s.now = { wall: s.now.wall + 50_000, mono: 50_000 }
    s.do((core, now) => core.time(now)).do((core, now) => core.time(now))
    expect(s.sent()).toEqual(['35=1|34=2|112=TEST'])
  })

  it('beats while it waits for the answer to its Logout', () => {
    const s = loggedOn(profile, { logoutTimeout: 100 }).do((core, now) => core.logout(undefined, now))
    s.pass(36)
    expect(s.sent()).toEqual(['35=5|34=2', '35=0|34=3', '35=1|34=4|112=TEST'])
    expect(s.core.state).toBe('InitiateLogout')
  })

  it('has nothing to do before the logon', () => {
    const s = loggedOn(profile, { logonTimeout: 1000 }).cut()
    if (profile.role === 'initiator') s.pass(5)
    s.do((core, now) => core.connected(now))
    s.sent()
    s.pass(500)
    expect(s.sent()).toEqual([])
  })
})

describe.each(profiles)("the application's TestRequest, $beginString $role", (profile) => {
  const asking = () => {
    const s = loggedOn(profile, { testReqId: undefined }).do((core, now) => core.testRequest(now))
    const id = s.sent()[0]?.split('112=')[1] ?? ''
    return { s, id }
  }

  it('is answered by its own Heartbeat alone', () => {
    const { s, id } = asking()
    expect(s.core.state).toBe('AwaitProcTestReq')
    s.receive('35=D|34=2|11=a', '35=0|34=3', '35=0|34=4|112=other')
    expect(s.core.state).toBe('AwaitProcTestReq')
    s.receive(`35=0|34=5|112=${id}`)
    expect(s.core.state).toBe('Active')
  })

  it('passes through no silence, for there is none', () => {
    expect(asking().s.states).toEqual(['AwaitProcTestReq'])
  })

  it('is alone', () => {
    const { s, id } = asking()
    expect(() => s.do((core, now) => core.testRequest(now))).toThrow(/not been answered/)
    s.receive(`35=0|34=2|112=${id}`).do((core, now) => core.testRequest(now))
    expect(s.sent()).toHaveLength(1)
  })

  it('does not keep us from beating, or from testing a silence', () => {
    const { s } = asking()
    s.pass(20).receive('35=D|34=2|11=a').pass(10)
    expect(s.sent()).toEqual(['35=0|34=3'])
    s.pass(26)
    expect(s.sent()).toEqual([expect.stringMatching(/^35=1\|34=4\|112=/)])
    s.pass(36)
    expect(s.closed?.code).toBe('HEARTBEAT_TIMEOUT')
  })
})
