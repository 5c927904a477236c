import { createPrivateKey, sign } from 'node:crypto'
import type { SignLogon } from './sign-logon.js'

export interface BinanceKey {
  readonly apiKey: string
  /** Ed25519, PEM. */
  readonly privateKey: string
  readonly senderCompId: string
  readonly targetCompId: string
  /** MessageHandling(25035): 1 unordered, 2 sequential. */
  readonly messageHandling?: string
}

/**
 * Binance: an Ed25519 signature over MsgType(35), SenderCompID(49), TargetCompID(56), MsgSeqNum(34) and SendingTime(52), joined by
 * SOH, in RawData(96) as base64; the API key is the Username(553).
 */
export function binance({
  apiKey,
  privateKey,
  senderCompId,
  targetCompId,
  messageHandling = '1'
}: BinanceKey): SignLogon {
  const key = createPrivateKey(privateKey)
  return (_, { msgSeqNum, sendingTime }) => {
    const payload = ['A', senderCompId, targetCompId, msgSeqNum, sendingTime].join('\u0001')
    return [
      [96, Buffer.from(sign(null, Buffer.from(payload, 'latin1'), key).toString('base64'))],
      [553, apiKey],
      [25035, messageHandling]
    ]
  }
}
