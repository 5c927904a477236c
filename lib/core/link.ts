import { SessionState } from '../fix/session-state.js'
import type { CoreContext } from './context.js'
import { dropPostponed } from './delivery.js'
import type { DisconnectReason } from './effect.js'

/** From one link to the next: what a session does while it has none. */

/** A link to the counterparty exists. */
export function begin(core: CoreContext): void {
  core.forgetRecovery()
  core.intake.begin()
  core.lostTail?.connected()
  core.afterwards = undefined
  core.closingReason = undefined
  core.heartBtInt = core.settings.heartBtInt
  core.pulse.start(core.now.mono)
  core.loops.connected()
  core.enter(core.settings.role === 'initiator' ? 'signingLogon' : 'awaitingLogon', core.settings.logonTimeout)
  core.effects.push({ kind: 'connect' })
}

/** What ends a link when nothing is wrong; every other reason is one to look into. */
const ordinary = new Set([
  'LOGGED_OUT',
  'PEER_LOGOUT',
  'LOCAL_DISCONNECT',
  'REPLACED',
  'NOT_WANTED',
  'SESSION_TIME_OVER',
  'OUTSIDE_SESSION_TIME'
])

/** Counterparties that do not like a Logon often close without a word (DESIGN, law 7): what that may mean is said here. */
function explained(core: CoreContext, reason: DisconnectReason): DisconnectReason {
  if (core.phase.name !== 'logonSent' || reason.code !== 'PEER_CLOSED') return reason
  const hint =
    'closed without answering the Logon: check CompIDs, BeginString, clocks and password with the counterparty.'
  return { code: reason.code, text: `${reason.text} The counterparty ${hint}` }
}

/** The link is gone. */
export function end(core: CoreContext, reason: DisconnectReason): void {
  core.closingReason ??= explained(core, reason)
  const pause = pauseAfter(core, !ordinary.has(core.closingReason.code))
  core.wasHealthy = false
  core.forgetRecovery()
  dropPostponed(core)
  core.intake.resting = false
  if (core.settings.sendWhileLoggedOff !== 'queue') dropWaiting(core)
  core.pulse.stop()
  core.pendingLogon = undefined
  core.awaitsNumbers = false
  core.restState = core.afterwards ?? SessionState.DisconnectedBrokenConn
  const { code, text } = core.closingReason
  core.log(ordinary.has(code) ? 'info' : 'warn', `Disconnected, ${code}: ${text}`, { code })
  core.become('disconnected')
  // Nothing changes on the word of a counterparty that was not let in (DESIGN, law 7); the time needs nobody's word.
  if ((core.settings.resetOnDisconnect && core.numbersUsed) || core.sessionTime.isOver(core)) core.reset()
  core.numbersUsed = false
  core.show()
  core.effects.push({ kind: 'disconnect', reason: core.closingReason })
  rest(core, pause)
}

/** What waited for its turn is not to be sent at a later logon. */
function dropWaiting(core: CoreContext): void {
  if (core.queue.length === 0) return
  const text = `It waited for its turn (outboundLimit) when the session ended: ${core.closingReason?.text}`
  core.queue.abandon(core, { code: 'NOT_LOGGED_ON', text })
}

/** Milliseconds before the next dial. */
function pauseAfter(core: CoreContext, fault: boolean): number {
  if (core.settings.role === 'acceptor') {
    // Who was not let in can come as often as it likes: nothing is told of strangers.
    if (core.numbersUsed) core.loops.disconnected(core, fault)
    return 0
  }
  // The number that the acceptor expects is known now: it is no failure of this endpoint, and nothing to wait for.
  if (core.lostTail?.dialsAtOnce() === true) return 0
  const pause = core.wasHealthy ? core.redial.lost() : core.redial.failed()
  return Math.max(pause, core.loops.disconnected(core, fault))
}

/** Without a link: rest, then go on after `pause` milliseconds if that is wanted. */
export function rest(core: CoreContext, pause: number): void {
  core.afterwards = undefined
  core.enter('disconnected')
  if (core.wanted) goOn(core, pause)
}

export function goOn(core: CoreContext, pause: number): void {
  if (core.settings.role === 'acceptor') {
    core.enter('awaitingConnection')
    return
  }
  const wait = Math.max(pause, core.sessionTime.untilLogon(core))
  if (wait <= 0) {
    dial(core)
    return
  }
  core.phaseDeadline = core.now.mono + wait
  const seconds = Math.round(wait) / 1000
  core.log('info', `Next dial in ${seconds} s.`, { seconds })
}

/** Dials the endpoint whose turn it is. */
export function dial(core: CoreContext): void {
  core.enter('connecting')
  core.effects.push({ kind: 'dial', endpoint: core.redial.endpoint })
}

/** Without a link: ends what was begun to get one, unless it is still wanted. */
export function stopTrying(core: CoreContext): void {
  if (core.wanted || core.phase.name === 'unknown') return
  if (core.phase.name === 'connecting') core.effects.push({ kind: 'abortDial' })
  core.enter('disconnected')
}
