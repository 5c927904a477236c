import { expect } from 'vitest'
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
