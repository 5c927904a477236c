import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Codec } from '../../lib/codec/codec.js'
import { Scanner } from '../../lib/codec/scanner.js'
import { DataFields } from '../../lib/fix/data-fields.js'
import type { FieldSet } from '../../lib/fix/field-set.js'
import type { FixMessage } from '../../lib/fix/message.js'
import { codec, dictionary, framed, wire } from './wire.js'

function fieldsOf(message: FixMessage): unknown {
  const fields = Array.from({ length: message.fieldCount }, (_, at) => [message.tagAt(at), message.textAt(at)])
  return [message.msgType, fields]
}

/** What a codec makes of bytes that arrive in reads of these lengths, again and again. */
function decoded(bytes: Buffer, lengths: readonly number[], options: { plain: boolean; maxFields: number }): unknown[] {
  const codec = new Codec({ beginString: 'FIX.4.4', maxMessageLength: 400, ...options })
  const all: unknown[] = []
  for (let at = 0, read = 0; at < bytes.length; read++) {
    const length = lengths[read % lengths.length] as number
    for (const item of codec.push(bytes.subarray(at, at + length))) {
      all.push(item.garbled ? item : [item.toJSON(), asked.map((tag) => item.get(tag))])
    }
    at += length
  }
  return [...all, codec.bufferedBytes]
}

/** Tags that share a place in the scanner's index, and such as no message has. */
const asked = [8, 9, 10, 34, 35, 98, 99, 163, 227, 448, 453, 4131, 5000, 999_999_999]

/** Tags of two groups, one in the other. */
const membersOfParties = [453, 448, 447, 802, 523]

/** What stands in the message or the entry itself, and in its groups. */
function contentsOf(set: FieldSet): unknown[] {
  return set.tags().map((tag) => [tag, set.get(tag), set.isGroup(tag) ? set.groups(tag).map(contentsOf) : undefined])
}

const field = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.stringMatching(/^[ -~]{0,20}$/)) },
  { weight: 1, arbitrary: fc.constantFrom([96, 'a|b'], [95, '3'], [0, 'x'], [-5, 'x'], [10, '000'], [35, 'D']) },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(34, 98, 99, 163, 227, 4131), fc.stringMatching(/^[A-Z]{1,3}$/)) }
)
const message = fc
  .array(field, { maxLength: 12 })
  .map((fields) => framed(['35=D', ...fields.map(([tag, value]) => `${tag}=${value}`), ''].join('|')))
/** Bytes changed, and bytes put between: what is no message any more. */
const fault = fc.record({ at: fc.nat({ max: 3000 }), byte: fc.constantFrom(0, 1, 0x30, 0x31, 0x38, 0x3d, 0xff) })

describe('the scanner', () => {
  it('can be had on the machines that the specs run on', () => {
    expect(Scanner.create()).toBeDefined()
  })

  it('and the plain way make the same of everything', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: message }, fc.stringMatching(/^[ -~]{0,9}$/)), { maxLength: 12 }),
        fc.array(fault, { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 8, max: 20 }),
        (texts, faults, lengths, maxFields) => {
          const bytes = wire(texts.join(''))
          for (const { at, byte } of faults) if (at < bytes.length) bytes[at] = byte
          expect(decoded(bytes, lengths, { plain: false, maxFields })).toEqual(
            decoded(bytes, lengths, { plain: true, maxFields })
          )
        }
      ),
      { numRuns: 500 }
    )
  })

  it('and the plain way make the same of a message that is given whole', () => {
    const whole = (bytes: Buffer, plain: boolean, maxFields: number) => {
      const item = new Codec({ beginString: 'FIX.4.4', plain, maxFields }).decode(bytes)
      return item.garbled ? item : fieldsOf(item)
    }
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 2 }), fc.nat({ max: 20 }), (texts, cut) => {
        const bytes = wire(texts.join(''))
        const part = bytes.subarray(0, cut > 12 ? bytes.length : bytes.length - cut)
        expect(whole(part, false, 12)).toEqual(whole(part, true, 12))
      })
    )
  })

  it('and the plain way make the same of messages whose tags are nearly those of the message before', () => {
    // Types of which some share a shape: 'D' and 'EJ' do.
    const tags = fc.array(
      fc.constantFrom(1, 34, 38, 98, 163, 4131, 20_000, 9_999_999, ...membersOfParties, ...membersOfParties),
      {
        minLength: 1,
        maxLength: 70
      }
    )
    const variation = fc.record({
      type: fc.constantFrom('D', 'EJ', 'W', '8'),
      template: fc.nat({ max: 1 }),
      length: fc.oneof({ weight: 3, arbitrary: fc.constant(70) }, fc.nat({ max: 70 })),
      at: fc.nat({ max: 70 }),
      instead: fc.option(fc.constantFrom('', '55=x|', '7=|55=x|', '95=1|96=a|', '10=000|', 'x|', '1128=9|'), {
        nil: undefined
      })
    })
    // Counts of 0 are what a group is not split by its tags alone for.
    const textFor = (at: number) => ['', '0', '1', 'xx'][at % 4]
    const texts = (
      templates: number[][],
      variations: { type: string; template: number; length: number; at: number; instead: string | undefined }[]
    ) =>
      variations.map(({ type, template, length, at, instead }, index) => {
        const fields = (templates[template] as number[])
          .slice(0, length)
          .map((tag, n) => `${tag}=${textFor(tag + n + index)}|`)
        if (instead !== undefined) fields.splice(at, 1, instead)
        return framed(`35=${type}|${fields.join('')}`)
      })
    const everything = (bytes: Buffer, plain: boolean) =>
      codec({ plain, dictionary })
        .push(bytes)
        .map((item) => (item.garbled ? item : [fieldsOf(item), asked.map((tag) => item.get(tag)), contentsOf(item)]))
    fc.assert(
      fc.property(
        fc.tuple(tags, tags),
        fc.array(variation, { minLength: 2, maxLength: 12 }),
        (templates, variations) => {
          const bytes = wire(texts(templates, variations).join(''))
          expect(everything(bytes, false)).toEqual(everything(bytes, true))
        }
      ),
      { numRuns: 300 }
    )
  })

  it('finds the entries of groups whose tags are those of the message before and whose counts are not', () => {
    const one = framed('35=D|453=2|448=P|802=1|523=s|448=Q|447=c|58=n|')
    const none = framed('35=D|453=2|448=P|802=0|523=s|448=Q|447=c|58=n|')
    const empty = framed('35=D|453=0|448=P|802=0|523=s|448=Q|447=c|58=n|')
    const read = (plain: boolean) =>
      codec({ plain, dictionary })
        .push(wire([one, one, none, one, empty, none, empty, one].join('')))
        .map((item) => (item.garbled ? item : contentsOf(item)))
    expect(read(false)).toEqual(read(true))
  })

  it('knows no shape any more when another field is found to measure data', () => {
    const bytes = wire(framed('35=D|34=1|5001=7|5002=a|58=xy|'))
    const read = (dataFields: DataFields | undefined) => {
      const [message] = codec({ dictionary: { structureOf: () => undefined, dataFields } }).push(bytes)
      return message === undefined || message.garbled ? undefined : message.get(5002)
    }
    expect([read(undefined), read(undefined)]).toEqual(['a', 'a'])
    expect(read(new DataFields([[5001, 5002]]))).toBe('a\u000158=xy')
  })

  it('leaves messages with data fields of which it hears first by a message that is given whole', () => {
    const dataFields = new DataFields([[5003, 5004]])
    const bytes = wire(framed('35=D|34=1|5003=7|5004=a|58=xy|'))
    const message = codec({ dictionary: { structureOf: () => undefined, dataFields } }).decode(bytes)
    expect(message.garbled ? message.code : message.get(5004)).toBe('a\u000158=xy')
  })

  it('finds the first of the fields with a tag in messages of any length', () => {
    for (const count of [1, 45, 46, 47, 48, 49, 60, 300]) {
      const fields = Array.from({ length: count }, (_, n) => `${6100 + (n % 150)}=${n}`)
      const [message] = new Codec({ beginString: 'FIX.4.4' }).push(wire(framed(`35=D|${fields.join('|')}|`)))
      if (message === undefined || message.garbled) throw new Error('garbled')
      for (let n = 0; n < 150; n++) expect(message.get(6100 + n)).toBe(n < count ? String(n) : undefined)
    }
  })

  it('takes a read that is longer than its memory piece by piece', () => {
    const text = framed('35=D|11=A1|55=MSFT|')
    const bytes = wire(text.repeat(5000))
    const codec = new Codec({ beginString: 'FIX.4.4' })
    const messages = codec.push(bytes)
    expect(messages).toHaveLength(5000)
    expect(messages.every((item) => !item.garbled && item.get(55) === 'MSFT')).toBe(true)
  })
})
