import { CoreSession, type CoreSessionOptions } from './core-session.js'

/** What holds in session has to hold for these. */
export const profiles = [
  { beginString: 'FIX.4.2', role: 'acceptor' },
  { beginString: 'FIX.4.2', role: 'initiator' },
  { beginString: 'FIX.4.4', role: 'acceptor' },
  { beginString: 'FIX.4.4', role: 'initiator' }
] as const

export type Profile = (typeof profiles)[number]

/** A session that is logged on: both sides have sent number 1, and expect 2. */
export function loggedOn(profile: Partial<Profile>, options: CoreSessionOptions = {}): CoreSession {
  return new CoreSession({ ...profile, ...options }).logOn()
}
