import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Codec } from '../../../lib/codec/codec.js'
import { Dictionary } from '../../../lib/dictionary/dictionary.js'
import { builtInVersions } from '../../../lib/dictionary/facts.js'
import { Drift } from '../../../lib/dictionary/validation/drift.js'
import type { ValidationOptions } from '../../../lib/dictionary/validation/options.js'
import type { FixMessage } from '../../../lib/fix/message.js'
import { randomMessage } from '../random-message.js'
import { framed } from '../wire.js'

type Field = [tag: number, value: string]

const header = { senderCompId: 'A', targetCompId: 'B', msgSeqNum: 1, sendingTime: new Date(1_704_190_272_123) }

/** The fields of a good message from MsgType(35) on, CheckSum(10) left out. */
function goodFields(dictionary: Dictionary, msgType: string, gen: fc.GeneratorValue): Field[] {
  const codec = new Codec({ beginString: dictionary.beginString, dictionary })
  const message = codec.decode(codec.encode(randomMessage(dictionary, msgType, gen), header))
  if (message.garbled) throw new Error(message.text)
  return message
    .toJSON()
    .fields.map(([tag], at): Field => [tag, message.textAt(at)])
    .slice(2, -1)
}

/** Undefined where the codec makes no message of it. */
function receive(dictionary: Dictionary, fields: readonly Field[]): FixMessage | undefined {
  const { beginString } = dictionary
  const body = fields.map(([tag, value]) => `${tag}=${value}\u0001`).join('')
  const [message] = new Codec({ beginString, dictionary }).push(framed(body, beginString))
  return message === undefined || message.garbled ? undefined : message
}

const character = fc.oneof(
  fc.constantFrom(...'0123456789.-:+ YNZwAM'),
  fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
)
const anyValue = fc.oneof(
  fc
    .array(
      character.filter((text) => text !== '\u0001'),
      { maxLength: 24 }
    )
    .map((texts) => texts.join('')),
  fc.stringMatching(/^-?[0-9]{0,12}\.?[0-9]{0,12}$/),
  fc.constantFrom(
    '',
    '0',
    '1',
    '2',
    '-',
    '.',
    '-.',
    '00',
    '20240229',
    '20230229',
    '20231231',
    '20240102-23:59:60',
    '24:00:00'
  )
)

/** One change of a message's fields: which, where, where else, and with what. */
const change = fc.record({
  kind: fc.constantFrom(
    'drop',
    'double',
    'swap',
    'move',
    'value',
    'letter',
    'letterOff',
    'number',
    'tag',
    'insert',
    'take'
  ),
  at: fc.nat(),
  other: fc.nat(),
  tag: fc.nat(),
  value: anyValue,
  letter: character.filter((text) => text !== '\u0001')
})
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

function changed(
  fields: readonly Field[],
  { kind, at, other, tag, value, letter }: Change,
  tags: readonly number[]
): Field[] {
  const result = fields.map(([number, text]): Field => [number, text])
  const from = at % result.length
  const to = other % result.length
  const [number, text] = result[from] as Field
  const place = text.length === 0 ? 0 : other % text.length
  const someTag = tag % 5 === 0 ? (tag % 20_000) + 1 : (tags[tag % tags.length] as number)
  switch (kind) {
    case 'drop':
      result.splice(from, 1)
      break
    case 'double':
      result.splice(to, 0, [number, text])
      break
    case 'swap':
      result[from] = result[to] as Field
      result[to] = [number, text]
      break
    case 'move':
      result.splice(from, 1)
      result.splice(to, 0, [number, text])
      break
    case 'value':
      result[from] = [number, value]
      break
    case 'letter':
      result[from] = [number, text.slice(0, place) + letter + text.slice(place + 1)]
      break
    case 'letterOff':
      result[from] = [number, text.slice(0, place) + text.slice(place + 1)]
      break
    case 'number':
      result[from] = [number, String(Number(text) + (tag % 2 === 0 ? 1 : -1))]
      break
    case 'tag':
      result[from] = [someTag, text]
      break
    case 'insert':
      result.splice(from, 0, [someTag, value])
      break
    case 'take':
      result[from] = [number, (result[to] as Field)[1]]
      break
  }
  return result
}

const flag = fc.boolean()
const options: fc.Arbitrary<ValidationOptions | undefined> = fc.option(
  fc.record(
    {
      validateFieldsOutOfOrder: flag,
      validateMsgType: flag,
      validateRequiredFields: flag,
      validateConditionalFields: flag,
      validateFieldsHaveValues: flag,
      validateRepeatedTags: flag,
      validateFieldTypes: flag,
      allowUnknownEnumValues: flag,
      validateUserDefinedFields: flag,
      allowUnknownMsgFields: flag,
      validateGroupCounts: flag,
      validateGroupDelimiters: flag,
      validateUnorderedGroupFields: flag,
      firstFieldInGroupIsDelimiter: flag,
      missingDelimiterReason: fc.constantFrom(15, 99)
    },
    { requiredKeys: [] }
  ),
  { nil: undefined }
)

describe.each(builtInVersions)('what is sound in %s', (version) => {
  const dictionary = Dictionary.loadSync(version)
  const msgType = fc.constantFrom(...dictionary.msgTypes)

  it('is never what the plain rules object to, nor drift', () => {
    let sound = 0
    const changes = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(msgType, fc.gen(), changes, options, fc.boolean(), (type, gen, series, switches, drifting) => {
        const good = goodFields(dictionary, type, gen)
        for (const each of series) {
          let fields = good
          for (const one of each) if (fields.length > 1) fields = changed(fields, one, dictionary.tags)
          const message = receive(dictionary, fields)
          if (message === undefined) continue
          const drift = new Drift()
          const validator = dictionary.validator(drifting ? { ...switches, drift } : switches)
          if (!validator.isSound(message)) continue
          sound++
          expect([message.toString(), validator.explain(message)]).toEqual([message.toString(), []])
          expect(drift.summary).toEqual([])
        }
      }),
      { numRuns: 60, endOnFailure: true }
    )
    expect(sound).toBeGreaterThan(0)
  })

  it('are messages that are good, in their order and in any', () => {
    const anyOrder = { validateUnorderedGroupFields: false }
    fc.assert(
      fc.property(msgType, fc.gen(), (type, gen) => {
        const message = receive(dictionary, goodFields(dictionary, type, gen)) as FixMessage
        expect([message.toString(), dictionary.validator().isSound(message)]).toEqual([message.toString(), true])
        expect(dictionary.validator(anyOrder).isSound(message)).toBe(true)
      }),
      { numRuns: 60, endOnFailure: true }
    )
  })
})
