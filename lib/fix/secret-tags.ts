/**
 * Fields whose values must never reach a log, a console or (in a Logon) the journal: passwords, and what proves an identity.
 * Tags of the FIX standard; RawData(96) and its kin are secret in a Logon only, where signatures travel.
 */
export const SECRET_TAGS: ReadonlySet<number> = new Set([
  554, // Password
  925, // NewPassword
  1402, // EncryptedPassword
  1404, // EncryptedNewPassword
  89 // Signature
])

/** In a Logon also: RawData, XmlData. */
export const LOGON_SECRET_TAGS: ReadonlySet<number> = new Set([...SECRET_TAGS, 96, 213])
