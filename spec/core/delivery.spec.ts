import { describe, expect, it } from 'vitest'
import { loggedOn, profiles } from '../support/profiles.js'

describe.each(profiles)('delivery, $beginString $role', (profile) => {
  it('sends what a listener sends, before the number is counted', () => {
    const s = loggedOn(profile)
    s.listener = (message) => {
      s.send('8', { 37: message.get(11) ?? '' })
      return undefined
    }
    s.receive('35=D|34=2|11=a', '35=D|34=3|11=b')
    expect(s.sent()).toEqual(['35=8|34=2|37=a', '35=8|34=3|37=b'])
    expect(s.kinds.slice(-6)).toEqual(['deliver', 'send', 'received', 'deliver', 'send', 'received'])
  })

  it('gives held messages one by one, each after the listeners have returned', () => {
    const s = loggedOn(profile).withhold('deliver').receive('35=D|34=3|11=b', '35=D|34=4|11=c', '35=D|34=2|11=a')
    expect(s.delivered).toEqual([2])
    s.answer('deliver')
    expect(s.delivered).toEqual([2, 3])
    s.answer('deliver').answer('deliver')
    expect(s.delivered).toEqual([2, 3, 4])
    expect(s.core.nextNumIn).toBe(5)
  })

  it('takes no message meanwhile', () => {
    const s = loggedOn(profile).withhold('deliver').receive('35=D|34=2|11=a')
    expect(() => s.receive('35=D|34=3|11=b')).toThrow(/Answer/)
    expect(() => s.receive('8=FIX.4.4|9=5|35=D|34=3|10=000|')).toThrow(/Answer/)
    s.answer('deliver').receive('35=D|34=4|11=c')
    expect(s.core.gap.open).toBe(true)
  })

  it('lets a listener log out: the message counts, and what is held stays', () => {
    const s = loggedOn(profile)
    s.listener = () => {
      s.do((core, now) => core.logout('enough', now))
      return undefined
    }
    s.receive('35=D|34=2|11=a')
    expect(s.sent()).toEqual(['35=5|34=2|58=enough'])
    expect(s.core.nextNumIn).toBe(3)
    expect(s.core.state).toBe('InitiateLogout')
  })

  it('lets a listener disconnect: held messages are not delivered any more', () => {
    const s = loggedOn(profile).withhold('close')
    s.listener = () => {
      s.do((core, now) => core.disconnect(undefined, undefined, now))
      return undefined
    }
    s.receive('35=D|34=3|11=b', '35=D|34=2|11=a')
    expect(s.delivered).toEqual([2])
    expect(s.core.nextNumIn).toBe(3)
    s.answer('close')
    expect(s.core.nextNumIn).toBe(3)
  })

  it('goes by the number that an operator sets meanwhile', () => {
    const s = loggedOn(profile)
    s.listener = () => {
      s.do((core, now) => core.setSeqNums(50, undefined, now))
      return undefined
    }
    s.receive('35=D|34=2|11=a')
    expect(s.core.nextNumIn).toBe(50)
  })

  it('uses what is held at the number that an operator sets', () => {
    const s = loggedOn(profile).receive('35=D|34=5|11=d', '35=D|34=6|11=e')
    s.do((core, now) => core.setSeqNums(5, undefined, now))
    expect(s.delivered).toEqual([5, 6])
    expect(s.core.state).toBe('Active')
  })

  it('goes on when a listener fails, as onListenerError says by default', () => {
    const s = loggedOn(profile)
    s.listener = () => ({ failed: 'bug' })
    s.receive('35=D|34=2|11=a', '35=D|34=3|11=b')
    expect(s.delivered).toEqual([2, 3])
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumIn).toBe(4)
  })

  it('tells the counterparty with onListenerError reject', () => {
    const s = loggedOn(profile, { onListenerError: 'reject' })
    s.listener = () => ({ failed: 'bug' })
    s.receive('35=D|34=2|11=a')
    expect(s.sent()).toEqual(['35=j|34=2|45=2|58=Application error|372=D|380=4'])
    expect(s.core.nextNumIn).toBe(3)
  })

  it('does not tell a counterparty that is being left', () => {
    const s = loggedOn(profile, { onListenerError: 'reject' }).withhold('close')
    s.listener = () => {
      s.do((core, now) => core.disconnect(undefined, undefined, now))
      return { failed: 'bug' }
    }
    s.receive('35=D|34=2|11=a')
    expect(s.sent()).toEqual([])
  })

  it('closes without counting with onListenerError disconnect, so that the message comes again', () => {
    const s = loggedOn(profile, { onListenerError: 'disconnect' })
    s.listener = () => ({ failed: 'bug' })
    s.receive('35=D|34=3|11=b', '35=D|34=2|11=a')
    expect(s.delivered).toEqual([2])
    expect(s.closed).toMatchObject({ code: 'LISTENER_FAILED', text: 'bug' })
    expect(s.core.nextNumIn).toBe(2)
    expect(s.received).toEqual([1])
    s.listener = () => undefined
    if (profile.role === 'initiator') s.pass(5)
    s.do((core, now) => core.connected(now)).receive(
      '35=A|34=4|98=0|108=30',
      '35=D|34=2|43=Y|11=a',
      '35=D|34=3|43=Y|11=b'
    )
    expect(s.delivered).toEqual([2, 2, 3])
    expect(s.core.nextNumIn).toBe(5)
  })

  it.each([
    ['continue', undefined, []],
    ['reject', undefined, ['35=j|34=2|45=2|58=Application error|372=D|380=4']],
    ['disconnect', 'LISTENER_FAILED', []]
  ] as const)('treats a promise that rejects late the same way: %s', (onListenerError, code, sent) => {
    const s = loggedOn(profile, { onListenerError })
    let message: Parameters<typeof s.listener>[0] | undefined
    s.listener = (delivered) => {
      message = delivered
      return undefined
    }
    s.receive('35=D|34=2|11=a')
    s.do((core, now) => core.listenerFailedLate(message as never, 'late bug', now))
    expect(s.sent()).toEqual(sent)
    expect(s.closed?.code).toBe(code)
    expect(s.core.nextNumIn).toBe(3)
    s.do((core, now) => core.stop(now)).cut()
    s.do((core, now) => core.listenerFailedLate(message as never, 'later still', now))
    expect(s.sent()).toEqual([])
  })
})
