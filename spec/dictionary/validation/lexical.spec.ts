import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataTypes, Format } from '../../../lib/dictionary/data-types.js'
import { hasFormat } from '../../../lib/dictionary/validation/lexical.js'

/** Good and bad texts by data type. */
const cases: Record<string, { good: string[]; bad: string[] }> = {
  INT: {
    good: ['0', '723', '-723', '00023', '-0'],
    bad: ['+1', '1.0', '1,000', ' 1', '1 ', '-', '1e3', '0x1', '--1', '١']
  },
  LENGTH: { good: ['0', '5', '007'], bad: ['-1', '+1', '1.', 'x', ' 5'] },
  NUMINGROUP: { good: ['0', '1', '100'], bad: ['-1', '1.0', 'two'] },
  SEQNUM: { good: ['0', '1', '4294967296'], bad: ['-1', '1a'] },
  TAGNUM: { good: ['55', '5001'], bad: ['-55', '5.5'] },
  DAYOFMONTH: { good: ['1', '05', '31'], bad: ['0', '32', '-1', 'x', '1.0'] },
  FLOAT: {
    good: ['23.23', '00023.23', '23.0', '23.', '.5', '-0.5', '-23', '0', '99999999999999999999.123'],
    bad: ['+23.5', '1e5', '1E5', '.', '-', '-.', '1.2.3', '1,5', '1 000', 'NaN', 'Infinity', '0x10', '1-']
  },
  QTY: { good: ['100', '002000.00'], bad: ['+200.00', '1k', ''] },
  PRICE: { good: ['-3.125', '10.25'], bad: ['$10', '10,25'] },
  PRICEOFFSET: { good: ['-0.0001'], bad: ['+0.0001'] },
  AMT: { good: ['6847.00'], bad: ['6 847.00'] },
  PERCENTAGE: { good: ['0.05'], bad: ['5%'] },
  CHAR: { good: ['a', ' ', '+', '\u00e9'], bad: ['ab', ''] },
  BOOLEAN: { good: ['Y', 'N'], bad: ['y', 'n', '1', 'YES', 'T'] },
  STRING: { good: ['any text', '\t', '='], bad: [] },
  MULTIPLECHARVALUE: { good: ['2', '2 A F'], bad: ['2  A', ' 2', '2 ', 'AB C', ' '] },
  MULTIPLESTRINGVALUE: { good: ['AV AN A', 'AV'], bad: ['AV  AN', ' AV', 'AV '] },
  MULTIPLEVALUESTRING: { good: ['1 2', 'A1 B'], bad: ['1  2', '1 '] },
  COUNTRY: { good: ['US', 'de'], bad: ['USA', 'U', 'U.', 'U '] },
  CURRENCY: { good: ['USD', 'GBp'], bad: ['US', 'USDT', 'U$D'] },
  EXCHANGE: { good: ['XNAS', 'N'], bad: [] },
  LANGUAGE: { good: ['en'], bad: ['eng', 'e'] },
  MONTHYEAR: {
    good: ['200303', '20030320', '200303w2', '200303w5', '000001'],
    bad: ['2003', '200313', '200300', '20030332', '20030230', '200303w0', '200303w6', '200303W1', '2003-03', '2003033']
  },
  LOCALMKTDATE: {
    good: ['20150724', '20000229', '20240229'],
    bad: ['2015-07-24', '20150732', '20151301', '19000229', '20230229', '20150431', '2015072', '201507240', '00000000']
  },
  UTCDATEONLY: { good: ['20030910'], bad: ['20030931', '030910'] },
  UTCDATE: { good: ['20030910'], bad: ['20031310'] },
  DATE: { good: ['19960229'], bad: ['19960230'] },
  UTCTIMESTAMP: {
    good: [
      '20011217-09:30:47',
      '20011217-09:30:47.123',
      '20011217-09:30:47.123456',
      '20011217-09:30:47.123456789',
      '20011217-09:30:47.123456789123',
      '19981231-23:59:60',
      '19981231-23:59:60.500',
      '00000101-00:00:00'
    ],
    bad: [
      '20011217-09:30:47.',
      '20011217-09:30:47.1',
      '20011217-09:30:47.12',
      '20011217-09:30:47.1234',
      '20011217-09:30:47.123456789123456',
      '20011217-09:30',
      '20011217',
      '20011217 09:30:47',
      '20011217T09:30:47',
      '20011217-24:00:00',
      '20011217-09:60:00',
      '20011217-09:30:60',
      '20011217-09:30:61',
      '20010229-09:30:47',
      '20011217-9:30:47',
      '20011217-09:30:47Z',
      '20011217-09:30:47.12a',
      '2001-12-17-09:30:47'
    ]
  },
  TIME: { good: ['19960101-12:00:00'], bad: ['12:00:00'] },
  UTCTIMEONLY: {
    good: ['13:20:00', '13:20:00.123', '23:59:60', '13:20:00.123456789123'],
    bad: ['13:20', '24:00:00', '13:20:60', '13:20:00.1', '13:20:00Z']
  },
  LOCALMKTTIME: { good: ['07:00:00'], bad: ['07:00', '07:00:60', '07:00:00.000', '25:00:00'] },
  TZTIMEONLY: {
    good: ['07:39Z', '02:39-05', '15:39+08', '13:09+05:30', '07:39:12Z', '07:39', '07:39:12', '07:39+14'],
    bad: [
      '07:39+5',
      '07:39+15',
      '07:39+05:60',
      '07:39+0530',
      '7:39Z',
      '07:39:12.123Z',
      '24:00Z',
      '07:39ZZ',
      'Z',
      '+05',
      ''
    ]
  },
  TZTIMESTAMP: {
    good: [
      '20060901-07:39Z',
      '20060901-02:39-05',
      '20060901-15:39+08',
      '20060901-13:09+05:30',
      '20060901-13:09:00.123+05:30',
      '20060901-13:09:00.123456789Z',
      '20060901-13:09:00'
    ],
    bad: ['20060901', '20060901-', '20060931-07:39Z', '20060901-07:39:00.12Z', '20060901-07:39+5:30', '20060901-07:61Z']
  },
  TENOR: { good: ['D5', 'M3', 'W13', 'Y1'], bad: ['D0', 'D', '5D', 'X1', 'M-3'] },
  RESERVED100PLUS: { good: ['100', '5000'], bad: ['99', '0100', 'abc'] },
  RESERVED1000PLUS: { good: ['1000'], bad: ['999'] },
  RESERVED4000PLUS: { good: ['4000', '10000'], bad: ['3999'] },
  DATA: { good: ['a\u0001b'], bad: [] },
  XMLDATA: { good: ['<a/>'], bad: [] }
}

function check(type: string, text: string): boolean {
  const format = dataTypes.get(type)
  if (format === undefined) throw new Error(`no such type: ${type}`)
  // Amid other text, so that nothing can be read from beyond the value by accident.
  return hasFormat(format, `4=20240101\u0001${text}\u000120240101-10:00:00`, 11, 11 + text.length)
}

describe('data types', () => {
  for (const [type, { good, bad }] of Object.entries(cases)) {
    it.each(good)(`${type} may be "%s"`, (text) => {
      expect(check(type, text)).toBe(true)
    })
    if (bad.length > 0) {
      it.each(bad)(`${type} is not "%s"`, (text) => {
        expect(check(type, text)).toBe(false)
      })
    }
  }

  it('have a case for every format', () => {
    const tried = new Set(Object.keys(cases).map((type) => dataTypes.get(type)))
    expect(Object.values(Format).filter((format) => !tried.has(format))).toEqual([])
  })

  it('answer for any text and never throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dataTypes.keys()), fc.string({ unit: 'binary', maxLength: 40 }), (type, text) => {
        expect(typeof check(type, text)).toBe('boolean')
      })
    )
  })

  it('look at nothing but the value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...dataTypes.keys()),
        fc.stringMatching(/^[0-9:.wYZ+-]{0,24}$/),
        fc.string(),
        fc.string(),
        (type, text, before, after) => {
          const format = dataTypes.get(type) as Format
          const alone = hasFormat(format, text, 0, text.length)
          expect(hasFormat(format, before + text + after, before.length, before.length + text.length)).toBe(alone)
        }
      )
    )
  })
})
