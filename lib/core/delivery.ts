import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { businessReject } from './admin.js'
import type { CoreContext } from './context.js'

/**
 * What the application made of a message that it was to be given. `unacknowledged`: it has it, and the acknowledgement comes
 * later. `postponed`: it does not take any now (`suspend`), and is to be given it at `takeUp`.
 */
export type Delivery =
  | 'done'
  | 'unacknowledged'
  | 'postponed'
  | { readonly failed: string; readonly unacknowledged?: boolean }

/**
 * An application message goes to the listeners; its number is used up when they have returned (DESIGN, law 3), if it
 * `counts` at all. Until then nothing else is taken in.
 */
export function deliver(core: CoreContext, message: FixMessage, counts: boolean): void {
  core.delivering = message
  core.deliveryCounts = counts
  core.effects.push({ kind: 'deliver', message })
}

/** The listeners have returned. */
export function delivered(core: CoreContext, outcome: Delivery): void {
  const message = core.delivering
  if (message === undefined) return
  if (outcome === 'postponed') {
    core.intake.postponed = true
    return
  }
  core.delivering = undefined
  const failed = typeof outcome === 'object'
  if (failed && core.settings.onListenerError === 'disconnect') {
    // Not counted: the counterparty will send it again, and no later message overtakes it.
    core.close('LISTENER_FAILED', outcome.failed, false)
    return
  }
  if (core.deliveryCounts) {
    const msgSeqNum = core.consume(message)
    const isMissing = failed ? outcome.unacknowledged === true : outcome === 'unacknowledged'
    if (isMissing) core.intake.await(core, message, msgSeqNum)
  }
  if (failed && refuse(core, message)) core.intake.acknowledged(core, message)
}

/** What was postponed is given to the application after all. */
export function deliverPostponed(core: CoreContext): void {
  if (!core.intake.postponed || core.intake.shut) return
  core.intake.postponed = false
  if (core.delivering !== undefined) core.effects.push({ kind: 'deliver', message: core.delivering })
}

/** Nobody will be given what was postponed: it has not been counted, and comes again. */
export function dropPostponed(core: CoreContext): void {
  if (!core.intake.postponed) return
  core.intake.postponed = false
  core.delivering = undefined
}

/** A listener's promise rejected, after its message was counted. */
export function failedLate(core: CoreContext, message: FixMessage, text: string): void {
  if (core.settings.onListenerError === 'disconnect') core.close('LISTENER_FAILED', text, false)
  else if (refuse(core, message)) core.intake.acknowledged(core, message)
}

/** BusinessRejectReason(380) "Application not available". */
const NOT_AVAILABLE = 4

/** True when it was: whoever is told that its message was refused need not send it again. */
function refuse(core: CoreContext, message: FixMessage): boolean {
  if (core.settings.onListenerError !== 'reject' || !core.inSession) return false
  // A refusal that is refused could be refused again, for ever.
  if (message.msgType === MsgType.BusinessMessageReject) return false
  const details = { businessRejectReason: NOT_AVAILABLE, text: 'Application error' }
  core.transmit(businessReject(message, details, core, core.defaultApplVerId))
  return true
}
