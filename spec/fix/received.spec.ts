import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FieldValueError } from '../../lib/fix/errors.js'
import type { FieldSet } from '../../lib/fix/field-set.js'
import { FixMessage } from '../../lib/fix/message.js'
import { codec, dictionary, framed, group, received, shown, structures, wire } from '../codec/wire.js'

const order = framed('35=D|34=5|49=A|52=20240229-01:02:03.004|56=B|11=A-1|38=002000.00|55=MSFT|')
const withParties = framed('35=D|34=5|453=2|448=P|447=D|802=2|523=s|803=1|523=t|448=Q|447=C|58=note|447=9|')

describe('a message that was received', () => {
  it('is read as it stands', () => {
    const message = received(order)
    expect(String(message)).toBe(order)
    expect(shown(message.toBytes())).toBe(order)
    expect(message.msgType).toBe('D')
    expect(message.msgSeqNum).toBe(5)
    expect(message.get(38)).toBe('002000.00')
    expect(message.get(8)).toBe('FIX.4.4')
    expect(message.get(10)).toBe(order.slice(-4, -1))
    expect(message.get(999)).toBeUndefined()
    expect(message.tags()).toEqual([8, 9, 35, 34, 49, 52, 56, 11, 38, 55, 10])
    expect([message.has(55), message.has(54)]).toEqual([true, false])
    expect(message).toBeInstanceOf(FixMessage)
  })

  it('has no number where MsgSeqNum(34) is none', () => {
    for (const text of ['34=', '34=-1', '34=1.5', '34=x', '34=1234567890123456', '58=x']) {
      expect(received(framed(`35=D|${text}|`)).msgSeqNum).toBeUndefined()
    }
    expect(received(framed('35=D|34=007|')).msgSeqNum).toBe(7)
  })

  it('can be changed; `bytes` keeps what came', () => {
    const message = received(order)
    message.set(58, 'x').set(55, 'IBM', { replace: true })
    message.delete(38)
    const changed = framed('35=D|34=5|49=A|52=20240229-01:02:03.004|56=B|11=A-1|55=IBM|58=x|')
    expect(String(message)).toBe(changed)
    expect(message.bytes?.replaceAll('\u0001', '|')).toBe(order)
    expect(message.get(55)).toBe('IBM')
    expect(message.tags()).toEqual([8, 9, 35, 34, 49, 52, 56, 11, 55, 58, 10])
  })

  it('is not changed by a set that is refused or a delete that finds nothing', () => {
    const message = received(order)
    const { source } = message
    expect(() => message.set(58, '')).toThrow(FieldValueError)
    expect(message.delete(999)).toBe(false)
    expect(message.source).toBe(source)
  })

  it('can be copied', () => {
    const message = received(withParties, { dictionary })
    const copy = message.clone()
    copy.set(11, 'A-2').groups(453)[1]?.set(448, 'R', { replace: true })
    const again = copy.clone()
    again.groups(453)[0]?.delete(802)
    expect(String(message)).toBe(withParties)
    expect(copy.groups(453).map((entry) => entry.get(448))).toEqual(['P', 'R'])
    expect(copy.groups(453)[0]?.groups(802)).toHaveLength(2)
    expect(again.groups(453)[0]?.groups(802)).toHaveLength(0)
    expect(again.isGroup(453)).toBe(true)
  })

  it('stays readable whatever was decoded since', () => {
    const decoder = codec({ dictionary })
    const kept = [order, withParties].flatMap((text) => decoder.push(wire(text))) as FixMessage[]
    const entry = kept[1]?.groups(453)[1]
    const others = wire(order.repeat(3000))
    for (let round = 0; round < 5; round++) decoder.push(others)
    expect(kept.map(String)).toEqual([order, withParties])
    expect(kept[0]?.get(55)).toBe('MSFT')
    expect(entry?.get(448)).toBe('Q')
    expect(kept[1]?.groups(453)[0]?.groups(802)[1]?.get(523)).toBe('t')
    expect(kept[0]?.tagAt(3)).toBe(34)
    expect(String(kept[1]?.clone().set(11, 'x'))).toContain('|58=note|447=9|11=x|10=')
  })
})

describe('many messages that were received', () => {
  const numbered = (count: number): string =>
    Array.from({ length: count }, (_, number) => framed(`35=D|34=${number}|11=ID${number}|55=MSFT|`)).join('')
  const ids = (messages: readonly FixMessage[]): (string | undefined)[] => messages.map((message) => message.get(11))
  const expected = (count: number): string[] => Array.from({ length: count }, (_, number) => `ID${number}`)

  it('in one read keep apart from each other', () => {
    const messages = codec().push(wire(numbered(20_000))) as FixMessage[]
    expect(ids(messages)).toEqual(expected(20_000))
  })

  it('of several codecs, read in turn and kept, keep apart from each other', () => {
    const kept: FixMessage[][] = [[], [], []]
    const codecs = kept.map(() => codec({ dictionary }))
    const bytes = wire(numbered(6000))
    for (let from = 0; from < bytes.length; from += 4096) {
      for (const [at, each] of codecs.entries()) {
        kept[at]?.push(...(each.push(bytes.subarray(from, from + 4096)) as FixMessage[]))
      }
    }
    for (const messages of kept) expect(ids(messages)).toEqual(expected(6000))
  })

  it('may be of more fields than are indexed at a time', () => {
    const fields = Array.from({ length: 60_000 }, (_, at) => `${50_000 + at}=${at}|`).join('')
    const [first, second] = codec().push(wire(framed(`35=D|${fields}`) + order)) as FixMessage[]
    expect([first?.get(50_000), first?.get(109_999), first?.fieldCount]).toEqual(['0', '59999', 60_004])
    expect(second?.get(55)).toBe('MSFT')
  })
})

describe('repeating groups that were received', () => {
  it('hide their members from the message', () => {
    const message = received(withParties, { dictionary })
    expect(message.tags()).toEqual([8, 9, 35, 34, 453, 58, 447, 10])
    expect(message.get(448)).toBeUndefined()
    expect(message.has(448)).toBe(false)
    expect(message.has(523)).toBe(false)
    expect(message.get(447)).toBe('9')
    expect(message.get(58)).toBe('note')
    expect(message.isGroup(453)).toBe(true)
    expect(message.isGroup(802)).toBe(false)
    expect(message.isGroup(58)).toBe(false)
  })

  it('give their entries, nested ones too', () => {
    const message = received(withParties, { dictionary })
    const [first, second] = message.groups(453)
    expect(first?.tags()).toEqual([448, 447, 802])
    expect(second?.tags()).toEqual([448, 447])
    expect([first?.get(448), first?.get(447), second?.get(448), second?.get(447)]).toEqual(['P', 'D', 'Q', 'C'])
    expect(first?.get(523)).toBeUndefined()
    expect(first?.groups(802).map((entry) => [entry.get(523), entry.get(803)])).toEqual([
      ['s', '1'],
      ['t', undefined]
    ])
    expect(second?.groups(802)).toEqual([])
    expect(second?.isGroup(802)).toBe(false)
    expect(message.groups(453)[0]).toBe(first)
  })

  it('are live: a change in an entry is a change of the message', () => {
    const message = received(withParties, { dictionary })
    const [first] = message.groups(453)
    const nested = first?.groups(802)[1]
    nested?.set(803, '2')
    first?.set(452, '7')
    message.addGroup(453, { 448: 'R' }).addGroup(802, { 523: 'u' })
    expect(String(message)).toBe(
      framed(
        '35=D|34=5|453=3|448=P|447=D|802=2|523=s|803=1|523=t|803=2|452=7|448=Q|447=C|448=R|802=1|523=u|58=note|447=9|'
      )
    )
    expect(message.groups(453)[0]).toBe(first)
    expect(message.get(447)).toBe('9')
    expect(message.get(448)).toBeUndefined()
  })

  it('are flat fields without a dictionary, or for a message type that it does not know', () => {
    for (const message of [received(withParties), received(withParties, { dictionary: structures({ E: [] }) })]) {
      expect(message.get(448)).toBe('P')
      expect(message.get(447)).toBe('D')
      expect(message.isGroup(453)).toBe(false)
      expect(message.groups(453)).toEqual([])
      expect(message.tags()).toHaveLength(message.fieldCount)
    }
  })

  it('change field by field where they are flat: the first is replaced, all are deleted', () => {
    const message = received(withParties)
    message.set(447, 'X', { replace: true })
    message.delete(523)
    expect(String(message)).toBe(framed('35=D|34=5|453=2|448=P|447=X|802=2|803=1|448=Q|447=C|58=note|447=9|'))
  })

  it.each([
    ['a count of 0 has no entries and takes nothing', '453=0|447=9|', 0, '9'],
    ['a count that is too high gives the entries that are there', '453=3|448=P|448=Q|58=x|', 2, undefined],
    ['a count that is too low gives the entries that are there', '453=1|448=P|448=Q|58=x|', 2, undefined],
    ['a count that is no number', '453=x|448=P|58=x|', 1, undefined],
    ['a count without a value', '453=|448=P|58=x|', 1, undefined],
    ['a first entry that does not begin with the delimiter', '453=2|447=D|448=Q|58=x|', 2, undefined],
    ['nothing after the count', '453=2|', 0, undefined],
    ['a field that is no member after the count', '453=2|58=x|447=9|', 0, '9']
  ])('%s', (_, body, size, text) => {
    const message = received(framed(`35=D|${body}`), { dictionary })
    expect(message.groups(453)).toHaveLength(size)
    expect(message.get(447)).toBe(text)
    expect(String(message.set(11, 'x'))).toBe(framed(`35=D|${body}11=x|`))
  })

  it('of the header are groups too', () => {
    const message = received(framed('35=D|34=1|627=2|628=A|629=t|628=B|11=x|'), { dictionary })
    expect(message.groups(627).map((entry) => entry.get(628))).toEqual(['A', 'B'])
    expect(message.tags()).toEqual([8, 9, 35, 34, 627, 11, 10])
  })

  it('may have members with large tags', () => {
    const custom = structures({ D: [group(20_000, 20_001, 9_999_999)] })
    const message = received(framed('35=D|20000=1|20001=a|9999999=b|20002=c|'), { dictionary: custom })
    expect(message.groups(20_000)[0]?.get(9_999_999)).toBe('b')
    expect(message.get(9_999_999)).toBeUndefined()
    expect(message.get(20_002)).toBe('c')
  })

  it('depend on ApplVerID(1128) where a message names one', () => {
    const asked: (string | undefined)[] = []
    const source = {
      structureOf: (msgType: string, applVerId?: string) => {
        asked.push(applVerId)
        return dictionary.structureOf(msgType, applVerId)
      }
    }
    received(framed('35=D|1128=9|34=1|', 'FIXT.1.1'), { dictionary: source })
    received(framed('35=D|34=1|', 'FIXT.1.1'), { dictionary: source })
    expect(asked).toEqual(['9', undefined])
  })
})

describe('the fields of a message one after the other', () => {
  const texts = (message: FixMessage): string[] =>
    Array.from({ length: message.fieldCount }, (_, field) => `${message.tagAt(field)}=${message.textAt(field)}`)
  const cut = (message: FixMessage): string[] =>
    Array.from({ length: message.fieldCount }, (_, field) =>
      message.source.slice(message.valueStart(field), message.valueEnd(field))
    )

  it('are all of them, members of groups included, where it was received', () => {
    const message = received(withParties, { dictionary })
    expect(`${texts(message).join('|')}|`).toBe(withParties)
    expect(cut(message)).toEqual(texts(message).map((field) => field.slice(field.indexOf('=') + 1)))
  })

  it('are as they will be written where it was built, MsgType(35) first', () => {
    const message = new FixMessage('D', { 11: 'x' })
    const entry = message.addGroup(453, { 448: 'P' })
    expect(texts(message)).toEqual(['35=D', '11=x', '453=1', '448=P'])
    entry.set(447, 'D')
    message.delete(11)
    expect(texts(message)).toEqual(['35=D', '453=1', '448=P', '447=D'])
    expect(cut(message)).toEqual(['D', '1', 'P', 'D'])
  })

  it('have the tags 0 and below, which a session rejects', () => {
    expect(texts(received(framed('35=D|0=x|-1=y|-5000=z|')))).toEqual(
      expect.arrayContaining(['0=x', '-1=y', '-5000=z'])
    )
  })

  it('may hold SOH in data fields', () => {
    const message = received(framed('35=B|95=5|96=a|10=|58=x|'))
    expect(
      texts(message)
        .map((field) => field.replaceAll('\u0001', '|'))
        .slice(2, -1)
    ).toEqual(['35=B', '95=5', '96=a|10=', '58=x'])
  })
})

it('reads a group as a plain walk over the fields would', () => {
  const member = fc.constantFrom('448=a', '447=b', '452=c', '58=t', '11=o', '802=1', '523=s', '803=u', '453=2')
  fc.assert(
    fc.property(fc.array(member, { maxLength: 30 }), (fields) => {
      const body = `35=D|${fields.map((field) => `${field}|`).join('')}`
      const message = received(framed(body), { dictionary })
      const walked = collect(message)
      // A count that comes twice is two groups, of which only the first can be asked for.
      fc.pre(walked.length === message.fieldCount)
      expect(`${walked.join('|')}|`).toBe(framed(body))
      message.set(5000, 'x')
      expect(collect(message).filter((field) => !/^(9|10|5000)=/.test(field))).toEqual(
        walked.filter((field) => !/^(9|10)=/.test(field))
      )
    })
  )
})

/** Every field, found through `groups` and `get` alone where that can be, in order. */
function collect(set: FieldSet): string[] {
  const seen = new Set<number>()
  return set.tags().flatMap((tag) => {
    const entries = seen.has(tag) ? [] : set.groups(tag)
    seen.add(tag)
    return [`${tag}=${set.get(tag)}`, ...entries.flatMap(collect)]
  })
}
