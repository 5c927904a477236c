import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DuplicateTagError, FieldValueError, FixError } from '../lib/fix/errors.js'
import { isSecret, redactMessage, redactValue } from '../lib/redact.js'

const soh = (text: string) => text.replaceAll('|', '\u0001')

const logon = '8=FIX.4.4|9=99|35=A|34=1|49=A|56=B|98=0|108=30|553=user|554=secret|925=newer|10=001|'

describe('in wire text', () => {
  it.each([
    ['Password(554) and NewPassword(925)', logon, logon.replace('secret', '***').replace('newer', '***')],
    ['RawData(96) of a Logon', '35=A|95=6|96=secret|10=0|', '35=A|95=6|96=***|10=0|'],
    ['RawData(96) of who knows what', '95=6|96=secret|10=0|', '95=6|96=***|10=0|'],
    ['Signature(89)', '35=D|93=6|89=secret|10=0|', '35=D|93=6|89=***|10=0|'],
    [
      'encrypted passwords',
      '35=A|1400=1|1401=6|1402=secret|1403=5|1404=newer|10=0|',
      '35=A|1400=***|1401=***|1402=***|1403=***|1404=***|10=0|'
    ],
    ['the last field, cut short', '35=A|554=secr', '35=A|554=***'],
    ['tags with zeros in front', '35=A|00554=secret|10=0|', '35=A|00554=***|10=0|'],
    ['an empty value', '35=A|554=|10=0|', '35=A|554=***|10=0|'],
    ['two messages in one text', '35=A|96=secret|10=0|35=A|554=secret|', '35=A|96=***|10=0|35=A|554=***|']
  ])('%s is masked', (_, text, masked) => {
    expect(redactMessage(text)).toBe(masked)
    expect(redactMessage(soh(text))).toBe(soh(masked))
  })

  it.each([
    ['RawData(96) of News', '8=FIX.4.4|35=B|95=4|96=data|10=0|'],
    ['RawData(96) of a type that begins with A', '8=FIX.4.4|35=AE|95=4|96=data|10=0|'],
    ['tags that end like one', '35=D|1554=1|5540=2|10=554|58=554|'],
    ['nothing', '']
  ])('%s is left alone', (_, text) => {
    expect(redactMessage(text)).toBe(text)
    expect(redactMessage(soh(text))).toBe(soh(text))
  })

  it('RawData(96) is masked again when a Logon follows another message', () => {
    expect(redactMessage('8=FIX.4.4|35=B|96=data|10=0|8=FIX.4.4|35=A|96=secret|10=0|')).toBe(
      '8=FIX.4.4|35=B|96=data|10=0|8=FIX.4.4|35=A|96=***|10=0|'
    )
  })

  it('data is masked to the end that its Length field tells, SOH and all', () => {
    expect(redactMessage(soh('35=A|95=13|96=ab|10=1|58=cd|108=30|'))).toBe(soh('35=A|95=13|96=***|108=30|'))
  })

  it('data is masked to the next field when its Length field lies', () => {
    expect(redactMessage(soh('35=A|95=1|96=secret|10=0|'))).toBe(soh('35=A|95=1|96=***|10=0|'))
    expect(redactMessage(soh('35=A|95=999999999|96=secret|10=0|'))).toBe(soh('35=A|95=999999999|96=***'))
  })

  it('what follows an SOH without being a field is taken for a part of the secret', () => {
    expect(redactMessage(soh('35=A|554=sec|ret|10=0|'))).toBe(soh('35=A|554=***|10=0|'))
  })

  it('a secret with | in it is masked whole where SOH separates', () => {
    expect(redactMessage(`35=A\u0001554=a|1=b\u000110=0\u0001`)).toBe(`35=A\u0001554=***\u000110=0\u0001`)
  })
})

it('text around wire text stays as far as it can be told from it', () => {
  expect(redactMessage('CheckSum(10) of "8=FIX.4.4|35=A|554=secret|10=0|" is wrong. Ignored.')).toBe(
    'CheckSum(10) of "8=FIX.4.4|35=A|554=***|10=0|" is wrong. Ignored.'
  )
  expect(redactMessage('cut: "35=A|554=secret|". Ignored.')).toBe('cut: "35=A|554=***|". Ignored.')
})

it('no secret of any shape comes through, and a clean message is the same text', () => {
  const value = fc.string({ minLength: 1 }).filter((text) => !text.includes('\u0001'))
  fc.assert(
    fc.property(value, value, fc.constantFrom(554, 925, 89, 1402), (secret, plain, tag) => {
      const unmistakable = `<<${secret}>>`
      const text = soh(`8=FIX.4.4|35=A|58=x|${tag}=`) + unmistakable + soh('|10=000|')
      expect(redactMessage(text)).toBe(soh(`8=FIX.4.4|35=A|58=x|${tag}=***|10=000|`))
      const clean = soh('8=FIX.4.4|35=D|58=') + plain.replaceAll('=', '') + soh('|10=000|')
      expect(redactMessage(clean)).toBe(clean)
    })
  )
})

it('long hostile texts take no longer than their length', () => {
  for (const text of ['0'.repeat(200_000), '|1'.repeat(100_000), '554=|'.repeat(50_000), '96=\u00011'.repeat(50_000)]) {
    expect(redactMessage(text).length).toBeLessThanOrEqual(text.length * 2)
  }
})

it('knows secret tags, and those of a Logon', () => {
  for (const tag of [89, 554, 925, 1402, 1404]) expect(isSecret(tag, 'D')).toBe(true)
  for (const tag of [55, 95, 1400, 1401, 1403]) expect(isSecret(tag, 'A')).toBe(false)
  expect([isSecret(96, 'A'), isSecret(96, undefined), isSecret(96, 'B')]).toEqual([true, true, false])
})

describe('of values', () => {
  it('texts, bytes, lists and objects are masked, deep as well', () => {
    const value = { raw: '554=secret', list: ['554=secret'], bytes: Buffer.from('554=secret'), a: { b: '554=secret' } }
    expect(redactValue(value)).toEqual({
      raw: '554=***',
      list: ['554=***'],
      bytes: '554=***',
      a: { b: '554=***' }
    })
  })

  it('other kinds are kept, or printed and masked', () => {
    const date = new Date(0)
    class Message {
      toString() {
        return '35=A|554=secret|'
      }
    }
    expect(redactValue({ date, n: 1, u: undefined, nothing: null, message: new Message() })).toEqual({
      date,
      n: 1,
      u: undefined,
      nothing: null,
      message: '35=A|554=***|'
    })
  })

  it('circles end', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(JSON.stringify(redactValue(circle))).toContain('[...]')
  })

  it('errors keep class, code, stack and cause without the secret', () => {
    const error = new FixError('CODE', 'got 35=A|554=secret', { cause: new Error('554=secret') })
    const clean = redactValue({ error, n: 1 })
    const copy = Object(clean).error
    expect(copy).toBeInstanceOf(FixError)
    expect(copy).toMatchObject({ code: 'CODE', message: 'got 35=A|554=***', name: 'FixError' })
    expect(copy.stack).toMatch(/^(Fix)?Error: got 35=A\|554=\*\*\*\n +at /)
    expect(copy.cause.message).toBe('554=***')
    expect(error.message).toContain('secret')
  })

  it('errors about a secret field lose the value that they quote', () => {
    const errors = [
      new DuplicateTagError(554, 'se"cret'),
      new FieldValueError(96, 'text', 'se"cret', 'Give the "bytes".'),
      new FieldValueError(925, 'text', 'secret', 'x')
    ]
    for (const error of errors) {
      const copy = Object(redactValue(error))
      expect(`${copy.message} ${copy.stack} ${JSON.stringify(copy)}`).not.toMatch(/cret/)
    }
    const harmless = new FieldValueError(38, 'Qty', 'abc', 'Give a number.')
    expect(Object(redactValue(harmless)).message).toBe(harmless.message)
  })
})
