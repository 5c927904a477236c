import { describe, expect, it } from 'vitest'
import { at, START } from '../support/core-session.js'
import { loggedOn, profiles } from '../support/profiles.js'
import { framed } from '../support/wire-text.js'

describe.each(profiles)('verify, $beginString $role', (profile) => {
  it.each([
    ['SenderCompID', '49=WHO'],
    ['TargetCompID', '56=WHOM'],
    ['both', '49=WHO|56=WHOM']
  ])('rejects a wrong %s, logs out and waits (test case 2k)', (_, ids) => {
    const s = loggedOn(profile).receive(`35=D|34=2|${ids}|11=a`)
    expect(s.sent()).toEqual(['35=3|34=2|45=2|58=CompID problem|372=D|373=9', '35=5|34=3'])
    expect(s.core.state).toBe('InitiateLogout')
    expect(s.delivered).toEqual([])
    expect(s.core.nextNumIn).toBe(3)
    s.receive('35=5|34=3')
    expect(s.sent()).toEqual([])
    expect(s.events).toEqual(['logout', 'disconnect COMP_ID_PROBLEM'])
    expect(s.closed?.text).toContain('expected THEM -> US, got')
  })

  it('does not look at CompIDs without checkCompId', () => {
    const s = loggedOn(profile, { checkCompId: false }).receive('35=D|34=2|49=WHO|11=a')
    expect(s.delivered).toEqual([2])
  })

  it.each([-121_000, 121_000])('rejects a SendingTime %i ms off, logs out and waits (test case 2o)', (off) => {
    const s = loggedOn(profile).receive(`35=0|34=2|52=${at(START + off)}`)
    expect(s.sent()).toEqual(['35=3|34=2|45=2|58=SendingTime accuracy problem|372=0|373=10', '35=5|34=3'])
    s.pass(2)
    expect(s.events).toEqual(['disconnect SENDING_TIME_PROBLEM'])
  })

  it.each([-119_000, 119_000])('accepts a SendingTime %i ms off', (off) => {
    const s = loggedOn(profile).receive(`35=0|34=2|52=${at(START + off)}`)
    expect(s.sent()).toEqual([])
  })

  it('does not look at the time without checkLatency', () => {
    const s = loggedOn(profile, { checkLatency: false }).receive('35=D|34=2|52=20010101-00:00:00|11=a')
    expect(s.delivered).toEqual([2])
  })

  it.each([
    ['52=yesterday', '58=Incorrect data format for value|371=52|372=D|373=6'],
    ['52=', '58=Tag specified without a value|371=52|372=D|373=4'],
    ['49=', '58=Tag specified without a value|371=49|372=D|373=4'],
    ['56=', '58=Tag specified without a value|371=56|372=D|373=4']
  ])('rejects %s and goes on', (field, reject) => {
    const s = loggedOn(profile).receive(`35=D|34=2|${field}|11=a`)
    expect(s.sent()).toEqual([`35=3|34=2|45=2|${reject}`])
    expect(s.core.nextNumIn).toBe(3)
    expect(s.core.phase.name).toBe('loggedOn')
  })

  it.each([
    [49, '52=20260105-09:00:00', '56=US'],
    [52, '49=THEM', '56=US'],
    [56, '49=THEM', '52=20260105-09:00:00']
  ])('rejects a message without %i and goes on (test case 14b)', (tag, ...fields) => {
    const bytes = framed(profile.beginString, ['35=D', '34=2', ...fields, '11=a'])
    const s = loggedOn(profile).receive(bytes.toString('latin1'))
    expect(s.sent()).toEqual([`35=3|34=2|45=2|58=Required tag missing|371=${tag}|372=D|373=1`])
  })

  it.each([
    ['a message', '35=0|34=2'],
    ['a Logon', '35=A|34=2|98=0|108=30']
  ])('logs out on another BeginString in %s, and waits (test case 2i)', (_, text) => {
    const s = loggedOn(profile)
    s.receive(
      s.text
        .bytes(text, START)
        .toString('latin1')
        .replace(profile.beginString, 'FIX.4.3')
        .replace(/10=\d+/, sum)
    )
    function sum(): string {
      const body = s.text.bytes(text, START).toString('latin1').replace(profile.beginString, 'FIX.4.3')
      const until = body.lastIndexOf('10=')
      const total = [...body.slice(0, until)].reduce((all, char) => all + char.charCodeAt(0), 0) & 255
      return `10=${String(total).padStart(3, '0')}`
    }
    expect(s.sent()).toEqual(['35=5|34=2|58=Incorrect BeginString'])
    expect(s.core.nextNumIn).toBe(3)
    s.receive('35=5|34=3')
    expect(s.events).toEqual(['logout', 'disconnect BEGIN_STRING_PROBLEM'])
  })

  it('ends the session on a number that is too low (test case 2c)', () => {
    const s = loggedOn(profile).receive('35=0|34=2', '35=D|34=1|11=a')
    expect(s.sent()).toEqual(['35=5|34=2|58=MsgSeqNum too low, expecting 3 but received 1'])
    expect(s.events).toEqual(['disconnect MSG_SEQ_NUM_TOO_LOW'])
    expect(s.delivered).toEqual([])
  })

  it('ignores what it has had, with PossDupFlag(43) and a sensible OrigSendingTime(122) (test case 2e)', () => {
    const s = loggedOn(profile).receive('35=D|34=2|11=a', `35=D|34=2|43=Y|122=${at(START)}|11=a`, '35=D|34=3|11=b')
    expect(s.delivered).toEqual([2, 3])
    expect(s.sent()).toEqual([])
  })

  it('takes a possible duplicate that it has not had (test case 2e)', () => {
    const s = loggedOn(profile).receive(`35=D|34=2|43=Y|122=${at(START)}|11=a`, '35=D|34=3|43=Y|11=b')
    expect(s.delivered).toEqual([2, 3])
  })

  it('does not believe in an OrigSendingTime after the SendingTime (test case 2f)', () => {
    const s = loggedOn(profile).receive('35=0|34=2', `35=D|34=2|43=Y|122=${at(START + 10_000)}|11=a`)
    expect(s.sent()).toEqual(['35=3|34=2|45=2|58=SendingTime accuracy problem|372=D|373=10', '35=5|34=3'])
    s.receive('35=5|34=3')
    expect(s.events).toEqual(['logout', 'disconnect SENDING_TIME_PROBLEM'])
  })

  it('asks for the OrigSendingTime of a duplicate, and moves no number (test case 2g)', () => {
    const s = loggedOn(profile).receive('35=0|34=2', '35=D|34=2|43=Y|11=a')
    expect(s.sent()).toEqual(['35=3|34=2|45=2|58=Required tag missing|371=122|372=D|373=1'])
    expect(s.core.nextNumIn).toBe(3)
    s.receive('35=D|34=3|11=b')
    expect(s.delivered).toEqual([3])
  })

  it('does without OrigSendingTime where requiresOrigSendingTime is off', () => {
    const s = loggedOn(profile, { requiresOrigSendingTime: false }).receive('35=0|34=2', '35=D|34=2|43=Y|11=a')
    expect(s.sent()).toEqual([])
  })

  it('rejects by the dictionary, counting the message only in its turn', () => {
    const fault = { sessionRejectReason: 5, refTagId: 40, text: 'Value is incorrect (out of range) for this tag' }
    const validate = (message: { get(tag: number): string | undefined }) =>
      message.get(40) === 'w' ? fault : undefined
    const s = loggedOn(profile, { parts: { validate } }).receive('35=D|34=2|11=a|40=w')
    expect(s.sent()).toEqual([`35=3|34=2|45=2|58=${fault.text}|371=40|372=D|373=5`])
    expect(s.core.nextNumIn).toBe(3)
    s.receive('35=D|34=9|11=a|40=w')
    expect(s.sent()).toEqual([`35=3|34=3|45=9|58=${fault.text}|371=40|372=D|373=5`])
    expect(s.core.nextNumIn).toBe(3)
    expect(s.delivered).toEqual([])
  })

  it('turns third-party routing round in a reject (ReverseRoute)', () => {
    const s = loggedOn(profile).receive(
      '35=1|34=2|115=A|116=B|144=C',
      '35=1|34=3|128=A|129=B|145=C',
      '35=1|34=4|115=|128=X'
    )
    expect(s.sent().map((text) => text.split('|45=')[0])).toEqual([
      '35=3|34=2|128=A|129=B|145=C',
      '35=3|34=3|115=A|116=B|144=C',
      '35=3|34=4|115=X'
    ])
  })
})

describe('verify, older versions', () => {
  const old = (beginString: string) => loggedOn({}, { beginString })

  it.each(['FIX.4.0', 'FIX.4.1'])('puts the tag into the text in %s, which has no fields for it', (beginString) => {
    const s = old(beginString).receive('35=1|34=2', '35=0|34=3|49=WHO')
    expect(s.sent()).toEqual([
      '35=3|34=2|45=2|58=Required tag missing (112)',
      '35=3|34=3|45=3|58=CompID problem',
      '35=5|34=4'
    ])
  })

  it('leaves reasons above 11 out in FIX.4.2', () => {
    const validate = () => ({ sessionRejectReason: 13, refTagId: 40, text: 'Tag appears more than once' })
    const s = loggedOn({}, { beginString: 'FIX.4.2' })
    Object.assign(s.core.parts, { validate })
    s.receive('35=D|34=2|11=a|40=1|40=1')
    expect(s.sent()).toEqual(['35=3|34=2|45=2|58=Tag appears more than once|371=40|372=D'])
    const later = loggedOn({}, { beginString: 'FIX.4.3' })
    Object.assign(later.core.parts, { validate })
    later.receive('35=D|34=2|11=a|40=1|40=1')
    expect(later.sent()[0]).toContain('|373=13')
  })

  it('has no location routing in FIX.4.0', () => {
    const s = old('FIX.4.0').receive('35=1|34=2|115=A|116=B|144=C')
    expect(s.sent()[0]).toMatch(/^35=3\|34=2\|128=A\|129=B\|45=2/)
  })

  it('writes whole seconds', () => {
    const s = old('FIX.4.1')
    s.send('D', { 11: 'a' })
    expect(s.sentWhole()[0]).toContain('|52=20260105-09:00:00|56=')
  })
})
