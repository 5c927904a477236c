import { describe, expect, it } from 'vitest'
import type { CodecOptions, EncodeHeader } from '../../lib/codec/codec-types.js'
import { FieldValueError } from '../../lib/fix/errors.js'
import type { FieldInput } from '../../lib/fix/field-value.js'
import { FixMessage } from '../../lib/fix/message.js'
import { checkSum, codec, dictionary, framed, group, header, received, shown, structures, wire } from './wire.js'

/** The wire text of `message` under the header that all these specs use, with some of it changed. */
function encoded(
  message: FixMessage,
  changes: Partial<EncodeHeader> = {},
  options: Partial<CodecOptions> = {}
): string {
  const text = shown(codec(options).encode(message, { ...header, ...changes }))
  const [, length, counted, sum] = /^8=[^|]*\|9=(\d+)\|(.*)10=(\d{3})\|$/s.exec(text) ?? []
  expect(Number(length)).toBe(counted?.length)
  expect(sum).toBe(checkSum(text.slice(0, -7)))
  return text
}

/** As `encoded`, without what every message has: 8, 9, 34, 49, 52, 56 and 10. */
function own(message: FixMessage, options: Partial<CodecOptions> = {}): string {
  return encoded(message, {}, options)
    .replace(/^8=[^|]*\|9=\d+\|/, '')
    .replace(/34=7\|(.*)49=BUYSIDE\|(.*)52=20240229-12:34:56.789\|(.*)56=BROKER\|/, '$1$2$3')
    .replace(/10=\d{3}\|$/, '')
}

const order = (fields: FieldInput): FixMessage => new FixMessage('D', fields)

describe('the header', () => {
  it('is 8 9 35, then ascending', () => {
    expect(encoded(order({ 11: 'A-1' }))).toBe(
      framed('35=D|34=7|49=BUYSIDE|52=20240229-12:34:56.789|56=BROKER|11=A-1|')
    )
  })

  it('has everything that is asked for', () => {
    const everything: Partial<EncodeHeader> = {
      senderSubId: 'SS',
      senderLocationId: 'SL',
      targetSubId: 'TS',
      targetLocationId: 'TL',
      possDupFlag: true,
      origSendingTime: '20240229-12:00:00.000',
      lastMsgSeqNumProcessed: 6
    }
    expect(encoded(new FixMessage('0'), everything)).toBe(
      framed(
        '35=0|34=7|43=Y|49=BUYSIDE|50=SS|52=20240229-12:34:56.789|56=BROKER|57=TS|122=20240229-12:00:00.000|142=SL|143=TL|369=6|'
      )
    )
    expect(encoded(new FixMessage('0', { 97: true }), everything)).toBe(
      framed(
        '35=0|34=7|43=Y|49=BUYSIDE|50=SS|52=20240229-12:34:56.789|56=BROKER|57=TS|97=Y|122=20240229-12:00:00.000|142=SL|143=TL|369=6|'
      )
    )
  })

  it('has PossDupFlag(43) only as Y', () => {
    expect(encoded(new FixMessage('0'), { possDupFlag: false })).not.toContain('|43=')
  })

  it('takes header fields of the message to their places', () => {
    const message = order([
      [11, 'A-1'],
      [1128, '9'],
      [115, 'OBO'],
      [55, 'MSFT'],
      [97, true],
      [50, 'desk'],
      [213, Buffer.from('<x/>')],
      [347, 'UTF-8'],
      [128, 'DT']
    ])
    expect(encoded(message)).toBe(
      framed(
        '35=D|34=7|49=BUYSIDE|50=desk|52=20240229-12:34:56.789|56=BROKER|97=Y|115=OBO|128=DT|212=4|213=<x/>|347=UTF-8|1128=9|11=A-1|55=MSFT|'
      )
    )
  })

  it('takes what belongs to the session from the session alone', () => {
    const message = order({ 11: 'A-1' })
    for (const tag of [8, 9, 34, 43, 49, 52, 56, 122, 369, 10]) message.set(tag, 'x')
    expect(own(message)).toBe('35=D|11=A-1|')
  })

  it('prefers sub and location ids of the message', () => {
    const ids = { senderSubId: 'SS', senderLocationId: 'SL', targetSubId: 'TS', targetLocationId: 'TL' }
    const message = order({ 50: 'a', 57: 'b', 142: 'c', 143: 'd' })
    expect(encoded(message, ids)).toBe(
      framed('35=D|34=7|49=BUYSIDE|50=a|52=20240229-12:34:56.789|56=BROKER|57=b|142=c|143=d|')
    )
    expect(encoded(order({ 57: 'b' }), ids)).toBe(
      framed('35=D|34=7|49=BUYSIDE|50=SS|52=20240229-12:34:56.789|56=BROKER|57=b|142=SL|143=TL|')
    )
  })

  it('may hold a repeating group', () => {
    const message = order({ 11: 'A-1', 1128: '9' })
    message.addGroup(627, { 628: 'H1', 630: 1 })
    message.addGroup(627, { 628: 'H2' })
    expect(own(message)).toBe('35=D|627=2|628=H1|630=1|628=H2|1128=9|11=A-1|')
    const flat = received(framed('35=D|627=2|628=H1|630=1|628=H2|11=x|115=OBO|'))
    expect(own(flat)).toBe('35=D|115=OBO|627=2|628=H1|630=1|628=H2|11=x|')
  })

  it('has the BeginString(8) of the codec, of any length', () => {
    expect(encoded(new FixMessage('0'), {}, { beginString: 'FIXT.1.1' })).toMatch(/^8=FIXT\.1\.1\|9=\d+\|35=0\|/)
  })
})

describe('SendingTime(52)', () => {
  it.each([
    ['FIX.4.0', undefined, '12:34:56'],
    ['FIX.4.1', undefined, '12:34:56'],
    ['FIX.4.2', undefined, '12:34:56.789'],
    ['FIXT.1.1', undefined, '12:34:56.789'],
    ['FIX.4.4', 0, '12:34:56'],
    ['FIX.4.4', 6, '12:34:56.789000'],
    ['FIX.4.4', 9, '12:34:56.789000000'],
    ['FIX.4.0', 3, '12:34:56.789']
  ])('of %s with precision %s is %s', (beginString, timestampPrecision, text) => {
    const options = { beginString, timestampPrecision }
    expect(encoded(new FixMessage('0'), {}, options)).toContain(`|52=20240229-${text}|`)
    expect(encoded(new FixMessage('0'), { origSendingTime: header.sendingTime as number }, options)).toContain(
      `|122=20240229-${text}|`
    )
  })

  it('may be a Date', () => {
    expect(encoded(new FixMessage('0'), { sendingTime: new Date(0) })).toContain('|52=19700101-00:00:00.000|')
  })

  it('must be a time, and what is encoded after a refusal is whole', () => {
    for (const sendingTime of [Number.NaN, new Date(Number.NaN), 1e15]) {
      expect(() => encoded(order({ 11: 'x' }), { sendingTime })).toThrow(FieldValueError)
      expect(own(order({ 11: 'y' }))).toBe('35=D|11=y|')
    }
  })
})

describe('MsgSeqNum(34)', () => {
  it.each([1, 9, 10, 99, 100, 999_999, 2_147_483_648, Number.MAX_SAFE_INTEGER])('%i', (msgSeqNum) => {
    expect(encoded(new FixMessage('0'), { msgSeqNum })).toContain(`|34=${msgSeqNum}|`)
  })
})

describe('the body', () => {
  it('keeps the order of the fields', () => {
    expect(
      own(
        order([
          [55, 'MSFT'],
          [11, 'A-1'],
          [54, '1']
        ])
      )
    ).toBe('35=D|55=MSFT|11=A-1|54=1|')
  })

  it('has groups, nested ones too, in the order given', () => {
    const message = order({ 11: 'A-1' })
    message
      .addGroup(453, [
        [447, 'D'],
        [448, 'P']
      ])
      .addGroup(802, { 523: 's' })
    message.addGroup(453, { 448: 'Q' })
    message.set(55, 'MSFT')
    expect(own(message)).toBe('35=D|11=A-1|453=2|447=D|448=P|802=1|523=s|448=Q|55=MSFT|')
  })

  it("has a group's members in the dictionary's order, delimiter first, unknown ones last", () => {
    const message = order({ 11: 'A-1' })
    const entry = message.addGroup(453, { 447: 'D', 452: 3, 448: 'P', 5001: 'x' })
    entry.addGroup(802, [
      [803, 1],
      [523, 's']
    ])
    expect(own(message, { dictionary })).toBe('35=D|11=A-1|453=1|448=P|447=D|452=3|802=1|523=s|803=1|5001=x|')
    expect(String(message)).toBe('35=D|11=A-1|453=1|447=D|448=P|452=3|5001=x|802=1|803=1|523=s|')
  })

  it('keeps a data field behind its length wherever a dictionary puts them', () => {
    const odd = structures({ B: [group(33, 58, 355, 5001, 354)] })
    const message = new FixMessage('B')
    message.addGroup(33, { 58: 'a', 5001: 'x' }).set(355, Buffer.from('a\u0001b'))
    expect(own(message, { dictionary: odd })).toBe('35=B|33=1|58=a|5001=x|354=3|355=a|b|')
  })

  it('has data fields with right lengths', () => {
    expect(own(new FixMessage('B').set(96, Buffer.from('a\u0001b')))).toBe('35=B|95=3|96=a|b|')
    expect(own(new FixMessage('B', { 95: 99, 96: 'abc' }))).toBe('35=B|95=3|96=abc|')
  })

  it('makes a length right that comes to stand before its data only on the wire', () => {
    const message = new FixMessage('B')
    message.addGroup(33, { 58: 'a', 354: 9 })
    message.set(355, 'xyz')
    expect(own(message)).toBe('35=B|33=1|58=a|354=3|355=xyz|')
    expect(own(received(framed('35=B|354=9|115=OBO|355=xyz|')))).toBe('35=B|115=OBO|354=3|355=xyz|')
  })

  it('ends with the trailer fields of the message', () => {
    expect(own(new FixMessage('B').set(89, Buffer.from('s\u0001g')).set(58, 'x'))).toBe('35=B|58=x|93=3|89=s|g|')
    expect(own(received(framed('35=B|58=x|93=3|89=s|g|')))).toBe('35=B|58=x|93=3|89=s|g|')
    expect(own(received(framed('35=B|93=3|89=s|g|58=x|')))).toBe('35=B|58=x|93=3|89=s|g|')
  })

  it('may be as long as one likes', () => {
    const text = 'x'.repeat(300_000)
    expect(own(new FixMessage('B', { 58: text, 354: 1, 148: 'y' }))).toBe(`35=B|58=${text}|148=y|354=1|`)
    const many = new FixMessage('B')
    for (let tag = 5000; tag < 8000; tag++) many.set(tag, `value ${tag}`)
    expect(own(many)).toBe(
      `35=B|${Array.from({ length: 3000 }, (_, at) => `${5000 + at}=value ${5000 + at}|`).join('')}`
    )
  })

  it('has every byte as it is', () => {
    const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')
    const plain = all.replace('\u0001', '')
    const [message] = codec().push(codec().encode(new FixMessage('B', { 58: plain, 96: all }), header))
    expect(message?.garbled === false && [message.get(58), message.get(96)]).toEqual([plain, all])
  })
})

describe('a message that was received', () => {
  const text = framed('35=D|34=5|49=A|50=s|52=20240229-01:02:03.004|56=B|97=Y|11=A-1|453=1|448=P|447=D|55=MSFT|')

  it('is sent again with another header', () => {
    const resent = encoded(received(text, { dictionary }), {
      msgSeqNum: 5,
      possDupFlag: true,
      origSendingTime: '20240229-01:02:03.004'
    })
    expect(resent).toBe(
      framed(
        '35=D|34=5|43=Y|49=BUYSIDE|50=s|52=20240229-12:34:56.789|56=BROKER|97=Y|122=20240229-01:02:03.004|11=A-1|453=1|448=P|447=D|55=MSFT|'
      )
    )
  })

  it('keeps the order of its group members, whatever the dictionary says', () => {
    const odd = framed('35=D|453=1|448=P|452=1|447=D|11=x|')
    expect(own(received(odd, { dictionary }), { dictionary })).toBe('35=D|453=1|448=P|452=1|447=D|11=x|')
  })

  it.each([
    ['nothing but a header', '35=0|34=1|', '35=0|'],
    ['header fields in any order', '35=D|56=B|97=Y|49=A|50=s|34=1|11=x|', '35=D|50=s|97=Y|11=x|'],
    ['a header field after the body began', '35=D|34=1|11=x|97=Y|55=y|', '35=D|97=Y|11=x|55=y|'],
    ['a field of the session after the body began', '35=D|11=x|34=1|55=y|', '35=D|11=x|55=y|'],
    ['CheckSum(10) twice', '35=D|11=x|10=000|55=y|', '35=D|11=x|55=y|'],
    ['a group with a wrong count', '35=D|453=3|448=P|448=Q|11=x|', '35=D|453=3|448=P|448=Q|11=x|'],
    ['a group without entries', '35=D|453=2|11=x|', '35=D|453=2|11=x|'],
    ['empty values', '35=D|11=|55=|', '35=D|11=|55=|'],
    ['fields that come twice', '35=D|11=x|11=y|', '35=D|11=x|11=y|'],
    ['an empty MsgType(35)', '35=|11=x|', '35=|11=x|']
  ])('with %s', (_, body, expected) => {
    for (const options of [{}, { dictionary }]) {
      const message = received(framed(body), options)
      expect(own(message, options)).toBe(expected)
      expect(String(message)).toBe(framed(body))
      const changed = received(framed(body), options).set(5000, 'x')
      expect(own(changed, options)).toBe(`${expected}5000=x|`)
    }
  })

  it('is sent with what was changed', () => {
    const message = received(text, { dictionary })
    message.set(55, 'IBM', { replace: true }).delete(97)
    message.groups(453)[0]?.set(452, 1)
    expect(own(message, { dictionary })).toBe('35=D|50=s|11=A-1|453=1|448=P|447=D|452=1|55=IBM|')
  })
})

describe('encoding', () => {
  it('does not alter the message', () => {
    const message = order([
      [11, 'A-1'],
      [50, 's'],
      [34, 1]
    ])
    message.addGroup(453, { 447: 'D', 448: 'P' })
    const before = String(message)
    encoded(message, {}, { dictionary })
    expect(String(message)).toBe(before)
    const other = received(framed('35=D|11=x|34=1|50=s|'))
    encoded(other)
    expect(String(other)).toBe(framed('35=D|11=x|34=1|50=s|'))
  })

  it('gives buffers that later messages never touch', () => {
    const encoder = codec()
    const message = order({ 11: 'A-1', 58: 'x'.repeat(300) })
    const first = encoder.encode(message, header)
    const text = shown(first)
    for (let i = 1; i <= 1000; i++) encoder.encode(message, { ...header, msgSeqNum: i }).fill(0)
    expect(shown(first)).toBe(text)
    expect(first).toBeInstanceOf(Buffer)
  })

  it('is the same wherever in memory a message comes to stand', () => {
    // Memory is taken in slabs of 64 KiB. Sizes follow no cycle, so that the ends come to fall everywhere in a message.
    const encoder = codec()
    const messages = Array.from(
      { length: 61 },
      (_, size) => new FixMessage('B', { 58: 'x'.repeat(size + 1), 95: 1, 96: 'data', 355: Buffer.from('a\u0001b') })
    )
    const texts = messages.map((message) => encoder.encode(message, header).toString('latin1'))
    let seed = 1
    for (let i = 0; i < 60_000; i++) {
      seed = (seed * 16_807) % 2_147_483_647
      const size = seed % messages.length
      const bytes = encoder.encode(messages[size] as FixMessage, header)
      if (bytes.toString('latin1') !== texts[size]) expect(shown(bytes)).toBe(texts[size])
    }
  })

  it('gives a right CheckSum(10) at every place and length in memory', () => {
    const encoder = codec()
    for (let length = 0; length < 700; length++) {
      const message = order({ 11: 'A', 58: '\u00ff'.repeat(length + 1) })
      const items = encoder.push(encoder.encode(message, header))
      expect(items.map((item) => item.garbled)).toEqual([false])
    }
    expect(wire('')).toHaveLength(0)
  })
})
