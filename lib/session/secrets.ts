import type { Codec } from '../codec/codec.js'
import { LOGON_SECRET_TAGS } from '../fix/secret-tags.js'

/** A Logon(A) as it may be kept: passwords and signatures are replaced, lengths and CheckSum(10) are right again. */
export function withoutSecrets(codec: Codec, bytes: Uint8Array): Uint8Array {
  const logon = codec.decode(bytes)
  if (logon.garbled) return bytes
  let changed = false
  for (const tag of LOGON_SECRET_TAGS) {
    const value = logon.get(tag)
    if (value === undefined) continue
    logon.set(tag, Buffer.alloc(value.length, '*'), { replace: true })
    changed = true
  }
  return changed ? logon.toBytes() : bytes
}
