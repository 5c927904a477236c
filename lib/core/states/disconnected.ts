import { SessionState } from '../../fix/session-state.js'
import { goOn } from '../link.js'
import { type Phase, unconnected } from '../phase.js'

/**
 * No link, and none under way. Which of the three disconnected states shows depends on what was before (projection.ts).
 * An initiator that is wanted dials again when the deadline, set from `reconnectInterval`, has passed.
 */
export const disconnected: Phase = {
  ...unconnected,
  name: 'disconnected',
  state: SessionState.DisconnectedNoConnToday,
  timedOut(core) {
    if (core.wanted) goOn(core, 0)
  }
}
