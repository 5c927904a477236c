import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FieldValueError } from '../../lib/fix/errors.js'
import { formatUtcTimestamp, parseUtcTimestamp, utcTimestampMs } from '../../lib/fix/timestamp.js'

const time = Date.UTC(2024, 1, 29, 23, 59, 58, 70)

describe('a UTCTimestamp is written', () => {
  it('with milliseconds by default', () => {
    expect(formatUtcTimestamp(time)).toBe('20240229-23:59:58.070')
  })

  it.each([
    [0, '20240229-23:59:58'],
    [1, '20240229-23:59:58.0'],
    [2, '20240229-23:59:58.07'],
    [3, '20240229-23:59:58.070'],
    [6, '20240229-23:59:58.070000'],
    [9, '20240229-23:59:58.070000000']
  ])('with %i digits after the second', (precision, text) => {
    expect(formatUtcTimestamp(time, precision)).toBe(text)
  })

  it('with what a fraction of a millisecond adds', () => {
    expect(formatUtcTimestamp(1_700_000_000_000.25, 6)).toBe('20231114-22:13:20.000250')
    expect(formatUtcTimestamp(1_700_000_000_000.25, 9)).toBe('20231114-22:13:20.000250000')
    expect(formatUtcTimestamp(1_700_000_000_000.25, 3)).toBe('20231114-22:13:20.000')
  })

  it('anew when the second changes and back again', () => {
    const texts = [time, time + 2000, time + 1, time - 100].map((each) => formatUtcTimestamp(each))
    expect(texts).toEqual([
      '20240229-23:59:58.070',
      '20240301-00:00:00.070',
      '20240229-23:59:58.071',
      '20240229-23:59:57.970'
    ])
  })

  it('before 1970 and at both ends of four digits of year', () => {
    expect(formatUtcTimestamp(-1)).toBe('19691231-23:59:59.999')
    expect(formatUtcTimestamp(Date.parse('0000-01-01T00:00:00Z'))).toBe('00000101-00:00:00.000')
    expect(formatUtcTimestamp(Date.parse('9999-12-31T23:59:59.999Z'))).toBe('99991231-23:59:59.999')
  })

  it('not when there is no such time or precision', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Date.parse('9999-12-31T23:59:59.999Z') + 1]) {
      expect(() => formatUtcTimestamp(bad)).toThrow(FieldValueError)
    }
    for (const precision of [-1, 10, 1.5]) expect(() => formatUtcTimestamp(time, precision)).toThrow(FieldValueError)
  })
})

describe('a UTCTimestamp is read', () => {
  it.each([
    ['20240229-23:59:58', ''],
    ['20240229-23:59:58.070', '070'],
    ['20240229-23:59:58.070001', '070001'],
    ['20240229-23:59:58.070001002', '070001002'],
    ['20240229-23:59:58.070001002003', '070001002003']
  ])('%s', (text, fraction) => {
    expect(parseUtcTimestamp(text)).toEqual({ epochMs: fraction === '' ? time - 70 : time, fraction })
  })

  it('with a leap second as the second after it', () => {
    expect(parseUtcTimestamp('20161231-23:59:60.500')?.epochMs).toBe(Date.UTC(2017, 0, 1, 0, 0, 0, 500))
  })

  it('from the middle of a longer text', () => {
    expect(utcTimestampMs('52=20240229-23:59:58.070|', 3, 24)).toBe(time)
  })

  it.each([
    '',
    '20240229',
    '20240230-00:00:00',
    '20230229-00:00:00',
    '19000229-00:00:00',
    '20240431-00:00:00',
    '20241301-00:00:00',
    '20240001-00:00:00',
    '20240100-00:00:00',
    '20240229-24:00:00',
    '20240229-23:60:00',
    '20240229-23:59:61',
    '20240229-23:59:58.',
    '20240229-23:59:58.0',
    '20240229-23:59:58.07',
    '20240229-23:59:58.0700',
    '20240229-23:59:58.07000000000000',
    '20240229-23:59:58,070',
    '20240229-23:59:58.07x',
    '20240229-23:59:58.070x00',
    '20240229-23:59:58.-70',
    '20240229 23:59:58',
    '20240229-23.59:58',
    '20240229-23:59.58',
    '2024022a-23:59:58',
    '+0240229-23:59:58',
    ' 0240229-23:59:58',
    '20240229-23:59:5８'
  ])('but "%s" is none', (text) => {
    expect(parseUtcTimestamp(text)).toBeUndefined()
    expect(utcTimestampMs(text)).toBeNaN()
  })

  it('as it was written, for any time', () => {
    const from = Date.parse('0000-01-01T00:00:00Z')
    const to = Date.parse('9999-12-31T23:59:59.999Z')
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (epochMs) => {
        expect(utcTimestampMs(formatUtcTimestamp(epochMs))).toBe(epochMs)
        expect(formatUtcTimestamp(epochMs)).toBe(new Date(epochMs).toISOString().replace(/[-Z]/g, '').replace('T', '-'))
      })
    )
  })
})
