import type { FixMessage } from '../fix/message.js'
import { businessReject } from './admin.js'
import type { CoreContext } from './context.js'

/** What the application's listeners made of a delivered message. */
export type Delivery = 'done' | { readonly failed: string }

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
  core.delivering = undefined
  if (outcome !== 'done' && core.settings.onListenerError === 'disconnect') {
    // Not counted: the counterparty will send it again, and no later message overtakes it.
    core.close('LISTENER_FAILED', outcome.failed, false)
    return
  }
  if (core.deliveryCounts) core.consume(message)
  if (outcome !== 'done') refuse(core, message)
}

/** A listener's promise rejected, after its message was counted. */
export function failedLate(core: CoreContext, message: FixMessage, text: string): void {
  if (core.settings.onListenerError === 'disconnect') core.close('LISTENER_FAILED', text, false)
  else refuse(core, message)
}

/** BusinessRejectReason(380) "Application not available". */
const NOT_AVAILABLE = 4

function refuse(core: CoreContext, message: FixMessage): void {
  if (core.settings.onListenerError !== 'reject' || !core.inSession) return
  const details = { businessRejectReason: NOT_AVAILABLE, text: 'Application error' }
  core.transmit(businessReject(message, details, core, core.defaultApplVerId))
}
