import { describe, expect, it } from 'vitest'
import { SessionState } from '../../lib/fix/session-state.js'
import { CoreSession } from '../support/core-session.js'
import { loggedOn, profiles } from '../support/profiles.js'

/** Lives through everything that a session can meet. */
function life(role: 'acceptor' | 'initiator', beginString: string): Set<string> {
  const s = new CoreSession({ role, beginString }).do((core, now) => core.connect(now))
  const link = () => {
    if (role === 'initiator') s.pass(5)
    s.do((core, now) => core.connected(now)).receive(`35=A|34=${s.core.nextNumIn}|98=0|108=30`)
  }
  link()
  s.receive('35=D|34=4|11=c', '35=4|34=2|36=4|123=Y', '35=2|34=5|7=1|16=0')
  s.pass(36).pass(36)
  link()
  s.receive(`35=5|34=${s.core.nextNumIn}`)
  link()
  s.do((core, now) => core.logout(undefined, now)).receive('35=5|34=9')
  return new Set(s.states)
}

const common = [
  'DisconnectedNoConnToday',
  'DisconnectedWConnToday',
  'DisconnectedBrokenConn',
  'NetworkConnEstablished',
  'ResendReqHandling',
  'RecvSeqNumTooHigh',
  'ResendReqAwaiting',
  'NoMsgInInterval',
  'AwaitProcTestReq',
  'ReceivedLogout',
  'InitiateLogout',
  'Active'
]

describe.each(['FIX.4.2', 'FIX.4.4'])('states seen through stateChange, %s', (beginString) => {
  it('are these for an acceptor', () => {
    const own = ['AwaitingConnection', 'LogonInitialRecv', 'LogonResponse']
    expect([...life('acceptor', beginString)].sort()).toEqual([...common, ...own].sort())
  })

  it('are these for an initiator', () => {
    const own = ['InitiateConnection', 'LogonInitialSent', 'WaitingForLogon']
    expect([...life('initiator', beginString)].sort()).toEqual([...common, ...own].sort())
  })

  it('are all there are, with the one before the journal is read', () => {
    const seen = new Set([...life('acceptor', beginString), ...life('initiator', beginString), 'Unknown'])
    expect([...seen].sort()).toEqual(Object.keys(SessionState).sort())
  })
})

describe.each(profiles)('precedence, $beginString $role', (profile) => {
  it('is logout, resend handling, gap, TestRequest, Active', () => {
    const s = loggedOn(profile).withhold('decideReplay')
    s.send('D', { 11: 'a' })
    expect(s.core.state).toBe('Active')
    s.do((core, now) => core.testRequest(now))
    expect(s.core.state).toBe('AwaitProcTestReq')
    s.receive('35=D|34=5|11=d')
    expect(s.core.state).toBe('ResendReqAwaiting')
    s.receive('35=2|34=6|7=1|16=0')
    expect(s.core.state).toBe('ResendReqHandling')
    s.do((core, now) => core.logout(undefined, now))
    expect(s.core.state).toBe('InitiateLogout')
  })

  it('comes back step by step', () => {
    const s = loggedOn(profile).withhold('decideReplay')
    s.send('D', { 11: 'a' })
    s.do((core, now) => core.testRequest(now)).receive('35=D|34=4|11=c', '35=2|34=5|7=1|16=0')
    s.states.length = 0
    s.answer('decideReplay').receive('35=4|34=2|36=4|123=Y', '35=0|34=6|112=TEST')
    expect(s.states).toEqual(['ResendReqAwaiting', 'AwaitProcTestReq', 'Active'])
  })

  it('never tells the same state twice in a row', () => {
    const s = loggedOn(profile).receive('35=D|34=3|11=b', '35=D|34=4|11=c', '35=D|34=2|11=a', '35=0|34=5')
    expect(s.states).toEqual(['RecvSeqNumTooHigh', 'ResendReqAwaiting', 'Active'])
  })
})
