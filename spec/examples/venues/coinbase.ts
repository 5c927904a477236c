import { createHmac } from 'node:crypto'
import type { SignLogon } from './sign-logon.js'

export interface CoinbaseKey {
  readonly secret: string
  readonly passphrase: string
  readonly senderCompId: string
  readonly targetCompId?: string
}

/**
 * Coinbase Exchange: HMAC-SHA256 with the base64-decoded secret over SendingTime(52), MsgType(35), MsgSeqNum(34), SenderCompID(49),
 * TargetCompID(56) and Password(554), joined by SOH; RawData(96) is its base64. SenderCompID is the API key, and so is the Username(553).
 */
export function coinbase({ secret, passphrase, senderCompId, targetCompId = 'Coinbase' }: CoinbaseKey): SignLogon {
  return (_, { msgSeqNum, sendingTime }) => {
    const prehash = [sendingTime, 'A', msgSeqNum, senderCompId, targetCompId, passphrase].join('\u0001')
    return [
      [553, senderCompId],
      [554, passphrase],
      [96, Buffer.from(createHmac('sha256', Buffer.from(secret, 'base64')).update(prehash, 'latin1').digest('base64'))]
    ]
  }
}
