import { SessionState } from '../../fix/session-state.js'
import { type Phase, unconnected } from '../phase.js'

/** The journal has not been read yet: nothing is known of the session. */
export const unknown: Phase = { ...unconnected, name: 'unknown', state: SessionState.Unknown }
