import { describe, expect, it } from 'vitest'
import { FixMessage } from '../../../lib/fix/message.js'
import { CoreSession, START } from '../../support/core-session.js'
import { loggedOn, profiles } from '../../support/profiles.js'
import { framed } from '../../support/wire-text.js'

describe.each(profiles)('logged on, $beginString $role', (profile) => {
  it('sends application messages with numbers of their own, and saves them', () => {
    const s = loggedOn(profile)
    expect(s.send('D', { 11: 'a' })).toBe(2)
    expect(s.send('D', { 11: 'b' })).toBe(3)
    expect(s.sent()).toEqual(['35=D|34=2|11=a', '35=D|34=3|11=b'])
    expect([...s.stored.keys()]).toEqual([1, 2, 3])
  })

  it('writes the header in its order', () => {
    const s = loggedOn(profile, { senderSubId: 'S', targetSubId: 'T', senderLocationId: 'L', targetLocationId: 'M' })
    s.send('D', { 11: 'a' })
    const [text] = s.sentWhole()
    expect(text?.replace(/9=\d+/, '9=n').replace(/10=\d+/, '10=n')).toBe(
      `8=${profile.beginString}|9=n|35=D|34=2|49=US|50=S|52=20260105-09:00:00.000|56=THEM|57=T|142=L|143=M|11=a|10=n|`
    )
  })

  it('delivers application messages in order, and counts them when the listeners have returned', () => {
    const s = loggedOn(profile).withhold('deliver')
    s.receive('35=8|34=2|37=x')
    expect(s.delivered).toEqual([2])
    expect(s.core.nextNumIn).toBe(2)
    expect(s.received).toEqual([1])
    expect(s.core.holding).toBe(true)
    s.answer('deliver')
    expect(s.core.nextNumIn).toBe(3)
    expect(s.received).toEqual([1, 2])
    expect(s.core.holding).toBe(false)
  })

  it('answers a TestRequest (test case 4b)', () => {
    const s = loggedOn(profile).receive('35=1|34=2|112=HELLO')
    expect(s.sent()).toEqual(['35=0|34=2|112=HELLO'])
  })

  it('gives an empty TestReqID back as it came', () => {
    const s = loggedOn(profile).receive('35=1|34=2|112=')
    expect(s.sent()).toEqual(['35=0|34=2|112='])
  })

  it('rejects a TestRequest without one', () => {
    const s = loggedOn(profile).receive('35=1|34=2')
    expect(s.sent()).toEqual(['35=3|34=2|45=2|58=Required tag missing|371=112|372=1|373=1'])
    expect(s.core.nextNumIn).toBe(3)
  })

  it('counts Heartbeats without a word (test cases 2a and 5)', () => {
    const s = loggedOn(profile).receive('35=0|34=2', '35=0|34=3|112=not asked for')
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(4)
  })

  it('passes on a Reject, and counts it (test case 7)', () => {
    const s = loggedOn(profile).receive('35=3|34=2|45=1')
    expect(s.events).toEqual(['reject'])
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(3)
  })

  it('counts a second Logon that resets nothing', () => {
    const s = loggedOn(profile).receive('35=A|34=2|98=0|108=30')
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(3)
    expect(s.closed).toBeUndefined()
  })

  it('answers a Logout and closes (test case 13b)', () => {
    const s = loggedOn(profile).receive('35=5|34=2|58=good night')
    expect(s.sent()).toEqual(['35=5|34=2'])
    expect(s.closed).toMatchObject({ code: 'PEER_LOGOUT', abrupt: false })
    expect(s.closed?.text).toContain('good night')
    expect(s.events).toEqual(['logout', 'disconnect PEER_LOGOUT'])
    expect(s.states[0]).toBe('ReceivedLogout')
    expect(s.states).toContain('DisconnectedWConnToday')
    expect(s.core.nextNumIn).toBe(3)
  })

  it.each([1, 9])('answers a Logout with any number: %i', (msgSeqNum) => {
    const s = loggedOn(profile).receive(`35=5|34=${msgSeqNum}`)
    expect(s.sent()).toEqual(['35=5|34=2'])
    expect(s.closed?.code).toBe('PEER_LOGOUT')
    expect(s.core.nextNumIn).toBe(2)
  })

  it('resets after a Logout with resetOnLogout', () => {
    const s = loggedOn(profile, { resetOnLogout: true }).receive('35=5|34=2')
    expect(s.kinds.lastIndexOf('reset')).toBeGreaterThan(s.kinds.lastIndexOf('close'))
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([1, 1])
  })

  it('resets after any end with resetOnDisconnect', () => {
    const s = loggedOn(profile, { resetOnDisconnect: true })
      .do((core, now) => core.stop(now))
      .cut()
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([1, 1])
    expect(s.core.state).toBe('DisconnectedNoConnToday')
  })

  it('ends on a message without a number', () => {
    const s = loggedOn(profile).receive('35=D|11=a')
    expect(s.sent()).toEqual(['35=5|34=2|58=Received message without MsgSeqNum'])
    expect(s.closed?.code).toBe('MSG_SEQ_NUM_MISSING')
    expect(s.delivered).toEqual([])
  })

  it('ignores a garbled message and counts nothing (test case 2d)', () => {
    const s = loggedOn(profile).receive('8=FIX.4.4|9=12|35=0|34=2|49=THEM|56=US|10=000|')
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(2)
    expect(s.logged.join()).toContain('Garbled')
  })

  it('rejects a garbled message where that is wanted, and counts it', () => {
    const s = loggedOn(profile, { rejectGarbledMessage: true })
    const text = framed(profile.beginString, ['35=D', '34=2', '49=THEM', '56=US', '11=a']).toString('latin1')
    s.receive(`8${text.slice(1, -4)}999|`)
    expect(s.sent()).toEqual(['35=3|34=2|45=2|58=Message failed basic validity check|372=D'])
    expect(s.core.nextNumIn).toBe(3)
  })

  it('rejects no bytes that do not even begin a message', () => {
    const s = loggedOn(profile, { rejectGarbledMessage: true })
    const message = framed(profile.beginString, ['34=2', '49=THEM', '56=US', '35=D'])
    const items = s.codec.push(Buffer.concat([Buffer.from('35=D\x01'), message]))
    expect(items).toMatchObject([{ code: 'BEGIN_STRING' }, { code: 'MSG_TYPE' }])
    for (const item of items) if (!(item instanceof FixMessage)) s.do((core, now) => core.garbled(item, now))
    expect(s.sent()).toEqual(['35=3|34=2|45=2|58=Message failed basic validity check|372=D'])
  })

  it('uses held messages that a rejected garbled one was in the way of', () => {
    const s = loggedOn(profile, { rejectGarbledMessage: true }).receive('35=D|34=3|11=b')
    s.receive('8=FIX.4.4|9=5|35=D|34=2|49=THEM|56=US|10=000|')
    expect(s.delivered).toEqual([3])
    expect(s.core.nextNumIn).toBe(4)
  })

  it('cuts the link on bytes that cannot be followed any further', () => {
    const s = loggedOn(profile)
    const garbled = { garbled: true, code: 'TOO_LONG', text: 'too long', raw: '', fatal: true } as const
    s.do((core, now) => core.garbled({ ...garbled, msgSeqNum: undefined, msgType: undefined }, now))
    expect(s.closed).toMatchObject({ code: 'GARBLED', abrupt: true })
  })

  it('logs out when asked to', () => {
    const s = loggedOn(profile).do((core, now) => core.logout('that is all', now))
    expect(s.sent()).toEqual(['35=5|34=2|58=that is all'])
    expect(s.core.state).toBe('InitiateLogout')
  })

  it('disconnects with or without a Logout, not awaiting its answer', () => {
    const told = loggedOn(profile).do((core, now) => core.disconnect('bye', undefined, now))
    expect(told.sent()).toEqual(['35=5|34=2|58=bye'])
    expect(told.events).toEqual(['disconnect LOCAL_DISCONNECT'])
    const silent = loggedOn(profile).do((core, now) => core.disconnect(undefined, undefined, now))
    expect(silent.sent()).toEqual([])
    expect(silent.states).toContain('DisconnectedWConnToday')
  })

  it('stops at once when the journal fails, and does not come back', () => {
    const s = loggedOn(profile).do((core, now) => core.commitFailed('disk full', now))
    expect(s.closed).toEqual({ code: 'JOURNAL_FAILED', text: 'disk full', abrupt: true })
    expect(s.core.state).toBe('DisconnectedWConnToday')
    s.pass(1000)
    expect(s.asked.filter(({ kind }) => kind === 'dial').length).toBeLessThan(2)
  })

  it('refuses administrative messages of the application, but for Reject', () => {
    const s = loggedOn(profile)
    for (const msgType of ['0', '1', '2', '4', '5', 'A']) {
      expect(() => s.send(msgType)).toThrow(/session's own/)
    }
    expect(s.send('3', { 45: '2' })).toBe(2)
  })

  it('changes nothing when a message cannot be encoded', () => {
    const s = loggedOn(profile)
    const encode = () => {
      throw new Error('no')
    }
    const broken = new CoreSession({ ...profile, parts: {} }).logOn()
    Object.assign(broken.core.parts, { encode })
    expect(() => broken.send('D', { 11: 'a' })).toThrow('no')
    expect(broken.core.nextNumOut).toBe(2)
    expect(broken.kinds.filter((kind) => kind === 'send')).toHaveLength(1)
    expect(s.send('D', { 11: 'a' })).toBe(2)
  })

  it('refuses an application message (test case 2r)', () => {
    const s = loggedOn(profile)
    const refused = new FixMessage('8', { 37: 'x' })
    s.do((core, now) => core.businessReject(refused, { businessRejectReason: 3 }, now))
    s.do((core, now) => core.businessReject(refused, { businessRejectReason: 1, text: 'who?', refId: 'x' }, now))
    expect(s.sent()).toEqual([
      '35=j|34=2|45=0|58=Unsupported Message Type|372=8|380=3',
      '35=j|34=3|45=0|58=who?|372=8|379=x|380=1'
    ])
  })

  it('says which message it has processed with enableLastMsgSeqNumProcessed', () => {
    const s = new CoreSession({ ...profile, enableLastMsgSeqNumProcessed: true }).link()
    s.receive('35=A|34=1|98=0|108=30')
    const logon = profile.role === 'acceptor' ? '35=A|34=1|369=1|98=0|108=30' : '35=A|34=1|369=0|98=0|108=30'
    expect(s.sent()).toEqual([logon])
    s.receive('35=1|34=2|112=a')
    expect(s.sent()).toEqual(['35=0|34=2|369=2|112=a'])
    s.listener = () => {
      s.send('8', { 37: 'x' })
      return undefined
    }
    s.receive('35=D|34=3|11=a')
    expect(s.sent()).toEqual(['35=8|34=3|369=3|37=x'])
    s.receive('35=5|34=4')
    expect(s.sent()).toEqual(['35=5|34=4|369=4'])
  })

  it('keeps the time of an event apart from the clock of time-outs', () => {
    const s = loggedOn(profile)
    s.now = { wall: START + 3_600_000, mono: s.now.mono }
    s.do((core, now) => core.time(now))
    expect(s.sent()).toEqual([])
    s.send('D', { 11: 'a' })
    expect(s.sentWhole()[0]).toContain('|52=20260105-10:00:00.000|')
  })
})
