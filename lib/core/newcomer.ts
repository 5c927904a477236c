import type { FixMessage } from '../fix/message.js'
import { testRequest } from './admin.js'
import type { CoreContext } from './context.js'
import { resetsByItself } from './logon.js'
import { logonFault } from './logon-fault.js'

/** Seconds that the counterparty has for a sign of life on the link it has; see option `probeTimeout`. */
const PROBE_TIMEOUT = 3

/**
 * Why a Logon(A) that came on another connection could not begin a session, if this one had no link; undefined: it could.
 * Nothing changes by asking.
 */
export function newcomerFault(core: CoreContext, logon: FixMessage): string | undefined {
  const fault = logonFault(core, logon)
  if (fault !== undefined) return `the Logon is not acceptable: ${fault.why}`
  if (!core.sessionTime.logonAllowed(core)) return `outside the session time: ${core.sessionTime.next(core)}`
  const tooLow = core.order(logon.msgSeqNum ?? 0) === 'too low' && !resetsByItself(core, logon)
  return tooLow ? `MsgSeqNum too low, expecting ${core.nextNumIn} but received ${logon.msgSeqNum}` : undefined
}

/**
 * Whether the counterparty is still at the other end, asked because it has come by another connection too; a concern beside the
 * phase. Any message that comes until the deadline is a sign of life.
 */
export class Probe {
  /** When patience ends, by the monotonic clock. */
  deadline: number | undefined

  begin(core: CoreContext): void {
    if (core.phase.name === 'loggedOn') core.transmitNow(testRequest(core.pulse.nextTestReqId(core)))
    else if (!core.inSession) {
      core.effects.push({ kind: 'probed', alive: false })
      return
    }
    this.wait(core)
  }

  /** A sign of life may have come while nothing was read. */
  hearAgain(core: CoreContext): void {
    if (this.deadline !== undefined) this.wait(core)
  }

  /** A message came that is not garbled. */
  heard(core: CoreContext): void {
    if (this.deadline === undefined) return
    this.deadline = undefined
    core.effects.push({ kind: 'probed', alive: true })
  }

  timedOut(core: CoreContext): void {
    this.deadline = undefined
    core.effects.push({ kind: 'probed', alive: false })
  }

  clear(): void {
    this.deadline = undefined
  }

  private wait(core: CoreContext): void {
    this.deadline = core.now.mono + (core.settings.probeTimeout ?? PROBE_TIMEOUT) * 1000
  }
}
