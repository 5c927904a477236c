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
 *     | Logon(A) received                              | Logon(A) answered
 *     +------------------> loggedOn <------------------+
 *                            | Logout(5) sent
 *                          logoutSent
 *                            | Logout(5) received, or its time-out
 *                          closing  --- the link is gone ---> disconnected
 *
 * Theory. A phase (one file each in states/) says how far the session has come. Three concerns live beside it and can
 * coincide with each other and with the phase: a gap in what came (gap.ts), a resend of what was sent (replay.ts), and
 * whether the other end is alive (pulse.ts). `SessionState` is a projection of all of them (projection.ts), never kept on
 * its own. Every input is a method that is given the time; it changes the core and appends effects, which the shell
 * carries out in order. The same inputs give the same effects.
 *
 * What it must not know: sockets, files, timers, clocks, promises, listeners, how a message is encoded, what a
 * dictionary is. It asks by effects and is told by inputs; encoding and validation are pure functions it is given.
 */

import { FixConnectionError, FixError } from '../errors.js'
import type { Garbled } from '../fix/garbled.js'
import type { FixMessage } from '../fix/message.js'
import { isAdmin, MsgType } from '../fix/msg-type.js'
import { SessionState } from '../fix/session-state.js'
import { type BusinessRejectDetails, businessReject, logout } from './admin.js'
import { CoreContext } from './context.js'
import { earlier, type Instant } from './deadline.js'
import type { DisconnectReason } from './effect.js'
import { useHeld } from './inbound.js'
import { acceptLogon, beginLogon, sendLogon, sendResetLogon } from './logon.js'
import { phases } from './phases.js'
import type { StoredMessage } from './replay.js'

export type { CoreParts } from './context.js'

/** What the application's listeners made of a delivered message. */
export type Delivery = 'done' | { readonly failed: string }

export class SessionCore extends CoreContext {
  // ---- inputs: the journal -------------------------------------------------------------------------------------

  /** What the journal has of this session. */
  loaded(nextNumIn: number, nextNumOut: number, connectedToday: boolean, now: Instant): void {
    this.now = now
    this.nextNumIn = nextNumIn
    this.nextNumOut = nextNumOut
    this.connectedToday = connectedToday
    if (this.phase === phases.unknown) this.enter('disconnected')
  }

  /** Everything before a `reportCommit` is saved and with the socket. */
  committed(now: Instant): void {
    this.now = now
    if (this.phase === phases.logonSent) {
      this.passing = SessionState.WaitingForLogon
      this.show()
    }
  }

  /** The journal failed: the session stops at once and for good (DESIGN, law 6). */
  commitFailed(text: string, now: Instant): void {
    this.now = now
    this.wanted = false
    if (this.phase.connected) this.close('JOURNAL_FAILED', text, true)
    else this.rest()
  }

  // ---- inputs: the link ----------------------------------------------------------------------------------------

  /** Begin: dial, or await the counterparty. */
  connect(now: Instant): void {
    this.now = now
    this.wanted = true
    this.redial.restart()
    if (this.phase !== phases.disconnected) return
    this.goOn(0)
  }

  /** A link to the counterparty exists. */
  connected(now: Instant): void {
    this.now = now
    if (this.phase.connected) throw new FixError('ALREADY_CONNECTED', 'The core has a connection already.')
    this.gap.clear()
    this.replay.clear()
    this.resetPending = undefined
    this.sentReset = false
    this.afterwards = undefined
    this.closingReason = undefined
    this.heartBtInt = this.settings.heartBtInt
    this.passing = undefined
    this.pulse.start(now.mono)
    if (this.settings.role === 'initiator') {
      this.enter('signingLogon', this.settings.logonTimeout)
      this.effects.push({ kind: 'connect' })
      if (this.phase === phases.signingLogon) beginLogon(this)
    } else {
      this.enter('awaitingLogon', this.settings.logonTimeout)
      this.effects.push({ kind: 'connect' })
    }
  }

  dialFailed(reason: DisconnectReason, now: Instant): void {
    this.now = now
    if (this.phase !== phases.connecting) return
    this.log('warn', `Dialling failed: ${reason.text}`)
    this.effects.push({ kind: 'disconnect', reason })
    this.rest(this.redial.failed())
  }

  /** The link is gone. */
  disconnected(reason: DisconnectReason, now: Instant): void {
    this.now = now
    if (!this.phase.connected) return
    const told = this.closingReason ?? reason
    const pause = this.wasHealthy ? this.redial.lost() : this.redial.failed()
    this.wasHealthy = false
    this.gap.clear()
    this.replay.clear()
    this.pulse.stop()
    this.resetPending = undefined
    this.pendingLogon = undefined
    this.restState = this.afterwards ?? SessionState.DisconnectedBrokenConn
    this.log('info', `Disconnected: ${told.text}`)
    this.enter('disconnected')
    if (this.settings.resetOnDisconnect) this.reset()
    this.effects.push({ kind: 'disconnect', reason: told })
    this.rest(pause)
  }

  /** A deadline may have passed. */
  time(now: Instant): void {
    this.now = now
    if (this.phaseDeadline !== undefined && now.mono >= this.phaseDeadline) {
      this.phaseDeadline = undefined
      this.phase.timedOut(this)
    }
    if (this.phase === phases.loggedOn || this.phase === phases.logoutSent) this.pulse.beat(this)
  }

  /** When `time` has to be called next, by the monotonic clock; undefined: never. */
  deadline(): number | undefined {
    const pulses = this.phase === phases.loggedOn || this.phase === phases.logoutSent
    return pulses ? earlier(this.phaseDeadline, this.pulse.deadline(this)) : this.phaseDeadline
  }

  // ---- inputs: messages ----------------------------------------------------------------------------------------

  message(message: FixMessage, now: Instant): void {
    this.now = now
    this.phase.message(this, message)
    useHeld(this)
  }

  garbled(garbled: Garbled, now: Instant): void {
    this.now = now
    this.log('warn', `Garbled: ${garbled.text}`)
    if (garbled.fatal && this.phase.connected) this.close('GARBLED', garbled.text, true)
    else this.phase.garbled(this, garbled)
  }

  /** The listeners are through with the message of the latest `deliver`. */
  delivered(outcome: Delivery, now: Instant): void {
    this.now = now
    const message = this.delivering
    if (message === undefined) return
    this.delivering = undefined
    if (outcome !== 'done') {
      if (this.settings.onListenerError === 'disconnect') {
        // Not counted: the counterparty will send it again, and no later message overtakes it.
        if (this.phase.connected) this.close('LISTENER_FAILED', outcome.failed, false)
        return
      }
      this.consume(message)
      if (this.settings.onListenerError === 'reject' && this.phase.connected) {
        this.refuseByApplication(message)
      }
    } else {
      this.consume(message)
    }
    useHeld(this)
  }

  /** A listener's promise rejected, after the message was counted. */
  listenerFailedLate(message: FixMessage, text: string, now: Instant): void {
    this.now = now
    if (!this.phase.connected) return
    if (this.settings.onListenerError === 'disconnect') this.close('LISTENER_FAILED', text, false)
    else if (this.settings.onListenerError === 'reject' && this.phase.maySend) this.refuseByApplication(message)
  }

  private refuseByApplication(message: FixMessage): void {
    this.transmit(businessReject(message, { businessRejectReason: 4, text: 'Application error' }, this.version))
  }

  // ---- inputs: answers -----------------------------------------------------------------------------------------

  authenticated(admitted: boolean, text: string, now: Instant): void {
    this.now = now
    if (this.phase !== phases.authenticating || this.pendingLogon === undefined) return
    const logon = this.pendingLogon
    this.pendingLogon = undefined
    if (admitted) {
      acceptLogon(this, logon)
      useHeld(this)
    } else {
      this.close('NOT_AUTHENTICATED', text, false)
    }
  }

  /** The Logon of `signLogon`, with the fields that were added. */
  logonSigned(logon: FixMessage, sendingTime: number, now: Instant): void {
    this.now = now
    if (this.phase !== phases.signingLogon) return
    sendLogon(this, logon, sendingTime)
  }

  logonNotSigned(text: string, now: Instant): void {
    this.now = now
    if (this.phase === phases.signingLogon) this.close('LOGON_NOT_SIGNED', text, false)
  }

  /** A page of stored messages, ascending; `more`: the journal may have further ones of the range. */
  journalRead(page: readonly StoredMessage[], more: boolean, now: Instant): void {
    this.now = now
    this.replay.journalRead(this, page, more)
  }

  replayDecided(decisions: readonly boolean[], now: Instant): void {
    this.now = now
    this.replay.replayDecided(this, decisions)
  }

  // ---- inputs: the application ---------------------------------------------------------------------------------

  /** Sends an application message; returns its MsgSeqNum(34). Throws when the phase forbids it; nothing has changed then. */
  send(message: FixMessage, now: Instant): number {
    this.now = now
    if (!this.phase.maySend) {
      throw new FixConnectionError(
        'NOT_LOGGED_ON',
        `A message can be sent while logged on, the session is ${this.state}: wait for the 'logon' event.`
      )
    }
    if (isAdmin(message.msgType) && message.msgType !== MsgType.Reject) {
      throw new FixError(
        'ADMIN_MESSAGE',
        `MsgType(35)=${message.msgType} is the session's own: use sendTestRequest(), logout() or resetSeqNums().`
      )
    }
    if (this.replay.backlog > this.settings.maxOutboundBuffer) {
      throw new FixConnectionError(
        'OUTBOUND_FULL',
        `${this.replay.backlog} bytes wait for a resend to finish (maxOutboundBuffer): send again later.`
      )
    }
    return this.transmit(message)
  }

  testRequest(now: Instant): void {
    this.now = now
    if (this.phase !== phases.loggedOn) {
      throw new FixConnectionError('NOT_LOGGED_ON', `A TestRequest needs a logon, the session is ${this.state}.`)
    }
    if (this.pulse.pendingTestReqId !== undefined) {
      throw new FixConnectionError(
        'TEST_REQUEST_PENDING',
        `TestReqID(112)=${this.pulse.pendingTestReqId} has not been answered yet: wait for its Heartbeat.`
      )
    }
    this.pulse.test(this, true)
  }

  businessReject(refused: FixMessage, details: BusinessRejectDetails, now: Instant): number {
    this.now = now
    if (!this.phase.maySend) {
      throw new FixConnectionError('NOT_LOGGED_ON', `A reject needs a logon, the session is ${this.state}.`)
    }
    return this.transmit(businessReject(refused, details, this.version))
  }

  /** Ends the session in the standard's way, and stops wanting it. */
  logout(text: string | undefined, now: Instant): void {
    this.now = now
    this.wanted = this.settings.role === 'acceptor' && this.wanted
    if (this.phase.connected) this.phase.logout(this, text)
    else this.stopDialling()
  }

  /** Ends the connection, with a Logout(5) only where `logoutText` is given; does not wait for its answer. */
  disconnect(logoutText: string | undefined, state: SessionState | undefined, now: Instant): void {
    this.now = now
    this.wanted = this.settings.role === 'acceptor' && this.wanted
    if (!this.phase.connected) {
      this.stopDialling()
      return
    }
    if (logoutText !== undefined && this.phase === phases.loggedOn) this.transmit(logout(logoutText))
    this.afterwards = state ?? SessionState.DisconnectedWConnToday
    this.close('LOCAL_DISCONNECT', 'Disconnected by this side.', false)
  }

  /** No more dialling or listening. The link, where there is one, is not touched. */
  stop(now: Instant): void {
    this.now = now
    this.wanted = false
    if (!this.phase.connected) this.stopDialling()
  }

  /** Both numbers back to 1: at once when logged off, by a Logon with ResetSeqNumFlag(141)=Y when logged on. */
  resetSeqNums(now: Instant): void {
    this.now = now
    if (!this.phase.connected) {
      this.reset()
      this.show()
      return
    }
    if (this.phase !== phases.loggedOn || !this.version.hasResetSeqNumFlag) {
      throw new FixConnectionError(
        'NOT_LOGGED_ON',
        this.version.hasResetSeqNumFlag
          ? `Sequence numbers are reset while logged on or logged off, the session is ${this.state}.`
          : `${this.settings.beginString} has no ResetSeqNumFlag(141): log off first.`
      )
    }
    sendResetLogon(this)
  }

  setSeqNums(nextNumIn: number | undefined, nextNumOut: number | undefined, now: Instant): void {
    this.now = now
    if (nextNumIn !== undefined) this.nextNumIn = nextNumIn
    if (nextNumOut !== undefined) this.nextNumOut = nextNumOut
    this.gap.dropBelow(this.nextNumIn)
    this.gap.advanced(this, true)
    if (!this.delivering) useHeld(this)
  }
}
