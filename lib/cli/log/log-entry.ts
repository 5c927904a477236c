import { Codec } from '../../codec/codec.js'
import type { Garbled } from '../../fix/garbled.js'
import type { FixMessage } from '../../fix/message.js'
import type { StructureSource } from '../../fix/structure.js'
import { isSecret, mask } from '../../redact.js'
import type { FoundMessage } from './message-finder.js'
import { fromUtf8, toWire, toWireByTags } from './separators.js'

const soh = '\u0001'

/** Why a message of a log is none. */
export interface Fault {
  readonly code: string
  readonly text: string
}

/** What a message of a log is on the wire, and either the message or what is wrong with it. */
export interface LogEntry {
  readonly found: FoundMessage
  /** SOH between fields. */
  readonly wire: string
  readonly message: FixMessage | undefined
  readonly fault: Fault | undefined
}

/** Reads any version: BeginString(8) is for writing. */
const codec = new Codec({ beginString: 'FIX.4.4' })

export function readEntry(found: FoundMessage, dictionary: StructureSource | undefined): LogEntry {
  const wire = toWire(found.raw, found.separator)
  if (!found.complete) {
    const text = 'Expected a message up to its CheckSum(10), got one that is cut off.'
    return { found, wire, message: undefined, fault: { code: 'CUT_OFF', text } }
  }
  codec.dictionary = dictionary
  const first = codec.decode(Buffer.from(wire, 'latin1'))
  if (!first.garbled) return { found, wire, message: first, fault: undefined }
  for (const other of [toWireByTags(found.raw, found.separator), fromUtf8(wire), unmasked(wire)]) {
    const message = other === undefined ? undefined : codec.decode(Buffer.from(other, 'latin1'))
    if (other !== undefined && message?.garbled === false) return { found, wire: other, message, fault: undefined }
  }
  return { found, wire, message: undefined, fault: faultOf(first, wire) }
}

function faultOf({ code, text }: Garbled, wire: string): Fault {
  if (code !== 'BODY_LENGTH') return { code, text }
  const second = wire.split(soh, 2)[1] ?? ''
  if (!/^9=\d+$/.test(second)) return { code, text: 'Expected BodyLength(9) with a number as the second field.' }
  return { code, text: `BodyLength(9): expected ${bodyLength(wire)}, got ${second.slice(2)}.` }
}

/** What BodyLength(9) has to be: the bytes behind it up to the last field. */
function bodyLength(wire: string): number {
  const start = wire.indexOf(soh, wire.indexOf(soh) + 1) + 1
  return wire.lastIndexOf(`${soh}10=`) + 1 - start
}

/** The lengths of RawData(96), Signature(89), EncryptedPassword(1402) and EncryptedNewPassword(1404). */
const lengthsOfSecrets = ['95', '93', '1401', '1403']

/**
 * A message whose secrets a log has masked can have neither a right length nor a right checksum: the same with both made
 * right. Undefined for one without masked secrets.
 */
function unmasked(wire: string): string | undefined {
  const fields = wire.split(soh).slice(0, -1)
  if (!fields.some(isMasked)) return undefined
  const tagOf = (field: string): string => field.slice(0, field.indexOf('='))
  // The length of data that is masked is not its length any more.
  const body = fields.slice(2).filter((field) => tagOf(field) !== '10' && !lengthsOfSecrets.includes(tagOf(field)))
  const text = `${fields[0]}${soh}9=${body.join(soh).length + 1}${soh}${body.join(soh)}${soh}`
  let sum = 0
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i)
  return `${text}10=${String(1000 + (sum % 256)).slice(1)}${soh}`
}

function isMasked(field: string): boolean {
  const [, tag, stars] = /^(\d+)=(\*+)$/.exec(field) ?? []
  return tag !== undefined && isSecret(Number(tag), undefined) && (stars ?? '').length >= mask.length
}
