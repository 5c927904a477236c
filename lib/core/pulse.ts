import { heartbeat, testRequest } from './admin.js'
import type { CoreContext } from './context.js'
import { earlier } from './deadline.js'

/**
 * Whether both ends are alive (FIX session layer, "Heartbeat" and "Test Request"), a concern beside the phase.
 *
 * Silence of ours for HeartBtInt(108) seconds makes a Heartbeat(0). Silence of theirs for HeartBtInt plus
 * `testRequestDelayMultiplier` of it makes a TestRequest(1), plus `heartBeatTimeoutMultiplier` of it ends the
 * connection. Any message that is not garbled breaks the silence, whatever it says.
 */
export class Pulse {
  private lastSent = 0
  private lastHeard = 0
  /** TestReqID(112) that the counterparty has not answered yet. */
  pendingTestReqId: string | undefined
  /** Asked for by the application: only its own answer settles it. */
  private pendingByUser = false
  /** The counterparty has been silent for too long and a TestRequest is about to go out. */
  silent = false
  private count = 0

  start(mono: number): void {
    this.lastSent = mono
    this.lastHeard = mono
    this.pendingTestReqId = undefined
    this.silent = false
  }

  stop(): void {
    this.pendingTestReqId = undefined
    this.silent = false
  }

  sent(mono: number): void {
    this.lastSent = mono
  }

  /** A message came that is not garbled. */
  heard(core: CoreContext): void {
    this.lastHeard = core.now.mono
    if (this.pendingTestReqId !== undefined && !this.pendingByUser) {
      this.pendingTestReqId = undefined
      core.show()
    }
  }

  /** Heartbeat(0) with a TestReqID(112) came. */
  answered(core: CoreContext, testReqId: string): void {
    if (testReqId !== this.pendingTestReqId) return
    this.pendingTestReqId = undefined
    core.show()
  }

  /** Sends a TestRequest(1). TestReqID is unique unless one is configured, so that a late answer is not taken for this one's. */
  test(core: CoreContext, byUser: boolean): void {
    this.silent = true
    core.show()
    this.count++
    this.pendingTestReqId = core.settings.testReqId ?? `${core.now.wall}-${this.count}`
    this.pendingByUser = byUser
    core.transmit(testRequest(this.pendingTestReqId))
    this.silent = false
    core.show()
  }

  deadline(core: CoreContext): number | undefined {
    const interval = core.heartBtInt * 1000
    if (interval === 0) return undefined
    let next: number | undefined
    if (this.pendingTestReqId === undefined) next = this.lastSent + interval
    if (core.settings.disableHeartBeatCheck) return next
    if (this.pendingTestReqId === undefined) {
      next = earlier(next, this.lastHeard + interval * (1 + core.settings.testRequestDelayMultiplier))
    }
    return earlier(next, this.lastHeard + interval * (1 + core.settings.heartBeatTimeoutMultiplier))
  }

  /** Does what is due. */
  beat(core: CoreContext): void {
    const interval = core.heartBtInt * 1000
    if (interval === 0) return
    const { mono } = core.now
    if (!core.settings.disableHeartBeatCheck) {
      const silence = mono - this.lastHeard
      if (silence >= interval * (1 + core.settings.heartBeatTimeoutMultiplier)) {
        core.close('HEARTBEAT_TIMEOUT', `Nothing was received for ${Math.round(silence / 100) / 10} seconds.`, true)
        return
      }
      if (this.pendingTestReqId === undefined && silence >= interval * (1 + core.settings.testRequestDelayMultiplier)) {
        this.test(core, false)
        return
      }
    }
    // No Heartbeat while a TestRequest is unanswered: the field's engines agree on that (acceptance case 6).
    if (this.pendingTestReqId === undefined && mono - this.lastSent >= interval) core.transmit(heartbeat(undefined))
  }
}
