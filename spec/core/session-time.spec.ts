import { describe, expect, it } from 'vitest'
import { FixMessage } from '../../lib/fix/message.js'
import { Schedule } from '../../lib/schedule/schedule.js'
import type { ScheduleConfig } from '../../lib/schedule/schedule-config.js'
import { CoreSession, type CoreSessionOptions, START } from '../support/core-session.js'

/* It is Monday, 2026-01-05, 09:00 UTC when a spec begins. */

const hour = 3600
const day = 24 * hour
const yesterday = START - day * 1000

const office: ScheduleConfig = { startTime: '08:00', endTime: '17:00' }
const roundTheClock: ScheduleConfig = { startTime: '17:00', endTime: '17:00' }

function scheduled(schedule: ScheduleConfig, options: CoreSessionOptions = {}): CoreSession {
  return new CoreSession({ ...options, parts: { schedule: Schedule.of(schedule), ...options.parts } })
}

const numbers = ({ core }: CoreSession) => [core.nextNumIn, core.nextNumOut]
const kinds = (session: CoreSession, kind: string) => session.kinds.filter((one) => one === kind).length
const stepWall = (session: CoreSession, seconds: number): void => {
  session.now = { wall: session.now.wall + seconds * 1000, mono: session.now.mono }
}
const theirs = (msgSeqNum: number) => `35=A|34=${msgSeqNum}|98=0|108=0`

describe('the end of a session', () => {
  it.each(['initiator', 'acceptor'] as const)(
    'is a Logout, and both numbers are 1 when the link is gone (%s)',
    (role) => {
      const session = scheduled(office, { role }).logOn(theirs(1))
      session.pass(8 * hour - 0.001)
      expect(session.sent().filter((text) => !text.startsWith('35=0'))).toEqual([])
      session.pass(0.001)
      expect(session.sent()).toEqual(['35=5|34=2|58=Session time is over'])
      expect(numbers(session)).toEqual([2, 3])
      session.receive('35=5|34=2')
      expect(session.closed).toEqual({
        code: 'SESSION_TIME_OVER',
        text: 'The session time is over: the next logon may be at 2026-01-06T08:00:00.000Z.',
        abrupt: false
      })
      expect(numbers(session)).toEqual([1, 1])
      expect(session.events).toEqual(['logout', 'disconnect SESSION_TIME_OVER'])
      expect(session.core.state).toBe(role === 'initiator' ? 'DisconnectedNoConnToday' : 'AwaitingConnection')
      expect(kinds(session, 'reset')).toBe(1)
    }
  )

  it('does not wait longer for an answer than any Logout does', () => {
    const session = scheduled(office)
      .logOn(theirs(1))
      .pass(8 * hour)
    expect(session.closed).toBeUndefined()
    session.pass(2)
    expect(session.closed?.code).toBe('SESSION_TIME_OVER')
    expect(numbers(session)).toEqual([1, 1])
  })

  it('resets without a link too', () => {
    const session = scheduled(office).logOn(theirs(1)).cut()
    expect(numbers(session)).toEqual([2, 2])
    session.pass(8 * hour)
    expect(numbers(session)).toEqual([1, 1])
    expect(session.core.state).toBe('AwaitingConnection')
    session.pass(day - 1)
    expect(kinds(session, 'reset')).toBe(1)
  })

  it('is done with once: the start of the next one finds fresh numbers', () => {
    const session = scheduled(office).logOn(theirs(1)).cut().pass(day)
    session.do((core, now) => core.connected(now)).receive(theirs(1))
    expect(session.sent()).toEqual([theirs(1)])
    expect(numbers(session)).toEqual([2, 2])
    expect(kinds(session, 'reset')).toBe(1)
  })

  it('lets what is under way be received under its old number', () => {
    const session = scheduled(office)
      .logOn(theirs(1))
      .pass(8 * hour)
      .receive('35=D|34=2|11=A', '35=5|34=3')
    expect(session.delivered).toEqual([2])
    expect(numbers(session)).toEqual([1, 1])
  })

  it('ends a resend in the order of its numbers', () => {
    const session = scheduled(office).logOn(theirs(1))
    session.send('8', { 37: 'A' })
    session.withhold('readJournal').receive('35=2|34=2|7=1|16=0')
    session.pass(8 * hour)
    session.sent()
    session.answer('readJournal')
    expect(session.sent().map((text) => text.slice(0, 9))).toEqual(['35=4|34=1', '35=8|34=2', '35=5|34=3'])
  })

  it('takes a signature that comes too late for nothing', () => {
    const parts = { asksSignature: true }
    const session = scheduled(office, { role: 'initiator', logonTimeout: 9 * hour, parts })
      .link()
      .pass(8 * hour)
    expect(session.closed?.code).toBe('SESSION_TIME_OVER')
    expect(session.sent()).toEqual([])
  })

  it('ends an unanswered Logon of ours with a Logout', () => {
    const session = scheduled(office, { role: 'initiator', logonTimeout: 9 * hour }).link()
    session.sent()
    session.pass(8 * hour)
    expect(session.sent()).toEqual(['35=5|34=2|58=Session time is over'])
    session.pass(2)
    expect(numbers(session)).toEqual([1, 1])
  })

  it('ends a dial, which begins again when it is time', () => {
    const session = scheduled(office, { role: 'initiator' }).do((core, now) => core.connect(now))
    session.pass(8 * hour)
    expect(session.asked.map(({ kind }) => kind)).toEqual(['dial', 'abortDial'])
    session.pass(15 * hour - 0.001)
    expect(session.asked).toHaveLength(2)
    session.pass(0.001)
    expect(session.asked.map(({ kind }) => kind)).toEqual(['dial', 'abortDial', 'dial'])
  })
})

describe('a session that follows the other at once', () => {
  it.each(['initiator', 'acceptor'] as const)('begins with number 1 on a link of its own (%s)', (role) => {
    const session = scheduled(roundTheClock, { role, nextNumIn: 7, nextNumOut: 9 }).logOn(theirs(7))
    session.pass(8 * hour).receive('35=5|34=8')
    expect(session.closed?.code).toBe('SESSION_TIME_OVER')
    session.sent()
    session.pass(5)
    expect(session.asked.map(({ kind }) => kind)).toEqual(role === 'initiator' ? ['dial', 'dial'] : [])
    session.do((core, now) => core.connected(now)).receive(theirs(1))
    expect(session.sent()).toEqual([role === 'initiator' ? '35=A|34=1|98=0|108=30' : theirs(1)])
    expect(session.core.state).toBe('Active')
    expect(numbers(session)).toEqual([2, 2])
  })

  it('lets in a counterparty whose authentication outlasted the one before, with fresh numbers', () => {
    const parts = { asksAuthentication: true }
    const options = { nextNumIn: 7, nextNumOut: 9, logonTimeout: 9 * hour, parts }
    const session = scheduled(roundTheClock, options)
      .link()
      .receive(theirs(1))
      .pass(8 * hour)
    expect(numbers(session)).toEqual([7, 9])
    session.do((core, now) => core.authenticated(true, '', now))
    expect(session.sent()).toEqual([theirs(1)])
    expect(numbers(session)).toEqual([2, 2])
  })
})

describe('a Logon outside the session time', () => {
  it.each(['quickfix', 'quickfixj'] as const)(
    'is refused without a byte and changes nothing (dialect %s)',
    (dialect) => {
      const session = scheduled(
        { startTime: '10:00', endTime: '17:00' },
        { dialect, nextNumIn: 5, nextNumOut: 6 }
      ).link()
      session.receive(theirs(5))
      expect(session.sent()).toEqual([])
      expect(session.closed).toEqual({
        code: 'OUTSIDE_SESSION_TIME',
        text: 'No logon outside the session time: the next logon may be at 2026-01-05T10:00:00.000Z.',
        abrupt: false
      })
      expect(numbers(session)).toEqual([5, 6])
      expect(session.kinds).not.toContain('connectedToday')
    }
  )

  it('is refused after a slow authentication too', () => {
    const parts = { asksAuthentication: true }
    const session = scheduled(office, { logonTimeout: 9 * hour, parts })
      .link()
      .receive(theirs(1))
      .pass(8 * hour)
    session.do((core, now) => core.authenticated(true, '', now))
    expect(session.closed?.code).toBe('OUTSIDE_SESSION_TIME')
    expect(session.sent()).toEqual([])
  })

  it('is not sent on a link that came when it was over', () => {
    const session = scheduled(office, { role: 'initiator' }).do((core, now) => core.connect(now))
    stepWall(session, 8 * hour)
    session.do((core, now) => core.connected(now))
    expect(session.sent()).toEqual([])
    expect(session.closed?.code).toBe('OUTSIDE_SESSION_TIME')
  })
})

describe('logonTime and logoutTime', () => {
  const schedule = { ...office, logonTime: '09:30', logoutTime: '16:00' }

  it('let nobody log on before, and log out with the numbers kept', () => {
    const session = scheduled(schedule, { role: 'initiator', heartBtInt: 0 }).do((core, now) => core.connect(now))
    session.pass(hour / 2)
    session.do((core, now) => core.connected(now)).receive(theirs(1))
    expect(session.core.state).toBe('Active')
    session.pass(6.5 * hour - 1)
    session.sent()
    session.pass(1).receive('35=5|34=2')
    expect(session.sent()).toEqual(['35=5|34=2|58=Session time is over'])
    expect(numbers(session)).toEqual([3, 3])
    expect(session.core.state).toBe('DisconnectedWConnToday')
    session.pass(hour)
    expect(numbers(session)).toEqual([1, 1])
  })
})

describe('numbers of another session', () => {
  it('are reset when they are read from the journal', () => {
    const session = scheduled(office, { nextNumIn: 5, nextNumOut: 6, connectedToday: true, resetTime: yesterday })
    expect(numbers(session)).toEqual([1, 1])
    expect(session.core.state).toBe('DisconnectedNoConnToday')
    expect(kinds(session, 'reset')).toBe(1)
  })

  it('are kept when the session is still the same, or never ends', () => {
    const given = { nextNumIn: 5, nextNumOut: 6, resetTime: START - hour * 1000 }
    expect(numbers(scheduled(office, given))).toEqual([5, 6])
    expect(numbers(new CoreSession({ ...given, resetTime: 0 }))).toEqual([5, 6])
    const weekly = { startTime: '18:00', startDay: 'sunday', endTime: '17:00', endDay: 'friday' }
    expect(numbers(scheduled(weekly, { ...given, resetTime: START - 14 * hour * 1000 }))).toEqual([5, 6])
  })

  it('are kept when the clock is behind the one that wrote them', () => {
    const given = { nextNumIn: 5, nextNumOut: 6, resetTime: START + 5 * day * 1000 }
    expect(numbers(scheduled(office, given))).toEqual([5, 6])
  })

  it.each(['initiator', 'acceptor'] as const)('are reset when refreshOnLogon has read them (%s)', (role) => {
    const session = scheduled(office, { role, refreshOnLogon: true }).link()
    if (role === 'acceptor') session.receive(theirs(1))
    session.do((core, now) => core.numbersRead(50, 60, true, now, yesterday))
    expect(session.sent().map((text) => text.slice(0, 9))).toEqual(['35=A|34=1'])
  })

  it('are reset at connect() when nobody watched the time', () => {
    const session = scheduled(office, { role: 'initiator', nextNumIn: 5, nextNumOut: 6 }).pass(day)
    expect(session.core.deadline()).toBeUndefined()
    expect(numbers(session)).toEqual([5, 6])
    session.do((core, now) => core.connect(now))
    expect(numbers(session)).toEqual([1, 1])
  })

  it('do not take those along that an operator sets for the next one', () => {
    const session = scheduled(office, { role: 'initiator', nextNumIn: 5, nextNumOut: 6 }).pass(10 * hour)
    session.do((core, now) => core.setSeqNums(undefined, 20, now))
    expect(numbers(session)).toEqual([1, 20])
    session.pass(14 * hour).do((core, now) => core.connect(now))
    expect(numbers(session)).toEqual([1, 20])
  })
})

describe('an initiator outside the session time', () => {
  it('dials at the moment at which a logon may be', () => {
    const session = scheduled({ startTime: '10:00', endTime: '17:00' }, { role: 'initiator' })
    session.do((core, now) => core.connect(now))
    expect(session.logged).toContain('Outside the session time: the next logon may be at 2026-01-05T10:00:00.000Z.')
    session.pass(hour - 0.001)
    expect(session.asked).toEqual([])
    session.pass(0.001)
    expect(session.asked.map(({ kind }) => kind)).toEqual(['dial'])
  })

  it('says once when that is, however often it looks', () => {
    const session = scheduled({ startTime: '08:00', endTime: '17:00', weekdays: ['friday'] }, { role: 'initiator' })
    session.do((core, now) => core.connect(now)).pass(4 * day - 2 * hour)
    expect(session.logged.filter((text) => text.startsWith('Outside'))).toHaveLength(1)
    expect(session.asked).toEqual([])
    session.pass(hour)
    expect(session.asked.map(({ kind }) => kind)).toEqual(['dial'])
  })

  it('waits where no logon is in sight', () => {
    const never = {
      isOver: () => false,
      logonAllowed: () => false,
      nextChange: () => undefined,
      nextLogon: () => undefined
    }
    const session = new CoreSession({ role: 'initiator', parts: { schedule: never } })
    session.do((core, now) => core.connect(now)).pass(10 * day)
    expect(session.asked).toEqual([])
    expect(session.logged).toContain('Outside the session time: no logon is due for years.')
  })

  it('keeps to reconnectInterval when that is later', () => {
    const session = scheduled(
      { startTime: '09:00:02', endTime: '09:00:01' },
      { role: 'initiator', reconnectInterval: 60 }
    )
    session.link().pass(1).cut()
    session.asked.length = 0
    session.pass(59)
    expect(session.asked).toEqual([])
    session.pass(2)
    expect(session.asked.map(({ kind }) => kind)).toEqual(['dial'])
  })
})

describe('a clock that is set', () => {
  it('over the end is noticed with the next message', () => {
    const session = scheduled(office).logOn(theirs(1))
    stepWall(session, 8 * hour)
    session.receive('35=0|34=2')
    expect(session.sent()).toEqual(['35=5|34=2|58=Session time is over'])
  })

  it('over the end is noticed before anything is sent', () => {
    const session = scheduled(office).logOn(theirs(1))
    stepWall(session, 8 * hour)
    expect(() => session.core.send(new FixMessage('8', { 37: 'A' }), session.now)).toThrow(
      expect.objectContaining({ code: 'NOT_LOGGED_ON' })
    )
    session.do(() => {})
    expect(session.sent()).toEqual(['35=5|34=2|58=Session time is over'])
  })

  it('over the end is noticed within an hour where nothing happens', () => {
    const session = scheduled(office).logOn(theirs(1)).cut()
    stepWall(session, 8 * hour)
    session.pass(hour - 1)
    expect(numbers(session)).toEqual([2, 2])
    session.pass(1)
    expect(numbers(session)).toEqual([1, 1])
  })

  it('to the start is noticed within an hour by an initiator that waits', () => {
    const session = scheduled({ startTime: '20:00', endTime: '22:00' }, { role: 'initiator' })
    session.do((core, now) => core.connect(now))
    stepWall(session, 11 * hour)
    session.pass(hour)
    expect(session.asked.map(({ kind }) => kind)).toEqual(['dial'])
  })

  it('back over the start resets nothing', () => {
    const session = scheduled(roundTheClock, { nextNumIn: 5, nextNumOut: 6 })
    session.do((core, now) => core.connect(now)).pass(8 * hour)
    expect(kinds(session, 'reset')).toBe(1)
    session.do((core, now) => core.connected(now)).receive(theirs(1))
    stepWall(session, -60)
    session.pass(hour)
    expect(session.core.state).toBe('Active')
    expect(numbers(session)[0]).toBe(2)
    expect(kinds(session, 'reset')).toBe(1)
  })
})

describe('deadlines', () => {
  it('are there only where someone waits', () => {
    const session = scheduled(office)
    expect(session.core.deadline()).toBeUndefined()
    session.do((core, now) => core.connect(now))
    expect(session.core.deadline()).toBe(hour * 1000)
    session.pass(7.5 * hour)
    expect(session.core.deadline()).toBe(8 * hour * 1000)
    session.do((core, now) => core.stop(now))
    expect(session.core.deadline()).toBeUndefined()
  })

  it('are none for a session that never ends', () => {
    const session = new CoreSession().do((core, now) => core.connect(now))
    expect(session.core.deadline()).toBeUndefined()
  })
})
