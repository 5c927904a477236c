import { describe, expect, it } from 'vitest'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'

const begin = (session: CoreSession) => session.do((core, now) => core.lookForLife(now))

describe('the look for life on a link', () => {
  it('is a TestRequest, and any message is a sign of life', () => {
    for (const message of ['35=0|34=2', '35=0|34=2|112=TEST', '35=D|34=2|11=A', '35=D|34=9|11=A', '35=1|34=2|112=X']) {
      const session = new CoreSession().logOn()
      begin(session)
      expect(session.sent()).toEqual(['35=1|34=2|112=TEST'])
      expect(session.probed).toEqual([])
      session.receive(message)
      expect(session.probed).toEqual([true])
      session.pass(5).receive('35=0|34=3')
      expect(session.probed).toEqual([true])
    }
  })

  it('finds nobody after probeTimeout; what is garbled is nobody', () => {
    const session = new CoreSession({ probeTimeout: 2 }).logOn()
    begin(session)
    session.pass(1).receive('8=FIX.4.4|9=5|35=0|10=000|').pass(0.999)
    expect(session.probed).toEqual([])
    session.pass(0.001)
    expect(session.probed).toEqual([false])
    session.receive('35=0|34=2').pass(3)
    expect(session.probed).toEqual([false])
  })

  it('does not wait for a resend to finish', () => {
    const session = new CoreSession().logOn()
    session.send('8', { 37: 'A' })
    session.withhold('readJournal').receive('35=2|34=2|7=1|16=0')
    session.sent()
    session.send('8', { 37: 'B' })
    begin(session)
    expect(session.sent()).toEqual(['35=8|34=3|37=B', '35=1|34=4|112=TEST'])
  })

  it('says nothing new on a link that is being logged out, and waits as long', () => {
    const session = new CoreSession({ logoutTimeout: 60 }).logOn().do((core, now) => core.logout(undefined, now))
    session.sent()
    begin(session)
    expect(session.sent()).toEqual([])
    session.pass(3)
    expect(session.probed).toEqual([false])
  })

  it('finds nobody at once where nobody has logged on', () => {
    const session = new CoreSession({ parts: { asksAuthentication: true } }).link().receive('35=A|34=1|98=0|108=30')
    begin(session)
    expect(session.probed).toEqual([false])
  })

  it('is over when the link is', () => {
    const session = new CoreSession().logOn()
    begin(session)
    session.cut()
    session.do((core, now) => core.connected(now)).receive('35=A|34=2|98=0|108=30')
    session.pass(5)
    expect(session.probed).toEqual([])
  })
})

describe('a link that is replaced', () => {
  it('ends at once, without a Logout', () => {
    const session = new CoreSession().logOn().do((core, now) => core.replaced(now))
    expect(session.sent()).toEqual([])
    expect(session.closed).toMatchObject({ code: 'REPLACED', abrupt: true })
    expect(session.core.state).toBe('AwaitingConnection')
    expect([session.core.nextNumIn, session.core.nextNumOut]).toEqual([2, 2])
  })

  it('resets the numbers where a disconnect does', () => {
    const session = new CoreSession({ resetOnDisconnect: true }).logOn().do((core, now) => core.replaced(now))
    expect([session.core.nextNumIn, session.core.nextNumOut]).toEqual([1, 1])
  })
})

describe('a Logon on another connection', () => {
  /** What is wrong with it for an acceptor that expects number 8; the session is not touched. */
  function fault(text: string, options: CoreSessionOptions = {}): string | undefined {
    const session = new CoreSession({ nextNumIn: 7, ...options }).logOn('35=A|34=7|98=0|108=30|141=N')
    const logon = session.codec.decode(session.text.bytes(text, session.now.wall))
    if (logon.garbled) throw new Error(logon.text)
    const before = [session.core.nextNumIn, session.core.nextNumOut, session.core.state, session.kinds.length]
    const found = session.core.newcomerFault(logon, session.now)
    session.do(() => {})
    expect([session.core.nextNumIn, session.core.nextNumOut, session.core.state, session.kinds.length]).toEqual(before)
    return found
  }

  it('could begin a session with the number that is expected or a higher one, or with a reset', () => {
    expect(fault('35=A|34=8|98=0|108=30')).toBeUndefined()
    expect(fault('35=A|34=80|98=0|108=30')).toBeUndefined()
    expect(fault('35=A|34=1|98=0|108=30|141=Y')).toBeUndefined()
    expect(fault('35=A|34=1|98=0|108=30', { resetOnLogon: true })).toBeUndefined()
    expect(fault('35=A|34=1|98=0|108=30', { validateSequenceNumbers: false })).toBeUndefined()
  })

  it('could not with one that is too low, or none, or anything else that a Logon is refused for', () => {
    expect(fault('35=A|34=7|98=0|108=30')).toBe('MsgSeqNum too low, expecting 8 but received 7')
    expect(fault('35=A|34=x|98=0|108=30')).toMatch(/expected a number in MsgSeqNum\(34\)/)
    expect(fault('35=A|34=8|98=0|108=30|49=MALLORY')).toMatch(/expected SenderCompID\(49\)=THEM/)
    expect(fault('35=A|34=8|98=0|108=30|52=20200101-00:00:00')).toMatch(/expected SendingTime\(52\) within/)
  })
})
