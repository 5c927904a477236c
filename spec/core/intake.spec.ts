import { describe, expect, it } from 'vitest'
import type { FixMessage } from '../../lib/index.js'
import { CoreSession } from '../support/core-session.js'
import { loggedOn, profiles } from '../support/profiles.js'

/** How much the application takes. */

const order = (msgSeqNum: number) => `35=D|34=${msgSeqNum}|11=a`

describe.each(profiles)('a suspended intake, $beginString $role', (profile) => {
  it('delivers nothing of what was held when the gap closes, until it is taken up', () => {
    const s = loggedOn(profile)
    s.receive(order(4), order(3))
    s.do((core, now) => core.suspend(now))
    expect(s.core.holding).toBe(true)
    s.do((core, now) => core.takeUp(now))
    s.listener = (message) => {
      if (message.msgSeqNum === 2) s.core.suspend(s.now)
      return undefined
    }
    s.receive(order(2))
    expect([s.delivered, s.core.nextNumIn]).toEqual([[2], 3])
    s.do((core, now) => core.takeUp(now))
    expect([s.delivered, s.core.nextNumIn]).toEqual([[2, 3, 4], 5])
  })

  it('gives a postponed message once it is taken up, and does not count it before', () => {
    const s = loggedOn(profile)
    s.listener = () => (s.core.intake.suspended ? 'postponed' : 'done')
    s.withhold('deliver').receive(order(2))
    s.do((core, now) => core.suspend(now)).answer('deliver')
    expect([s.core.nextNumIn, s.core.holding]).toEqual([2, true])
    s.do((core, now) => core.takeUp(now)).answer('deliver')
    expect([s.core.nextNumIn, s.core.holding, s.delivered]).toEqual([3, false, [2]])
  })

  it('forgets a postponed message with its link, so that the next Logon is not held up by it', () => {
    const s = loggedOn(profile)
    s.listener = () => (s.core.intake.suspended ? 'postponed' : 'done')
    s.withhold('deliver').receive(order(2))
    s.do((core, now) => core.suspend(now)).answer('deliver')
    s.cut()
    expect([s.core.holding, s.core.nextNumIn]).toEqual([false, 2])
  })

  it('lets the counterparty log out, whatever came before its Logout(5)', () => {
    const s = loggedOn(profile)
    s.do((core, now) => core.suspend(now))
    s.do((core, now) => core.logout(undefined, now))
    expect(s.core.holding).toBe(false)
    s.receive(order(2), '35=1|34=3|112=X', '35=5|34=4')
    expect(s.events).toContain('disconnect LOGGED_OUT')
    expect([s.delivered, s.core.nextNumIn]).toEqual([[], 2])
  })
})

describe('many held messages', () => {
  const gapOf = (count: number): CoreSession => {
    const s = new CoreSession({ maxHeldMessages: 10_000 }).logOn()
    for (let msgSeqNum = 3; msgSeqNum < count + 3; msgSeqNum++) s.receive(order(msgSeqNum))
    return s
  }

  it('are used in order, so many a turn, and nothing overtakes them', () => {
    const s = gapOf(700).withhold('rest')
    s.receive(order(2))
    expect([s.delivered.length, s.core.holding]).toEqual([257, true])
    s.answer('rest')
    expect([s.delivered.length, s.core.holding]).toEqual([513, true])
    s.answer('rest')
    expect([s.delivered.length, s.core.holding, s.core.state]).toEqual([701, false, 'Active'])
    expect(s.delivered).toEqual(Array.from({ length: 701 }, (_, index) => index + 2))
    s.receive(order(703))
    expect(s.delivered.at(-1)).toBe(703)
  })

  it('end with the link, and a late turn of the event loop means nothing', () => {
    const s = gapOf(700).withhold('rest')
    s.receive(order(2)).cut()
    expect([s.core.holding, s.core.nextNumIn]).toEqual([false, 259])
    s.link().receive('35=A|34=703|98=0|108=30')
    s.answer('rest')
    expect([s.core.nextNumIn, s.core.state]).toEqual([259, 'ResendReqAwaiting'])
  })

  it('are all used before our Logout(5) is answered', () => {
    const s = gapOf(700).withhold('rest')
    s.receive(order(2))
    s.do((core, now) => core.logout(undefined, now))
    s.answer('rest').answer('rest')
    s.receive('35=5|34=703')
    expect([s.delivered.length, s.events.at(-1)]).toEqual([701, 'disconnect LOGGED_OUT'])
  })
})

describe('silence while nothing is read', () => {
  it('is not held against the counterparty, and Heartbeats go on', () => {
    const s = new CoreSession().logOn()
    s.do((core, now) => core.readingStopped(now))
    s.pass(600)
    expect(s.sent()).toEqual(Array.from({ length: 20 }, (_, index) => `35=0|34=${index + 2}`))
    expect(s.core.state).toBe('Active')
    s.do((core, now) => core.readingResumed(now))
    s.pass(35)
    expect(s.core.state).toBe('Active')
    s.pass(2)
    expect(s.core.state).toBe('AwaitProcTestReq')
    s.pass(36)
    expect(s.events).toContain('disconnect HEARTBEAT_TIMEOUT')
  })

  it('does not stop the Heartbeats where a TestRequest is unanswered', () => {
    const s = new CoreSession().logOn().pass(36)
    expect(s.sent().at(-1)).toContain('35=1')
    s.do((core, now) => core.readingStopped(now)).pass(61)
    expect(s.sent().map((text) => text.slice(0, 4))).toEqual(['35=0', '35=0'])
  })

  it('does not make it ask again for what is missing, nor give up a gap', () => {
    const s = new CoreSession({ heartBtInt: 0 }).logOn('35=A|34=1|98=0|108=0')
    s.receive(order(5))
    expect(s.sent()).toHaveLength(1)
    s.do((core, now) => core.readingStopped(now)).pass(1000)
    expect(s.sent()).toEqual([])
    s.do((core, now) => core.readingResumed(now)).pass(61)
    expect(s.sent()).toHaveLength(1)
  })

  it('does not end a reset that waits for its answer', () => {
    const s = new CoreSession().logOn()
    s.do((core, now) => core.resetSeqNums(now))
    s.do((core, now) => core.readingStopped(now)).pass(100)
    expect(s.core.phase.name).toBe('loggedOn')
    s.do((core, now) => core.readingResumed(now)).pass(11)
    expect(s.events).toContain('disconnect RESET_TIMEOUT')
  })

  it('is no verdict on the counterparty where it came by another connection', () => {
    const s = new CoreSession().logOn()
    s.do((core, now) => core.readingStopped(now))
    s.do((core, now) => core.lookForLife(now)).pass(100)
    expect(s.probed).toEqual([])
    s.do((core, now) => core.readingResumed(now))
    s.receive('35=0|34=2|112=TEST')
    expect(s.probed).toEqual([true])
  })
})

describe('SendingTime(52) of what may have waited unread', () => {
  const late = '35=D|34=2|11=a|52=20260105-09:00:00.000'
  const faults = (s: CoreSession) => s.sent().filter((text) => text.startsWith('35=3'))

  it('is not too old, neither while reading has stopped nor soon after', () => {
    const s = new CoreSession({ heartBtInt: 0 }).logOn('35=A|34=1|98=0|108=0')
    s.do((core, now) => core.readingStopped(now)).pass(600)
    s.receive(late)
    s.do((core, now) => core.readingResumed(now)).pass(110)
    s.receive('35=D|34=3|11=b|52=20260105-09:00:00.000')
    expect([faults(s), s.delivered]).toEqual([[], [2, 3]])
  })

  it('is when reading has gone on for maxLatency, when it stopped for a moment only, and on another link', () => {
    const reading = (stopped: number, then: number, again: boolean) => {
      const s = new CoreSession({ heartBtInt: 0 }).logOn('35=A|34=1|98=0|108=0').pass(300)
      s.do((core, now) => core.readingStopped(now)).pass(stopped)
      s.do((core, now) => core.readingResumed(now)).pass(then)
      if (again) s.cut().link().receive('35=A|34=2|98=0|108=0')
      s.receive(again ? late.replace('34=2', '34=3') : late)
      return faults(s).length
    }
    expect(reading(200, 121, false)).toBe(1)
    expect(reading(0.05, 0, false)).toBe(1)
    expect(reading(200, 0, true)).toBe(1)
    expect(reading(200, 0, false)).toBe(0)
  })

  it('is never in the future', () => {
    const s = new CoreSession({ heartBtInt: 0 }).logOn('35=A|34=1|98=0|108=0')
    s.do((core, now) => core.readingStopped(now)).pass(10)
    s.receive('35=D|34=2|11=a|52=20260105-10:00:00.000')
    expect(faults(s)).toHaveLength(1)
  })
})

describe('acknowledging', () => {
  function unacknowledged(maxUnacknowledged = 10) {
    const s = new CoreSession({ maxUnacknowledged, enableLastMsgSeqNumProcessed: true }).logOn()
    s.listener = () => 'unacknowledged'
    const ack = (...numbers: number[]) => {
      for (const number of numbers) {
        const message = s.given.find(({ msgSeqNum }) => msgSeqNum === number) as FixMessage
        s.do((core, now) => core.acknowledged(message, now))
      }
    }
    return { s, ack }
  }

  it('makes the contiguous prefix durable, in whatever order it is done', () => {
    const { s, ack } = unacknowledged()
    s.receive(order(2), order(3), order(4))
    expect([s.core.nextNumIn, s.core.durableNumIn]).toEqual([5, 2])
    ack(4, 3)
    expect(s.core.durableNumIn).toBe(2)
    ack(2)
    expect(s.core.durableNumIn).toBe(5)
    ack(2, 3)
    expect(s.core.durableNumIn).toBe(5)
  })

  it('counts what is not the application’s with the message before it', () => {
    const { s, ack } = unacknowledged()
    s.receive(order(2), '35=0|34=3', order(4), '35=4|34=5|36=9|123=Y')
    expect([s.core.nextNumIn, s.core.durableNumIn]).toEqual([9, 2])
    ack(2)
    expect(s.core.durableNumIn).toBe(4)
    ack(4)
    expect(s.core.durableNumIn).toBe(9)
  })

  it('is what LastMsgSeqNumProcessed(369) tells', () => {
    const { s, ack } = unacknowledged()
    s.receive(order(2), order(3))
    s.send('8')
    expect(s.sent().at(-1)).toContain('|369=1')
    ack(2)
    s.send('8')
    expect(s.sent().at(-1)).toContain('|369=2')
  })

  it('is asked for before more is taken than maxUnacknowledged, and that is said once', () => {
    const { s, ack } = unacknowledged(2)
    s.receive(order(2), order(3))
    expect(s.core.holding).toBe(true)
    expect(s.logged.filter((line) => line.includes('maxUnacknowledged'))).toHaveLength(1)
    ack(3)
    expect(s.core.holding).toBe(false)
    s.receive(order(4))
    expect(s.core.holding).toBe(true)
    ack(2)
    expect([s.core.holding, s.core.durableNumIn]).toEqual([false, 4])
  })

  it('stops what is held, too', () => {
    const { s, ack } = unacknowledged(2)
    s.receive(order(3), order(4), order(5), order(2))
    expect(s.delivered).toEqual([2, 3])
    ack(2)
    expect(s.delivered).toEqual([2, 3, 4])
  })

  it('means nothing after a reset, nor after the word of an operator', () => {
    const { s, ack } = unacknowledged()
    s.receive(order(2), order(3))
    s.receive('35=A|34=1|98=0|108=30|141=Y')
    expect([s.core.nextNumIn, s.core.durableNumIn, s.core.intake.size]).toEqual([2, 2, 0])
    s.receive(order(2))
    ack(2)
    expect(s.core.durableNumIn).toBe(2)
    s.do((core, now) => core.setSeqNums(7, undefined, now))
    expect(s.core.durableNumIn).toBe(7)
  })

  it('goes on over a disconnect: what the application has, it has', () => {
    const { s, ack } = unacknowledged()
    s.receive(order(2), order(3)).cut()
    expect([s.core.nextNumIn, s.core.durableNumIn]).toEqual([4, 2])
    ack(2, 3)
    expect(s.core.durableNumIn).toBe(4)
  })

  it('begins anew with what the journal says', () => {
    const { s } = unacknowledged()
    s.receive(order(2), order(3)).cut()
    s.do((core, now) => core.loaded(2, 2, true, now))
    expect([s.core.nextNumIn, s.core.durableNumIn, s.core.intake.size]).toEqual([2, 2, 0])
  })

  it.each([
    ['continue', 2, 1],
    ['reject', 3, 0]
  ] as const)('a failed listener, %s: durable %d', (onListenerError, durable, size) => {
    const s = new CoreSession({ onListenerError }).logOn()
    s.listener = () => ({ failed: 'bug', unacknowledged: true })
    s.receive(order(2))
    expect([s.core.nextNumIn, s.core.durableNumIn, s.core.intake.size]).toEqual([3, durable, size])
  })

  it('a failed listener, disconnect: not counted at all', () => {
    const s = new CoreSession({ onListenerError: 'disconnect' }).logOn()
    s.listener = () => ({ failed: 'bug', unacknowledged: true })
    s.receive(order(2))
    expect([s.core.nextNumIn, s.core.durableNumIn, s.core.intake.size]).toEqual([2, 2, 0])
  })
})
