import { describe, expect, it } from 'vitest'
import { Codec } from '../../lib/codec/codec.js'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import { builtInVersions } from '../../lib/dictionary/facts.js'
import { modelOf } from '../../lib/dictionary/generate/model.js'
import { tagsByProperty } from '../../lib/dictionary/typed/property-name.js'
import { FixMessage } from '../../lib/fix/message.js'
import * as fix42 from '../../lib/versions/fix42/index.js'
import {
  ExecInst,
  ExecutionReport,
  Logon,
  type Message,
  MsgType,
  NewOrderSingle,
  News,
  OrdType,
  PartyIDSource,
  PartyRole,
  PartySubIDType,
  Side,
  Tag
} from '../../lib/versions/fix44/index.js'
import * as fix50sp2 from '../../lib/versions/fix50sp2/index.js'
import { received } from './wire.js'

const transactTime = new Date('2024-01-02T10:11:12.123Z')
const required = { clOrdId: 'A-1', side: Side.Buy, ordType: OrdType.Limit, transactTime }

/** Compiles or does not; what happens at run time is another matter. */
function compiles(_: () => unknown): void {}

describe('a typed message', () => {
  it('is made from properties, values written as the field has them', () => {
    const order = new NewOrderSingle({
      ...required,
      symbol: 'MSFT',
      price: '10.250',
      orderQty: 100n,
      execInst: [ExecInst.Work, ExecInst.Held],
      maxFloor: { toFixed: () => '7.5' },
      encodedText: Buffer.from([2, 3]),
      partyIds: [
        { partyRole: PartyRole.ExecutingFirm, partyIdSource: PartyIDSource.Proprietary, partyId: 'FIRM' },
        { partyId: 'TRADER', partySubIds: [{ partySubId: 'DESK', partySubIdType: PartySubIDType.Firm }] }
      ],
      solicitedFlag: true,
      account: undefined
    })
    expect(order).toBeInstanceOf(FixMessage)
    const fields =
      '11=A-1|54=1|40=2|60=20240102-10:11:12.123|55=MSFT|44=10.250|38=100|18=2 5|111=7.5|354=2|355=\u0002\u0003|'
    const groups = '453=2|448=FIRM|452=1|447=D|448=TRADER|802=1|523=DESK|803=1|377=Y|'
    expect(order.toString()).toBe(`35=D|${fields}${groups}`)
  })

  it('takes FIX names for properties too, and refuses unknown ones where the compiler was not asked', () => {
    expect(new NewOrderSingle({ ...required, Symbol: 'X' } as never).get(Tag.Symbol)).toBe('X')
    expect(() => new NewOrderSingle({ ...required, symbl: 'X' } as never)).toThrow(/"symbl"/)
    expect(() => new NewOrderSingle({ ...required, price: 10.25 } as never)).toThrow(/Tag 44: expected an integer/)
  })

  it('is told by its type, at run time as well', () => {
    const order: FixMessage = new NewOrderSingle(required)
    expect([NewOrderSingle.is(order), ExecutionReport.is(order), NewOrderSingle.msgType]).toEqual([true, false, 'D'])
    expect([order instanceof NewOrderSingle, order instanceof ExecutionReport]).toEqual([true, false])
    expect({} instanceof NewOrderSingle).toBe(false)
  })

  it('is read by tag with the types of its fields, when received too', () => {
    const dictionary = Dictionary.loadSync('FIX.4.4')
    const message = received(
      '35=8|34=1|49=A|52=20240102-10:11:12|56=B|37=O|17=E|150=F|39=1|55=X|54=1|151=1|14=1|6=10.5|453=1|448=P|452=11|',
      dictionary,
      'FIX.4.4'
    )
    if (!ExecutionReport.is(message)) throw new Error('expected an ExecutionReport')
    const orderId: string = message.get(Tag.OrderID)
    const side: Side = message.get(Tag.Side)
    const average: string = message.getDecimal(Tag.AvgPx)
    const price: string | undefined = message.getDecimal(Tag.Price)
    const type: '8' = message.msgType
    const role: PartyRole | undefined = message.groups(Tag.NoPartyIDs)[0]?.get(Tag.PartyRole)
    const party: string | undefined = message.groups(Tag.NoPartyIDs)[0]?.get(Tag.PartyID)
    const unknown: string | undefined = message.get(20_000)
    expect([orderId, side, average, price, type, role, party, unknown]).toEqual([
      'O',
      Side.Buy,
      '10.5',
      undefined,
      '8',
      PartyRole.OrderOriginationTrader,
      'P',
      undefined
    ])
    // @ts-expect-error Price(44) is not required in an ExecutionReport.
    compiles(() => message.get(Tag.Price).length)
    // @ts-expect-error AvgPx(6) is text, never a number.
    compiles(() => message.get(Tag.AvgPx) + 1 < 3)
    // @ts-expect-error a Side is compared with something that is none.
    compiles(() => message.get(Tag.Side) === OrdType.Pegged)
  })

  it('is narrowed by its type where messages are a union', () => {
    const read = (message: Message): string => {
      switch (message.msgType) {
        case MsgType.NewOrderSingle:
          return message.get(Tag.ClOrdID)
        case MsgType.News:
          return message.get(Tag.Headline)
        default:
          // @ts-expect-error ClOrdID(11) is not required in every other message.
          return message.get(Tag.ClOrdID)
      }
    }
    expect(read(new NewOrderSingle(required))).toBe('A-1')
    expect(read(new News({ headline: 'H', linesOfText: [{ text: 'T' }] }))).toBe('H')
  })

  it('is not compiled without what is required, or with what does not exist', () => {
    // @ts-expect-error Side(54) is missing.
    compiles(() => new NewOrderSingle({ clOrdId: 'A', ordType: OrdType.Limit, transactTime }))
    // @ts-expect-error there is no such Side.
    compiles(() => new NewOrderSingle({ ...required, side: 'Z' }))
    // @ts-expect-error a price is never a JavaScript number.
    compiles(() => new NewOrderSingle({ ...required, price: 10.25 }))
    // @ts-expect-error there is no such field.
    compiles(() => new NewOrderSingle({ ...required, prize: '10.25' }))
    // @ts-expect-error the value of another field.
    compiles(() => new NewOrderSingle({ ...required, side: OrdType.Pegged }))
    // @ts-expect-error an entry without its delimiter, PartyID(448).
    compiles(() => new NewOrderSingle({ ...required, partyIds: [{ partyRole: PartyRole.ExecutingFirm }] }))
    // @ts-expect-error one value where there are several.
    compiles(() => new NewOrderSingle({ ...required, execInst: ExecInst.Work }))
    // @ts-expect-error a Boolean is no text.
    compiles(() => new NewOrderSingle({ ...required, solicitedFlag: 'Y' }))
    // @ts-expect-error the session sets MsgSeqNum(34) itself.
    compiles(() => new NewOrderSingle({ ...required, msgSeqNum: 5 }))
    // @ts-expect-error a group of the required component is required in News.
    compiles(() => new News({ headline: 'x' }))
    // @ts-expect-error ExecutionReport has no such field.
    compiles(() => new ExecutionReport({ headline: 'x' }))
    compiles(() => new NewOrderSingle({ ...required, transactTime: '20240102-10:11:12.123456' }))
    compiles(() => new NewOrderSingle({ ...required, execInst: [ExecInst.Work], targetSubId: 'X', possResend: true }))
    compiles(() => new Logon({ encryptMethod: '0', heartBtInt: 30 }))
  })

  it("of another version has that version's fields", () => {
    const old = new fix42.NewOrderSingle({
      clOrdId: 'A',
      handlInst: '1',
      symbol: 'X',
      side: fix42.Side.Buy,
      transactTime,
      ordType: fix42.OrdType.Market
    })
    expect(old.get(fix42.Tag.HandlInst)).toBe('1')
    // @ts-expect-error HandlInst(21) and Symbol(55) are required in FIX 4.2.
    compiles(() => new fix42.NewOrderSingle(required))
    const deep = new fix50sp2.NewOrderSingle({
      ...required,
      ordType: fix50sp2.OrdType.Limit,
      complexEvents: [{ complexEventType: fix50sp2.ComplexEventType.Capped }]
    })
    expect(deep.groups(fix50sp2.Tag.NoComplexEvents)).toHaveLength(1)
  })

  it('is encoded and validated like any other', () => {
    const dictionary = Dictionary.loadSync('FIX.4.4')
    const codec = new Codec({ beginString: 'FIX.4.4', dictionary })
    const order = new NewOrderSingle({
      ...required,
      orderQty: '1',
      partyIds: [{ partyRole: PartyRole.ExecutingFirm, partyId: 'P', partyIdSource: PartyIDSource.Proprietary }]
    })
    const bytes = codec.encode(order, { senderCompId: 'A', targetCompId: 'B', msgSeqNum: 1, sendingTime: transactTime })
    const [message] = codec.push(bytes)
    if (message === undefined || message.garbled) throw new Error('garbled')
    expect(dictionary.validate(message)).toEqual([])
    expect(message.toString()).toContain('|453=1|448=P|447=D|452=1|')
    // Header fields may be given anywhere, as everything else.
    const routed = new NewOrderSingle({ ...required, orderQty: '1', targetSubId: 'DESK', onBehalfOfCompId: 'FIRM' })
    expect(dictionary.validate(routed)).toEqual([])
  })
})

describe('the constants of a version', () => {
  it.each([
    ['FIX.4.4', Tag],
    ['FIX.4.2', fix42.Tag],
    ['FIX.5.0SP2', fix50sp2.Tag]
  ] as const)('of %s are those of its dictionary', (version, tags) => {
    const dictionary = Dictionary.loadSync(version)
    expect(Object.values(tags)).toEqual(dictionary.tags)
    for (const [name, tag] of Object.entries(tags)) expect(dictionary.field(tag)?.name).toBe(name)
  })

  it.each(builtInVersions)('and properties of %s mean the same to the compiler and at run time', (version) => {
    const model = modelOf(Dictionary.loadSync(version))
    const atRunTime = tagsByProperty(Object.fromEntries(model.tags))
    for (const [property, tag] of model.properties) expect([property, atRunTime.get(property)]).toEqual([property, tag])
  })

  it('stand for one field each as properties', () => {
    const properties = tagsByProperty(fix50sp2.Tag)
    expect([
      properties.get('clOrdId'),
      properties.get('partyIds'),
      properties.get('noPartyIds'),
      properties.get('NoPartyIDs')
    ]).toEqual([11, 453, 453, 453])
  })
})
