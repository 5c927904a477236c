import type { CoreContext } from './context.js'
import { rest } from './link.js'

/** When a session lives (lib/schedule has the one that configs describe). Times are milliseconds since the epoch. */
export interface SessionSchedule {
  /** Whether the session of `since` is over at `now`; false where `now` is the earlier one. */
  isOver(since: number, now: number): boolean
  /** Whether a logon may be, and may last. */
  logonAllowed(time: number): boolean
  /** The earliest moment after `time` at which one of the answers may change; undefined: never. */
  nextChange(time: number): number | undefined
  /** The earliest moment, `time` or later, at which a logon may be; undefined: none in sight. */
  nextLogon(time: number): number | undefined
}

/** The clock on the wall may be set: after so many milliseconds at most it is looked at again. */
export const LONGEST_LOOK = 3_600_000

/** Text(58) of the Logout(5) that ends a session whose time is over. */
const OVER = 'Session time is over'

/**
 * Whether it is time for a logon, and whether the numbers are still those of the session of now; a concern beside the phase.
 *
 * When the time of a logon or of the session is over, a Logout(5) says so, and the link ends as by any other. A session that
 * is over takes its numbers along: without a link they are 1 again at once, with one as soon as it is gone, so that what the
 * counterparty still says on it has its old number. Numbers that began in another session, before a restart, are no different.
 *
 * A schedule goes by the clock on the wall, deadlines by one that never steps: what the first says is seen at the deadline, at
 * the next message either way, and within `LONGEST_LOOK`, whichever comes first.
 */
export class SessionTime {
  private readonly schedule: SessionSchedule | undefined
  /** When something changes, by the clock on the wall. */
  private change: number
  /** When to look again, by the monotonic clock. */
  deadline: number | undefined
  /** The logon that was last waited for, so that this is told once. */
  private awaited: number | undefined

  constructor(schedule: SessionSchedule | undefined) {
    this.schedule = schedule
    this.change = schedule === undefined ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  }

  /** Does what is due. */
  keep(core: CoreContext): void {
    const { wall, mono } = core.now
    if (wall >= this.change || (this.deadline !== undefined && mono >= this.deadline)) this.look(core)
  }

  /** Looks at the clock, and does what follows from it. */
  look(core: CoreContext): void {
    if (this.schedule === undefined) return
    const { wall, mono } = core.now
    this.change = this.schedule.nextChange(wall) ?? Number.POSITIVE_INFINITY
    this.deadline = mono + Math.min(this.change - wall, LONGEST_LOOK)
    if (!core.phase.connected) this.lookWithoutLink(core)
    else if (this.isOver(core) || !this.logonAllowed(core)) this.end(core)
  }

  /** Whether a logon may be now. */
  logonAllowed(core: CoreContext): boolean {
    return this.schedule === undefined || this.schedule.logonAllowed(core.now.wall)
  }

  /** Whether the numbers are those of a session that is over. */
  isOver(core: CoreContext): boolean {
    return this.schedule?.isOver(core.resetTime, core.now.wall) === true
  }

  /** Milliseconds until a logon may be, or until that is looked at again; 0: now. */
  untilLogon(core: CoreContext): number {
    if (this.schedule === undefined || this.logonAllowed(core)) return 0
    const logon = this.schedule.nextLogon(core.now.wall)
    if (logon === undefined || logon !== this.awaited) {
      this.awaited = logon
      core.log('info', `Outside the session time: ${this.next(core)}.`)
    }
    return Math.min((logon ?? Number.POSITIVE_INFINITY) - core.now.wall, LONGEST_LOOK)
  }

  /** For people: when a logon may be. */
  next(core: CoreContext): string {
    const logon = this.schedule?.nextLogon(core.now.wall)
    return logon === undefined
      ? 'no logon is due for years'
      : `the next logon may be at ${new Date(logon).toISOString()}`
  }

  private lookWithoutLink(core: CoreContext): void {
    if (this.isOver(core)) {
      core.log('info', 'The session is over: both numbers are 1.')
      core.reset()
      core.show()
    }
    if (core.phase.name !== 'connecting' || this.logonAllowed(core)) return
    core.effects.push({ kind: 'abortDial' })
    rest(core, 0)
  }

  /** A link that has not come to a Logon of ours is left alone: the Logon that comes will be looked at. */
  private end(core: CoreContext): void {
    const why = { code: 'SESSION_TIME_OVER', text: `The session time is over: ${this.next(core)}.` }
    switch (core.phase.name) {
      case 'signingLogon':
        core.close(why.code, why.text, false)
        return
      case 'logonSent':
      case 'confirmingLogon':
      case 'loggedOn':
        core.logOut(OVER, why)
    }
  }
}

/** False where it is not time for a logon: the link ends then, and nothing is said, since a Logout(5) would use up a number. */
export function timeForLogon(core: CoreContext): boolean {
  if (core.sessionTime.logonAllowed(core)) return true
  core.close('OUTSIDE_SESSION_TIME', `No logon outside the session time: ${core.sessionTime.next(core)}.`, false)
  return false
}
