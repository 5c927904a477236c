import { describe, expect, it } from 'vitest'
import { at, START } from '../support/core-session.js'
import { loggedOn, profiles } from '../support/profiles.js'

const badNumber = '58=Value is incorrect (out of range) for this tag|372=4|373=5'

describe.each(profiles)('SequenceReset-GapFill, $beginString $role', (profile) => {
  it('moves on in its turn (test case 10b)', () => {
    const s = loggedOn(profile).receive('35=4|34=2|36=20|123=Y', '35=1|34=20|112=x')
    expect(s.sent()).toEqual(['35=0|34=2|112=x'])
    expect(s.received).toEqual([1, 2, 20])
  })

  it('shows a gap when it comes early, and is used in its turn (test case 10a)', () => {
    const s = loggedOn(profile).receive('35=4|34=5|36=9|123=Y', '35=D|34=9|11=z')
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0'])
    expect(s.core.nextNumIn).toBe(2)
    s.receive('35=4|34=2|43=Y|36=5|123=Y')
    expect(s.core.nextNumIn).toBe(10)
    expect(s.delivered).toEqual([9])
  })

  it('is ignored when it is old and says so (test case 10c)', () => {
    const s = loggedOn(profile).receive('35=0|34=2', `35=4|34=1|43=Y|122=${at(START - 1000)}|36=20|123=Y`)
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(3)
  })

  it('needs no OrigSendingTime for that, having none of its own', () => {
    const s = loggedOn(profile).receive('35=0|34=2', '35=4|34=1|43=Y|36=20|123=Y')
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(3)
  })

  it('ends the session when it is old and does not say so (test case 10d)', () => {
    const s = loggedOn(profile).receive('35=0|34=2', '35=4|34=1|36=20|123=Y')
    expect(s.sent()).toEqual(['35=5|34=2|58=MsgSeqNum too low, expecting 3 but received 1'])
    expect(s.closed?.code).toBe('MSG_SEQ_NUM_TOO_LOW')
  })

  it.each([1, 2])('is rejected when it leads nowhere: to %i (test case 10e)', (newSeqNo) => {
    const s = loggedOn(profile).receive(`35=4|34=2|36=${newSeqNo}|123=Y`)
    expect(s.sent()).toEqual([`35=3|34=2|45=2|${badNumber}`])
    expect(s.core.nextNumIn).toBe(2)
  })

  it('is followed over numbers that were held meanwhile', () => {
    const s = loggedOn(profile).receive('35=D|34=3|11=b', '35=D|34=2|43=Y|11=a')
    expect(s.delivered).toEqual([2, 3])
    s.receive('35=4|34=3|43=Y|36=6|123=Y')
    expect(s.core.nextNumIn).toBe(6)
    expect(s.received).toEqual([1, 2, 3])
    expect(s.kinds.at(-2)).toBe('numbers')
    s.receive('35=D|34=6|11=f', '35=4|34=5|43=Y|36=9|123=Y')
    expect(s.core.nextNumIn).toBe(7)
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0'])
  })

  it('is taken twice without harm', () => {
    const s = loggedOn(profile).receive('35=4|34=2|43=Y|36=9|123=Y', '35=4|34=2|43=Y|36=9|123=Y')
    expect(s.core.nextNumIn).toBe(9)
    expect(s.sent()).toEqual([])
  })

  it('cannot bring the numbers back', () => {
    const s = loggedOn(profile).receive('35=4|34=2|36=50|123=Y', '35=4|34=50|36=10|123=Y')
    expect(s.core.nextNumIn).toBe(50)
  })
})

describe.each(profiles)('SequenceReset-Reset, $beginString $role', (profile) => {
  it.each(['', '|123=N'])('moves on whatever its own number (test case 11a)%s', (flag) => {
    const s = loggedOn(profile).receive(`35=4|34=0|36=25${flag}`, '35=1|34=25|112=x')
    expect(s.sent()).toEqual(['35=0|34=2|112=x'])
    s.receive(`35=4|34=99|36=50${flag}`, `35=4|34=3|36=60${flag}`)
    expect(s.core.nextNumIn).toBe(60)
    expect(s.sent()).toEqual([])
  })

  it('may stay where it is (test case 11b)', () => {
    const s = loggedOn(profile).receive('35=4|34=0|36=2', '35=1|34=2|112=x')
    expect(s.sent()).toEqual(['35=0|34=2|112=x'])
  })

  it('is rejected when it goes back, and changes nothing (test case 11c)', () => {
    const s = loggedOn(profile).receive('35=0|34=2', '35=4|34=0|36=1')
    expect(s.sent()).toEqual([`35=3|34=2|45=0|${badNumber}`])
    expect(s.core.nextNumIn).toBe(3)
  })

  it('is not counted, even rejected in its turn', () => {
    const s = loggedOn(profile).receive('35=4|34=2|36=1')
    expect(s.sent()).toEqual([`35=3|34=2|45=2|${badNumber}`])
    expect(s.core.nextNumIn).toBe(2)
  })

  it.each([
    ['', 'Required tag missing|371=36|372=4|373=1'],
    ['|36=x', 'Incorrect data format for value|371=36|372=4|373=6'],
    ['|36=-5', 'Incorrect data format for value|371=36|372=4|373=6']
  ])('is rejected with a NewSeqNo of "%s"', (field, reject) => {
    const s = loggedOn(profile).receive(`35=4|34=2${field}`)
    expect(s.sent()).toEqual([`35=3|34=2|45=2|58=${reject}`])
  })

  it('closes a gap, and lets what is held behind it go on', () => {
    const s = loggedOn(profile).receive('35=D|34=5|11=d', '35=D|34=6|11=e', '35=4|34=0|36=6')
    expect(s.delivered).toEqual([6])
    expect(s.core.state).toBe('Active')
    expect(s.core.gap.size).toBe(0)
    expect(s.kinds).toContain('numbers')
  })

  it('leaves a gap open that it does not reach over', () => {
    const s = loggedOn(profile).receive('35=D|34=9|11=d', '35=4|34=0|36=6')
    expect(s.core.state).toBe('ResendReqAwaiting')
    s.receive('35=D|34=6|11=a', '35=D|34=7|11=b', '35=D|34=8|11=c')
    expect(s.delivered).toEqual([6, 7, 8, 9])
  })
})
