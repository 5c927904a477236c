import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { DuplicateTagError, FieldValueError } from '../../lib/fix/errors.js'
import { FixMessage } from '../../lib/fix/message.js'

describe('a message that is built', () => {
  it('has its MsgType(35) first and its fields in the order in which they were set', () => {
    const message = new FixMessage('D').set(55, 'MSFT').set(11, 'A-1').set(54, '1')
    expect(message.msgType).toBe('D')
    expect(String(message)).toBe('35=D|55=MSFT|11=A-1|54=1|')
    expect(message.tags()).toEqual([35, 55, 11, 54])
    expect(message.get(35)).toBe('D')
  })

  it('takes its fields from an object or from pairs', () => {
    expect(String(new FixMessage('D', { 55: 'MSFT', 11: 'A-1' }))).toBe('35=D|11=A-1|55=MSFT|')
    const pairs = new FixMessage('D', [
      [55, 'MSFT'],
      [11, 'A-1']
    ])
    expect(String(pairs)).toBe('35=D|55=MSFT|11=A-1|')
  })

  it('takes more fields at a time later too', () => {
    const message = new FixMessage('D', { 11: 'A-1' }).setAll({ 55: 'MSFT', 54: 1 }).setAll([[96, Buffer.from('x')]])
    expect(String(message)).toBe('35=D|11=A-1|54=1|55=MSFT|95=1|96=x|')
    expect(() => message.setAll({ 55: 'IBM' })).toThrow(DuplicateTagError)
    expect(String(message.setAll({ 55: 'IBM' }, { replace: true }))).toBe('35=D|11=A-1|54=1|55=IBM|95=1|96=x|')
  })

  it('needs a MsgType and keeps it', () => {
    expect(() => new FixMessage('')).toThrow(FieldValueError)
    const message = new FixMessage('D')
    expect(() => message.set(35, 'G', { replace: true })).toThrow(FieldValueError)
    expect(() => message.delete(35)).toThrow(FieldValueError)
    expect(String(message)).toBe('35=D|')
  })

  it('refuses a tag twice, unless it is to be replaced', () => {
    const message = new FixMessage('D', { 11: 'A-1', 58: 'x' })
    expect(() => message.set(11, 'A-2')).toThrow(DuplicateTagError)
    expect(
      () =>
        new FixMessage('D', [
          [11, 'a'],
          [11, 'b']
        ])
    ).toThrow(DuplicateTagError)
    expect(String(message.set(11, 'A-2', { replace: true }))).toBe('35=D|11=A-2|58=x|')
    expect(String(message.set(44, '1.5', { replace: true }))).toBe('35=D|11=A-2|58=x|44=1.5|')
  })

  it('tells what is there', () => {
    const message = new FixMessage('D', { 11: 'A-1' })
    expect([message.has(11), message.has(12), message.get(12)]).toEqual([true, false, undefined])
    expect(message.delete(12)).toBe(false)
    expect(message.delete(11)).toBe(true)
    expect(String(message)).toBe('35=D|')
    expect(message.msgSeqNum).toBeUndefined()
    expect(message.bytes).toBeUndefined()
    expect(message.garbled).toBe(false)
  })

  it('shows its fields in JSON and on a console, secrets masked', () => {
    const message = new FixMessage('D', { 11: 'A-1', 89: 'sig', 96: 'x' })
    message.addGroup(453, { 448: 'P' })
    const fields = [
      [35, 'D'],
      [11, 'A-1'],
      [96, 'x'],
      [453, '1'],
      [448, 'P'],
      [89, '***']
    ]
    expect(JSON.parse(JSON.stringify(message))).toEqual({ msgType: 'D', fields })
    expect(inspect(message)).toBe('FixMessage 35=D|11=A-1|96=x|453=1|448=P|89=***|')
    expect(String(message)).toBe('35=D|11=A-1|96=x|453=1|448=P|89=sig|')
    expect(inspect(new FixMessage('A', { 554: 'pass', 95: 3, 96: 'raw' }))).toBe('FixMessage 35=A|95=3|96=***|554=***|')
  })

  it('can be copied, and the copy is its own', () => {
    const message = new FixMessage('D', { 11: 'A-1' })
    message.addGroup(453, [[448, 'P']]).addGroup(802, [[523, 's']])
    const copy = message.clone()
    copy.set(58, 'x').groups(453)[0]?.set(448, 'Q', { replace: true })
    copy.groups(453)[0]?.groups(802)[0]?.delete(523)
    expect(String(message)).toBe('35=D|11=A-1|453=1|448=P|802=1|523=s|')
    expect(String(copy)).toBe('35=D|11=A-1|453=1|448=Q|802=1|58=x|')
  })

  it('does nothing on ack, unless somebody waits for it, and then once', () => {
    const message = new FixMessage('D')
    message.ack()
    let acks = 0
    message.onAck = () => acks++
    message.ack()
    message.ack()
    expect(acks).toBe(1)
  })
})

describe('a value', () => {
  it.each([
    ['text', 'text'],
    ['\u00e9\u00ff\u0080', '\u00e9\u00ff\u0080'],
    [0, '0'],
    [-0, '0'],
    [-12, '-12'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [123456789012345678901234567890n, '123456789012345678901234567890'],
    [true, 'Y'],
    [false, 'N'],
    [new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)), '20240229-01:02:03.004'],
    [Buffer.from([0x41, 0, 0xff]), 'A\u0000\u00ff'],
    [new Uint8Array([0x41, 0x42]).subarray(1), 'B']
  ])('%o is written', (value, text) => {
    expect(new FixMessage('D').set(58, value).get(58)).toBe(text)
  })

  it.each([
    ['a fraction', 1.5],
    ['an integer that is no longer exact', 2 ** 53],
    ['no number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a character above U+00FF', '\u0100'],
    ['SOH', 'a\u0001b'],
    ['SOH as a byte', Buffer.from('a\u0001b')],
    ['nothing', ''],
    ['no bytes', Buffer.alloc(0)],
    ['an invalid date', new Date(Number.NaN)],
    ['a date beyond year 9999', new Date(253_402_300_800_000)]
  ])('%s is refused', (_, value) => {
    const message = new FixMessage('D')
    expect(() => message.set(58, value)).toThrow(FieldValueError)
    expect(message.has(58)).toBe(false)
  })

  it.each([undefined, null, {}, []])('%o is refused in plain JavaScript', (value) => {
    expect(() => new FixMessage('D').set(58, value as unknown as string)).toThrow(FieldValueError)
  })

  it('may be empty where that is meant', () => {
    expect(String(new FixMessage('0').set(112, '', { allowEmpty: true }))).toBe('35=0|112=|')
  })

  it.each([0, -1, 1.5, Number.NaN, 1_000_000_000, '11' as unknown as number])('needs a tag: %o is none', (tag) => {
    expect(() => new FixMessage('D').set(tag, 'x')).toThrow(FieldValueError)
    expect(() => new FixMessage('D').addGroup(tag)).toThrow(FieldValueError)
  })
})

describe('a data field', () => {
  it('that is given as bytes gets its Length field', () => {
    const message = new FixMessage('B').set(96, Buffer.from('a\u0001b', 'latin1')).set(58, 'x')
    expect(String(message)).toBe('35=B|95=3|96=a|b|58=x|')
    expect(message.getData(96)).toEqual(Buffer.from('a\u0001b', 'latin1'))
  })

  it('that is given as text has the length that was given, made right and put before it', () => {
    expect(String(new FixMessage('B').set(95, 99).set(58, 'x').set(96, 'abc'))).toBe('35=B|58=x|95=3|96=abc|')
  })

  it('that is given as text without SOH may do without a length', () => {
    expect(String(new FixMessage('B').set(359, 'abc'))).toBe('35=B|359=abc|')
    expect(String(new FixMessage('B').set(359, 'a\u0001c'))).toBe('35=B|358=3|359=a|c|')
  })

  it('keeps its length right', () => {
    const message = new FixMessage('B').set(96, Buffer.from('abc'))
    expect(() => message.set(95, 4, { replace: true })).toThrow(FieldValueError)
    expect(String(message.set(95, 3, { replace: true }))).toBe('35=B|95=3|96=abc|')
    expect(String(message.set(96, 'hello', { replace: true }))).toBe('35=B|95=5|96=hello|')
  })

  it('goes together with its length', () => {
    const message = new FixMessage('B').set(96, Buffer.from('abc')).set(355, Buffer.from('x'))
    message.delete(96)
    expect(String(message)).toBe('35=B|354=1|355=x|')
    message.delete(354)
    expect(String(message)).toBe('35=B|')
  })
})

describe('a repeating group', () => {
  it('counts its entries', () => {
    const message = new FixMessage('D')
    message.addGroup(453, [
      [448, 'P1'],
      [447, 'D']
    ])
    message.addGroup(453, { 448: 'P2' }).set(452, 3)
    expect(String(message)).toBe('35=D|453=2|448=P1|447=D|448=P2|452=3|')
    expect(message.get(453)).toBe('2')
    expect(message.isGroup(453)).toBe(true)
    expect(message.isGroup(448)).toBe(false)
    expect(message.tags()).toEqual([35, 453])
    expect(message.get(448)).toBeUndefined()
  })

  it('has live entries with the same reads and writes, nested to any depth', () => {
    const message = new FixMessage('D')
    const party = message.addGroup(453, { 448: 'P' })
    party.addGroup(802, { 523: 's' }).set(803, 1)
    party.addGroup(802).set(523, 't')
    expect(message.groups(453)[0]).toBe(party)
    expect(
      message
        .groups(453)[0]
        ?.groups(802)
        .map((entry) => entry.get(523))
    ).toEqual(['s', 't'])
    expect(party.getInt(802)).toBe(2)
    expect(String(message)).toBe('35=D|453=1|448=P|802=2|523=s|803=1|523=t|')
    party.set(448, 'Q', { replace: true })
    expect(String(message)).toBe('35=D|453=1|448=Q|802=2|523=s|803=1|523=t|')
    expect(() => party.set(448, 'R')).toThrow(DuplicateTagError)
  })

  it('is empty where there is none', () => {
    const message = new FixMessage('D', { 453: 0 })
    expect(message.groups(453)).toEqual([])
    expect(message.groups(454)).toEqual([])
    expect(message.isGroup(454)).toBe(false)
    message.addGroup(453, { 448: 'P' })
    expect(String(message)).toBe('35=D|453=1|448=P|')
  })

  it('keeps its count from being set, and goes as a whole', () => {
    const message = new FixMessage('D')
    message.addGroup(453, { 448: 'P' })
    expect(() => message.set(453, 2, { replace: true })).toThrow(FieldValueError)
    expect(() => message.set(453, 2)).toThrow(DuplicateTagError)
    expect(message.delete(453)).toBe(true)
    expect(String(message)).toBe('35=D|')
  })

  it('does not grow out of flat fields', () => {
    const message = new FixMessage('D', [
      [453, 1],
      [448, 'P']
    ])
    expect(() => message.addGroup(453)).toThrow(DuplicateTagError)
  })

  it('is not begun by an entry that is refused', () => {
    const message = new FixMessage('D')
    expect(() => message.addGroup(453, { 448: '' })).toThrow(FieldValueError)
    expect(String(message)).toBe('35=D|')
  })
})

describe('typed reads', () => {
  const message = new FixMessage('8', {
    1: '10',
    2: '-007',
    3: 'x',
    4: '00023.230',
    5: 'Y',
    6: 'N',
    7: '20240229-01:02:03.004',
    8: '\u0082\u00a0',
    347: 'Shift_JIS'
  })

  it('give what is there, or undefined', () => {
    expect([message.getInt(1), message.getInt(2), message.getInt(99)]).toEqual([10, -7, undefined])
    expect([message.getDecimal(4), message.getDecimal(1), message.getDecimal(99)]).toEqual([
      '00023.230',
      '10',
      undefined
    ])
    expect([message.getBoolean(5), message.getBoolean(6), message.getBoolean(99)]).toEqual([true, false, undefined])
    expect(message.getUtcTimestamp(7)).toEqual(new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)))
    expect(message.getUtcTimestamp(99)).toBeUndefined()
    expect(message.getData(8)).toEqual(Buffer.from([0x82, 0xa0]))
    expect(message.getData(99)).toBeUndefined()
    expect(message.getText(8)).toBe('\u3042')
    expect(message.getText(99)).toBeUndefined()
  })

  it('refuse what is malformed', () => {
    for (const read of [
      () => message.getInt(3),
      () => message.getInt(4),
      () => message.getDecimal(3),
      () => message.getBoolean(1),
      () => message.getUtcTimestamp(1)
    ]) {
      expect(read).toThrow(FieldValueError)
    }
  })

  it.each(['', '+1', '1.0', ' 1', '1 ', '-', '0x1', '1e3', '9007199254740992', '\u0661'])('"%s" is no int', (text) => {
    expect(() => new FixMessage('8').set(1, text, { allowEmpty: true }).getInt(1)).toThrow(FieldValueError)
  })

  it.each(['0', '-0', '-1.50', '.5', '5.', '00', '123456789012345678901234567890.5'])('"%s" is a decimal', (text) => {
    expect(new FixMessage('8').set(1, text).getDecimal(1)).toBe(text)
  })

  it.each(['', '.', '-', '-.', '+1', '1,5', '1e3', '1.2.3', ' 1', '1-', '--1', 'NaN'])('"%s" is no decimal', (text) => {
    expect(() => new FixMessage('8').set(1, text, { allowEmpty: true }).getDecimal(1)).toThrow(FieldValueError)
  })

  it.each([
    ['ISO-2022-JP', [0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42]],
    ['EUC-JP', [0xa4, 0xa2]],
    ['Shift_JIS', [0x82, 0xa0]],
    ['SHIFT_JIS', [0x82, 0xa0]],
    ['UTF-8', [0xe3, 0x81, 0x82]]
  ])('decode text by MessageEncoding(347) %s, in entries of groups too', (encoding, bytes) => {
    const text = new FixMessage('B', { 347: encoding }).set(359, Buffer.from(bytes))
    const line = text.addGroup(33).set(355, Buffer.from(bytes))
    expect([text.getText(359), line.getText(355)]).toEqual(['\u3042', '\u3042'])
  })

  it('take text as latin1 where no encoding is named', () => {
    expect(new FixMessage('B', { 58: '\u00e9' }).getText(58)).toBe('\u00e9')
  })

  it('refuse an encoding that FIX does not name, and bytes that are wrong in one', () => {
    expect(() => new FixMessage('B', { 347: 'KOI8-R', 58: 'x' }).getText(58)).toThrow(FieldValueError)
    expect(() => new FixMessage('B', { 347: 'UTF-8', 58: '\u00e9' }).getText(58)).toThrow(FieldValueError)
  })
})
