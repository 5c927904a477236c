import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Schedule } from '../../lib/schedule/schedule.js'
import { anyMoment, anyScheduleAt } from '../schedule/any-schedule.js'
import { CoreSession } from '../support/core-session.js'

const anyCase = anyMoment.chain(({ zone, time }) => anyScheduleAt(zone, time).map(({ config }) => ({ config, time })))

/** What happens: time passes, the counterparty comes, speaks, answers a Logout or goes, the clock is set. */
const anyEvent = fc.oneof(
  { arbitrary: fc.record({ pass: fc.constantFrom(60, 1800, 5400, 86_400, 400_000) }), weight: 4 },
  { arbitrary: fc.constantFrom('link', 'logon', 'heartbeat', 'logout', 'cut' as const), weight: 6 },
  { arbitrary: fc.record({ step: fc.integer({ min: -7200, max: 7200 }) }), weight: 1 }
)
type Event = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never

function happen(session: CoreSession, event: Event): void {
  const { core } = session
  if (typeof event === 'object') {
    if ('pass' in event) session.pass(event.pass)
    else {
      session.now = { wall: session.now.wall + event.step * 1000, mono: session.now.mono }
      // It is noticed within the hour.
      session.pass(3600)
    }
    return
  }
  if (event === 'link') {
    if (!core.phase.connected && core.phase.name !== 'disconnected') session.do((_, now) => core.connected(now))
  } else if (event === 'cut') session.cut()
  else if (event === 'logon') session.receive(`35=A|34=${core.nextNumIn}|98=0|108=0`)
  else if (event === 'heartbeat') session.receive(`35=0|34=${core.nextNumIn}`)
  else session.receive(`35=5|34=${core.nextNumIn}`)
}

describe('of any session in any schedule', () => {
  it.each(['initiator', 'acceptor'] as const)('whatever happens (%s)', (role) => {
    fc.assert(
      fc.property(anyCase, fc.array(anyEvent, { minLength: 5, maxLength: 40 }), ({ config, time }, events) => {
        const schedule = Schedule.of(config)
        const session = new CoreSession({ role, heartBtInt: 0, parts: { schedule } })
        const { core } = session
        session.now = { wall: time, mono: 0 }
        session.do((_, now) => core.loaded(3, 4, true, now, time))
        session.do((_, now) => core.connect(now))
        let resets = session.kinds.filter((kind) => kind === 'reset').length
        for (const event of events) {
          const before = core.resetTime
          happen(session, event)
          const { wall } = session.now
          if (core.phase.name === 'loggedOn') {
            expect(schedule.logonAllowed(wall)).toBe(true)
            expect(schedule.isOver(core.resetTime, wall)).toBe(false)
          }
          if (core.phase.name === 'connecting') expect(schedule.logonAllowed(wall)).toBe(true)
          if (!core.phase.connected) expect(schedule.isOver(core.resetTime, wall)).toBe(false)
          const now = session.kinds.filter((kind) => kind === 'reset').length
          // Numbers begin anew when a session has ended, and only then.
          if (now > resets) expect(schedule.isOver(before, core.resetTime)).toBe(true)
          resets = now
        }
      }),
      { numRuns: 500 }
    )
  })
})
