import { SessionState } from '../../fix/session-state.js'
import { type Phase, unconnected } from '../phase.js'

/** An initiator is dialling; the transport ends the attempt itself (`connectTimeout`). */
export const connecting: Phase = { ...unconnected, name: 'connecting', state: SessionState.InitiateConnection }
