import { describe, expect, it } from 'vitest'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'

type Action = 'reject' | 'disconnect'

/** Logged on; `burst` messages may come at once, one a second after that. */
function limited(burst: number, action: Action = 'reject', options: CoreSessionOptions = {}): CoreSession {
  return new CoreSession({ inboundLimit: { messagesPerSecond: 1, burst, action }, ...options }).logOn()
}

const orders = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `35=D|34=${from + index}|11=${from + index}`)

describe('messages that come too fast', () => {
  it('are refused, count, and are seen by nobody', () => {
    const s = limited(2).receive(...orders(2, 5))
    expect(s.delivered).toEqual([2, 3])
    expect(s.sent()).toEqual([
      '35=j|34=2|45=4|58=Throttle limit exceeded|372=D|380=0',
      '35=j|34=3|45=5|58=Throttle limit exceeded|372=D|380=0'
    ])
    expect([s.core.nextNumIn, s.core.state]).toEqual([6, 'Active'])
    s.pass(1).receive(...orders(6, 7))
    expect(s.delivered).toEqual([2, 3, 6])
  })

  it.each<[CoreSessionOptions, string]>([
    [{ beginString: 'FIX.4.1' }, '35=3|34=2|45=2|58=Throttle limit exceeded'],
    [
      { beginString: 'FIXT.1.1', defaultApplVerId: '9' },
      '35=j|34=2|45=2|58=Throttle limit exceeded|372=D|380=8|1137=9'
    ],
    [{ beginString: 'FIXT.1.1', defaultApplVerId: '7' }, '35=j|34=2|45=2|58=Throttle limit exceeded|372=D|380=0|1137=7']
  ])('are refused in the way of the version: %o', (options, answer) => {
    const s = new CoreSession({
      inboundLimit: { messagesPerSecond: 0.001, burst: 1, action: 'reject' },
      ...options
    }).logOn(options.beginString === 'FIXT.1.1' ? '35=A|34=1|98=0|108=30|1137=9' : undefined)
    s.receive('35=0|34=2').sent()
    expect(s.receive('35=D|34=3|11=A').sent()).toEqual([answer.replace('45=2', '45=3')])
  })

  it('have not come too fast where they waited here unread: so many as might have come in that time, and no more', () => {
    const s = limited(2).receive(...orders(2, 3))
    s.do((core, now) => core.readingStopped(now)).pass(5)
    s.do((core, now) => core.readingResumed(now)).receive(...orders(4, 12))
    expect(s.delivered).toEqual([2, 3, 4, 5, 6, 7, 8])
    // Later nothing is left of it.
    s.pass(60).receive(...orders(13, 16))
    expect(s.delivered.slice(7)).toEqual([13, 14])
  })

  it('are a TestRequest: that is refused too, and other administrative messages do what they do', () => {
    const s = limited(1).receive('35=0|34=2', '35=1|34=3|112=x', '35=0|34=4', '35=2|34=5|7=1|16=0')
    expect(s.sent()).toEqual([
      '35=3|34=2|45=3|58=Throttle limit exceeded|372=1|373=99',
      '35=4|34=1|43=Y|122=*|36=3|123=Y'
    ])
    expect(s.core.nextNumIn).toBe(6)
  })

  it('are a Logout: that is answered whatever came before', () => {
    const s = limited(1, 'disconnect').receive('35=0|34=2', '35=5|34=3')
    expect(s.closed?.code).toBe('PEER_LOGOUT')
  })

  it('end the session where that is wanted', () => {
    const s = limited(2, 'disconnect').receive(...orders(2, 4))
    expect(s.delivered).toEqual([2, 3])
    expect(s.sent()).toEqual(['35=5|34=2|58=Throttle limit exceeded'])
    expect(s.closed).toMatchObject({ code: 'INBOUND_LIMIT', abrupt: false })
    expect(s.core.nextNumIn).toBe(4)
  })

  it('have not filled the bucket when their sender comes again', () => {
    const s = limited(2, 'disconnect').receive(...orders(2, 4))
    s.do((core, now) => core.connected(now)).receive('35=A|34=4|98=0|108=30', ...orders(5, 5))
    expect(s.closed?.code).toBe('INBOUND_LIMIT')
  })

  it('are not those that we have asked for', () => {
    const s = limited(3)
    s.receive('35=D|34=9|11=late')
    s.receive(...orders(2, 8).map((text) => `${text}|43=Y|122=20260105-08:59:00`))
    expect(s.delivered).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    expect(s.sent()).toEqual(['35=2|34=2|7=2|16=0'])
  })

  it('are refused once their turn is there only: what is held is used later', () => {
    const s = limited(1).receive('35=D|34=3|11=B', '35=D|34=4|11=C')
    s.receive('35=D|34=2|11=A|43=Y|122=20260105-08:59:00')
    expect(s.delivered).toEqual([2, 3, 4])
  })

  it('cost nobody else anything: one line in the log, not one each', () => {
    const s = limited(1).receive(...orders(2, 30))
    expect(s.logged.filter((text) => text.includes('inboundLimit'))).toHaveLength(28)
    expect(s.core.nextNumIn).toBe(31)
  })
})
