import { describe, expect, it } from 'vitest'
import { CoreSession } from '../../support/core-session.js'

describe('awaiting connection', () => {
  const listening = () => new CoreSession().do((core, now) => core.connect(now))

  it('waits for the counterparty without a time-out', () => {
    const s = listening()
    expect(s.states).toEqual(['DisconnectedNoConnToday', 'AwaitingConnection'])
    expect(s.core.deadline()).toBeUndefined()
    expect(s.asked).toEqual([])
  })

  it('tells of the connection', () => {
    const s = listening().do((core, now) => core.connected(now))
    expect(s.events).toEqual(['connect'])
    expect(s.core.state).toBe('NetworkConnEstablished')
  })

  it('refuses a second connection', () => {
    const s = listening().do((core, now) => core.connected(now))
    expect(() => s.do((core, now) => core.connected(now))).toThrow(/connection already/)
  })

  it('goes on after logout and disconnect, which end a session and not the listening', () => {
    const s = listening()
    s.do((core, now) => core.logout(undefined, now)).do((core, now) => core.disconnect(undefined, undefined, now))
    expect(s.core.state).toBe('AwaitingConnection')
  })

  it('ends when it is stopped, or the journal fails', () => {
    expect(listening().do((core, now) => core.stop(now)).core.state).toBe('DisconnectedNoConnToday')
    expect(listening().do((core, now) => core.commitFailed('x', now)).core.state).toBe('DisconnectedNoConnToday')
  })

  it('resets the numbers at once', () => {
    const s = new CoreSession({ nextNumIn: 4, nextNumOut: 9 }).do((core, now) => core.connect(now))
    s.do((core, now) => core.resetSeqNums(now))
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([1, 1])
    expect(s.kinds).toContain('reset')
    expect(s.core.state).toBe('AwaitingConnection')
  })
})
