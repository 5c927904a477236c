import { describe, expect, it } from 'vitest'
import { loggedOn, type Profile, profiles } from '../../support/profiles.js'

const closing = (profile: Profile) => {
  const s = loggedOn(profile).withhold('close').receive('35=5|34=2')
  s.sent()
  return s
}

describe.each(profiles)('closing, $beginString $role', (profile) => {
  it('goes on showing the state in which it began to close', () => {
    const s = closing(profile)
    expect(s.core.state).toBe('ReceivedLogout')
    expect(s.core.deadline()).toBeUndefined()
  })

  it('looks at nothing that still comes', () => {
    const s = closing(profile).receive('35=D|34=3|11=a', '35=1|34=4|112=x', '35=5|34=5', '35=A|34=1|98=0|108=30|141=Y')
    expect(s.sent()).toEqual([])
    expect(s.delivered).toEqual([])
    expect(s.core.nextNumIn).toBe(3)
  })

  it('sends nothing more, by no way', () => {
    const s = closing(profile)
    expect(() => s.send('D', { 11: 'a' })).toThrow(/ReceivedLogout/)
    expect(() => s.do((core, now) => core.resetSeqNums(now))).toThrow(/ReceivedLogout/)
    s.do((core, now) => core.logout('x', now)).do((core, now) => core.disconnect('x', undefined, now))
    s.pass(1000)
    expect(s.sent()).toEqual([])
  })

  it('closes once', () => {
    const s = closing(profile).do((core, now) => core.disconnect(undefined, undefined, now))
    expect(s.asked.filter(({ kind }) => kind === 'close')).toHaveLength(1)
    s.answer('close')
    expect(s.events).toEqual(['logout', 'disconnect PEER_LOGOUT'])
  })

  it('ends as it was going to when the link breaks first', () => {
    const s = closing(profile).cut()
    expect(s.events).toEqual(['logout', 'disconnect PEER_LOGOUT'])
    expect(s.states).toContain('DisconnectedWConnToday')
    expect(s.states).not.toContain('DisconnectedBrokenConn')
  })

  it('is wanted again when connect is called meanwhile', () => {
    const s = loggedOn(profile)
      .withhold('close')
      .do((core, now) => core.disconnect(undefined, undefined, now))
    s.do((core, now) => core.connect(now))
      .answer('close')
      .pass(5)
    expect(s.core.state).toBe(profile.role === 'initiator' ? 'InitiateConnection' : 'AwaitingConnection')
  })

  it('does nothing to the numbers when a listener made it close', () => {
    const s = loggedOn(profile).withhold('close')
    s.listener = () => {
      s.do((core, now) => core.disconnect(undefined, undefined, now))
      return undefined
    }
    s.receive('35=D|34=2|11=a', '35=D|34=3|11=b')
    expect(s.delivered).toEqual([2])
    expect(s.received).toEqual([1, 2])
    expect(s.core.nextNumIn).toBe(3)
  })
})
