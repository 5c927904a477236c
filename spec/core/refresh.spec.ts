import { describe, expect, it } from 'vitest'
import { CoreSession } from '../support/core-session.js'

const theirLogon = '35=A|34=50|98=0|108=30'
const asked = (session: CoreSession) => session.asked.map((effect) => effect.kind)

describe('refreshOnLogon', () => {
  it('lets an initiator say its Logon with what the journal has by now', () => {
    const session = new CoreSession({ role: 'initiator', refreshOnLogon: true }).link()
    expect(session.sent()).toEqual([])
    expect(asked(session)).toEqual(['dial', 'readNumbers'])
    session.do((core, now) => core.numbersRead(50, 60, true, now))
    expect(session.sent()).toEqual(['35=A|34=60|98=0|108=30'])
    session.receive(theirLogon)
    expect(session.core.state).toBe('Active')
    expect(session.core.nextNumIn).toBe(51)
  })

  it('lets an acceptor answer with them', () => {
    const session = new CoreSession({ refreshOnLogon: true }).link().receive(theirLogon)
    expect(session.sent()).toEqual([])
    expect(asked(session)).toEqual(['readNumbers'])
    expect(session.core.holding).toBe(true)
    session.do((core, now) => core.numbersRead(50, 60, true, now))
    expect(session.sent()).toEqual(['35=A|34=60|98=0|108=30'])
    expect(session.core.holding).toBe(false)
  })

  it('reads nothing for whom authenticate has not let in', () => {
    const session = new CoreSession({ refreshOnLogon: true, parts: { asksAuthentication: true } }).link()
    session.receive(theirLogon)
    expect(asked(session)).toEqual(['authenticate'])
    session.do((core, now) => core.numbersRead(50, 60, true, now))
    expect(session.core.state).toBe('LogonInitialRecv')
    session.do((core, now) => core.authenticated(true, '', now))
    expect(asked(session)).toEqual(['authenticate', 'readNumbers'])
    session.do((core, now) => core.authenticated(false, 'a second answer', now))
    session.do((core, now) => core.numbersRead(50, 60, true, now))
    expect(session.sent()).toEqual(['35=A|34=60|98=0|108=30'])
  })

  it.each(['initiator', 'acceptor'] as const)(
    'gives a journal that says nothing the patience of a Logon (%s)',
    (role) => {
      const session = new CoreSession({ role, refreshOnLogon: true }).link()
      if (role === 'acceptor') session.receive(theirLogon)
      session.pass(10)
      expect(session.closed).toEqual({
        code: 'LOGON_TIMEOUT',
        text: 'the journal gave no answer within 10 seconds.',
        abrupt: false
      })
      session.do((core, now) => core.numbersRead(50, 60, true, now))
      expect([session.core.nextNumIn, session.core.nextNumOut]).toEqual([1, 1])
      expect(session.sent()).toEqual([])
    }
  )

  it('resets after reading, where both are wanted', () => {
    const session = new CoreSession({ role: 'initiator', refreshOnLogon: true, resetOnLogon: true }).link()
    session.do((core, now) => core.numbersRead(50, 60, true, now))
    expect(session.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
  })

  it('is not asked for by default', () => {
    expect(asked(new CoreSession({ role: 'initiator' }).link())).toEqual(['dial'])
  })
})

describe('fields of our own on a Logon', () => {
  const fields = { username: 'desk', password: 'secret', logonFields: [[1409, '0']] as const }

  it('stand behind those of the session', () => {
    const session = new CoreSession({ role: 'initiator', resetOnLogon: true, ...fields }).link()
    expect(session.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y|553=desk|554=secret|1409=0'])
  })

  it('are on every Logon: the answer of an acceptor, and a reset in session', () => {
    const session = new CoreSession({ logonFields: [[9001, 'x']] }).link().receive('35=A|34=1|98=0|108=30')
    expect(session.sent()).toEqual(['35=A|34=1|98=0|108=30|9001=x'])
    session.do((core, now) => core.resetSeqNums(now))
    expect(session.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y|9001=x'])
  })
})
