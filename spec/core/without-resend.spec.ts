import { describe, expect, it } from 'vitest'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'

const venue = (options: CoreSessionOptions = {}): CoreSession => new CoreSession({ recovery: 'none', ...options })
const itsLogon = '35=A|34=1|98=0|108=30|141=Y'

describe('with a venue that has no resend', () => {
  it('every connection of an initiator begins with number 1, and open orders are to be reconciled', () => {
    const s = venue({ role: 'initiator', nextNumIn: 7, nextNumOut: 9 }).link().receive(itsLogon)
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
    expect(s.events).toEqual(['connect', 'logon', 'reconcile LOGGED_ON'])
    s.send('D', { 11: 'A' })
    s.receive('35=8|34=2|37=x').cut()
    s.pass(5)
      .do((core, now) => core.connected(now))
      .receive(itsLogon)
    expect(s.sent()).toEqual(['35=D|34=2|11=A', '35=A|34=1|98=0|108=30|141=Y'])
    expect(s.events.slice(3)).toEqual(['disconnect CONNECTION_LOST', 'connect', 'logon', 'reconcile LOGGED_ON'])
    expect([s.core.nextNumIn, s.core.nextNumOut]).toEqual([2, 2])
  })

  it('an acceptor begins anew with whoever logs on', () => {
    const s = venue({ nextNumIn: 7, nextNumOut: 9 }).link().receive('35=A|34=1|98=0|108=30')
    expect([s.sent(), s.core.nextNumIn, s.core.state]).toEqual([['35=A|34=1|98=0|108=30'], 2, 'Active'])
  })

  it('takes a Logon with a higher number as it is', () => {
    const s = venue({ role: 'initiator' }).link().receive('35=A|34=4|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
    expect(s.events).toEqual(['connect', 'reconcile MISSED 1-3', 'logon', 'reconcile LOGGED_ON'])
    expect([s.core.nextNumIn, s.core.state]).toEqual([5, 'Active'])
  })

  it.each([
    ['35=8|34=5|37=x', [5], 6],
    ['35=0|34=5', [], 6],
    ['35=4|34=5|123=Y|36=8', [], 8]
  ])('asks for nothing when numbers are missing before %s, and goes on with it', (text, delivered, next) => {
    const s = venue().logOn().receive(text)
    expect([s.sent(), s.events]).toEqual([[], ['reconcile MISSED 2-4']])
    expect([s.delivered, s.core.nextNumIn, s.core.state]).toEqual([delivered, next, 'Active'])
  })

  it('a SequenceReset-Reset sets the number without a word', () => {
    const s = venue().logOn().receive('35=4|34=9|36=20')
    expect([s.events, s.core.nextNumIn]).toEqual([[], 20])
  })

  it('sends nothing again to who asks for it, and says so', () => {
    const s = venue().logOn()
    for (const id of ['A', 'B', 'C']) s.send('D', { 11: id })
    s.sent()
    s.receive('35=2|34=2|7=2|16=0')
    expect(s.sent()).toEqual(['35=4|34=2|43=Y|122=*|36=5|123=Y'])
    expect(s.events).toEqual(['reconcile NOT_RESENT 2-4'])
    expect(s.kinds).not.toContain('readJournal')
    s.receive('35=2|34=5|7=3|16=3')
    expect(s.sent()).toEqual(['35=4|34=3|43=Y|122=*|36=4|123=Y'])
    expect(s.events.slice(1)).toEqual(['reconcile MISSED 3-4', 'reconcile NOT_RESENT 3-3'])
  })

  it('does not forgive a number that is too low', () => {
    const s = venue().logOn().receive('35=8|34=5|37=x', '35=8|34=3|37=y')
    expect(s.closed?.code).toBe('MSG_SEQ_NUM_TOO_LOW')
  })
})
