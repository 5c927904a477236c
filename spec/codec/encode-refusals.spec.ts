import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Codec } from '../../lib/codec/codec.js'
import type { CodecOptions, EncodeHeader } from '../../lib/codec/codec-types.js'
import { FixMessage } from '../../lib/fix/message.js'
import { codec, header, shown } from './wire.js'

const heartbeat = new FixMessage('0')

/** As a program without types would call it. */
const encode = (values: object): Buffer => codec().encode(heartbeat, { ...header, ...values } as EncodeHeader)

const refusal = (tag: number, part: string): unknown =>
  expect.objectContaining({ code: 'FIELD_VALUE', tag, message: expect.stringContaining(part) })

/* A header that says something else than was meant would go out under a number, and be resent under it for ever. */
describe('header values that cannot be written', () => {
  it.each([
    [{ senderCompId: 'A\u000135=5' }, 49, 'got "A|35=5"'],
    [{ senderCompId: '' }, 49, 'senderCompId'],
    [{ senderCompId: undefined }, 49, 'got "undefined"'],
    [{ targetCompId: 'B\u0001' }, 56, 'without SOH'],
    [{ senderCompId: null, targetCompId: null }, 49, 'got "null"'],
    [{ targetCompId: 7 }, 56, 'got "7"'],
    [{ targetCompId: 'Łódź' }, 56, 'U+00FF'],
    [{ senderSubId: '\u0001' }, 50, 'Leave it out'],
    [{ senderLocationId: '' }, 142, 'Leave it out'],
    [{ targetSubId: null }, 57, 'got "null"'],
    [{ targetLocationId: 'x\u000110=000' }, 143, 'without SOH'],
    [{ msgSeqNum: 0 }, 34, 'from 1 to 2^53, got "0"'],
    [{ msgSeqNum: -1 }, 34, 'got "-1"'],
    [{ msgSeqNum: 1.5 }, 34, 'got "1.5"'],
    [{ msgSeqNum: Number.NaN }, 34, 'got "NaN"'],
    [{ msgSeqNum: 2 ** 53 }, 34, 'got "9007199254740992"'],
    [{ msgSeqNum: '7' }, 34, 'as a number'],
    [{ msgSeqNum: 7n }, 34, 'as a number'],
    [{ msgSeqNum: undefined }, 34, 'msgSeqNum'],
    [{ lastMsgSeqNumProcessed: -1 }, 369, 'from 0 to'],
    [{ sendingTime: undefined }, 52, 'got "undefined"'],
    [{ sendingTime: new Date(Number.NaN) }, 52, 'got "NaN"'],
    [{ sendingTime: Number.POSITIVE_INFINITY }, 52, 'years 0 to 9999'],
    [{ sendingTime: '20240229-12:34:56\u000135=5' }, 52, 'without SOH'],
    [{ origSendingTime: '' }, 122, 'Date'],
    [{ origSendingTime: '20240229-12:34:56\u0001' }, 122, 'without SOH']
  ])('%o: tag %i', (values, tag, part) => {
    expect(() => encode(values)).toThrow(refusal(tag, part))
  })

  it('are found when good ones went before, and leave no trace in what goes after', () => {
    const one = codec()
    const before = shown(one.encode(heartbeat, header))
    expect(() => one.encode(heartbeat, { ...header, senderCompId: 'A\u0001' })).toThrow(refusal(49, 'SOH'))
    expect(() => one.encode(heartbeat, { ...header, senderCompId: 'A\u0001' })).toThrow(refusal(49, 'SOH'))
    expect(() => one.encode(heartbeat, { ...header, targetSubId: 'A\u0001' })).toThrow(refusal(57, 'SOH'))
    expect(() => one.encode(heartbeat, { ...header, sendingTime: Number.NaN })).toThrow(refusal(52, 'NaN'))
    expect(shown(one.encode(heartbeat, header))).toBe(before)
  })

  it('whatever they are: what is written is read back as it was given', () => {
    const id = fc.option(fc.string({ unit: 'binary', maxLength: 5 }), { nil: undefined })
    const one = codec()
    fc.assert(
      fc.property(id, id, id, fc.oneof(fc.integer(), fc.double()), (sender, target, sub, number) => {
        const given = { ...header, senderCompId: sender, targetCompId: target, senderSubId: sub, msgSeqNum: number }
        let bytes: Buffer
        try {
          bytes = one.encode(heartbeat, given as EncodeHeader)
        } catch (error) {
          expect(error).toHaveProperty('code', 'FIELD_VALUE')
          return
        }
        const back = one.decode(bytes) as FixMessage
        expect([back.get(49), back.get(56), back.get(50), back.getInt(34)]).toEqual([sender, target, sub, number])
      }),
      { numRuns: 2000 }
    )
  })

  it('takes numbers beyond 31 bits', () => {
    expect(shown(encode({ msgSeqNum: Number.MAX_SAFE_INTEGER, lastMsgSeqNumProcessed: 0 }))).toMatch(
      /\|34=9007199254740991\|.*\|369=0\|/
    )
  })
})

describe('what is no header, message or option at all', () => {
  it.each([undefined, null, 'BUYSIDE'])('header %o', (value) => {
    expect(() => codec().encode(heartbeat, value as unknown as EncodeHeader)).toThrow(refusal(49, 'senderCompId'))
  })

  it.each([undefined, null, {}, 'D', { msgType: 'D', 55: 'MSFT' }])('message %o', (value) => {
    expect(() => codec().encode(value as unknown as FixMessage, header)).toThrow(
      expect.objectContaining({ code: 'NOT_A_MESSAGE', message: expect.stringContaining('new FixMessage(') })
    )
  })

  it.each([
    [undefined, 'options: expected'],
    [null, 'options: expected'],
    [{}, 'beginString: expected'],
    [{ beginString: 44 }, 'beginString: expected'],
    [{ beginString: 'FIX.4.4\u00019=5' }, 'beginString: expected'],
    [{ beginString: 'FIX.4.4', dictionary: 'FIX.4.4' }, 'dictionary: expected what Dictionary.load answers'],
    [{ beginString: 'FIX.4.4', dictionary: null }, 'dictionary: expected'],
    [{ beginString: 'FIX.4.4', timestampPrecision: 10 }, 'timestampPrecision: expected 0 to 9'],
    [{ beginString: 'FIX.4.4', maxMessageLength: Number.NaN }, 'maxMessageLength: expected'],
    [{ beginString: 'FIX.4.4', maxFields: 1 }, 'maxFields: expected']
  ])('options %o', (options, part) => {
    expect(() => new Codec(options as unknown as CodecOptions)).toThrow(
      expect.objectContaining({ code: 'CODEC_OPTION', message: expect.stringContaining(part) })
    )
  })
})
