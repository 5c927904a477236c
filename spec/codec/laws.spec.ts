import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Codec } from '../../lib/codec/codec.js'
import { FixError } from '../../lib/fix/errors.js'
import type { FieldSet } from '../../lib/fix/field-set.js'
import { FixMessage } from '../../lib/fix/message.js'
import { codec, dictionary, framed, header, shown, told, wire } from './wire.js'

/** One character for each byte but SOH. */
const text = fc
  .uint8Array({ minLength: 1, maxLength: 80 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 1 ? 2 : byte))).toString('latin1'))
/** Any bytes, SOH and all. */
const data = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes))

type Plain = readonly [tag: number, value: string | Buffer]
interface Tree {
  readonly fields: readonly Plain[]
  readonly groups: readonly (readonly [countTag: number, entries: readonly Tree[]])[]
}

/** Distinct fields from these tags. */
function fields(tags: readonly number[], dataTags: readonly number[]): fc.Arbitrary<Plain[]> {
  return fc
    .uniqueArray(
      fc.oneof(
        fc.tuple(fc.constantFrom(...tags), text),
        ...(dataTags.length > 0 ? [fc.tuple(fc.constantFrom(...dataTags), data)] : [])
      ) as fc.Arbitrary<Plain>,
      { selector: ([tag]) => tag, maxLength: tags.length + dataTags.length }
    )
    .map((list) => list.filter(([tag]) => tag !== undefined))
}

const subId: fc.Arbitrary<Tree> = fc
  .tuple(text, fields([803], []))
  .map(([value, others]) => ({ fields: [[523, value] as const, ...others], groups: [] }))
const party: fc.Arbitrary<Tree> = fc
  .tuple(text, fields([447, 452], []), fc.array(subId, { maxLength: 3 }))
  .map(([value, others, subIds]) => ({
    fields: [[448, value] as const, ...others],
    groups: subIds.length > 0 ? [[802, subIds] as const] : []
  }))
const entry: fc.Arbitrary<Tree> = fc
  .tuple(text, fields([270, 15, 271, 58], [355]))
  .map(([value, others]) => ({ fields: [[269, value] as const, ...others], groups: [] }))
const tree: fc.Arbitrary<Tree & { msgType: string }> = fc
  .tuple(
    fc.constantFrom('D', 'W', 'U1'),
    fields([11, 55, 38, 5001, 99_999, 999_999_999, 2, 50, 57, 97, 115, 1128], [96, 213, 349, 42_684]),
    fc.array(party, { maxLength: 4 }),
    fc.array(entry, { maxLength: 4 })
  )
  .map(([msgType, list, parties, entries]) => ({
    msgType,
    fields: list,
    groups: [
      ...(msgType === 'D' && parties.length > 0 ? [[453, parties] as const] : []),
      ...(msgType === 'W' && entries.length > 0 ? [[268, entries] as const] : [])
    ]
  }))

function fill(set: FieldSet, from: Tree): void {
  for (const [tag, value] of from.fields) set.set(tag, value)
  for (const [countTag, members] of from.groups) for (const member of members) fill(set.addGroup(countTag), member)
}

function built(from: Tree & { msgType: string }): FixMessage {
  const message = new FixMessage(from.msgType)
  fill(message, from)
  return message
}

/** Checks that `set` holds what `from` says. */
function expectSame(set: FieldSet, from: Tree): void {
  for (const [tag, value] of from.fields) {
    if (typeof value === 'string') expect(set.get(tag)).toBe(value)
    else expect(set.getData(tag)).toEqual(value)
  }
  for (const [countTag, members] of from.groups) {
    const entries = set.groups(countTag)
    expect(entries).toHaveLength(members.length)
    for (const [at, member] of members.entries()) expectSame(entries[at] as FieldSet, member)
  }
}

function only(items: ReturnType<Codec['push']>): FixMessage {
  const [item] = items
  if (items.length !== 1 || item === undefined || item.garbled) throw new Error(`got ${told(items).join(', ')}`)
  return item
}

describe('any message', () => {
  it('is after encoding and decoding what it was before', () => {
    fc.assert(
      fc.property(tree, (from) => {
        const message = built(from)
        const both = codec({ dictionary })
        const bytes = both.encode(message, header)
        const decoded = only(both.push(bytes))
        expectSame(decoded, from)
        expect(decoded.msgSeqNum).toBe(7)
        expect(shown(decoded.toBytes())).toBe(shown(bytes))
        expect(shown(both.encode(decoded, header))).toBe(shown(bytes))
        expect(shown(both.encode(message.clone(), header))).toBe(shown(bytes))
        // Read field by field and changed, it is still the same.
        decoded.set(5002, 'x')
        expectSame(decoded, from)
        decoded.delete(5002)
        expect(shown(both.encode(decoded, header))).toBe(shown(bytes))
        expect(shown(decoded.toBytes())).toBe(shown(bytes))
      }),
      { numRuns: 300 }
    )
  })

  it('has the same fields without a dictionary, flat', () => {
    fc.assert(
      fc.property(tree, (from) => {
        const bytes = codec({ dictionary }).encode(built(from), header)
        const flat = only(codec().push(bytes))
        const grouped = only(codec({ dictionary }).push(bytes))
        expect(flat.fieldCount).toBe(grouped.fieldCount)
        expect(flat.tags()).toEqual(Array.from({ length: flat.fieldCount }, (_, field) => grouped.tagAt(field)))
        expect(shown(codec().encode(flat, header))).toBe(shown(bytes))
      })
    )
  })
})

/** Bytes that look like FIX often enough to get anywhere. */
const nearly = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '8=FIX.4.4|',
        '9=5|',
        '9=',
        '35=0|',
        '10=',
        '10=161|',
        '|',
        '8=',
        '=',
        '95=3|96=',
        '1',
        '9=999999|'
      ),
      fc.constantFrom(framed('35=0|34=1|'), framed('35=D|11=x|95=3|96=a|b|'), framed('35=B|x|')),
      fc.string({ maxLength: 4 })
    ),
    { maxLength: 30 }
  )
  .map((parts) => wire(parts.join('')))
const anything = fc.oneof(
  nearly,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
)

describe('any bytes', () => {
  const limits = { maxMessageLength: 300, maxFields: 12 }

  it('make the same however they are cut, and never more is kept than one message may have', () => {
    fc.assert(
      fc.property(anything, fc.array(fc.nat({ max: 40 }), { maxLength: 60 }), (bytes, sizes) => {
        const expected = told(codec(limits).push(bytes)).map(withoutJunk)
        const decoder = codec(limits)
        const found: string[] = []
        let from = 0
        for (const size of [...sizes, bytes.length]) {
          found.push(...told(decoder.push(bytes.subarray(from, from + size))))
          from = Math.min(bytes.length, from + size)
          expect(decoder.bufferedBytes).toBeLessThanOrEqual(Math.min(from, limits.maxMessageLength))
        }
        expect(found.map(withoutJunk)).toEqual(expected)
      }),
      { numRuns: 2000 }
    )
  })

  it('do not keep a good message after them from being found, once one has been', () => {
    const good = framed('35=0|34=1|')
    fc.assert(
      fc.property(anything, (bytes) => {
        const decoder = codec(limits)
        const before = told(decoder.push(bytes))
        // What is open may take one of them along, by a BodyLength(9) or a data length, but not more than its limit.
        const found = [...before, ...told(decoder.push(wire(good.repeat(20))))]
        if (found.at(-1) === good) return
        expect(found.at(-1)).toMatch(/^TOO_LONG/)
        decoder.reset()
        expect(told(decoder.push(wire(good)))).toEqual([good])
      }),
      { numRuns: 1000 }
    )
  })

  it('are read, changed and encoded again without a throw but those of malformed values', () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        const both = codec({ ...limits, dictionary, validateChecksum: false })
        for (const item of both.push(bytes)) {
          if (item.garbled) continue
          for (const tag of item.tags()) {
            for (const member of item.groups(tag)) member.tags()
            for (const read of [() => item.getInt(tag), () => item.getDecimal(tag), () => item.getUtcTimestamp(tag)]) {
              try {
                read()
              } catch (error) {
                expect(error).toBeInstanceOf(FixError)
              }
            }
          }
          only(codec().push(both.encode(item, header)))
          item.set(5001, 'x', { replace: true })
          only(codec().push(both.encode(item, header)))
        }
      }),
      { numRuns: 1000 }
    )
  })
})

/** What a run of junk shows depends on how much of it was there when it was found. */
function withoutJunk(line: string): string {
  return line.startsWith('BEGIN_STRING') ? 'BEGIN_STRING' : line
}

describe('a codec', () => {
  it('takes another dictionary at any time, for what comes then', () => {
    const both = codec()
    const text = wire(framed('35=D|453=1|448=P|447=D|'))
    const [flat] = both.push(text) as FixMessage[]
    both.dictionary = dictionary
    const [grouped] = both.push(text) as FixMessage[]
    expect([flat?.isGroup(453), grouped?.isGroup(453)]).toEqual([false, true])
    const message = new FixMessage('D')
    message.addGroup(453, { 447: 'D', 448: 'P' })
    expect(shown(both.encode(message, header))).toContain('|453=1|448=P|447=D|')
    both.dictionary = undefined
    expect(shown(both.encode(message, header))).toContain('|453=1|447=D|448=P|')
  })

  it.each([
    { beginString: '' },
    { beginString: 'FIX\u0001' },
    { timestampPrecision: -1 },
    { timestampPrecision: 10 },
    { timestampPrecision: 1.5 },
    { maxMessageLength: 0 },
    { maxMessageLength: Number.POSITIVE_INFINITY },
    { maxFields: 0 },
    { maxFields: Number.NaN }
  ])('is not made with %o', (options) => {
    expect(() => codec(options)).toThrow(expect.objectContaining({ code: 'CODEC_OPTION' }))
  })
})
