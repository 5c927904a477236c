import { heartbeat, logout, testRequest } from './admin.js'
import type { CoreContext } from './context.js'
import { earlier } from './deadline.js'

/**
 * Whether both ends are alive (FIX session layer, "Heartbeat" and "Test Request"), a concern beside the phase.
 *
 * Silence of ours for HeartBtInt(108) seconds makes a Heartbeat(0). Silence of theirs for HeartBtInt plus
 * `testRequestDelayMultiplier` of it makes a TestRequest(1), plus `heartBeatTimeoutMultiplier` of it ends the
 * connection. Any message that is not garbled breaks the silence, whatever it says.
 *
 * A TestRequest of the application is another matter: only the Heartbeat with its TestReqID(112) answers it, and it keeps
 * nothing else from happening.
 */
export class Pulse {
  private lastSent = 0
  private lastHeard = 0
  /** TestReqID(112) of the TestRequest that a silence has made. */
  private pending: string | undefined
  /** TestReqID(112) of the application's TestRequest. */
  private pendingOfUser: string | undefined
  /** The counterparty has been silent for too long and a TestRequest is about to go out. */
  silent = false
  private count = 0

  /** TestReqID(112) that the counterparty has not answered yet. */
  get pendingTestReqId(): string | undefined {
    return this.pendingOfUser ?? this.pending
  }

  start(mono: number): void {
    this.lastSent = mono
    this.lastHeard = mono
    this.stop()
  }

  stop(): void {
    this.pending = undefined
    this.pendingOfUser = undefined
    this.silent = false
  }

  /** Something of ours went on the wire. */
  sent(mono: number): void {
    this.lastSent = mono
  }

  /** A message came that is not garbled. */
  heard(core: CoreContext): void {
    this.lastHeard = core.now.mono
    if (this.pending === undefined) return
    this.pending = undefined
    core.show()
  }

  /** Nothing could be heard for a while, by no fault of theirs: silence counts from now. */
  hearAgain(core: CoreContext): void {
    this.lastHeard = core.now.mono
  }

  /** Heartbeat(0) with a TestReqID(112) came. */
  answered(core: CoreContext, testReqId: string): void {
    if (testReqId !== this.pendingOfUser) return
    this.pendingOfUser = undefined
    core.show()
  }

  /** The application wants a TestRequest(1). */
  test(core: CoreContext): void {
    this.pendingOfUser = this.nextTestReqId(core)
    core.transmit(testRequest(this.pendingOfUser))
    core.show()
  }

  deadline(core: CoreContext): number | undefined {
    const interval = core.heartBtInt * 1000
    if (interval === 0) return undefined
    let next: number | undefined
    if (this.pending === undefined || !core.intake.reading) next = this.lastSent + interval
    if (core.settings.disableHeartBeatCheck || !core.intake.reading) return next
    if (this.pending === undefined) {
      next = earlier(next, this.lastHeard + interval * (1 + core.settings.testRequestDelayMultiplier))
    }
    return earlier(next, this.lastHeard + interval * (1 + core.settings.heartBeatTimeoutMultiplier))
  }

  /** Does what is due. */
  beat(core: CoreContext): void {
    const interval = core.heartBtInt * 1000
    if (interval === 0) return
    const { mono } = core.now
    if (!core.settings.disableHeartBeatCheck && core.intake.reading) {
      const silence = mono - this.lastHeard
      const { testRequestDelayMultiplier: test, heartBeatTimeoutMultiplier: dead } = core.settings
      if (silence >= interval * (1 + dead)) {
        if (this.pending !== undefined || dead <= test || core.phase.name !== 'loggedOn') {
          this.giveUp(core, silence)
          return
        }
        // This process was held up and has tested nobody: they have the time that they would have had for an answer.
        this.lastHeard = mono - interval * (1 + test)
      }
      if (this.pending === undefined && silence >= interval * (1 + test)) {
        this.probe(core)
        return
      }
    }
    // No Heartbeat while a TestRequest is unanswered: the field's engines agree on that (acceptance case 6). Its answer may
    // have come, though, while nothing is read.
    if ((this.pending === undefined || !core.intake.reading) && mono - this.lastSent >= interval)
      core.transmitNow(heartbeat(undefined))
  }

  /** Silence of theirs: what is missing is said at once, even in the middle of a resend. */
  private probe(core: CoreContext): void {
    this.silent = true
    core.show()
    this.pending = this.nextTestReqId(core)
    core.transmitNow(testRequest(this.pending))
    this.silent = false
    core.show()
  }

  private giveUp(core: CoreContext, silence: number): void {
    const says = core.settings.sendLogoutBeforeDisconnectFromTimeout === true
    if (says) core.transmitNow(logout(undefined))
    const text = `Nothing was received for ${Math.round(silence / 100) / 10} seconds.`
    core.afterwards = 'DisconnectedBrokenConn'
    core.close('HEARTBEAT_TIMEOUT', text, !says)
  }

  /** Unique unless one is configured, so that a late answer is not taken for this one's. */
  nextTestReqId(core: CoreContext): string {
    this.count++
    return core.settings.testReqId ?? `${core.now.wall}-${this.count}`
  }
}
