import type { Codec } from '../codec/codec.js'
import { MsgType } from '../fix/msg-type.js'
import { isSecret } from '../redact.js'

/** A Logon(A) as it may be kept: passwords and signatures are replaced, lengths and CheckSum(10) are right again. */
export function withoutSecrets(codec: Codec, bytes: Uint8Array): Uint8Array {
  const logon = codec.decode(bytes)
  if (logon.garbled) return bytes
  const secrets: number[] = []
  for (let field = 0; field < logon.fieldCount; field++) {
    const tag = logon.tagAt(field)
    if (isSecret(tag, MsgType.Logon)) secrets.push(tag)
  }
  if (secrets.length === 0) return bytes
  for (const tag of secrets) {
    const value = logon.get(tag)
    if (value !== undefined) logon.set(tag, Buffer.alloc(value.length, '*'), { replace: true })
  }
  return logon.toBytes()
}
