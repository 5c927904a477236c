import { describe, expect, it } from 'vitest'
import { SessionCore } from '../../../lib/core/session-core.js'
import { SessionState } from '../../../lib/fix/session-state.js'
import { CoreSession } from '../../support/core-session.js'

const now = { wall: 0, mono: 0 }

function unread(role: 'acceptor' | 'initiator'): SessionCore {
  const { settings, parts } = new CoreSession({ role }).core
  return new SessionCore(settings, parts)
}

describe.each(['acceptor', 'initiator'] as const)('unknown, %s', (role) => {
  it('knows nothing before the journal has been read', () => {
    const core = unread(role)
    expect(core.state).toBe(SessionState.Unknown)
    expect(core.deadline()).toBeUndefined()
  })

  it('takes its numbers from the journal', () => {
    const s = new CoreSession({ role, nextNumIn: 7, nextNumOut: 9 })
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([7, 9])
    expect(s.states).toEqual(['DisconnectedNoConnToday'])
  })

  it('knows from the journal that there was a connection today', () => {
    expect(new CoreSession({ role, connectedToday: true }).states).toEqual(['DisconnectedWConnToday'])
  })

  it('begins by itself when it was wanted before the journal was read', () => {
    const core = unread(role)
    core.connect(now)
    core.loaded(1, 1, false, now)
    expect(core.state).toBe(role === 'acceptor' ? 'AwaitingConnection' : 'InitiateConnection')
  })

  it('stays unknown when the journal fails', () => {
    const core = unread(role)
    core.connect(now)
    core.commitFailed('disk full', now)
    expect(core.state).toBe('Unknown')
    expect(core.effects).toEqual([])
  })

  it('forgets that it was wanted when it is stopped', () => {
    const core = unread(role)
    core.connect(now)
    core.stop(now)
    core.loaded(1, 1, false, now)
    expect(core.state).toBe('DisconnectedNoConnToday')
  })
})
