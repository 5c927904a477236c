import { SessionState } from '../fix/session-state.js'
import type { CoreContext } from './context.js'

/**
 * The standard's session state matrix has one list of states; here phase and concerns can coincide. What is shown is
 * decided by precedence: logout, resend handling, gap, TestRequest, Active.
 */
export function project(core: CoreContext): SessionState {
  if (core.passing !== undefined) return core.passing
  if (core.phase.name === 'disconnected') {
    return core.connectedToday ? core.restState : SessionState.DisconnectedNoConnToday
  }
  if (core.phase.name !== 'loggedOn') return core.phase.state
  if (core.replay.active) return SessionState.ResendReqHandling
  if (core.gap.open) return core.gap.detected !== 0 ? SessionState.RecvSeqNumTooHigh : SessionState.ResendReqAwaiting
  if (core.pulse.silent) return SessionState.NoMsgInInterval
  if (core.pulse.pendingTestReqId !== undefined) return SessionState.AwaitProcTestReq
  return SessionState.Active
}
