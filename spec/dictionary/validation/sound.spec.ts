import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Codec } from '../../../lib/codec/codec.js'
import { Dictionary } from '../../../lib/dictionary/dictionary.js'
import { builtInVersions } from '../../../lib/dictionary/facts.js'
import { Drift } from '../../../lib/dictionary/validation/drift.js'
import type { ValidationOptions } from '../../../lib/dictionary/validation/options.js'
import { soundMemory } from '../../../lib/dictionary/validation/sound/sound-memory.js'
import type { FixMessage } from '../../../lib/fix/message.js'
import { change, changed, type Field, fieldsOf } from '../changed-fields.js'
import { randomMessage } from '../random-message.js'
import { framed, received } from '../wire.js'

const header = { senderCompId: 'A', targetCompId: 'B', msgSeqNum: 1, sendingTime: new Date(1_704_190_272_123) }

/** The fields of a good message from MsgType(35) on, CheckSum(10) left out. */
function goodFields(dictionary: Dictionary, msgType: string, gen: fc.GeneratorValue): Field[] {
  const codec = new Codec({ beginString: dictionary.beginString, dictionary })
  const message = codec.decode(codec.encode(randomMessage(dictionary, msgType, gen), header))
  if (message.garbled) throw new Error(message.text)
  return fieldsOf(message)
}

function bytesOf(dictionary: Dictionary, fields: readonly Field[]): Buffer {
  return framed(fields.map(([tag, value]) => `${tag}=${value}\u0001`).join(''), dictionary.beginString)
}

/** Undefined where the codec makes no message of it. */
function receive(dictionary: Dictionary, fields: readonly Field[], plain = false): FixMessage | undefined {
  const codec = new Codec({ beginString: dictionary.beginString, dictionary, plain })
  const [message] = codec.push(bytesOf(dictionary, fields))
  return message === undefined || message.garbled ? undefined : message
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

const dictionary44 = Dictionary.loadSync('FIX.4.4')
const goodHeader: Field[] = [
  [35, 'W'],
  [34, '2'],
  [49, 'A'],
  [52, '20240102-10:11:12.123'],
  [56, 'B']
]

/** A snapshot with those fields in its only entry. */
function snapshot(...entry: Field[]): Field[] {
  return [...goodHeader, [55, 'X'], [268, '1'], ...entry]
}

function isSound(fields: readonly Field[], options?: ValidationOptions): boolean {
  return dictionary44.validator(options).isSound(receive(dictionary44, fields) as FixMessage)
}

describe('soundness', () => {
  it('is seen of the messages of one read, and of those whose bytes are gone', () => {
    const good = bytesOf(dictionary44, snapshot([269, '0'], [270, '1.25']))
    const bad = bytesOf(dictionary44, snapshot([269, '0'], [270, '1.2.5']))
    const codec = new Codec({ beginString: 'FIX.4.4', dictionary: dictionary44 })
    const verdicts = (messages: readonly unknown[]): boolean[] =>
      messages.map((message) => dictionary44.validator().isSound(message as FixMessage))
    const first = codec.push(Buffer.concat([good, bad, good, bad, good.subarray(0, 30)]))
    expect(verdicts(first)).toEqual([true, false, true, false])
    const second = codec.push(Buffer.concat([good.subarray(30), bad, bad, good]))
    expect(verdicts(second)).toEqual([true, false, false, true])
    expect(verdicts(first)).toEqual([true, false, true, false])
    // So many that the index of those before is written over.
    for (let i = 0; i < 2000; i++) codec.push(bad)
    expect(verdicts([...first, ...second])).toEqual([true, false, true, false, true, false, false, true])
  })

  it.each([
    ['270', ['0', '-1', '1.', '.5', '-.5', '1234567890123456', '123456789012345678.25', '-0']],
    ['290', ['1', '-1', '007', '1234567890', '12345678901234567890']],
    ['272', ['20240102', '20240131', '20240229', '00000101']],
    ['273', ['10:11:12', '10:11:12.123', '23:59:60', '10:11:12.123456', '10:11:12.123456789', '10:11:12.123456789012']],
    ['15', ['USD', 'GBp', '123']],
    ['282', ['anything at all', '\u00ff', ' ']]
  ])('is seen of values of %s', (tag, values) => {
    for (const value of values)
      expect([value, isSound(snapshot([269, '0'], [Number(tag), value]))]).toEqual([value, true])
  })

  it.each([
    [
      '270',
      [
        '',
        '-',
        '.',
        '-.',
        '1..2',
        '1.2.3',
        '1e5',
        '+1',
        ' 1',
        '1 ',
        '--1',
        '1-',
        '1234567890123456789x',
        '\u00b1',
        '1:'
      ]
    ],
    ['290', ['', '-', '1.0', '+1', '1a', '/', ':', '--1', '12345678901234567890x']],
    [
      '272',
      ['', '20240132', '20230229', '20241301', '20240001', '20240100', '2024010', '202401021', '2024:102', '2024010a']
    ],
    [
      '273',
      [
        '24:00:00',
        '10:60:00',
        '10:11:61',
        '10:11',
        '10-11-12',
        '10:11:12.1',
        '10:11:12,123',
        '10:11:12.',
        '1:11:12.000',
        '10:11:12.12a',
        '2a:11:12'
      ]
    ],
    ['15', ['', 'US', 'USDX', 'U D', 'U\u00dfD']],
    ['269', ['', '#', '00', '\u00b0', ' ']]
  ])('is seen of no other value of %s', (tag, values) => {
    for (const value of values) {
      const entry: Field[] =
        tag === '269'
          ? [[269, value]]
          : [
              [269, '0'],
              [Number(tag), value]
            ]
      expect([value, isSound(snapshot(...entry))]).toEqual([value, false])
    }
  })

  it('depends on the order of an entry only where the rules do', () => {
    const fields = snapshot([269, '0'], [271, '5'], [270, '1'])
    expect([isSound(fields), isSound(fields, { validateUnorderedGroupFields: false })]).toEqual([false, true])
    const doubled = snapshot([269, '0'], [271, '5'], [270, '1'], [271, '5'])
    expect([isSound(doubled), isSound(doubled, { validateUnorderedGroupFields: false })]).toEqual([false, false])
  })

  it('is seen of messages with tags that have no place, where those are let in', () => {
    const withFields = (...fields: Field[]): Field[] => [...goodHeader, ...fields, [55, 'X'], [268, '1'], [269, '0']]
    const userDefined = withFields([9001, 'x'], [9001, 'y'])
    const other = withFields([273, '10:11:12'], [40, '2'])
    const wrong = withFields([40, 'no'])
    const letUserDefinedIn = { validateUserDefinedFields: false }
    const letOthersIn = { allowUnknownMsgFields: true }
    const drift = { ...letUserDefinedIn, ...letOthersIn, drift: new Drift() }
    for (const options of [undefined, letUserDefinedIn, letOthersIn, drift]) {
      const verdicts = [userDefined, other, wrong].map((fields) => [isSound(fields, options), isSound(fields, options)])
      const expected = [options === letUserDefinedIn, options === letOthersIn, false]
      expect(verdicts).toEqual(expected.map((verdict) => [verdict, verdict]))
    }
    // Amid a group the plain rules say what belongs to it.
    expect(isSound(snapshot([269, '0'], [9001, 'x'], [270, '1']), letUserDefinedIn)).toBe(false)
    expect(isSound(snapshot([269, '0'], [270, '1'], [9001, 'x']), letUserDefinedIn)).toBe(false)
  })

  it('is seen of no message that was built here: that is for the plain rules', () => {
    const message = receive(dictionary44, snapshot([269, '0'])) as FixMessage
    expect(dictionary44.validator().isSound(message.set(58, 'text'))).toBe(false)
    expect(dictionary44.validate(message)).toEqual([])
  })

  it('is seen of messages of more dictionaries than there is room for', () => {
    const { facts } = dictionary44
    const body = '11=ID|453=1|448=A|447=D|452=1|802=1|523=a|803=2|55=X|54=1|60=20240102-10:11:12|38=5|40=1|'
    const order = received(`35=D|34=2|49=A|52=20240102-10:11:12.123|56=B|${body}`, dictionary44, 'FIX.4.4')
    const before = soundMemory()?.generation
    for (let i = 0; i < 500; i++) {
      const validator = new Dictionary({ facts, ownFacts: facts, warnings: [] }).validator()
      expect([i, validator.isSound(order)]).toEqual([i, true])
    }
    expect(soundMemory()?.generation).not.toBe(before)
  })
})

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
          // What was found out from the tags of a message serves for the next one where it has the same.
          const { beginString } = dictionary
          const bytes = Buffer.concat([bytesOf(dictionary, good), bytesOf(dictionary, fields)])
          const [before, message] = new Codec({ beginString, dictionary }).push(bytes)
          if (before === undefined || before.garbled) throw new Error('garbled')
          if (message === undefined || message.garbled) continue
          const drift = new Drift()
          const validator = dictionary.validator(drifting ? { ...switches, drift } : switches)
          expect([before.toString(), validator.isSound(before)]).toEqual([before.toString(), true])
          const isSound = validator.isSound(message)
          const again = receive(dictionary, fields, true) as FixMessage
          expect([again.toString(), validator.isSound(again)]).toEqual([again.toString(), isSound])
          if (!isSound) continue
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
