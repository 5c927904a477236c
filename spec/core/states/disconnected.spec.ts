import { describe, expect, it } from 'vitest'
import { CoreSession } from '../../support/core-session.js'
import { loggedOn, profiles } from '../../support/profiles.js'

describe.each(profiles)('disconnected, $beginString $role', (profile) => {
  it('shows a connection of today that ended in the ordinary way', () => {
    const s = loggedOn(profile).do((core, now) => core.stop(now))
    s.receive('35=5|34=2')
    expect(s.core.state).toBe('DisconnectedWConnToday')
  })

  it('shows a link that broke', () => {
    const s = loggedOn(profile).do((core, now) => core.stop(now))
    s.cut()
    expect(s.core.state).toBe('DisconnectedBrokenConn')
    expect(s.events).toEqual(['disconnect CONNECTION_LOST'])
  })

  it('shows a counterparty that fell silent as a broken link', () => {
    const s = loggedOn(profile).do((core, now) => core.stop(now))
    s.pass(72)
    expect(s.core.state).toBe('DisconnectedBrokenConn')
  })

  it('passes through it where the session goes on', () => {
    const s = loggedOn(profile)
    s.cut()
    expect(s.states).toContain('DisconnectedBrokenConn')
  })

  it('has had no connection today after a reset', () => {
    const s = loggedOn(profile).do((core, now) => core.stop(now))
    s.cut().do((core, now) => core.resetSeqNums(now))
    expect(s.core.state).toBe('DisconnectedNoConnToday')
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([1, 1])
  })

  it('shows the state that was asked for with the disconnection', () => {
    const s = loggedOn(profile)
    s.do((core, now) => core.stop(now)).do((core, now) => core.disconnect(undefined, 'DisconnectedBrokenConn', now))
    expect(s.core.state).toBe('DisconnectedBrokenConn')
  })

  it('takes numbers from an operator, to be saved', () => {
    const s = new CoreSession(profile).do((core, now) => core.setSeqNums(5, 8, now))
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([5, 8])
    expect(s.kinds.at(-1)).toBe('numbers')
    s.do((core, now) => core.setSeqNums(undefined, 20, now))
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([5, 20])
  })

  it('refuses to send, naming the state', () => {
    const s = new CoreSession(profile)
    expect(() => s.send('D', { 11: 'a' })).toThrow(/logged on.*DisconnectedNoConnToday/)
    expect(() => s.do((core, now) => core.testRequest(now))).toThrow(/DisconnectedNoConnToday/)
    expect(s.core.nextNumOut).toBe(1)
  })

  it('has nothing to log out from', () => {
    const s = new CoreSession(profile)
    s.do((core, now) => core.logout('bye', now)).do((core, now) => core.disconnect('bye', undefined, now))
    expect(s.sent()).toEqual([])
    expect(s.core.state).toBe('DisconnectedNoConnToday')
  })

  it('ignores messages, garbage and answers that come too late', () => {
    const s = loggedOn(profile).do((core, now) => core.stop(now))
    s.cut().sent()
    s.receive('35=D|34=2|11=a', '35=0|34=9', 'rubbish')
    s.do((core, now) => core.journalRead([], false, now))
      .do((core, now) => core.replayDecided([true], now))
      .do((core, now) => core.delivered('done', now))
      .do((core, now) => core.authenticated(true, '', now))
      .do((core, now) => core.committed(now))
      .do((core, now) => core.logonNotSigned('no', now))
      .do((core, now) => core.dialFailed({ code: 'X', text: 'x' }, now))
    expect(s.sent()).toEqual([])
    expect(s.delivered).toEqual([])
    expect(s.core.nextNumIn).toBe(2)
  })

  it('closes a link that nobody wants', () => {
    const s = new CoreSession(profile).do((core, now) => core.connected(now))
    expect(s.closed).toMatchObject({ code: 'NOT_WANTED', abrupt: true })
    expect(s.sent()).toEqual([])
    expect(s.core.state).toBe('DisconnectedNoConnToday')
  })
})
