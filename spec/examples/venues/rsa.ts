import { createPrivateKey, sign } from 'node:crypto'
import type { SignLogon } from './sign-logon.js'

export interface RsaKey {
  /** RSA, PEM. */
  readonly privateKey: string
  readonly username: string
  readonly senderCompId: string
  readonly targetCompId: string
}

/**
 * No venue in particular: RSA with SHA-256 (PKCS #1 v1.5) over fields of the Logon, here SendingTime(52), MsgSeqNum(34),
 * SenderCompID(49), TargetCompID(56) and HeartBtInt(108), joined by SOH, in RawData(96) as base64.
 */
export function rsa({ privateKey, username, senderCompId, targetCompId }: RsaKey): SignLogon {
  const key = createPrivateKey(privateKey)
  return (logon, { msgSeqNum, sendingTime }) => {
    const payload = [sendingTime, msgSeqNum, senderCompId, targetCompId, logon.get(108)].join('\u0001')
    return [
      [96, Buffer.from(sign('sha256', Buffer.from(payload, 'latin1'), key).toString('base64'))],
      [553, username]
    ]
  }
}
