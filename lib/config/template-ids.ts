import type { SessionIdentity } from './session-id.js'

/** What stands for any id in a template. */
export const ANY = '*'

/** The parts of an identity that a Logon brings. */
export const idNames = [
  'senderCompId',
  'senderSubId',
  'senderLocationId',
  'targetCompId',
  'targetSubId',
  'targetLocationId'
] as const

/** Ids as a Logon has them, seen from this side. */
export type LogonIds = Pick<SessionIdentity, 'beginString' | (typeof idNames)[number]>

/** Whether the ids of a Logon fit those of a template. Sub and location ids that it leaves out may be any. */
export function fitsTemplate(template: SessionIdentity, ids: LogonIds): boolean {
  return (
    template.beginString === ids.beginString &&
    idNames.every((name) => {
      const wanted = template[name]
      if (wanted === undefined) return true
      return wanted === ANY ? ids[name] !== '' : ids[name] === wanted
    })
  )
}

/**
 * The ids of a session for a counterparty of a template. Undefined where an id has characters that no config may have, or
 * that could make it look like another session's: `/`, `:` and `>` have a meaning in session ids.
 */
export function idsFor(template: SessionIdentity, ids: LogonIds): Partial<Omit<LogonIds, 'beginString'>> | undefined {
  const found: Partial<Record<(typeof idNames)[number], string>> = {}
  for (const name of idNames) {
    const id = ids[name]
    if (template[name] !== ANY || id === undefined) continue
    if (!/^[\x20-\x7e\xa0-\xff]+$/.test(id) || /[/:>*]/.test(id)) return undefined
    found[name] = id
  }
  return found
}
