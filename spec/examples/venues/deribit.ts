import { createHash, randomBytes } from 'node:crypto'
import type { SignLogon } from './sign-logon.js'

export interface DeribitKey {
  readonly clientId: string
  readonly clientSecret: string
  readonly now?: () => number
  /** 32 random bytes, others each time. */
  readonly nonce?: () => Buffer
}

/**
 * Deribit: RawData(96) is the time in milliseconds, a dot and a base64 nonce of 32 random bytes; Password(554) is the base64
 * SHA-256 of RawData followed by the client secret; the client id is the Username(553).
 */
export function deribit({
  clientId,
  clientSecret,
  now = Date.now,
  nonce = () => randomBytes(32)
}: DeribitKey): SignLogon {
  return () => {
    const rawData = `${now()}.${nonce().toString('base64')}`
    return [
      [96, Buffer.from(rawData)],
      [553, clientId],
      [
        554,
        createHash('sha256')
          .update(rawData + clientSecret, 'latin1')
          .digest('base64')
      ]
    ]
  }
}
