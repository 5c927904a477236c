/*
 * The session machine.
 *
 *   initiator                                        acceptor
 *
 *   disconnected <---------------------------------- disconnected
 *     | connect(), or the redial deadline              | connect()
 *   connecting                                       awaitingConnection
 *     | connected                                      | connected
 *   signingLogon (while signLogon is asked)          awaitingLogon
 *     | Logon(A) sent                                  | Logon(A) received
 *   logonSent                                        authenticating (while authenticate is asked)
 *     |                                                | Logon(A) answered
 *     |                                              confirmingLogon (only after a loss of power)
 *     | Logon(A) received                              | any message received
 *     +------------------> loggedOn <------------------+
 *                            | Logout(5) sent
 *                          logoutSent
 *                            | Logout(5) received, or its time-out
 *                          closing  --- the link is gone ---> disconnected
 *
 * Theory. A phase (one file each in states/) says how far the session has come. Concerns live beside it and can coincide
 * with each other and with the phase: a gap in what came (gap.ts), a resend of what was sent (replay.ts), a reset that is
 * not answered yet (reset.ts), whether the other end is alive (pulse.ts), a message that is with the listeners (delivery.ts),
 * whether the clocks on the wall agree (clock-watch.ts), what of our numbers a loss of power took (lost-tail.ts), messages that wait for a logon or for their turn (queue.ts), how fast messages go out and come in (outbound-limit.ts,
 * inbound-limit.ts), how much the application takes (intake.ts), whether it is time for a session at all (session-time.ts), and whether all this
 * leads anywhere (loops.ts). `SessionState` is a projection of them (projection.ts), never kept on its own. Every input is a
 * method that is given the time; it changes the core and appends effects, which the shell carries out in order. The same
 * inputs give the same effects.
 *
 * A message that comes in goes through inbound.ts: checked (verify.ts), put in order (gap.ts), used. What goes out gets its
 * number in `CoreContext.transmit`, and numbers never overtake each other on the wire.
 *
 * What it must not know: sockets, files, timers, clocks, promises, listeners, how a message is encoded, what a
 * dictionary is. It asks by effects and is told by inputs; encoding and validation are pure functions it is given.
 */

import { FixError } from '../errors.js'
import type { Garbled } from '../fix/garbled.js'
import type { FixMessage } from '../fix/message.js'
import { SessionState } from '../fix/session-state.js'
import type { BusinessRejectDetails } from './admin.js'
import * as application from './application.js'
import { CoreContext } from './context.js'
import { earlier, type Instant, isOver } from './deadline.js'
import { type Delivery, delivered, deliverPostponed, failedLate } from './delivery.js'
import type { DisconnectReason } from './effect.js'
import { useHeld } from './inbound.js'
import * as link from './link.js'
import { acceptLogon, admit, beginLogon, prepareLogon, sendLogon, sendResetLogon } from './logon.js'
import { LostTail } from './lost-tail.js'
import { newcomerFault } from './newcomer.js'
import { phases } from './phases.js'
import type { StoredMessage } from './replay.js'

export type { CoreParts } from './context.js'
export type { Delivery } from './delivery.js'

export class SessionCore extends CoreContext {
  // ---- inputs: the journal -------------------------------------------------------------------------------------

  /**
   * What the journal has of this session. `resetTime`: when both numbers were last set to 1 (ms since the epoch); `lostFrom`: the first
   * number that may have been sent and is not in it.
   */
  loaded(
    nextNumIn: number,
    nextNumOut: number,
    connectedToday: boolean,
    now: Instant,
    resetTime: number = now.wall,
    lostFrom?: number
  ): void {
    this.now = now
    this.nextNumIn = nextNumIn
    this.nextNumOut = nextNumOut
    this.intake.clear(this)
    this.connectedToday = connectedToday
    this.resetTime = resetTime
    this.mayLack(lostFrom)
    this.clockWatch.compare(this)
    this.sessionTime.look(this)
    if (this.phase === phases.unknown) link.rest(this, 0)
  }

  /** Everything before a `reportCommit` is saved and with the socket. */
  committed(now: Instant): void {
    this.now = now
    if (this.phase === phases.logonSent) this.pass(SessionState.WaitingForLogon)
  }

  /** The journal failed: the session stops at once and for good (DESIGN, law 6). */
  commitFailed(text: string, now: Instant): void {
    this.now = now
    this.wanted = false
    if (this.phase.connected) this.close('JOURNAL_FAILED', text, true)
    else link.stopTrying(this)
  }

  // ---- inputs: the link ----------------------------------------------------------------------------------------

  /** Begin: dial, or await the counterparty. */
  connect(now: Instant): void {
    this.now = now
    this.wanted = true
    this.redial.restart()
    this.sessionTime.keep(this)
    if (this.phase === phases.disconnected) link.goOn(this, 0)
  }

  /** A link to the counterparty exists. Throws FixError `ALREADY_CONNECTED` where the core has one. */
  connected(now: Instant): void {
    this.now = now
    this.clockWatch.compare(this)
    if (this.phase.connected) throw new FixError('ALREADY_CONNECTED', 'The core has a connection already.')
    link.begin(this)
    if (!this.wanted) this.close('NOT_WANTED', 'A connection was made that nobody wants any more.', true)
    else if (this.phase === phases.signingLogon) prepareLogon(this)
  }

  dialFailed(reason: DisconnectReason, now: Instant): void {
    this.now = now
    if (this.phase !== phases.connecting) return
    this.log('warn', `Dialling failed: ${reason.text}`, { code: reason.code })
    this.effects.push({ kind: 'disconnect', reason })
    link.rest(this, this.redial.failed())
  }

  /** The link is gone. */
  disconnected(reason: DisconnectReason, now: Instant): void {
    this.now = now
    if (this.phase.connected) link.end(this, reason)
  }

  /** A deadline may have passed. */
  time(now: Instant): void {
    this.now = now
    this.clockWatch.compare(this)
    this.sessionTime.keep(this)
    if (isOver(this.queue.deadline, now)) this.queue.expire(this)
    if (isOver(this.phaseDeadline, now)) {
      this.phaseDeadline = undefined
      this.phase.timedOut(this)
    }
    const { reading } = this.intake
    if (reading && isOver(this.probe.deadline, now)) this.probe.timedOut(this)
    if (this.inSession) this.pulse.beat(this)
    if (this.phase !== phases.loggedOn) return
    if (this.queue.length > 0) this.queue.flush(this)
    if ((reading || this.resetting.toSign !== undefined) && isOver(this.resetting.deadline, now))
      this.resetting.timedOut(this)
    else if (reading && isOver(this.gap.deadline, now)) this.gap.timedOut(this)
  }

  /** When `time` has to be called next, by the monotonic clock; undefined: never. */
  deadline(): number | undefined {
    const next = earlier(earlier(this.patience(), this.queue.deadline), this.queue.nextAt(this))
    // Who waits for nothing sees at the next connect() what the time has made of the numbers.
    this.awaitedAt = this.wanted || this.phase.connected ? earlier(next, this.sessionTime.deadline) : next
    return this.awaitedAt
  }

  /** When the phase's or a concern's patience ends. */
  private patience(): number | undefined {
    if (!this.inSession) return this.phaseDeadline
    const own = earlier(this.phaseDeadline, this.pulse.deadline(this))
    // What only the counterparty can end is not waited for while nothing is read.
    const { reading } = this.intake
    const next = reading ? earlier(own, this.probe.deadline) : own
    if (this.phase !== phases.loggedOn) return next
    const ofReset = reading || this.resetting.toSign !== undefined ? this.resetting.deadline : undefined
    return earlier(next, earlier(ofReset, reading ? this.gap.deadline : undefined))
  }

  // ---- inputs: the counterparty comes by another connection ------------------------------------------------------

  /**
   * Why its Logon there could not begin a session, if this one had no link; undefined: it could. Changes nothing, whoever
   * asks for it.
   */
  newcomerFault(logon: FixMessage, now: Instant): string | undefined {
    this.now = now
    return newcomerFault(this, logon)
  }

  /** Nobody has been let in on this connection: `authenticate` has been asked about its Logon. */
  get isJudging(): boolean {
    return this.phase === phases.authenticating && !this.awaitsNumbers
  }

  /** Looks whether it is still at the other end of this one; answers with the effect `probed`. */
  lookForLife(now: Instant): void {
    this.now = now
    this.probe.begin(this)
  }

  /** The other connection takes the place of this one, which ends at once: there is nobody to say a Logout(5) to. */
  replaced(now: Instant): void {
    this.now = now
    this.close('REPLACED', 'The counterparty has logged on by another connection (duplicateLogon).', true)
  }

  // ---- inputs: messages ----------------------------------------------------------------------------------------

  /** An answer is awaited without which the next message has no meaning, or nobody takes it: the shell holds what comes. */
  get holding(): boolean {
    if (this.pendingLogon !== undefined || this.delivering !== undefined || this.intake.resting) return true
    // Who logs out reads on all the same: the counterparty's Logout(5) may be all that still comes.
    return this.intake.shut && this.phase === phases.loggedOn
  }

  /** A message came. Throws FixError `HOLDING` while the core is `holding`. */
  message(message: FixMessage, now: Instant): void {
    this.refuseWhileHolding()
    this.now = now
    this.sessionTime.keep(this)
    this.phase.message(this, message)
    useHeld(this)
  }

  /** Bytes came that are no message. Throws FixError `HOLDING` while the core is `holding`. */
  garbled(garbled: Garbled, now: Instant): void {
    this.refuseWhileHolding()
    this.now = now
    this.logOften('warn', 'GARBLED', `Garbled: ${garbled.text}`)
    if (garbled.fatal && this.phase.connected) this.close('GARBLED', garbled.text, true)
    else this.phase.garbled(this, garbled)
    useHeld(this)
  }

  /** The listeners are through with the message of the latest `deliver`. */
  delivered(outcome: Delivery, now: Instant): void {
    this.now = now
    delivered(this, outcome)
    useHeld(this)
  }

  /** A listener's promise rejected, after the message was counted. */
  listenerFailedLate(message: FixMessage, text: string, now: Instant): void {
    this.now = now
    failedLate(this, message, text)
  }

  // ---- inputs: how much the application takes ----------------------------------------------------------------------

  /** Nothing is to be delivered until `takeUp`. */
  suspend(now: Instant): void {
    this.now = now
    this.intake.suspend()
  }

  takeUp(now: Instant): void {
    this.now = now
    this.intake.takeUp(this)
    deliverPostponed(this)
    useHeld(this)
  }

  /** A turn of the event loop has ended since `rest`. */
  rested(now: Instant): void {
    this.now = now
    this.intake.resting = false
    useHeld(this)
  }

  /** A message whose delivery was `unacknowledged` has been dealt with. Of others nothing comes. */
  acknowledged(message: FixMessage, now: Instant): void {
    this.now = now
    this.intake.acknowledged(this, message)
    deliverPostponed(this)
    useHeld(this)
  }

  /** The next number that is to be durable: that of the first unacknowledged message. */
  get durableNumIn(): number {
    return Math.min(this.intake.first ?? this.nextNumIn, this.nextNumIn)
  }

  /** The socket is not read for now: the counterparty cannot be heard. */
  readingStopped(now: Instant): void {
    this.now = now
    this.intake.stopReading(this)
  }

  readingResumed(now: Instant): void {
    this.now = now
    this.intake.readOn(this)
  }

  // ---- inputs: answers -----------------------------------------------------------------------------------------

  authenticated(admitted: boolean, text: string, now: Instant): void {
    this.now = now
    const logon = this.pendingLogon
    if (this.phase !== phases.authenticating || logon === undefined || this.awaitsNumbers) return
    this.pendingLogon = undefined
    if (admitted) admit(this, logon)
    else this.close('NOT_AUTHENTICATED', text, false)
  }

  /** What the journal has of this session, in answer to `readNumbers`. */
  numbersRead(
    nextNumIn: number,
    nextNumOut: number,
    connectedToday: boolean,
    now: Instant,
    resetTime: number = this.resetTime,
    lostFrom?: number
  ): void {
    this.now = now
    if (!this.awaitsNumbers) return
    this.awaitsNumbers = false
    const logon = this.pendingLogon
    this.pendingLogon = undefined
    if (this.phase !== phases.signingLogon && this.phase !== phases.authenticating) return
    this.nextNumIn = nextNumIn
    this.nextNumOut = nextNumOut
    this.intake.clear(this)
    this.connectedToday = connectedToday
    this.resetTime = resetTime
    this.mayLack(lostFrom)
    if (logon === undefined) beginLogon(this)
    else acceptLogon(this, logon)
  }

  /** The Logon of `signLogon`, with the fields that were added. Throws what the encoder throws; nothing has changed then. */
  logonSigned(logon: FixMessage, sendingTime: number, now: Instant): void {
    this.now = now
    if (this.phase === phases.signingLogon) sendLogon(this, logon, sendingTime)
    else if (this.phase === phases.loggedOn && this.resetting.toSign === logon) sendResetLogon(this, logon, sendingTime)
  }

  logonNotSigned(text: string, now: Instant): void {
    this.now = now
    if (this.phase === phases.signingLogon) this.close('LOGON_NOT_SIGNED', text, false)
    else if (this.phase === phases.loggedOn && this.resetting.toSign !== undefined) this.resetting.notSigned(this, text)
  }

  /**
   * A page of stored messages, ascending; `more`: the journal may have further ones of the range. `readTo`: the number up
   * to which the journal was read, where its last messages could not be made sense of and are not in the page.
   */
  journalRead(page: readonly StoredMessage[], more: boolean, now: Instant, readTo = 0): void {
    this.now = now
    this.replay.journalRead(this, page, more, readTo)
  }

  /** One answer for each message of the latest `decideReplay`, in its order. */
  replayDecided(decisions: readonly boolean[], now: Instant): void {
    this.now = now
    this.replay.replayDecided(this, decisions)
  }

  // ---- inputs: the application; what they do and throw is in application.ts ----------------------------------------

  send(message: FixMessage, now: Instant): number | undefined {
    this.now = now
    this.sessionTime.keep(this)
    return application.send(this, message)
  }

  /** Messages that wait for a logon will not be sent. */
  abandonQueue(reason: DisconnectReason, now: Instant): void {
    this.now = now
    this.queue.abandon(this, reason)
  }

  testRequest(now: Instant): void {
    this.now = now
    application.testRequest(this)
  }

  businessReject(refused: FixMessage, details: BusinessRejectDetails, now: Instant): number {
    this.now = now
    return application.refuse(this, refused, details)
  }

  logout(text: string | undefined, now: Instant): void {
    this.now = now
    application.logOut(this, text)
  }

  disconnect(logoutText: string | undefined, state: SessionState | undefined, now: Instant): void {
    this.now = now
    application.disconnect(this, logoutText, state)
  }

  /** No more dialling or listening. The link, where there is one, is not touched. */
  stop(now: Instant): void {
    this.now = now
    this.wanted = false
    if (!this.phase.connected) link.stopTrying(this)
  }

  resetSeqNums(now: Instant): void {
    this.now = now
    this.sessionTime.keep(this)
    application.resetSeqNums(this)
  }

  setSeqNums(nextNumIn: number | undefined, nextNumOut: number | undefined, now: Instant): void {
    this.now = now
    this.sessionTime.keep(this)
    application.setSeqNums(this, nextNumIn, nextNumOut)
    useHeld(this)
  }

  /** What is known of it already stays known when the journal says the same again. */
  private mayLack(lostFrom: number | undefined): void {
    if (this.lostTail?.from !== lostFrom) this.lostTail = lostFrom === undefined ? undefined : new LostTail(lostFrom)
  }

  private refuseWhileHolding(): void {
    if (!this.holding) return
    throw new FixError('HOLDING', 'Answer what the core asked for, then give it the next message.')
  }
}
