import { describe, expect, it } from 'vitest'
import type { Codec } from '../../lib/codec/codec.js'
import { codec, framed, told, wire } from './wire.js'

const good = framed('35=0|34=1|')

/** Feeds the same piece again and again; answers the most that was kept at any time, and all reports. */
function flood(decoder: Codec, first: string, piece: string, times: number): { kept: number; reports: string[] } {
  const reports = told(decoder.push(wire(first)))
  let kept = decoder.bufferedBytes
  const bytes = wire(piece)
  for (let i = 0; i < times; i++) {
    reports.push(...told(decoder.push(bytes)))
    kept = Math.max(kept, decoder.bufferedBytes)
  }
  return { kept, reports }
}

describe('a message that is too long', () => {
  it.each(['9=1000001|', '9=1000000000000|', '9=999999999999999999999999999999', '9=0000001000001|', '9=1000000|'])(
    'by its BodyLength(9), %s, is fatal at once',
    (length) => {
      const decoder = codec({ maxMessageLength: 1_000_000 })
      const reports = told(decoder.push(wire(`8=FIX.4.4|${length}`)))
      expect(reports).toHaveLength(1)
      expect(reports[0]).toMatch(/^TOO_LONG \(fatal\) 8=FIX/)
      expect(decoder.bufferedBytes).toBe(0)
    }
  )

  it.each([
    ['an endless BeginString(8)', '8=', 'x'],
    ['an endless BodyLength(9)', '8=FIX.4.4|9=', '0'],
    ['an endless CheckSum(10)', '8=FIX.4.4|9=5|35=0|10=', '1'],
    ['a message without end', '8=FIX.4.4|9=5|35=0|', '58=x|'],
    ['an endless field after a wrong length', '8=FIX.4.4|9=5|35=D|58=', 'x']
  ])('as %s is fatal when the limit is reached', (_, first, piece) => {
    for (const [limit, pieces] of [
      [10_000, 7],
      [500_000, 1]
    ] as const) {
      const decoder = codec({ maxMessageLength: limit })
      const { kept, reports } = flood(decoder, first, piece.repeat(pieces), limit)
      expect(reports).toHaveLength(1)
      expect(reports[0]).toMatch(/^TOO_LONG \(fatal\) 8=/)
      expect(kept).toBeLessThanOrEqual(limit)
      expect(decoder.bufferedBytes).toBe(0)
    }
  })

  it('ends a stream: everything is ignored until reset', () => {
    const decoder = codec({ maxMessageLength: 100 })
    expect(told(decoder.push(wire(`${good}8=FIX.4.4|9=101|${good}`)))).toEqual([
      good,
      'TOO_LONG (fatal) 8=FIX.4.4|9=101'
    ])
    expect(decoder.push(wire(good))).toEqual([])
    decoder.reset()
    expect(told(decoder.push(wire(good)))).toEqual([good])
  })

  it.each([0, 1])('is one byte more than the limit (%i)', (more) => {
    const text = framed(`35=0|58=${'x'.repeat(100)}|`)
    const limit = { maxMessageLength: text.length - more }
    const expected = more === 0 ? [text] : [expect.stringMatching(/^TOO_LONG/)]
    expect(told(codec(limit).push(wire(text)))).toEqual(expected)
    const decoder = codec(limit)
    expect([...wire(text)].flatMap((byte) => told(decoder.push(Uint8Array.of(byte))))).toEqual(expected)
  })
})

describe('too many fields', () => {
  it.each([0, 1])('are more than maxFields (%i)', (more) => {
    const text = framed(`35=0|${'58=x|'.repeat(10)}`)
    const items = codec({ maxFields: 14 - more }).push(wire(text + good))
    // What is not taken cannot be counted either: it would be asked for again for ever, so the connection has to end.
    expect(told(items)).toEqual(more === 0 ? [text, good] : [`TOO_MANY_FIELDS (fatal) ${text}`])
  })

  it('in a message of a million tags take no memory', () => {
    const text = framed(`35=0|${'1=|'.repeat(300_000)}`)
    const [report] = codec().push(wire(text))
    expect(report).toMatchObject({ code: 'TOO_MANY_FIELDS', fatal: true })
  })
})

describe('a flood', () => {
  it.each([
    ['of junk', '', 'garbage '],
    ['of nearly messages', '', '8'],
    ['after a message without BodyLength(9)', '8=FIX.4.4|35=0|', 'garbage|8'],
    ['of SOH', '', '|']
  ])('%s is reported once and never kept', (_, first, piece) => {
    const { kept, reports } = flood(codec(), first, piece.repeat(1000), 1000)
    expect(reports).toHaveLength(1)
    expect(kept).toBeLessThanOrEqual(2)
  })

  it('does not hide the message after it', () => {
    const decoder = codec()
    flood(decoder, '', 'garbage'.repeat(1000), 100)
    expect(told(decoder.push(wire(good)))).toEqual([good])
  })
})

describe('the time that a message takes', () => {
  it('is not the square of its length when it comes byte by byte', () => {
    // Work that grew with the square would be 10^12 steps here and never end.
    const text = wire(framed(`35=0|58=${'x'.repeat(1_000_000)}|`))
    const decoder = codec()
    let messages = 0
    for (const byte of text) messages += decoder.push(Uint8Array.of(byte)).length
    expect(messages).toBe(1)
  })
})
