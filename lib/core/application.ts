import { FixConnectionError, FixError } from '../errors.js'
import type { FixMessage } from '../fix/message.js'
import { isAdmin, MsgType } from '../fix/msg-type.js'
import { SessionState } from '../fix/session-state.js'
import { type BusinessRejectDetails, businessReject, logout } from './admin.js'
import type { CoreContext } from './context.js'
import { dropPostponed } from './delivery.js'
import { stopTrying } from './link.js'
import { beginReset } from './logon.js'
import { settle } from './lost-tail.js'

/** What an application may ask of a session. */

/**
 * Sends an application message; returns its MsgSeqNum(34), or undefined where it waits for a logon or for its turn. A Reject(3) may be
 * sent too, for what only the application can find wrong; it does not wait, since what it refuses may have another number by then.
 *
 * Throws FixConnectionError `NOT_LOGGED_ON`, `OUTBOUND_FULL`, `QUEUE_FULL`, `THROTTLED`; FixError `ADMIN_MESSAGE`; what the encoder throws.
 * Nothing has changed then.
 */
export function send(core: CoreContext, message: FixMessage): number | undefined {
  if (!core.phase.maySend) {
    if (core.settings.sendWhileLoggedOff === 'queue' && !isAdmin(message.msgType)) {
      core.queue.add(core, message)
      return undefined
    }
    throw new FixConnectionError(
      'NOT_LOGGED_ON',
      `A message can be sent while logged on, the session is ${core.state}: wait for the 'logon' event.`
    )
  }
  if (isAdmin(message.msgType) && message.msgType !== MsgType.Reject) {
    throw new FixError(
      'ADMIN_MESSAGE',
      `MsgType(35)=${message.msgType} is the session's own: use sendTestRequest(), logout() or resetSeqNums().`
    )
  }
  if (core.replay.backlog > core.settings.maxOutboundBuffer) {
    throw new FixConnectionError(
      'OUTBOUND_FULL',
      `${core.replay.backlog} bytes wait for a resend to finish (maxOutboundBuffer): send again later.`
    )
  }
  if (core.queue.mustWait(core, message)) {
    core.queue.add(core, message)
    return undefined
  }
  return core.transmit(message)
}

/** Sends a TestRequest(1). Throws FixConnectionError `NOT_LOGGED_ON`, `TEST_REQUEST_PENDING`. */
export function testRequest(core: CoreContext): void {
  if (core.phase.name !== 'loggedOn') {
    throw new FixConnectionError('NOT_LOGGED_ON', `A TestRequest needs a logon, the session is ${core.state}.`)
  }
  if (core.pulse.pendingTestReqId !== undefined) {
    throw new FixConnectionError(
      'TEST_REQUEST_PENDING',
      `TestReqID(112)=${core.pulse.pendingTestReqId} has not been answered yet: wait for its Heartbeat.`
    )
  }
  core.pulse.test(core)
}

/** Refuses an application message; returns the MsgSeqNum(34) of the reject. Throws FixConnectionError `NOT_LOGGED_ON`. */
export function refuse(core: CoreContext, refused: FixMessage, details: BusinessRejectDetails): number {
  if (!core.phase.maySend) {
    throw new FixConnectionError('NOT_LOGGED_ON', `A reject needs a logon, the session is ${core.state}.`)
  }
  return core.transmit(businessReject(refused, details, core, core.defaultApplVerId))
}

/** Ends the session in the standard's way, and dialling. */
export function logOut(core: CoreContext, text: string | undefined): void {
  endDialling(core)
  dropPostponed(core)
  if (core.phase.connected) core.phase.logout(core, text)
  else stopTrying(core)
}

/** Ends the connection, with a Logout(5) only where `logoutText` is given; does not wait for its answer. Ends dialling. */
export function disconnect(core: CoreContext, logoutText: string | undefined, state: SessionState | undefined): void {
  endDialling(core)
  if (!core.phase.connected) {
    stopTrying(core)
    return
  }
  if (logoutText !== undefined && core.phase.name === 'loggedOn') core.transmit(logout(logoutText))
  core.afterwards = state ?? SessionState.DisconnectedWConnToday
  core.close('LOCAL_DISCONNECT', 'Disconnected by this side.', false)
}

/** An acceptor goes on listening. */
function endDialling(core: CoreContext): void {
  if (core.settings.role === 'initiator') core.wanted = false
}

/**
 * Both numbers back to 1: at once when logged off, by a Logon with ResetSeqNumFlag(141)=Y when logged on.
 *
 * Throws FixConnectionError `NOT_LOGGED_ON` during a logon, a logout, or a reset that is not answered yet, and in FIX 4.0,
 * which has no such flag.
 */
export function resetSeqNums(core: CoreContext): void {
  if (!core.phase.connected) {
    core.reset()
    core.show()
    return
  }
  if (!core.version.hasResetSeqNumFlag) {
    throw new FixConnectionError(
      'NOT_LOGGED_ON',
      `${core.settings.beginString} has no ResetSeqNumFlag(141): log off first.`
    )
  }
  if (core.phase.name !== 'loggedOn' || core.resetting.asked || core.resetting.pending) {
    throw new FixConnectionError(
      'NOT_LOGGED_ON',
      `Sequence numbers are reset while logged on or logged off, the session is ${core.state}` +
        `${core.resetting.asked || core.resetting.pending ? ' and waits for the answer to a reset' : ''}.`
    )
  }
  beginReset(core)
}

/** For operators: whole numbers from 1. What they skip of a gap is taken for filled. */
export function setSeqNums(core: CoreContext, nextNumIn: number | undefined, nextNumOut: number | undefined): void {
  if (nextNumIn !== undefined) {
    core.nextNumIn = nextNumIn
    // The word of an operator is later than the message that listeners are busy with.
    core.deliveryCounts = false
    core.intake.clear(core)
    core.gap.dropBelow(nextNumIn)
    core.gap.advanced(core, true)
  }
  if (nextNumOut !== undefined) {
    core.nextNumOut = nextNumOut
    settle(core)
  }
  core.effects.push({ kind: 'numbers' })
}
