/** What is shown where a secret stood. */
export const mask = '***'

/** Signature(89), Password(554), NewPassword(925), EncryptedPassword(1402), EncryptedNewPassword(1404). */
const secretTags = new Set([89, 554, 925, 1402, 1404])

/** RawData(96) of a Logon carries what venues sign or a password; elsewhere it is business. */
const secretInLogon = new Set([96])

/**
 * Whether the value of a field must not be shown or kept. Where MsgType(35) is not known it is taken for a Logon.
 * The lengths of secrets are none: a message without them could not be read.
 */
export function isSecret(tag: number, msgType: string | undefined): boolean {
  return secretTags.has(tag) || (secretInLogon.has(tag) && (msgType === undefined || msgType === 'A'))
}
