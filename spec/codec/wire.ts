import { Codec } from '../../lib/codec/codec.js'
import type { CodecOptions, EncodeHeader } from '../../lib/codec/codec-types.js'
import type { Garbled } from '../../lib/fix/garbled.js'
import type { FixMessage } from '../../lib/fix/message.js'
import type { GroupStructure, MessageStructure, StructureSource } from '../../lib/fix/structure.js'

/** Bytes of wire text with | for SOH. */
export function wire(text: string): Buffer {
  return Buffer.from(text.replaceAll('|', '\u0001'), 'latin1')
}

/** Wire text with | for SOH of bytes. */
export function shown(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\u0001', '|')
}

/** A whole message of the fields `body` (35=... first), with right BodyLength(9) and CheckSum(10). */
export function framed(body: string, beginString = 'FIX.4.4'): string {
  const text = `8=${beginString}|9=${body.length}|${body}`
  return `${text}10=${checkSum(text)}|`
}

/** CheckSum(10) of everything before it. */
export function checkSum(text: string): string {
  const sum = wire(text).reduce((total, byte) => total + byte, 0)
  return String(sum % 256).padStart(3, '0')
}

/** One line an item: the message, or what is wrong with what came. */
export function told(items: readonly (FixMessage | Garbled)[]): string[] {
  return items.map((item) =>
    item.garbled ? `${item.code}${item.fatal ? ' (fatal)' : ''} ${item.raw.replaceAll('\u0001', '|')}` : String(item)
  )
}

export function codec(options: Partial<CodecOptions> = {}): Codec {
  return new Codec({ beginString: 'FIX.4.4', ...options })
}

/** The one message in `text`. */
export function received(text: string, options: Partial<CodecOptions> = {}): FixMessage {
  const message = codec(options).decode(wire(text))
  if (message.garbled) throw new Error(`${message.code}: ${message.text}`)
  return message
}

export const header: EncodeHeader = {
  senderCompId: 'BUYSIDE',
  targetCompId: 'BROKER',
  msgSeqNum: 7,
  sendingTime: Date.UTC(2024, 1, 29, 12, 34, 56, 789)
}

/** A repeating group; the first member is the delimiter. A nested group stands among the members as a structure. */
export function group(countTag: number, ...members: (number | GroupStructure)[]): GroupStructure {
  const tags = members.map((member) => (typeof member === 'number' ? member : member.countTag))
  const nested = members.filter((member) => typeof member === 'object')
  return {
    countTag,
    delimiter: tags[0] as number,
    members: tags,
    order: new Map(tags.map((tag, at) => [tag, at])),
    groups: new Map(nested.map((member) => [member.countTag, member]))
  }
}

/** What a dictionary would know of some message types. */
export function structures(types: Readonly<Record<string, readonly GroupStructure[]>>): StructureSource {
  const known = new Map<string, MessageStructure>()
  for (const [msgType, groups] of Object.entries(types)) {
    known.set(msgType, { msgType, groups: new Map(groups.map((each) => [each.countTag, each])) })
  }
  return { structureOf: (msgType) => known.get(msgType) }
}

export const hops = group(627, 628, 629, 630)
export const partySubIds = group(802, 523, 803)
export const parties = group(453, 448, 447, 452, partySubIds)
export const entries = group(268, 269, 270, 15, 271, 58, 354, 355)

export const dictionary = structures({ D: [hops, parties], W: [hops, entries], B: [group(33, 58, 354, 355)] })
