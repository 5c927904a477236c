import { describe, expect, it } from 'vitest'
import { CoreSession, type CoreSessionOptions, START } from '../../support/core-session.js'

const signing = (options: CoreSessionOptions = {}) =>
  new CoreSession({ role: 'initiator', parts: { asksSignature: true }, ...options }).link()

describe.each(['FIX.4.2', 'FIX.4.4'])('signing logon, %s', (beginString) => {
  it('gives out the Logon with what a signature has to cover', () => {
    const s = signing({ beginString, nextNumOut: 12 })
    const { logon, msgSeqNum, sendingTime } = s.question('signLogon')
    expect([logon.msgType, logon.get(108), msgSeqNum, sendingTime]).toEqual(['A', '30', 12, START])
    expect(s.core.state).toBe('NetworkConnEstablished')
    expect(s.core.holding).toBe(true)
    expect(s.sent()).toEqual([])
  })

  it('sends it as it was signed, with the time that was signed', () => {
    const s = signing({ beginString })
    const { logon, sendingTime } = s.question('signLogon')
    s.pass(3).do((core, now) => core.logonSigned(logon.set(554, 'secret'), sendingTime, now))
    const [sent] = s.sentWhole()
    expect(sent).toContain('|52=20260105-09:00:00.000|')
    expect(sent).toContain('|98=0|108=30|554=secret|')
    expect(s.core.state).toBe('WaitingForLogon')
  })

  it('ends when there is no signature', () => {
    const s = signing({ beginString }).do((core, now) => core.logonNotSigned('vault is closed', now))
    expect(s.closed).toMatchObject({ code: 'LOGON_NOT_SIGNED', text: 'vault is closed' })
    expect(s.sent()).toEqual([])
    expect(s.core.state).toBe('DisconnectedNoConnToday')
  })

  it('ends when there is no answer within logonTimeout', () => {
    const s = signing({ beginString }).pass(10)
    expect(s.closed?.code).toBe('LOGON_TIMEOUT')
    expect(s.sent()).toEqual([])
  })

  it('sends no Logon that was signed too late', () => {
    const s = signing({ beginString })
    const { logon, sendingTime } = s.question('signLogon')
    s.cut().do((core, now) => core.logonSigned(logon, sendingTime, now))
    expect(s.sent()).toEqual([])
  })

  it('is closed by this side without a word', () => {
    const s = signing({ beginString }).do((core, now) => core.logout('bye', now))
    expect(s.sent()).toEqual([])
    expect(s.closed?.code).toBe('LOCAL_DISCONNECT')
    s.pass(100)
    expect(s.asked.filter(({ kind }) => kind === 'dial')).toHaveLength(1)
  })

  it('asks again at the next connection', () => {
    const s = signing({ beginString })
      .do((core, now) => core.logonNotSigned('not yet', now))
      .pass(5)
    s.do((core, now) => core.connected(now))
    expect(s.asked.filter(({ kind }) => kind === 'signLogon')).toHaveLength(2)
  })
})
