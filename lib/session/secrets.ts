import type { Codec } from '../codec/codec.js'
import { dataTagOf } from '../fix/data-fields.js'
import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { isSecret, mask, redactMessage } from '../redact.js'

/**
 * A Logon(A) as it may be kept: passwords and signatures, each time they stand in it, are replaced by `***` whatever their
 * length, which would help who wants to guess them. Length fields of secret data, BodyLength(9) and CheckSum(10) are right again.
 */
export function withoutSecrets(codec: Codec, bytes: Uint8Array, more: readonly number[] = []): Uint8Array {
  const logon = codec.decode(bytes)
  // Nothing resends a Logon, so that one which cannot be read need not be one afterwards.
  if (logon.garbled) return Buffer.from(redactMessage(Buffer.from(bytes).toString('latin1'), new Set(more)), 'latin1')
  const values = maskedValues(logon, more)
  return values.size === 0 ? bytes : rewritten(logon, values)
}

/** New values by field. */
function maskedValues(logon: FixMessage, more: readonly number[]): Map<number, string> {
  const values = new Map<number, string>()
  for (let field = 0; field < logon.fieldCount; field++) {
    const tag = logon.tagAt(field)
    if (!isSecret(tag, MsgType.Logon) && !more.includes(tag)) continue
    values.set(field, mask)
    if (field > 0 && dataTagOf(logon.tagAt(field - 1)) === tag) values.set(field - 1, String(mask.length))
  }
  return values
}

/** A message that came or went begins with BeginString(8) and BodyLength(9) and ends with CheckSum(10). */
function rewritten(logon: FixMessage, values: ReadonlyMap<number, string>): Uint8Array {
  const { source, fieldCount } = logon
  let body = ''
  let copied = logon.valueEnd(1) + 1
  for (const [field, value] of [...values].sort(([a], [b]) => a - b)) {
    body += source.slice(copied, logon.valueStart(field)) + value
    copied = logon.valueEnd(field)
  }
  body += source.slice(copied, logon.valueEnd(fieldCount - 2) + 1)
  const summed = Buffer.from(`${source.slice(0, logon.valueStart(1))}${body.length}\u0001${body}`, 'latin1')
  let sum = 0
  for (const byte of summed) sum += byte
  return Buffer.concat([summed, Buffer.from(`10=${String(sum % 256).padStart(3, '0')}\u0001`, 'latin1')])
}
