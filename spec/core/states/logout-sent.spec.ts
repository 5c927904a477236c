import { describe, expect, it } from 'vitest'
import type { CoreSession, CoreSessionOptions } from '../../support/core-session.js'
import { loggedOn, type Profile, profiles } from '../../support/profiles.js'

function loggingOut(profile: Profile, options: CoreSessionOptions = {}): CoreSession {
  const s = loggedOn(profile, options).do((core, now) => core.logout(undefined, now))
  s.sent()
  return s
}

describe.each(profiles)('logout sent, $beginString $role', (profile) => {
  it('closes on the answer without another word (test case 13a)', () => {
    const s = loggingOut(profile).receive('35=5|34=2')
    expect(s.sent()).toEqual([])
    expect(s.events).toEqual(['logout', 'disconnect LOGGED_OUT'])
    expect(s.states).toContain('InitiateLogout')
    expect(s.states).not.toContain('ReceivedLogout')
    expect(s.states.slice(1)[0]).toBe('DisconnectedWConnToday')
  })

  it('closes when no answer comes within logoutTimeout (test case 12b)', () => {
    const s = loggingOut(profile).pass(1.9)
    expect(s.closed).toBeUndefined()
    s.pass(0.1)
    expect(s.closed).toMatchObject({ code: 'LOGOUT_TIMEOUT', abrupt: false })
    expect(s.states).toContain('DisconnectedWConnToday')
  })

  it('takes a link that the counterparty ends for an ordinary end', () => {
    const s = loggingOut(profile).cut()
    expect(s.states).toContain('DisconnectedWConnToday')
    expect(s.states).not.toContain('DisconnectedBrokenConn')
  })

  it('receives what was under way, and still answers', () => {
    const s = loggingOut(profile).receive('35=D|34=2|11=a', '35=1|34=3|112=x', '35=2|34=4|7=1|16=0')
    expect(s.delivered).toEqual([2])
    expect(s.sent()).toEqual(['35=0|34=3|112=x', '35=4|34=1|43=Y|122=*|36=4|123=Y'])
    s.receive('35=5|34=5')
    expect(s.core.nextNumIn).toBe(6)
  })

  it('asks for what turns out to be missing', () => {
    const s = loggingOut(profile).receive('35=D|34=4|11=c')
    expect(s.sent()).toEqual(['35=2|34=3|7=2|16=0'])
    expect(s.core.state).toBe('InitiateLogout')
    s.receive('35=D|34=2|11=a', '35=D|34=3|11=b', '35=5|34=5')
    expect(s.delivered).toEqual([2, 3, 4])
  })

  it('refuses to send', () => {
    const s = loggingOut(profile)
    expect(() => s.send('D', { 11: 'a' })).toThrow(/InitiateLogout/)
    expect(() => s.do((core, now) => core.testRequest(now))).toThrow(/InitiateLogout/)
    expect(() => s.do((core, now) => core.resetSeqNums(now))).toThrow(/InitiateLogout/)
  })

  it('logs out once', () => {
    const s = loggingOut(profile).do((core, now) => core.logout('again', now))
    expect(s.sent()).toEqual([])
  })

  it('does not answer a fault with a second Logout', () => {
    const s = loggingOut(profile).receive('35=0|34=2|49=WHO', '35=0|34=3|52=20010101-00:00:00')
    expect(s.sent()).toEqual([
      '35=3|34=3|45=2|58=CompID problem|372=0|373=9',
      '35=3|34=4|45=3|58=SendingTime accuracy problem|372=0|373=10'
    ])
    expect(s.closed).toBeUndefined()
  })

  it('follows a reset that the counterparty asked for before it saw the Logout', () => {
    const s = loggingOut(profile).receive('35=A|34=1|98=0|108=30|141=Y', '35=5|34=2')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
    expect(s.closed?.code).toBe('LOGGED_OUT')
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([3, 2])
  })

  it('resets afterwards with resetOnLogout', () => {
    const s = loggingOut(profile, { resetOnLogout: true }).receive('35=5|34=2')
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([1, 1])
  })

  it('does not reset with resetOnLogout when there was no answer', () => {
    const s = loggingOut(profile, { resetOnLogout: true }).pass(2)
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 3])
  })

  it('is cut short by disconnect', () => {
    const s = loggingOut(profile).do((core, now) => core.disconnect('bye', undefined, now))
    expect(s.sent()).toEqual([])
    expect(s.closed?.code).toBe('LOCAL_DISCONNECT')
  })

  it('drops what is held when the answer comes', () => {
    const s = loggingOut(profile).receive('35=D|34=4|11=c', '35=5|34=5')
    expect(s.delivered).toEqual([])
    expect(s.core.gap.size).toBe(0)
    expect(s.core.nextNumIn).toBe(2)
  })

  it('goes on listening, but does not dial again', () => {
    const s = loggingOut(profile).receive('35=5|34=2').pass(1000)
    const dials = s.asked.filter(({ kind }) => kind === 'dial').length
    expect(dials).toBe(profile.role === 'initiator' ? 1 : 0)
    expect(s.core.state).toBe(profile.role === 'initiator' ? 'DisconnectedWConnToday' : 'AwaitingConnection')
  })
})
