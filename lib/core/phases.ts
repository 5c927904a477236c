import type { Phase, PhaseName } from './phase.js'
import { authenticating } from './states/authenticating.js'
import { awaitingConnection } from './states/awaiting-connection.js'
import { awaitingLogon } from './states/awaiting-logon.js'
import { closing } from './states/closing.js'
import { confirmingLogon } from './states/confirming-logon.js'
import { connecting } from './states/connecting.js'
import { disconnected } from './states/disconnected.js'
import { loggedOn } from './states/logged-on.js'
import { logonSent } from './states/logon-sent.js'
import { logoutSent } from './states/logout-sent.js'
import { signingLogon } from './states/signing-logon.js'
import { unknown } from './states/unknown.js'

/** Phases by name: states refer to each other by it, so that their files form no circle. */
export const phases: Readonly<Record<PhaseName, Phase>> = {
  unknown,
  disconnected,
  connecting,
  awaitingConnection,
  signingLogon,
  logonSent,
  awaitingLogon,
  authenticating,
  confirmingLogon,
  loggedOn,
  logoutSent,
  closing
}
