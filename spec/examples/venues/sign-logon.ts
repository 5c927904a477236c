import type { SessionParts } from '../../../lib/index.js'

/** What `signLogon` of a session's parts is. */
export type SignLogon = NonNullable<SessionParts['signLogon']>
