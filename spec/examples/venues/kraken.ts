import { createHash, createHmac } from 'node:crypto'
import type { SignLogon } from './sign-logon.js'

export interface KrakenKey {
  readonly apiKey: string
  readonly secret: string
  readonly senderCompId: string
  readonly targetCompId?: string
  readonly now?: () => number
}

/**
 * Kraken: HMAC-SHA512 with the base64-decoded secret over the SHA-256 of "35=A|34=..|49=..|56=..|553=..|" (SOH for |) followed by a
 * nonce, as Password(554) in base64. The nonce is the time in milliseconds and travels in 5025.
 */
export function kraken({
  apiKey,
  secret,
  senderCompId,
  targetCompId = 'KRAKEN-TRD',
  now = Date.now
}: KrakenKey): SignLogon {
  return (_, { msgSeqNum }) => {
    const nonce = String(now())
    const fields = ['35=A', `34=${msgSeqNum}`, `49=${senderCompId}`, `56=${targetCompId}`, `553=${apiKey}`]
    const input = fields.map((field) => `${field}\u0001`).join('')
    const digest = createHash('sha256')
      .update(input + nonce, 'latin1')
      .digest()
    return [
      [553, apiKey],
      [554, createHmac('sha512', Buffer.from(secret, 'base64')).update(digest).digest('base64')],
      [5025, nonce]
    ]
  }
}
