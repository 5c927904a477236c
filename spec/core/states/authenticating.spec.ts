import { describe, expect, it } from 'vitest'
import { CoreSession, type CoreSessionOptions } from '../../support/core-session.js'

const asks = { parts: { asksAuthentication: true } }

function asked(logon = '35=A|34=1|98=0|108=30|553=me|554=secret', options: CoreSessionOptions = {}): CoreSession {
  return new CoreSession({ ...asks, ...options }).link().receive(logon)
}

describe.each(['FIX.4.2', 'FIX.4.4'])('authenticating, %s', (beginString) => {
  it('asks about the Logon and says nothing meanwhile', () => {
    const s = asked(undefined, { beginString })
    expect(s.question('authenticate').logon.get(554)).toBe('secret')
    expect(s.core.state).toBe('LogonInitialRecv')
    expect(s.core.holding).toBe(true)
    expect(s.sent()).toEqual([])
  })

  it('lets in who is admitted', () => {
    const s = asked(undefined, { beginString }).do((core, now) => core.authenticated(true, '', now))
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
    expect(s.states.slice(-2)).toEqual(['LogonResponse', 'Active'])
    expect(s.core.holding).toBe(false)
  })

  it('says nothing to who is not', () => {
    const s = asked(undefined, { beginString }).do((core, now) => core.authenticated(false, 'wrong password', now))
    expect(s.sent()).toEqual([])
    expect(s.closed).toMatchObject({ code: 'NOT_AUTHENTICATED', text: 'wrong password' })
    expect(s.core.state).toBe('AwaitingConnection')
  })

  it('changes nothing on the word of who is not authenticated (DESIGN, law 7)', () => {
    const s = asked('35=A|34=1|98=0|108=30|141=Y', { beginString, nextNumIn: 50, nextNumOut: 70 })
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([50, 70])
    expect(s.kinds).not.toContain('reset')
    s.do((core, now) => core.authenticated(false, 'no', now))
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([50, 70])
    expect(s.kinds).not.toContain('reset')
    expect(s.kinds).not.toContain('received')
    expect(s.kinds).not.toContain('connectedToday')
  })

  it('is not asked about a Logon that is not acceptable anyhow', () => {
    const s = asked('35=A|34=1|49=WHO|98=0|108=30', { beginString })
    expect(s.asked).toEqual([])
    expect(s.closed?.code).toBe('LOGON_INVALID')
  })

  it('holds further messages back, and says so to a shell that does not', () => {
    const s = asked(undefined, { beginString })
    expect(() => s.receive('35=0|34=2')).toThrow(/Answer what the core asked for/)
  })

  it('keeps the time-out of the logon: a slow authenticator is no reason to keep a stranger', () => {
    const s = new CoreSession({ ...asks, beginString }).link().pass(6).receive('35=A|34=1|98=0|108=30')
    s.pass(3.9)
    expect(s.closed).toBeUndefined()
    s.pass(0.1)
    expect(s.closed?.code).toBe('LOGON_TIMEOUT')
    expect(s.sent()).toEqual([])
    s.do((core, now) => core.authenticated(true, '', now))
    expect(s.sent()).toEqual([])
  })

  it('forgets the question when the link breaks', () => {
    const s = asked(undefined, { beginString }).cut()
    s.do((core, now) => core.authenticated(true, '', now))
    expect(s.sent()).toEqual([])
    expect(s.core.state).toBe('AwaitingConnection')
    s.link().receive('35=A|34=1|98=0|108=30')
    expect(s.asked).toHaveLength(2)
  })

  it('is closed by this side without a word', () => {
    const s = asked(undefined, { beginString }).do((core, now) => core.logout('bye', now))
    expect(s.sent()).toEqual([])
    expect(s.closed?.code).toBe('LOCAL_DISCONNECT')
  })
})
