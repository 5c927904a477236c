import { describe, expect, it } from 'vitest'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import { FieldValueError } from '../../lib/fix/errors.js'
import { FixMessage } from '../../lib/fix/message.js'
import { received } from './wire.js'

const dictionary = Dictionary.loadSync('FIX.4.4')
const order = received(
  '35=D|49=A|56=B|34=7|52=20240102-10:11:12|11=ID|453=1|448=FIRM|452=1|802=1|523=DESK|803=1|55=X|54=1|18=2 5|5001=own|40=2|44=10.50|95=3|96=a\u0001b|',
  dictionary,
  'FIX.4.4'
)

describe('a message for people', () => {
  it('is a tree with names of fields and values', () => {
    expect(dictionary.describe(order)).toBe(`NewOrderSingle(D)
  BeginString(8) = FIX.4.4
  BodyLength(9) = 141
  MsgType(35) = D NewOrderSingle
  SenderCompID(49) = A
  TargetCompID(56) = B
  MsgSeqNum(34) = 7
  SendingTime(52) = 20240102-10:11:12
  ClOrdID(11) = ID
  NoPartyIDs(453) = 1
    [0]
      PartyID(448) = FIRM
      PartyRole(452) = 1 EXECUTING_FIRM
      NoPartySubIDs(802) = 1
        [0]
          PartySubID(523) = DESK
          PartySubIDType(803) = 1 FIRM
  Symbol(55) = X
  Side(54) = 1 BUY
  ExecInst(18) = 2 5 WORK HELD
  Unknown field(5001) = own
  OrdType(40) = 2 LIMIT
  Price(44) = 10.50
  RawDataLength(95) = 3
  RawData(96) = a\\x01b
  CheckSum(10) = ${order.get(10)}`)
  })

  it('does not show secrets unless asked', () => {
    const logon = received('35=A|34=1|98=0|108=30|95=3|96=key|553=me|554=pass|', dictionary, 'FIX.4.4')
    const shown = dictionary.describe(logon)
    expect(shown).toContain('Password(554) = ***')
    expect(shown).toContain('RawData(96) = ***')
    expect(shown).toContain('Username(553) = me')
    expect(dictionary.describe(logon, { secrets: true })).toContain('Password(554) = pass')
  })

  it('of an unknown type is a tree all the same', () => {
    expect(dictionary.describe(new FixMessage('UX', { 58: 'two\nlines' }))).toBe(
      'Unknown message(UX)\n  MsgType(35) = UX\n  Text(58) = two\\x0alines'
    )
  })

  it('is JSON by name, groups nested, unknown tags by number', () => {
    expect(dictionary.toJson(order)).toEqual({
      Header: {
        BeginString: 'FIX.4.4',
        BodyLength: '141',
        MsgType: 'D',
        SenderCompID: 'A',
        TargetCompID: 'B',
        MsgSeqNum: '7',
        SendingTime: '20240102-10:11:12'
      },
      Body: {
        ClOrdID: 'ID',
        NoPartyIDs: [{ PartyID: 'FIRM', PartyRole: '1', NoPartySubIDs: [{ PartySubID: 'DESK', PartySubIDType: '1' }] }],
        Symbol: 'X',
        Side: '1',
        ExecInst: '2 5',
        5001: 'own',
        OrdType: '2',
        Price: '10.50',
        RawDataLength: '3',
        RawData: 'a\u0001b'
      },
      Trailer: { CheckSum: order.get(10) }
    })
  })

  it('is read back from JSON, also from what others write', () => {
    const json: unknown = JSON.parse(JSON.stringify(dictionary.toJson(order)))
    expect(dictionary.toJson(dictionary.fromJson(json))).toEqual(json)
    const other = {
      Header: { 35: 'D' },
      Body: { 11: 'ID', OrderQty: 100, SolicitedFlag: true, NoPartyIDs: [{ 448: 'P' }], NoAllocs: [] }
    }
    expect(dictionary.fromJson(other).toString()).toBe('35=D|11=ID|38=100|377=Y|453=1|448=P|78=0|')
  })

  it.each<[string, unknown]>([
    ['an object with Header, Body and Trailer', null],
    ['an object with Header, Body and Trailer', [1]],
    ['a Header with MsgType', {}],
    ['MsgType as text', { Header: { MsgType: 5 } }],
    ['the name of a field or a tag', { Header: { MsgType: 'D' }, Body: { Prize: '1' } }],
    ['text, a whole number', { Header: { MsgType: 'D' }, Body: { Price: 1.5 } }],
    ['text, a whole number', { Header: { MsgType: 'D' }, Body: { Price: null } }],
    ['an array of objects', { Header: { MsgType: 'D' }, Body: { NoPartyIDs: ['x'] } }],
    ['an object of fields', { Header: { MsgType: 'D' }, Body: 'x' }],
    ['text without SOH', { Header: { MsgType: 'D' }, Body: { Symbol: 'a\u0001b' } }]
  ])('is not read from anything else: %s', (expected, json) => {
    expect(() => dictionary.fromJson(json)).toThrow(FieldValueError)
    expect(() => dictionary.fromJson(json)).toThrow(expected)
  })

  it('is not read from groups without end', () => {
    let entry: Record<string, unknown> = { PartyID: 'x' }
    for (let i = 0; i < 5000; i++) entry = { NoPartyIDs: [entry] }
    expect(() => dictionary.fromJson({ Header: { MsgType: 'D' }, Body: entry })).toThrow('groups at most 32 deep')
  })
})
