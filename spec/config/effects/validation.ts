import { expect } from 'vitest'
import type { DriftKind } from '../../../lib/index.js'
import { accepted, answerTo, type Effects, theirLogon } from './world.js'

const good = '35=D|34=2|11=A|55=MSFT|54=1|60=20240102-00:00:00|38=100|40=1'
const dictionary = 'FIX.4.4'

/** Text(58) and RefTagID(371) of the Reject(3) that a message gets; nothing where it is let in. */
async function refusal(config: object, message: string): Promise<string | undefined> {
  const [answer] = await answerTo(config, message)
  const [, text, tag] = /^35=3.*\|58=([^|]*)(?:\|371=(\d+))?/.exec(answer ?? '') ?? []
  return text === undefined ? undefined : `${text} ${tag}`
}

/** With the dictionary's rules as they are, and with one option changed. */
async function both(message: string, change: object): Promise<(string | undefined)[]> {
  return [await refusal({ dictionary }, message), await refusal({ dictionary, ...change }, message)]
}

const fixt = { beginString: 'FIXT.1.1', defaultApplVerId: 'FIX.5.0SP2' } as const
const fixtLogon = `${theirLogon}|1137=9`

/** What becomes of a message in a FIXT.1.1 session: MsgTypes of the answers. */
async function inFixt(config: object, message: string): Promise<string[]> {
  const { us, them } = await accepted({ ...fixt, ...config }, {}, fixtLogon)
  await them.say(message)
  return us.seen.messages.length === 1 ? ['delivered'] : them.heard().map((text) => text.slice(0, 4))
}

const wrongChecksum = '8=FIX.4.4|9=58|35=1|34=2|49=BUYSIDE|52=20240102-00:00:00|56=BROKER|112=X|10=000|'
const withParties = `${good}|453=1|448=P|447=D|452=1`

export const validation: Effects = {
  dictionary: async () => {
    const groups = async (config: object) => {
      const { us, them } = await accepted(config)
      await them.say(withParties)
      return us.seen.messages[0]?.groups(453).map((party) => party.get(448))
    }
    expect(await groups({ dictionary })).toEqual(['P'])
    expect(await groups({})).toEqual([])
    expect(await refusal({}, '35=D|34=2|11=A')).toBeUndefined()
    expect(await refusal({ dictionary }, '35=D|34=2|11=A')).toMatch(/^Required tag missing/)
  },
  transportDictionary: async () => {
    // A venue's own: its TestRequest may have a field 9001.
    const transportDictionary = 'fixtures/config/venue-transport.xml'
    const noted = async (config: object) => {
      const { us, them } = await accepted({ ...fixt, ...config }, {}, fixtLogon)
      await them.say('35=1|34=2|112=X|9001=note')
      return [us.state, them.heard().map((text) => text.slice(0, 4))]
    }
    expect(await noted({ transportDictionary })).toEqual(['Active', ['35=0']])
    expect(await noted({ dictionary: 'FIX.5.0SP2' })).toEqual(['Active', ['35=3']])
  },
  appDictionaries: async () => {
    const order42 = '35=D|34=2|1128=4|11=A|21=1|55=MSFT|54=1|60=20240102-00:00:00|38=100|40=1'
    expect(await inFixt({ dictionary: 'FIX.5.0SP2' }, order42)).toEqual(['delivered'])
    expect(await inFixt({ appDictionaries: { 'FIX.4.2': 'FIX.4.2' } }, order42)).toEqual(['delivered'])
    expect(await inFixt({ appDictionaries: { 'FIX.5.0SP2': 'FIX.5.0SP2' } }, order42)).toEqual(['35=3'])
  },
  validateIncomingMessage: async () => {
    expect(await both('35=D|34=2|11=A', { validateIncomingMessage: false })).toEqual([
      'Required tag missing 40',
      undefined
    ])
  },
  rejectInvalidMessage: async () => {
    const missing = '35=D|34=2|11=A'
    const { us, them, warnings } = await accepted({ dictionary, rejectInvalidMessage: false })
    await them.say(missing)
    expect(them.heard()).toEqual([])
    expect(us.seen.messages.map((message) => message.get(11))).toEqual(['A'])
    expect(warnings.at(-1)).toBe(
      'Let in (rejectInvalidMessage: false): MsgType(35)=D MsgSeqNum(34)=2: Required tag missing (tag 40)'
    )
    expect(await refusal({ dictionary }, missing)).toBe('Required tag missing 40')
  },
  validateChecksum: async () => {
    expect(await answerTo({}, wrongChecksum)).toEqual([])
    expect(await answerTo({ validateChecksum: false }, wrongChecksum)).toEqual(['35=0|34=2|112=X'])
  },
  rejectGarbledMessage: async () => {
    expect(await answerTo({}, wrongChecksum)).toEqual([])
    expect((await answerTo({ rejectGarbledMessage: true }, wrongChecksum))[0]).toMatch(/^35=3\|34=2\|45=2\|58=/)
  },
  validateMsgType: async () => {
    const custom = '35=U1|34=2|58=x'
    expect(await refusal({ dictionary }, custom)).toBe('Invalid MsgType undefined')
    const { us, them } = await accepted({ dictionary, validateMsgType: false })
    await them.say(custom)
    expect(us.seen.messages.map((message) => message.get(58))).toEqual(['x'])
  },
  validateRequiredFields: async () => {
    expect(await both('35=D|34=2|11=A', { validateRequiredFields: false })).toEqual([
      'Required tag missing 40',
      undefined
    ])
  },
  validateConditionalFields: async () => {
    // A venue's own, in FIX Orchestra: a limit order has a price.
    const venue = { dictionary: 'fixtures/config/venue-orchestra.xml' }
    const header = '34=2|52=20240102-00:00:00'
    expect(await refusal(venue, `35=D|${header}|54=1|40=1`)).toBeUndefined()
    expect(await refusal(venue, `35=D|${header}|54=1|40=2`)).toBe('Required tag missing 44')
    expect(await refusal({ ...venue, validateConditionalFields: false }, `35=D|${header}|54=1|40=2`)).toBeUndefined()
  },
  validateFieldTypes: async () => {
    expect(await both(good.replace('38=100', '38=+100'), { validateFieldTypes: false })).toEqual([
      'Incorrect data format for value 38',
      undefined
    ])
  },
  validateRepeatedTags: async () => {
    expect(await both(`${good}|40=1`, { validateRepeatedTags: false })).toEqual([
      'Tag appears more than once 40',
      undefined
    ])
  },
  validateFieldsOutOfOrder: async () => {
    const late = `${good}|50=DESK`
    expect(await both(late, { validateFieldsOutOfOrder: false })).toEqual([
      'Tag specified out of required order 50',
      undefined
    ])
  },
  validateFieldsHaveValues: async () => {
    expect(await both(`${good}|58=`, { validateFieldsHaveValues: false })).toEqual([
      'Tag specified without a value 58',
      undefined
    ])
  },
  validateUserDefinedFields: async () => {
    expect(await both(`${good}|6001=x`, { validateUserDefinedFields: false })).toEqual([
      'Invalid tag number 6001',
      undefined
    ])
  },
  allowUnknownMsgFields: async () => {
    expect(await both(`${good}|150=0`, { allowUnknownMsgFields: true })).toEqual([
      'Tag not defined for this message type 150',
      undefined
    ])
  },
  allowUnknownEnumValues: async () => {
    expect(await both(good.replace('54=1', '54=Z'), { allowUnknownEnumValues: true })).toEqual([
      'Value is incorrect (out of range) for this tag 54',
      undefined
    ])
  },
  allowDrift: async () => {
    const { us, them, warnings } = await accepted({ dictionary, allowDrift: true })
    const told: DriftKind[] = []
    us.on('drift', (kind) => told.push(kind))
    const drifting = `${good.replace('54=1', '54=Z')}|453=2|448=P|9001=own|452=1|448=Q|150=0`
    await them.say(drifting, drifting.replace('34=2', '34=3').replace('9001=own', '9001=again'))
    expect(them.heard()).toEqual([])
    const parties = us.seen.messages.map((message) => message.groups(453).map((party) => party.get(448)))
    expect(parties).toEqual([
      ['P', 'Q'],
      ['P', 'Q']
    ])
    expect(told.map(({ msgType, tag, reason, firstValue }) => `${msgType} ${tag} ${reason} ${firstValue}`)).toEqual([
      'D 54 unknownValue Z',
      'D 9001 unknownTag own',
      'D 150 tagNotDefinedForMessage 0'
    ])
    expect(warnings.filter((text) => text.startsWith('Drift'))).toEqual([
      'Drift, let in and told once (allowDrift): MsgType(35)=D has a value that the dictionary does not list: 54=Z',
      'Drift, let in and told once (allowDrift): MsgType(35)=D has a tag that the dictionary does not know: 9001=own',
      'Drift, let in and told once (allowDrift): MsgType(35)=D has a tag that the dictionary does not define for it: 150=0'
    ])
    expect(us.drift.summary.map(({ msgType, tag, count }) => [msgType, tag, count])).toEqual([
      ['D', 54, 2],
      ['D', 150, 2],
      ['D', 9001, 2]
    ])
    expect(await refusal({ dictionary }, drifting)).toBe('Value is incorrect (out of range) for this tag 54')
  },
  validateGroupCounts: async () => {
    expect(await both(`${good}|453=2|448=P`, { validateGroupCounts: false })).toEqual([
      'Incorrect NumInGroup count for repeating group 453',
      undefined
    ])
  },
  validateGroupDelimiters: async () => {
    expect(await both(`${good}|453=1|447=D|452=1`, { validateGroupDelimiters: false })).toEqual([
      'The group 453 must set the delimiter field 448 447',
      undefined
    ])
  },
  missingDelimiterReason: async () => {
    const missing = `${good}|453=1|447=D|452=1`
    const at15 = ['The group 453 must set the delimiter field 448 447']
    const at99 = ["Group 453's first entry does not start with delimiter 448 453"]
    expect(await both(missing, { missingDelimiterReason: 99 })).toEqual([...at15, ...at99])
    // QuickFIX/n answers so; the others do not.
    expect(await both(missing, { dialect: 'quickfixn' })).toEqual([...at15, ...at99])
    expect(await both(missing, { dialect: 'quickfixj' })).toEqual([...at15, ...at15])
    expect(await both(missing, { dialect: 'quickfixn', missingDelimiterReason: 15 })).toEqual([...at15, ...at15])
  },
  validateUnorderedGroupFields: async () => {
    const unordered = `${good}|453=1|448=P|452=1|447=D`
    expect(await both(unordered, { validateUnorderedGroupFields: false })).toEqual([
      'Out of order repeating group members 447',
      undefined
    ])
  },
  firstFieldInGroupIsDelimiter: async () => {
    const other = `${good}|453=1|447=D|448=P|452=1`
    const change = { firstFieldInGroupIsDelimiter: true, validateUnorderedGroupFields: false }
    const [strict, lenient] = await both(other, change)
    expect(strict).toBeDefined()
    expect(lenient).toBeUndefined()
    expect(await refusal({ dictionary, validateUnorderedGroupFields: false }, other)).toBeDefined()
    const { us, them } = await accepted({ dictionary, ...change })
    await them.say(`${good}|453=2|447=D|448=P|452=1|447=D|448=Q`)
    expect(us.seen.messages[0]?.groups(453).map((party) => party.get(448))).toEqual(['P', 'Q'])
  }
}
