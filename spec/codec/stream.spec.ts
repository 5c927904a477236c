import { describe, expect, it } from 'vitest'
import type { Codec } from '../../lib/codec/codec.js'
import { checkSum, codec, dictionary, framed, shown, told, wire } from './wire.js'

const logon = framed('35=A|34=1|49=A|52=20240229-01:02:03.004|56=B|98=0|108=30|')
const order = framed('35=D|34=2|49=A|52=20240229-01:02:03.004|56=B|11=A-1|453=1|448=P|447=D|55=MSFT|')
const heartbeat = framed('35=0|34=3|49=A|52=20240229-01:02:04.004|56=B|')
const raw = framed('35=B|34=4|95=24|96=8=FIX.4.4|9=5|10=000|x|y|58=\u00e9\u00ff|')
const xml = framed('35=n|34=5|212=31|213=<a>8=FIX.4.4|9=3|35=0|10=1|</a>|')
const wrongSum = heartbeat.replace(/10=...\|$/, '10=999|')
const short = order.replace(/9=\d+/, '9=20')
const long = order.replace(/9=(\d+)/, (_, length) => `9=${Number(length) + 30}`)

/** Name, what comes, and what it makes. */
const streams: readonly (readonly [string, string, readonly string[]])[] = [
  ['one message', logon, [logon]],
  ['several messages', logon + order + heartbeat + raw + xml, [logon, order, heartbeat, raw, xml]],
  ['a data field that looks like messages', raw + logon, [raw, logon]],
  ['a message with a wrong CheckSum(10)', logon + wrongSum + heartbeat, [logon, `CHECK_SUM ${wrongSum}`, heartbeat]],
  ['a BodyLength(9) that is too short takes its own message', short + heartbeat, [`BODY_LENGTH ${short}`, heartbeat]],
  [
    'a BodyLength(9) that is too long takes the next message with it',
    long + heartbeat + logon,
    [`BODY_LENGTH ${long}${heartbeat}`, logon]
  ],
  ['BodyLength(9) of 0', `8=FIX.4.4|9=0|35=0|10=000|${logon}`, ['BODY_LENGTH 8=FIX.4.4|9=0|35=0|10=000|', logon]],
  ['BodyLength(9) with leading zeros', zeros(heartbeat), [zeros(heartbeat)]],
  ['BodyLength(9) that is no number', `8=FIX.4.4|9=x5|35=0|10=000|${logon}`, ['BODY_LENGTH 8=FIX.4.4|9=x', logon]],
  ['a negative BodyLength(9)', `8=FIX.4.4|9=-5|35=0|10=000|${logon}`, ['BODY_LENGTH 8=FIX.4.4|9=-', logon]],
  ['an empty BodyLength(9)', `8=FIX.4.4|9=|35=0|10=000|${logon}`, ['BODY_LENGTH 8=FIX.4.4|9=|', logon]],
  ['no BodyLength(9)', `8=FIX.4.4|35=0|10=000|${logon}`, ['BODY_LENGTH 8=FIX.4.4|', logon]],
  ['a message that breaks off before BodyLength(9)', `8=FIX.4.4|${logon}`, ['BODY_LENGTH 8=FIX.4.4|', logon]],
  ['a message that breaks off within BodyLength(9)', `8=FIX.4.4|9=|${logon}`, ['BODY_LENGTH 8=FIX.4.4|9=|', logon]],
  ['MsgType(35) that is not third', ...third('34=1|35=0|49=A|')],
  ['no MsgType(35)', ...third('34=1|49=A|')],
  ['no field at all between BodyLength(9) and CheckSum(10)', ...third('')],
  [
    'MsgType(35) before BeginString(8)',
    `35=0|${framed('34=1|')}`,
    ['BEGIN_STRING 35=0|', `MSG_TYPE ${framed('34=1|')}`]
  ],
  ['a tag that is no number', ...bad('TAG', '35=0|4garbled9=A|')],
  ['a field without =', ...bad('TAG', '35=0|58|')],
  ['a field without a tag', ...bad('TAG', '35=0|=x|')],
  ['an empty field', ...bad('TAG', '35=0||58=x|')],
  ['a tag with a leading zero', ...bad('TAG', '35=0|058=x|')],
  ['a tag with a plus sign', ...bad('TAG', '35=0|+58=x|')],
  ['a tag of minus nothing', ...bad('TAG', '35=0|-=x|')],
  ['a tag of minus zero', ...bad('TAG', '35=0|-0=x|')],
  ['a tag that no integer of 32 bits can hold', ...bad('TAG', '35=0|9999999999=x|')],
  ['a negative tag that no integer of 32 bits can hold', ...bad('TAG', '35=0|-9999999999=x|')],
  ['a data length that is too short', ...bad('DATA_LENGTH', '35=B|95=2|96=abc|58=x|')],
  ['a data length that is too long', ...bad('DATA_LENGTH', '35=B|95=4|96=abc|58=x|')],
  ['a data length that leads into CheckSum(10)', ...bad('DATA_LENGTH', '35=B|95=7|96=abc|')],
  ['a data length that leads out of the message', ...bad('DATA_LENGTH', '35=B|95=999999999|96=abc|')],
  ['a data length within a group', ...bad('DATA_LENGTH', '35=B|33=2|58=a|354=1|355=x|58=b|354=3|355=x|')],
  [
    'junk before, between and after',
    `xyz${logon}junk|9=5|${heartbeat}|`,
    ['BEGIN_STRING xyz', logon, 'BEGIN_STRING junk|9=5|', heartbeat, 'BEGIN_STRING |']
  ],
  [
    'junk that nearly begins a message',
    `88=8=9=${logon}`,
    ['BEGIN_STRING 8', 'BODY_LENGTH 8=8=9=8=FIX.4.4|9=69|', ...[]]
  ]
]

/** A message whose third field is not MsgType(35): what comes and what it makes. */
function third(body: string): [string, string[]] {
  return bad('MSG_TYPE', body)
}

function bad(code: string, body: string): [string, string[]] {
  return [framed(body) + logon, [`${code} ${framed(body)}`, logon]]
}

function zeros(message: string): string {
  const text = message.replace(/9=(\d+)/, '9=000$1')
  return text.replace(/10=...\|$/, `10=${checkSum(text.replace(/10=...\|$/, ''))}|`)
}

/** Feeds `bytes` in pieces that end at `cuts`. */
function fed(decoder: Codec, bytes: Buffer, cuts: readonly number[]): string[] {
  const all: string[] = []
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    all.push(...told(decoder.push(bytes.subarray(from, to))))
    from = to
  }
  return all
}

describe('a stream of', () => {
  // What a run of junk shows of itself depends on how much of it is there when it is found.
  const cutJunk = (lines: readonly string[]): string[] =>
    lines.map((line) => (line.startsWith('BEGIN_STRING') ? 'BEGIN_STRING' : line))

  it.each(streams.filter(([name]) => !name.startsWith('junk that nearly')))('%s, whole', (_, text, expected) => {
    expect(told(codec().push(wire(text)))).toEqual(expected)
    expect(told(codec({ dictionary }).push(wire(text)))).toEqual(expected)
  })

  it.each(streams)('%s, byte by byte', (_, text) => {
    const bytes = wire(text)
    const expected = cutJunk(told(codec().push(bytes)))
    const everywhere = Array.from({ length: bytes.length - 1 }, (__, at) => at + 1)
    expect(cutJunk(fed(codec(), bytes, everywhere))).toEqual(expected)
  })

  it.each(streams)('%s, cut in two at every place', (_, text) => {
    const bytes = wire(text)
    const expected = cutJunk(told(codec().push(bytes)))
    for (let cut = 0; cut <= bytes.length; cut++) expect(cutJunk(fed(codec(), bytes, [cut]))).toEqual(expected)
  })

  it.each(streams)('%s, between good neighbours', (_, text, expected) => {
    const decoder = codec()
    const all = told(decoder.push(wire(logon + text + heartbeat.repeat(2))))
    expect(all[0]).toBe(logon)
    expect(all.at(-1)).toBe(heartbeat)
    if (!text.startsWith('88')) expect(all.slice(1, 1 + expected.length).at(-1)).toBe(expected.at(-1))
    expect(decoder.bufferedBytes).toBe(0)
  })

  it('all of them in one', () => {
    const good = streams.filter(([name]) => !name.startsWith('junk that nearly'))
    const bytes = wire(good.map(([, text]) => text).join(''))
    const expected = cutJunk(good.flatMap(([, , lines]) => lines))
    for (const size of [1, 2, 3, 7, 64, 100, 1000, bytes.length]) {
      const cuts = Array.from({ length: Math.floor((bytes.length - 1) / size) }, (_, at) => (at + 1) * size)
      expect(cutJunk(fed(codec({ dictionary }), bytes, cuts))).toEqual(expected)
    }
  })
})

describe('the bytes that a codec is given', () => {
  it("are its caller's again afterwards", () => {
    const decoder = codec()
    const bytes = wire(logon + order.slice(0, 40))
    const [first] = decoder.push(bytes)
    bytes.fill(0)
    const [second] = decoder.push(wire(order.slice(40)))
    expect([String(first), String(second)]).toEqual([logon, order])
  })

  it('may be any Uint8Array', () => {
    const backing = new Uint8Array(wire(`xx${logon}yy`))
    expect(told(codec().push(backing.subarray(2, backing.length - 2)))).toEqual([logon])
    expect(told(codec().push(new Uint8Array(0)))).toEqual([])
  })

  it('are kept only as far as they belong to a message that is not complete', () => {
    const decoder = codec()
    decoder.push(wire(logon + order.slice(0, 30)))
    expect(decoder.bufferedBytes).toBe(30)
    decoder.push(wire(order.slice(30)))
    expect(decoder.bufferedBytes).toBe(0)
  })

  it('are forgotten by reset', () => {
    const decoder = codec()
    decoder.push(wire(`junk${order.slice(0, 30)}`))
    decoder.reset()
    expect(decoder.bufferedBytes).toBe(0)
    expect(told(decoder.push(wire(logon)))).toEqual([logon])
    expect(told(decoder.push(wire('junk')))).toEqual(['BEGIN_STRING junk'])
  })
})

describe('one whole message', () => {
  it('is decoded from bytes or from text', () => {
    expect(String(codec().decode(wire(order)))).toBe(order)
    expect(String(codec().decode(wire(raw).toString('latin1')))).toBe(raw)
    expect(String(codec().decode(new Uint8Array(wire(order))))).toBe(order)
  })

  it.each([
    '',
    'x',
    order.slice(0, -1),
    order.slice(1),
    `${order}x`,
    order + order,
    `x${order}`,
    short,
    '8=FIX.4.4|35=D|'
  ])('is not "%s"', (text) => {
    expect(codec().decode(wire(text))).toMatchObject({ garbled: true, code: 'BODY_LENGTH', fatal: false })
  })

  it('does not disturb a stream', () => {
    const decoder = codec()
    decoder.push(wire(order.slice(0, 50)))
    decoder.decode(wire(heartbeat))
    expect(told(decoder.push(wire(order.slice(50))))).toEqual([order])
  })

  it('may be of another version: that is for the session to refuse', () => {
    expect(String(codec().decode(wire(framed('35=A|', 'FIX.3.9'))))).toBe(framed('35=A|', 'FIX.3.9'))
  })

  it('may have an empty MsgType(35): that is for the session to reject', () => {
    expect(codec().decode(wire(framed('35=|34=1|')))).toMatchObject({ garbled: false, msgType: '' })
  })
})

describe('a CheckSum(10)', () => {
  it.each(['10=1|', '10=0001|', '10=|', '10=abc|', '10=256|', '10= 12|'])('of "%s" is garbled', (trailer) => {
    const text = heartbeat.replace(/10=...\|$/, trailer)
    expect(told(codec().push(wire(text)))).toEqual([`CHECK_SUM ${text}`])
  })

  it('is not looked at when it need not be right', () => {
    const lax = codec({ validateChecksum: false })
    expect(told(lax.push(wire(wrongSum + heartbeat)))).toEqual([wrongSum, heartbeat])
    const tag = wire(framed('35=0|x=1|'))
    expect(told(lax.push(tag))).toEqual([`TAG ${shown(tag)}`])
  })

  it('comes before other faults: bytes that were damaged say nothing else for certain', () => {
    const text = framed('35=0|x=1|').replace(/10=...\|$/, '10=999|')
    expect(told(codec().push(wire(text)))).toEqual([`CHECK_SUM ${text}`])
  })
})

describe('what is garbled', () => {
  it('says what was expected, what came, and as far as it can be read what it was to be', () => {
    const [report] = codec().push(wire(wrongSum))
    expect(report).toMatchObject({
      garbled: true,
      code: 'CHECK_SUM',
      msgType: '0',
      msgSeqNum: 3,
      fatal: false,
      text: `CheckSum(10): expected ${heartbeat.slice(-4, -1)}, got "999".`
    })
    expect(codec().push(wire(framed('34=x|49=B|')))[0]).toMatchObject({ msgType: undefined, msgSeqNum: undefined })
  })

  it('shows 512 bytes at most', () => {
    const [report] = codec().push(wire(framed(`34=1|58=${'x'.repeat(1000)}|`)))
    expect(report?.garbled && report.raw.length).toBe(512)
  })
})

describe('data fields', () => {
  it('whose length is missing, no number or elsewhere are ordinary text', () => {
    for (const body of [
      '35=B|359=abc|',
      '35=B|95=x|96=abc|',
      '35=B|95=|96=abc|',
      '35=B|95=2|58=x|96=abc|',
      '35=B|95=9|'
    ]) {
      expect(told(codec().push(wire(framed(body))))).toEqual([framed(body)])
    }
  })

  it('may be empty', () => {
    const [message] = codec().push(wire(framed('35=B|95=0|96=|58=x|')))
    expect(message?.garbled === false && [message.get(96), message.get(58)]).toEqual(['', 'x'])
  })

  it('may hold every byte', () => {
    const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')
    const [message] = codec().push(wire(framed(`35=B|95=256|96=${all}|93=256|89=${all}|`)))
    if (message === undefined || message.garbled) throw new Error('expected a message')
    expect(message.getData(96)).toEqual(Buffer.from(all.replaceAll('|', '\u0001'), 'latin1'))
    expect(message.get(89)).toBe(message.get(96))
  })
})
