import { expect, it } from 'vitest'
import { CoreSession } from '../support/core-session.js'

it('acceptor basics', () => {
  const s = new CoreSession()
  s.link()
  s.receive('35=A|34=1|98=0|108=30')
  expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
  expect(s.states).toEqual([
    'DisconnectedNoConnToday',
    'AwaitingConnection',
    'NetworkConnEstablished',
    'LogonInitialRecv',
    'LogonResponse',
    'Active'
  ])
  s.receive('35=D|34=4|11=c', '35=D|34=2|11=a', '35=D|34=3|11=b')
  expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0'])
  expect(s.delivered).toEqual([2, 3, 4])
  s.send('8', { 37: 'x' })
  s.pass(31)
  s.receive('35=2|34=5|7=1|16=0')
  expect(s.sent()).toEqual([
    '35=8|34=3|37=x',
    '35=0|34=4',
    '35=4|34=1|43=Y|122=*|36=3|123=Y',
    '35=8|34=3|43=Y|122=*|37=x',
    '35=4|34=4|43=Y|122=*|36=5|123=Y'
  ])
  s.receive('35=5|34=6')
  expect(s.sent()).toEqual(['35=5|34=5'])
  expect(s.closed?.code).toBe('PEER_LOGOUT')
  expect(s.core.state).toBe('AwaitingConnection')
})

it('initiator basics', () => {
  const s = new CoreSession({ role: 'initiator' })
  s.link()
  expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
  s.receive('35=A|34=1|98=0|108=30')
  expect(s.states).toEqual([
    'DisconnectedNoConnToday',
    'InitiateConnection',
    'NetworkConnEstablished',
    'LogonInitialSent',
    'WaitingForLogon',
    'Active'
  ])
  s.pass(36)
  expect(s.sent().at(-1)).toMatch(/35=1/)
  s.pass(36)
  expect(s.events).toEqual(['connect', 'logon', 'disconnect HEARTBEAT_TIMEOUT'])
})
