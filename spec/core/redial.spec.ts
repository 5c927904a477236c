import { describe, expect, it } from 'vitest'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'

const refused = { code: 'CONNECTION_REFUSED', text: 'refused' }

/** An initiator that has begun to dial, and what it dialled since, by time in seconds. */
class Dialler {
  readonly s: CoreSession
  private seen = 0

  constructor(options: CoreSessionOptions & { endpoints?: number } = {}) {
    const { endpoints = 1, ...rest } = options
    this.s = new CoreSession({ role: 'initiator', parts: { endpoints }, ...rest }).do((core, now) => core.connect(now))
  }

  /** The endpoint being dialled since the last look, or undefined. */
  get dialled(): number | undefined {
    const dials = this.s.asked.filter((effect) => effect.kind === 'dial')
    const last = dials[this.seen]
    this.seen = dials.length
    return last?.endpoint
  }

  refuse(): this {
    this.s.do((core, now) => core.dialFailed(refused, now))
    return this
  }

  connect(): this {
    this.s.do((core, now) => core.connected(now))
    return this
  }

  logOn(msgSeqNum = 1): this {
    this.connect().s.receive(`35=A|34=${msgSeqNum}|98=0|108=30`, `35=D|34=${msgSeqNum + 1}|11=a`)
    return this
  }

  pass(seconds: number): this {
    this.s.pass(seconds)
    return this
  }
}

describe('redial', () => {
  it('waits reconnectInterval between dials of one host', () => {
    const d = new Dialler({ reconnectInterval: 7 })
    expect(d.dialled).toBe(0)
    expect(d.refuse().pass(6.9).dialled).toBeUndefined()
    expect(d.pass(0.1).dialled).toBe(0)
    expect(d.refuse().pass(7).dialled).toBe(0)
  })

  it('waits longer and longer where a list says so, and the last again and again', () => {
    const d = new Dialler({ reconnectInterval: [1, 5, 20] })
    for (const interval of [1, 5, 20, 20, 20]) {
      expect(d.dialled).toBe(0)
      expect(d.refuse().pass(interval - 0.1).dialled).toBeUndefined()
      d.pass(0.1)
    }
  })

  it('begins the list anew after a logon', () => {
    const d = new Dialler({ reconnectInterval: [1, 5, 20] })
    d.refuse().pass(1).refuse().pass(5).logOn().dialled
    d.s.cut()
    expect(d.pass(1).dialled).toBe(0)
  })

  it('tries all hosts without a pause, then waits', () => {
    const d = new Dialler({ endpoints: 3 })
    expect(d.dialled).toBe(0)
    expect(d.refuse().dialled).toBe(1)
    expect(d.refuse().dialled).toBe(2)
    expect(d.refuse().dialled).toBeUndefined()
    expect(d.pass(5).dialled).toBe(0)
  })

  it('takes a host that never answers the Logon for one that failed', () => {
    const d = new Dialler({ endpoints: 2 })
    expect(d.dialled).toBe(0)
    d.connect()
    expect(d.dialled).toBeUndefined()
    expect(d.pass(10).dialled).toBe(1)
    expect(d.s.events).toEqual(['connect', 'disconnect LOGON_TIMEOUT'])
  })

  it('takes a host that refuses the Logon for one that failed', () => {
    const d = new Dialler({ endpoints: 2 })
    d.dialled
    d.connect().s.receive('35=5|34=1|58=go away')
    expect(d.dialled).toBe(1)
  })

  it('comes back to the host that worked, after reconnectInterval', () => {
    const d = new Dialler({ endpoints: 3 })
    d.refuse().logOn().dialled
    d.s.cut()
    expect(d.pass(4.9).dialled).toBeUndefined()
    expect(d.pass(0.1).dialled).toBe(1)
  })

  it('takes a host that worked before for one that failed when it refuses now', () => {
    const d = new Dialler({ endpoints: 2 })
    d.logOn().s.cut()
    expect(d.pass(5).dialled).toBe(0)
    d.connect().s.receive('35=5|34=3|58=not again')
    expect(d.dialled).toBe(1)
  })

  it('goes round from there when it does not work any more', () => {
    const d = new Dialler({ endpoints: 3 })
    d.refuse().logOn().s.cut()
    d.pass(5).dialled
    expect(d.refuse().dialled).toBe(2)
    expect(d.refuse().dialled).toBe(0)
    expect(d.refuse().dialled).toBeUndefined()
    expect(d.pass(5).dialled).toBe(1)
  })

  it('begins with the first host each time where it has priority', () => {
    const d = new Dialler({ endpoints: 3, hostSelectionPolicy: 'priority' })
    expect(d.dialled).toBe(0)
    expect(d.refuse().dialled).toBe(1)
    d.logOn().s.cut()
    expect(d.pass(5).dialled).toBe(0)
    d.refuse().refuse().refuse()
    d.dialled
    expect(d.pass(5).dialled).toBe(0)
  })

  it('dials again after a Logout of the counterparty, but not after its own', () => {
    const d = new Dialler()
    d.logOn().dialled
    d.s.receive('35=5|34=3')
    expect(d.pass(5).dialled).toBe(0)
    d.logOn(4)
      .s.do((core, now) => core.logout(undefined, now))
      .receive('35=5|34=6')
    expect(d.pass(1000).dialled).toBeUndefined()
    d.s.do((core, now) => core.connect(now))
    expect(d.dialled).toBe(0)
  })

  it('dials again after a fault made it log out', () => {
    const d = new Dialler()
    d.logOn().dialled
    d.s.receive('35=0|34=3|49=WHO', '35=5|34=4')
    expect(d.s.events.at(-1)).toBe('disconnect COMP_ID_PROBLEM')
    expect(d.pass(5).dialled).toBe(0)
  })
})
