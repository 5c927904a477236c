import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Codec } from '../../lib/codec/codec.js'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import type { JsonFields } from '../../lib/dictionary/people/json.js'
import { Drift } from '../../lib/dictionary/validation/drift.js'
import { dataTagOf } from '../../lib/fix/data-fields.js'
import type { FieldSet } from '../../lib/fix/field-set.js'
import { randomMessage } from './random-message.js'
import { framed, describe as problems, received } from './wire.js'

/* Tags that a dictionary does not have, amid those that it has: what is read, and what validation says of it. */

const fix44 = Dictionary.loadSync('FIX.4.4')
const header = '34=2|49=TW|52=20240102-10:11:12.123|56=ISLD|'
const report = '37=O|17=E|150=F|39=1|55=X|54=1|151=1|14=1|6=10.5|'

/** A fill: `fields` behind what every ExecutionReport must have. */
function fill(fields: string) {
  return received(`35=8|${header}${report}${fields}`, fix44, 'FIX.4.4')
}

/** All that `groups` and `tags` say, a group's entries in brackets. */
function read(fields: FieldSet): string {
  return fields
    .tags()
    .map((tag) => {
      const entries = fields.groups(tag).map((entry) => `[${read(entry)}]`)
      return `${tag}=${fields.get(tag)}${entries.join('')}`
    })
    .join(' ')
}

function body(message: FieldSet): string {
  return read(message)
    .replace(/^.* 6=10.5 /, '')
    .replace(/ 10=\d{3}$/, '')
}

describe('an unknown tag', () => {
  it.each([
    [
      'in an entry is of the entry',
      '453=2|448=A|9001=x|447=D|452=1|448=B|447=D|452=2|58=t|',
      '453=2[448=A 9001=x 447=D 452=1][448=B 447=D 452=2] 58=t'
    ],
    ['behind an entry is of that entry', '453=2|448=A|452=1|9001=x|448=B|', '453=2[448=A 452=1 9001=x][448=B]'],
    ['before the first entry is of the first', '453=2|9001=x|448=A|452=1|448=B|', '453=2[9001=x 448=A 452=1][448=B]'],
    [
      'behind the last entry is of the message',
      '453=1|448=A|452=1|9001=x|9002=y|58=t|',
      '453=1[448=A 452=1] 9001=x 9002=y 58=t'
    ],
    ['at the end is of the message', '453=1|448=A|9001=x|', '453=1[448=A] 9001=x'],
    [
      'in a nested entry is of that one',
      '453=2|448=A|452=1|802=2|523=s|9001=x|803=1|523=t|448=B|',
      '453=2[448=A 452=1 802=2[523=s 9001=x 803=1][523=t]][448=B]'
    ],
    [
      'between a nested group and the rest of the entry is of the entry',
      '453=2|448=A|802=1|523=s|9001=x|448=B|',
      '453=2[448=A 802=1[523=s] 9001=x][448=B]'
    ],
    [
      'that is known, but not in this message, is no other',
      '453=2|448=A|262=x|447=D|448=B|',
      '453=2[448=A 262=x 447=D][448=B]'
    ],
    ['without a value is no other', '453=2|448=A|9001=|447=D|448=B|', '453=2[448=A 9001= 447=D][448=B]']
  ])('%s', (_, fields, expected) => {
    const message = fill(fields)
    expect(body(message)).toBe(expected)
    expect(problems(fix44, message, { drift: new Drift() })).toEqual([])
    // What is changed is read as before.
    expect(body(message.set(11, 'x'))).toBe(`${expected} 11=x`)
  })

  it('is found where it is, and nowhere else', () => {
    const message = fill('453=2|448=A|9001=x|447=D|448=B|9002=y|58=t|')
    expect([message.get(9001), message.has(9001), message.groups(453)[0]?.get(9001)]).toEqual([undefined, false, 'x'])
    expect([message.get(9002), message.groups(453)[1]?.has(9002)]).toEqual(['y', false])
    expect([message.get(9003), message.has(9003)]).toEqual([undefined, false])
  })

  it('amid the header does not end it', () => {
    const odd = `35=8|34=2|49=TW|9001=x|52=20240102-10:11:12.123|56=ISLD|${report}`
    expect(problems(fix44, received(odd, fix44, 'FIX.4.4'), { drift: new Drift() })).toEqual([])
    expect(problems(fix44, received(odd, fix44, 'FIX.4.4'), { validateUserDefinedFields: false })).toEqual([])
    expect(problems(fix44, received(odd, fix44, 'FIX.4.4'))[0]).toMatch(/^14 52 /)
  })

  it('is anything at all as drift: its value is held against no type', () => {
    const drift = new Drift()
    expect(problems(fix44, fill('273=noon|9001=|1000=x|'), { drift })).toEqual([])
    expect(drift.summary.map(({ tag, reason }) => `${tag} ${reason}`)).toEqual([
      '273 tagNotDefinedForMessage',
      '1000 unknownTag',
      '9001 unknownTag'
    ])
  })

  it('is no secret that drift would tell', () => {
    const drift = new Drift()
    problems(fix44, fill('554=hunter2|'), { drift })
    expect(drift.summary[0]?.firstValue).toBe('***')
  })

  it('ends the group where it is not let in', () => {
    const message = fill('453=2|448=A|9001=x|447=D|448=B|')
    expect(problems(fix44, message)).toEqual([
      '16 453 NoPartyIDs: Incorrect NumInGroup count for repeating group',
      '0 9001 9001: Invalid tag number',
      '2 447 PartyIDSource: Tag not defined for this message type',
      '2 448 PartyID: Tag not defined for this message type'
    ])
  })

  it('costs no more the more of them there are', () => {
    // Work that grew with the square would be 10^9 steps here.
    const many = '9001=x|'.repeat(30_000)
    const message = fill(`453=3|448=A|${many}448=B|802=1|523=s|${many}448=C|`)
    expect(message.groups(453).map((entry) => entry.tags().length)).toEqual([30_001, 30_002, 1])
    expect(problems(fix44, message, { drift: new Drift() })).toEqual([])
  })
})

it.each(['FIX.4.2', 'FIX.4.4', 'FIX.5.0SP2'])(
  'unknown tags anywhere in messages of %s change nothing else',
  (version) => {
    const dictionary = Dictionary.loadSync(version)
    const { beginString } = dictionary
    const unknown = fc.constantFrom(9001, 9002, 77_777_777)
    fc.assert(
      fc.property(
        fc.constantFrom(...dictionary.msgTypes),
        fc.gen(),
        fc.array(fc.tuple(fc.nat(), unknown), { minLength: 1, maxLength: 12 }),
        (msgType, gen, strays) => {
          const codec = new Codec({ beginString, dictionary })
          const encoded = codec.encode(randomMessage(dictionary, msgType, gen), {
            senderCompId: 'A',
            targetCompId: 'B',
            msgSeqNum: 1,
            sendingTime: new Date(0)
          })
          const [sent] = codec.push(encoded)
          if (sent === undefined || sent.garbled) throw new Error('garbled')
          const places = new Map(strays.map(([place, tag]) => [3 + (place % (sent.fieldCount - 3)), tag]))
          let fields = ''
          for (let i = 2; i < sent.fieldCount - 1; i++) {
            const tag = places.get(i)
            // Data directly follows its Length field, whatever else comes.
            if (tag !== undefined && dataTagOf(sent.tagAt(i - 1)) === 0) fields += `${tag}=x\u0001`
            fields += `${sent.tagAt(i)}=${sent.textAt(i)}\u0001`
          }
          const [message] = codec.push(framed(fields, beginString))
          if (message === undefined || message.garbled) throw new Error(`garbled: ${message?.text}`)
          expect(problems(dictionary, message, { drift: new Drift() })).toEqual([])
          const { Header, Body } = dictionary.toJson(message)
          const before = dictionary.toJson(sent)
          expect({ ...without(Header), ...without(Body) }).toEqual({
            ...before.Header,
            BodyLength: message.get(9),
            ...before.Body
          })
        }
      ),
      { numRuns: 200, endOnFailure: true }
    )
  }
)

/** Without what is called by its tag because it has no name. */
function without(fields: JsonFields): JsonFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      if (/^\d+$/.test(name)) return []
      return [[name, typeof value === 'string' ? value : value.map(without)] as const]
    })
  )
}
