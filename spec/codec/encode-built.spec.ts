import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EncodeHeader } from '../../lib/codec/codec-types.js'
import { DuplicateTagError, FieldValueError } from '../../lib/fix/errors.js'
import { FixMessage } from '../../lib/fix/message.js'
import { codec, dictionary } from './wire.js'

/** A message and what its fields are, in order. */
interface Made {
  readonly message: FixMessage
  readonly msgType: string
  readonly fields: Held[]
}
type Field = readonly [tag: number, text: string]
/** With the fields of its entries, where it counts them. */
type Held = readonly [tag: number, text: string, entries?: string]

/** The plain way: joins the fields. */
function joined({ msgType, fields }: Made, header: Header): string {
  const own = fields.filter(([tag]) => headerTags.includes(tag))
  const ofSession = header.fields.filter(([tag]) => !own.some(([present]) => present === tag))
  const first = [...ofSession, ...own].toSorted(([a], [b]) => a - b)
  const body = fields.filter(([tag]) => !headerTags.includes(tag))
  const all = [`35=${msgType}`]
  for (const [tag, text, entries = ''] of [...first, ...body]) all.push(`${tag}=${text}${entries}`)
  const content = `${all.join('\u0001')}\u0001`
  const whole = `8=FIX.4.4\u00019=${content.length}\u0001${content}`
  const sum = Buffer.from(whole, 'latin1').reduce((total, byte) => total + byte, 0)
  return `${whole}10=${String(sum % 256).padStart(3, '0')}\u0001`
}

/** What is told of the session, and the fields that this makes where a message has none of its own. */
interface Header {
  readonly given: EncodeHeader
  readonly precision: 0 | 3 | 6
  readonly fields: readonly Field[]
}

const second = Date.UTC(2024, 1, 29, 12, 34, 56)

function written(ms: number, precision: 0 | 3 | 6): string {
  return `20240229-12:34:56${{ 0: '', 3: `.${ms}`, 6: `.${ms}000` }[precision]}`
}

function headerOf(msgSeqNum: number, ms: number, precision: 0 | 3 | 6, more: Partial<EncodeHeader>): Header {
  const fields: Field[] = [
    [34, `${msgSeqNum}`],
    [49, 'BUYSIDE'],
    [52, written(ms, precision)],
    [56, 'BROKER']
  ]
  const { possDupFlag, senderSubId, targetSubId, origSendingTime, senderLocationId, targetLocationId } = more
  if (possDupFlag === true) fields.push([43, 'Y'])
  if (senderSubId !== undefined) fields.push([50, senderSubId])
  if (targetSubId !== undefined) fields.push([57, targetSubId])
  if (typeof origSendingTime === 'string') fields.push([122, origSendingTime])
  if (typeof origSendingTime === 'number') fields.push([122, written(origSendingTime - second, precision)])
  if (senderLocationId !== undefined) fields.push([142, senderLocationId])
  if (targetLocationId !== undefined) fields.push([143, targetLocationId])
  if (more.lastMsgSeqNumProcessed !== undefined) fields.push([369, `${more.lastMsgSeqNumProcessed}`])
  const given = { senderCompId: 'BUYSIDE', targetCompId: 'BROKER', msgSeqNum, sendingTime: second + ms, ...more }
  return { given, precision, fields }
}

const ms = fc.integer({ min: 100, max: 999 })
const ordinaryHeader = fc.tuple(fc.integer({ min: 1, max: 2_000_000 }), ms, fc.constant<3>(3), fc.constant({}))
const anyHeader = fc.tuple(
  fc.oneof(fc.integer({ min: 1, max: 2 ** 40 }), fc.constantFrom(1, 9, 10, 99, 100, 999, 1000, 999_999, 1_000_000)),
  ms,
  fc.constantFrom<0 | 3 | 6>(0, 3, 6),
  fc.record(
    {
      senderSubId: fc.constantFrom('DESK', 'x'.repeat(60)),
      targetSubId: fc.constant('\u00e9'),
      senderLocationId: fc.constant('LDN'),
      targetLocationId: fc.constant('NY'),
      possDupFlag: fc.boolean(),
      origSendingTime: fc.constantFrom('20240229-12:00:00', second + 700),
      lastMsgSeqNumProcessed: fc.nat()
    },
    { requiredKeys: [] }
  )
)
const someHeader = fc
  .oneof(ordinaryHeader, anyHeader)
  .map(([msgSeqNum, ms, precision, more]) => headerOf(msgSeqNum, ms, precision, more))

const codecs = new Map(
  [0, 3, 6].map((timestampPrecision) => [
    timestampPrecision,
    [codec({ timestampPrecision }), codec({ timestampPrecision, dictionary })]
  ])
)

function expectJoined(made: Made, header: Header): void {
  const expected = joined(made, header)
  for (const each of codecs.get(header.precision) ?? []) {
    const text = each.encode(made.message, header.given).toString('latin1')
    // Texts may be long, so they are shown only when they differ.
    if (text !== expected) expect(text).toBe(expected)
  }
}

/** Some that a message may have. */
const headerTags = [50, 57, 115, 128, 143, 1128]
const usual = [11, 38, 40, 44, 54, 55, 59, 60]
const tag = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...usual) },
  { weight: 2, arbitrary: fc.constantFrom(1, 7, 99, 100, 999, 1000, 99_999, 9_999_999, 10_000_000, 999_999_999) },
  { weight: 1, arbitrary: fc.constantFrom(...headerTags) },
  { weight: 1, arbitrary: fc.integer({ min: 6000, max: 9000 }) }
)
/** What most texts are; NUL has its own way. A few texts are so long that drafts are written over soon. */
const plainText = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) => Buffer.from(bytes.map((byte) => Math.max(byte, 2))).toString('latin1'))
const longText = fc.integer({ min: 1, max: 300_000 }).map((length) => 'long '.repeat(length / 5 + 1))
const text = fc.oneof(
  { weight: 40, arbitrary: plainText },
  { weight: 1, arbitrary: longText },
  { weight: 1, arbitrary: fc.constant('a\u0000b') }
)
const field = fc.tuple(tag, text)
const fields = fc.oneof(
  { weight: 9, arbitrary: fc.uniqueArray(field, { selector: ([tag]) => tag, maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 50, max: 90 })
      .map((count) => Array.from({ length: count }, (_, at) => [5000 + at, 'x']))
  }
) as fc.Arbitrary<Field[]>

/** Something that is done to the messages there are; `drawn` tells of it where a run failed. */
interface Step {
  readonly drawn: unknown
  run(all: Made[]): void
}

const begin: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom('D', '8', 'U1'), fields, fc.constantFrom('pairs', 'object', 'set', 'setAll'))
  .map((drawn) => ({
    drawn,
    run(all) {
      const [msgType, given, way] = drawn
      const fields = way === 'object' ? given.toSorted(([a], [b]) => a - b) : [...given]
      const isGiven = way === 'pairs' || way === 'object'
      const message = new FixMessage(msgType, isGiven ? (way === 'object' ? Object.fromEntries(fields) : fields) : [])
      if (way === 'set') for (const [tag, text] of fields) message.set(tag, text)
      if (way === 'setAll') message.setAll(fields)
      all.push({ message, msgType, fields })
    }
  }))

/** A step with one of the last messages. */
function withOne<Drawn>(
  name: string,
  arbitrary: fc.Arbitrary<Drawn>,
  use: (made: Made, drawn: Drawn, all: Made[]) => void
): fc.Arbitrary<Step> {
  return fc.tuple(fc.constant(name), fc.nat({ max: 6 }), arbitrary).map((drawn) => ({
    drawn,
    run(all) {
      const made = all.at(-1 - drawn[1])
      if (made !== undefined) use(made, drawn[2], all)
    }
  }))
}

const set = withOne('set', field, ({ message, fields }, [tag, text]) => {
  if (fields.some(([present]) => present === tag)) {
    expect(() => message.set(tag, text)).toThrow(DuplicateTagError)
  } else {
    message.set(tag, text)
    fields.push([tag, text])
  }
})
const refuse = withOne('refuse', tag, ({ message }, tag) => {
  for (const text of ['', 'a\u0001b', 'a\u0100']) expect(() => message.set(tag, text)).toThrow(FieldValueError)
})
const replace = withOne(
  'replace',
  fc.tuple(tag, fc.oneof(text, fc.constantFrom('', 'a\u0000b'))),
  ({ message, fields }, [tag, text]) => {
    message.set(tag, text, { replace: true, allowEmpty: true })
    const at = fields.findIndex(([present]) => present === tag)
    if (at < 0) fields.push([tag, text])
    else fields[at] = [tag, text]
  }
)
const parties = 453
const addGroup = withOne('addGroup', fc.tuple(text, text), ({ message, fields }, [partyId, source]) => {
  message.addGroup(parties, [
    [448, partyId],
    [447, source]
  ])
  const at = fields.findIndex(([present]) => present === parties)
  const [, count, entries] = fields[at] ?? [parties, '0', '']
  const group: Held = [parties, `${Number(count) + 1}`, `${entries}\u0001448=${partyId}\u0001447=${source}`]
  if (at < 0) fields.push(group)
  else fields[at] = group
})
const remove = withOne(
  'remove',
  fc.oneof({ weight: 9, arbitrary: tag }, { weight: 1, arbitrary: fc.constant(453) }),
  ({ message, fields }, tag) => {
    const at = fields.findIndex(([present]) => present === tag)
    expect(message.delete(tag)).toBe(at >= 0)
    if (at >= 0) fields.splice(at, 1)
  }
)
const clone = withOne('clone', fc.constant(''), ({ message, msgType, fields }, _, all) => {
  all.push({ message: message.clone(), msgType, fields: [...fields] })
})
const encode = withOne('encode', someHeader, expectJoined)

const step = fc.oneof(
  { weight: 4, arbitrary: begin },
  { weight: 6, arbitrary: set },
  { weight: 1, arbitrary: refuse },
  { weight: 1, arbitrary: replace },
  { weight: 1, arbitrary: addGroup },
  { weight: 1, arbitrary: remove },
  { weight: 1, arbitrary: clone },
  { weight: 8, arbitrary: encode }
)

describe('messages that are built', () => {
  it('are encoded, however they were made and whatever was made between, as their fields joined', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), someHeader, (steps, header) => {
        const all: Made[] = []
        for (const { run } of steps) run(all)
        for (const made of all) {
          expect(made.message.tags()).toEqual([35, ...made.fields.map(([tag]) => tag)])
          for (const [tag, text] of made.fields) expect(made.message.get(tag) === text).toBe(true)
          expectJoined(made, header)
        }
      }),
      { numRuns: 200, endOnFailure: true }
    )
  })

  it.each(['a\u0000b', ''])('keep %j where it replaces another text', (text) => {
    const message = new FixMessage('D', { 11: 'x', 55: 'y' }).set(55, text, { replace: true, allowEmpty: true })
    const fields: Field[] = [
      [11, 'x'],
      [55, text]
    ]
    expectJoined({ message, msgType: 'D', fields }, headerOf(7, 123, 3, {}))
  })

  it('are encoded right when their tags never come in the same order twice', () => {
    fc.assert(
      fc.property(fc.array(fc.shuffledSubarray(usual), { minLength: 100, maxLength: 300 }), (orders) => {
        const all: Made[] = []
        for (const order of orders) {
          const fields = order.map((tag): Field => [tag, `${tag}`])
          all.push({ message: new FixMessage('D', fields), msgType: 'D', fields })
        }
        for (const made of all) expectJoined(made, headerOf(7, 123, 3, {}))
      }),
      { numRuns: 10, endOnFailure: true }
    )
  })
})
