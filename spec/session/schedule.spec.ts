import { describe, expect, it } from 'vitest'
import { MemoryJournal, type SessionConfig } from '../../lib/index.js'
import { shownAt, utc } from '../schedule/wall.js'
import { Counterparty } from '../support/counterparty.js'
import { clOrdIds, forget, order, outcome, type SeenSession, TwoSessions } from '../support/two-sessions.js'

const hour = 3600
const newYork = 'America/New_York'

/** Two sessions of one schedule; nobody has connected yet. */
function world(start: string, schedule: Partial<SessionConfig>) {
  const two = new TwoSessions(start)
  const config = { ...schedule, heartBtInt: 0 }
  return { two, broker: two.acceptor(config), buySide: two.initiator(config) }
}

async function connect({ two, broker, buySide }: ReturnType<typeof world>): Promise<void> {
  await broker.connect()
  void buySide.connect()
  await two.settle()
}

/** When, in UTC, each of `days` days began and ended for a session: its `logon` and `disconnect` events. */
async function diary(start: string, schedule: Partial<SessionConfig>, hours: number): Promise<string[]> {
  const all = world(start, schedule)
  const entries: string[] = []
  const note = (event: string) => entries.push(`${new Date(all.two.clock.now()).toISOString().slice(0, 16)} ${event}`)
  all.buySide.on('logon', (logon) => note(`logon ${logon.msgSeqNum}`))
  all.buySide.on('disconnect', ({ code }) => note(code))
  all.broker.on('logon', (logon) => expect(logon.msgSeqNum).toBe(1))
  await connect(all)
  await all.two.pass(hours * hour)
  expect([...all.broker.seen.errors, ...all.buySide.seen.errors]).toEqual([])
  return entries
}

describe('a session with a schedule', () => {
  it('logs on inside it only, and begins each time with number 1', async () => {
    const all = world('2026-01-05T07:00:00Z', { startTime: '08:00', endTime: '17:00' })
    const { two, broker, buySide } = all
    await broker.connect()
    const connected = outcome(buySide.connect())
    await two.pass(hour - 1)
    expect([connected.state, buySide.state, broker.state]).toEqual([
      'pending',
      'DisconnectedNoConnToday',
      'AwaitingConnection'
    ])
    await two.pass(1)
    expect([connected.state, buySide.state, broker.state]).toEqual(['resolved', 'Active', 'Active'])
    buySide.send(order('A'))
    await two.pass(9 * hour - 1)
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
    forget(buySide)
    forget(broker)
    await two.pass(1)
    expect(buySide.seen.events).toEqual([
      'InitiateLogout',
      'logout',
      'DisconnectedNoConnToday',
      'disconnect SESSION_TIME_OVER'
    ])
    expect([buySide.nextNumIn, buySide.nextNumOut, broker.nextNumIn, broker.nextNumOut]).toEqual([1, 1, 1, 1])
    await two.pass(15 * hour)
    expect([buySide.state, buySide.nextNumIn, buySide.nextNumOut]).toEqual(['Active', 2, 2])
    const stopped = Promise.all([buySide.stop(), broker.stop()])
    await two.pass(2)
    await stopped
    expect(two.clock.pendingTimers).toBe(0)
  })

  it('may go on past midnight, on some days of the week', async () => {
    const weekdays = ['mon', 'wed']
    expect(await diary('2026-01-05T12:00:00Z', { startTime: '22:00', endTime: '06:00', weekdays }, 72)).toEqual([
      '2026-01-05T22:00 logon 1',
      '2026-01-06T06:00 SESSION_TIME_OVER',
      '2026-01-07T22:00 logon 1',
      '2026-01-08T06:00 SESSION_TIME_OVER'
    ])
  })

  it('may last a week, with a night in which the clocks go forward', async () => {
    const week = { startTime: '17:00', startDay: 'sunday', endTime: '17:00', endDay: 'friday', timeZone: newYork }
    expect(await diary('2026-03-01T00:00:00Z', week, 15 * 24 - 6)).toEqual([
      '2026-03-01T22:00 logon 1',
      '2026-03-06T22:00 SESSION_TIME_OVER',
      '2026-03-08T21:00 logon 1',
      '2026-03-13T21:00 SESSION_TIME_OVER'
    ])
  })

  it.each(['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Casablanca'])(
    'is one a day by the clocks of %s, through two years',
    async (timeZone) => {
      const day = { startTime: '17:30', endTime: '16:45', timeZone }
      const entries = await diary('2026-01-01T00:00:00Z', day, 2 * 365 * 24)
      const times = (event: string) =>
        entries
          .filter((entry) => entry.endsWith(event))
          .map((entry) => new Date(shownAt(timeZone, utc(entry.slice(0, 16)))).toISOString().slice(11, 16))
      // The first one had begun when the spec did.
      expect(new Set(times('logon 1').slice(1))).toEqual(new Set(['17:30']))
      expect(new Set(times('SESSION_TIME_OVER'))).toEqual(new Set(['16:45']))
      expect(times('SESSION_TIME_OVER')).toHaveLength(730)
      expect(entries).toHaveLength(1461)
    }
  )

  it('starts when the clock first shows that a time which does not exist is over', async () => {
    const night = { startTime: '02:30', endTime: '05:00', timeZone: newYork }
    expect(await diary('2026-03-07T00:00:00Z', night, 72)).toEqual([
      '2026-03-07T07:30 logon 1',
      '2026-03-07T10:00 SESSION_TIME_OVER',
      '2026-03-08T07:00 logon 1',
      '2026-03-08T09:00 SESSION_TIME_OVER',
      '2026-03-09T06:30 logon 1',
      '2026-03-09T09:00 SESSION_TIME_OVER'
    ])
  })

  it('is not cut in two by an hour that comes twice', async () => {
    const night = { startTime: '01:15', endTime: '01:45', timeZone: newYork }
    expect(await diary('2026-10-31T12:00:00Z', night, 48)).toEqual([
      '2026-11-01T05:15 logon 1',
      '2026-11-01T06:45 SESSION_TIME_OVER',
      '2026-11-02T06:15 logon 1',
      '2026-11-02T06:45 SESSION_TIME_OVER'
    ])
  })

  it('logs out at logoutTime and keeps its numbers until the session ends', async () => {
    const all = world('2026-01-05T09:00:00Z', { startTime: '08:00', endTime: '17:00', logoutTime: '16:00' })
    await connect(all)
    await all.two.pass(7 * hour)
    expect(all.buySide.seen.events.at(-1)).toBe('disconnect SESSION_TIME_OVER')
    expect([all.buySide.nextNumOut, all.broker.nextNumOut]).toEqual([3, 3])
    await all.two.pass(hour)
    expect([all.buySide.nextNumOut, all.broker.nextNumOut]).toEqual([1, 1])
  })

  it('has several windows a day, each a session of its own, and none on holidays', async () => {
    const windows = [
      { startTime: '08:00', endTime: '12:00' },
      { startTime: '13:00', endTime: '17:00' }
    ]
    expect(await diary('2026-12-24T00:00:00Z', { windows, holidays: ['2026-12-25'] }, 58)).toEqual([
      '2026-12-24T08:00 logon 1',
      '2026-12-24T12:00 SESSION_TIME_OVER',
      '2026-12-24T13:00 logon 1',
      '2026-12-24T17:00 SESSION_TIME_OVER',
      '2026-12-26T08:00 logon 1'
    ])
  })

  it('refuses a counterparty that comes too early, without a byte', async () => {
    const two = new TwoSessions('2026-01-05T07:00:00Z')
    const us = two.acceptor({ startTime: '08:00', endTime: '17:00' })
    await us.connect()
    const them = await new Counterparty(two, us.config).dial()
    await them.say('35=A|34=1|98=0|108=30')
    expect([them.heard(), them.closed]).toEqual([[], ['PEER_CLOSED']])
    expect(us.seen.events).toContain('disconnect OUTSIDE_SESSION_TIME')
    expect([us.nextNumIn, us.nextNumOut]).toEqual([1, 1])
    await two.pass(hour)
    await them.dial()
    await them.say('35=A|34=1|98=0|108=30')
    expect(them.heard()).toEqual(['35=A|34=1|98=0|108=30'])
  })
})

describe('a restart', () => {
  /** What a session finds that is started so many hours after it was stopped at 10:00, with orders 2 and 3 sent. */
  async function restarted(hours: number, schedule: Partial<SessionConfig>): Promise<SeenSession> {
    const two = new TwoSessions('2026-01-05T10:00:00Z')
    const journal = new MemoryJournal()
    const first = two.initiator(schedule, { journal })
    const { buySide } = await two.loggedOn(two.acceptor({}), first)
    buySide.send(order('A'))
    buySide.send(order('B'))
    const stopped = buySide.stop()
    await two.settle()
    await stopped
    await two.pass(hours * hour)
    const second = two.initiator(schedule, { journal })
    await second.open()
    await two.settle()
    expect(journal.read(second.id, 'out', 1, 100, 100).length).toBe(second.nextNumOut - 1)
    return second
  }

  it('in the same session goes on with its numbers', async () => {
    const session = await restarted(6, { startTime: '08:00', endTime: '17:00' })
    expect([session.nextNumIn, session.nextNumOut]).toEqual([3, 5])
    expect(session.state).toBe('DisconnectedWConnToday')
  })

  it.each([8, 24, 100])('in another session begins anew (%d hours later)', async (hours) => {
    const session = await restarted(hours, { startTime: '08:00', endTime: '17:00' })
    expect([session.nextNumIn, session.nextNumOut]).toEqual([1, 1])
    expect(session.state).toBe('DisconnectedNoConnToday')
  })

  it('of a session that never ends never begins anew', async () => {
    expect((await restarted(10_000, {})).nextNumOut).toBe(5)
    expect((await restarted(10_000, { startTime: '08:00', endTime: '17:00', nonStopSession: true })).nextNumOut).toBe(5)
  })
})
