import { describe, expect, it } from 'vitest'
import { CoreSession, type CoreSessionOptions } from '../../support/core-session.js'

function dialling(options: CoreSessionOptions = {}): CoreSession {
  return new CoreSession({ role: 'initiator', ...options }).do((core, now) => core.connect(now))
}

const refused = { code: 'CONNECTION_REFUSED', text: 'refused' }

describe('connecting', () => {
  it('dials', () => {
    const s = dialling()
    expect(s.question('dial').endpoint).toBe(0)
    expect(s.states).toEqual(['DisconnectedNoConnToday', 'InitiateConnection'])
  })

  it('has no time-out of its own: the transport ends the attempt', () => {
    expect(dialling().core.deadline()).toBeUndefined()
  })

  it('dials again after reconnectInterval when that fails', () => {
    const s = dialling()
    s.question('dial')
    s.do((core, now) => core.dialFailed(refused, now))
    expect(s.events).toEqual(['disconnect CONNECTION_REFUSED'])
    expect(s.core.state).toBe('DisconnectedNoConnToday')
    s.pass(4.9)
    expect(s.asked).toEqual([])
    s.pass(0.1)
    expect(s.question('dial').endpoint).toBe(0)
    expect(s.core.state).toBe('InitiateConnection')
  })

  it('shows what was before while it rests', () => {
    const s = new CoreSession({ role: 'initiator' }).logOn()
    s.cut().pass(5)
    s.do((core, now) => core.dialFailed(refused, now))
    expect(s.core.state).toBe('DisconnectedBrokenConn')
  })

  it.each(['logout', 'disconnect', 'stop', 'commitFailed'] as const)('gives up on %s', (ending) => {
    const s = dialling()
    s.question('dial')
    s.do((core, now) => {
      if (ending === 'logout') core.logout(undefined, now)
      else if (ending === 'disconnect') core.disconnect(undefined, undefined, now)
      else if (ending === 'stop') core.stop(now)
      else core.commitFailed('disk full', now)
    })
    expect(s.asked.map(({ kind }) => kind)).toEqual(['abortDial'])
    expect(s.core.state).toBe('DisconnectedNoConnToday')
    s.pass(100)
    expect(s.asked).toHaveLength(1)
  })

  it('does not dial twice when connect is called again', () => {
    const s = dialling()
    s.do((core, now) => core.connect(now))
    expect(s.asked).toHaveLength(1)
  })

  it('dials at once when connect is called while it waits to redial', () => {
    const s = dialling()
    s.question('dial')
    s.do((core, now) => core.dialFailed(refused, now)).do((core, now) => core.connect(now))
    expect(s.question('dial').endpoint).toBe(0)
  })
})
