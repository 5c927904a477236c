import { expect } from 'vitest'
import type { SessionConfig } from '../../../lib/index.js'
import { Counterparty } from '../../support/counterparty.js'
import { TwoSessions } from '../../support/two-sessions.js'
import type { Effects } from './world.js'

/** Sunday, before the clocks of London and New York are changed. */
const sunday = '2026-02-01T00:00:00Z'

/**
 * When an acceptor lets a counterparty in that tries every half an hour, as day of the month and hours, UTC: `1 08:00-16:30`
 * for a session that lasted; several where it was ended. Half an hour in which it was not logged on parts them.
 */
async function sessions(config: Partial<SessionConfig>, hours = 48): Promise<string[]> {
  const two = new TwoSessions(sunday)
  const us = two.acceptor({ heartBtInt: 0, ...config })
  await us.connect()
  const them = new Counterparty(two, us.config)
  const times: string[] = []
  let since: string | undefined
  for (let step = 0; step <= hours * 2; step++) {
    if (us.state !== 'Active') {
      await them.dial()
      await them.say(`35=A|34=${us.nextNumIn}|98=0|108=0`)
    }
    const time = new Date(two.clock.now()).toISOString().slice(8, 16).replace('T', ' ')
    if (us.state === 'Active') {
      since ??= time
    } else if (since !== undefined) {
      times.push(`${since}-${time.slice(3)}`)
      since = undefined
    }
    await two.pass(1800)
  }
  return times
}

const morning = { startTime: '08:00', endTime: '09:00' }
const week = { startTime: '08:00', startDay: 'monday', endTime: '09:00', endDay: 'tuesday' }

export const schedule: Effects = {
  nonStopSession: async () => {
    expect(await sessions({ ...morning, nonStopSession: true })).toEqual([])
    expect(await sessions(morning)).toEqual(['01 08:00-09:00', '02 08:00-09:00'])
  },
  startTime: async () => {
    expect(await sessions({ ...morning, startTime: '07:30' }, 24)).toEqual(['01 07:30-09:00'])
  },
  endTime: async () => {
    expect(await sessions({ ...morning, endTime: '09:30' }, 24)).toEqual(['01 08:00-09:30'])
  },
  weekdays: async () => {
    expect(await sessions({ ...morning, weekdays: ['monday'] })).toEqual(['02 08:00-09:00'])
  },
  startDay: async () => {
    expect(await sessions(week, 96)).toEqual(['02 08:00-09:00'])
    expect(await sessions({ ...week, startDay: 'sunday' }, 96)).toEqual(['01 08:00-09:00'])
  },
  endDay: async () => {
    const two = new TwoSessions(sunday)
    const us = two.acceptor({ ...week, endDay: 'wednesday', heartBtInt: 0 })
    await us.connect()
    await two.pass(32 * 3600)
    const them = await new Counterparty(two, us.config).dial()
    await them.say('35=A|34=1|98=0|108=0')
    await two.pass(49 * 3600 - 1)
    expect(us.state).toBe('Active')
    await two.pass(1)
    expect(them.heard().at(-1)).toBe('35=5|34=2|58=Session time is over')
  },
  logonTime: async () => {
    expect(await sessions({ ...morning, logonTime: '08:30' }, 24)).toEqual(['01 08:30-09:00'])
  },
  logoutTime: async () => {
    expect(await sessions({ ...morning, logoutTime: '08:30' }, 24)).toEqual(['01 08:00-08:30'])
  },
  logonDay: async () => {
    expect(await sessions({ ...week, logonDay: 'tuesday', logonTime: '08:30' }, 96)).toEqual(['03 08:30-09:00'])
  },
  logoutDay: async () => {
    expect(await sessions({ ...week, logoutDay: 'monday', logoutTime: '10:00' }, 96)).toEqual(['02 08:00-10:00'])
  },
  timeZone: async () => {
    expect(await sessions({ ...morning, timeZone: 'America/New_York' }, 24)).toEqual(['01 13:00-14:00'])
  },
  useLocalTime: async () => {
    const before = process.env.TZ
    try {
      process.env.TZ = 'Asia/Tokyo'
      expect(await sessions({ ...morning, useLocalTime: true }, 30)).toEqual(['01 23:00-00:00'])
      expect(await sessions(morning, 24)).toEqual(['01 08:00-09:00'])
    } finally {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    }
  },
  windows: async () => {
    const windows = [morning, { startTime: '10:00', endTime: '11:00' }]
    expect(await sessions({ windows }, 24)).toEqual(['01 08:00-09:00', '01 10:00-11:00'])
  },
  holidays: async () => {
    expect(await sessions({ ...morning, holidays: ['2026-02-01'] })).toEqual(['02 08:00-09:00'])
  }
}
