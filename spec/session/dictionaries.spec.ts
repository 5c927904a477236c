import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import {
  type Drift,
  type DriftKind,
  FixDictionaryError,
  FixEngine,
  FixMessage,
  FixSession,
  type Logger,
  type SessionConfig
} from '../../lib/index.js'
import { gapfill } from '../cli/recording-io.js'
import { silent } from '../support/two-sessions.js'

/* Sessions with dictionaries of their users, over TCP, from a config file. */

const folder = mkdtempSync(join(tmpdir(), 'gapfill-dictionaries-'))
afterAll(() => rmSync(folder, { recursive: true }))

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** An acceptor of a config file, and an initiator with the same options. */
async function pair(
  options: object,
  ours: object = {},
  logger: Logger = silent
): Promise<{ acceptor: FixSession; initiator: FixSession }> {
  const file = join(folder, 'config', 'sessions.json')
  const common = { journal: { path: ':memory:' }, heartBtInt: 30, ...options }
  const session = { role: 'acceptor', senderCompId: 'BROKER', targetCompId: 'BUYSIDE', port: 0, ...ours }
  writeFileSync(file, JSON.stringify({ defaults: common, sessions: [session] }))
  const engine = new FixEngine(file, { logger })
  stops.push(() => engine.stop())
  await engine.start()
  const [acceptor] = engine.sessions.values()
  if (acceptor === undefined) throw new Error('no session')
  const { dictionary } = acceptor.config
  const initiator = new FixSession(
    {
      role: 'initiator',
      senderCompId: 'BUYSIDE',
      targetCompId: 'BROKER',
      host: '127.0.0.1',
      port: acceptor.listeningPort ?? 0,
      ...common,
      ...(dictionary === undefined ? {} : { dictionary })
    } as SessionConfig,
    { logger: silent }
  )
  stops.push(() => initiator.stop())
  await initiator.connect()
  return { acceptor, initiator }
}

/** What comes next: a message, or the Reject that it was answered with. */
async function said(acceptor: FixSession, initiator: FixSession, message: FixMessage): Promise<FixMessage> {
  const outcome = new Promise<FixMessage>((resolve) => {
    acceptor.once('message', resolve)
    initiator.once('reject', resolve)
  })
  initiator.send(message)
  const came = await outcome
  acceptor.removeAllListeners('message')
  initiator.removeAllListeners('reject')
  return came
}

mkdirSync(join(folder, 'config'))
writeFileSync(
  join(folder, 'config', 'broker-FIX44.xml'),
  `<fix extends="FIX.4.4">
    <messages>
      <message name="BasketQuote" msgtype="UBQ" msgcat="app"><field name="BasketID" required="Y"/><component name="Legs" required="Y"/></message>
      <message name="ExecutionReport" msgtype="8"><field name="VenueFlag" required="N"/></message>
    </messages>
    <components>
      <component name="Legs"><group name="NoBasketLegs" required="Y"><field name="LegName" required="Y"/><component name="Prices" required="N"/></group></component>
      <component name="Prices"><group name="NoBasketPrices" required="N"><field name="BasketPrice" required="Y"/><field name="PriceKind" required="N"/></group></component>
    </components>
    <fields>
      <field number="5001" name="BasketID" type="STRING"/><field number="5002" name="NoBasketLegs" type="NUMINGROUP"/>
      <field number="5003" name="LegName" type="STRING"/><field number="5004" name="NoBasketPrices" type="NUMINGROUP"/>
      <field number="5005" name="BasketPrice" type="PRICE"/><field number="5006" name="PriceKind" type="CHAR"><value enum="B" description="BID"/></field>
      <field number="20001" name="VenueFlag" type="BOOLEAN"/>
    </fields>
  </fix>`
)

const broker = { beginString: 'FIX.4.4', dictionary: './broker-FIX44.xml' }

function basket(price = '10.25'): FixMessage {
  const message = new FixMessage('UBQ', { 5001: 'B-1' })
  for (const name of ['MSFT', 'INTC']) {
    const leg = message.addGroup(5002, { 5003: name })
    // The codec puts the delimiter first.
    leg.addGroup(5004, [
      [5006, 'B'],
      [5005, price]
    ])
    leg.addGroup(5004, { 5005: '11' })
  }
  return message
}

describe("a session with a broker's dictionary beside its config file", () => {
  it('carries messages, components and groups that only that dictionary has', async () => {
    const { acceptor, initiator } = await pair(broker)
    expect(acceptor.config.dictionary).toBe(join(folder, 'config', 'broker-FIX44.xml'))
    const came = await said(acceptor, initiator, basket())
    expect(came.msgType).toBe('UBQ')
    expect(
      came.groups(5002).map((leg) => [leg.get(5003), ...leg.groups(5004).map((price) => price.getDecimal(5005))])
    ).toEqual([
      ['MSFT', '10.25', '11'],
      ['INTC', '10.25', '11']
    ])
  })

  it('refuses what that dictionary refuses', async () => {
    const { acceptor, initiator } = await pair(broker)
    const refused = await said(acceptor, initiator, basket('ten'))
    expect([refused.msgType, refused.get(372), refused.get(371), refused.get(373)]).toEqual(['3', 'UBQ', '5005', '6'])
    expect((await said(acceptor, initiator, basket())).msgType).toBe('UBQ')
  })

  it('is not made when the dictionary cannot be used; check says where the fault is', async () => {
    const bad = join(folder, 'config', 'bad.xml')
    writeFileSync(
      bad,
      '<fix extends="FIX.4.4">\n<messages><message name="M" msgtype="U9"><field name="Sied" required="Y"/></message></messages></fix>'
    )
    const session = { role: 'acceptor', senderCompId: 'A', targetCompId: 'B', port: 0 }
    const file = join(folder, 'config', 'bad.json')
    const defaults = { beginString: 'FIX.4.4', dictionary: './bad.xml' }
    writeFileSync(file, JSON.stringify({ defaults, sessions: [session, { ...session, targetCompId: 'C' }] }))
    expect(() => new FixEngine(file, { logger: silent })).toThrow(FixDictionaryError)
    const line = `${bad}:2: <field>: undefined field Sied; did you mean Side?`
    expect(await gapfill(['check', file])).toEqual({
      status: 1,
      stdout: `${line}\n`,
      stderr: `gapfill check: 1 mistake in ${file}\n`
    })
  })

  it('warns of what is odd in it, and of one for another version', () => {
    const odd = join(folder, 'config', 'odd.xml')
    writeFileSync(
      odd,
      '<fix extends="FIX.4.2"><messages><message name="News" msgtype="B"><field name="Text" required="N"/><field name="Text" required="N"/></message></messages></fix>'
    )
    const warnings: string[] = []
    const warn = (fields: object | string, text?: string) => warnings.push(text ?? String(fields))
    new FixSession(
      {
        role: 'acceptor',
        beginString: 'FIX.4.4',
        senderCompId: 'A',
        targetCompId: 'B',
        port: 0,
        dictionary: odd,
        journal: { path: ':memory:' }
      },
      { logger: { ...silent, warn } }
    )
    expect(warnings).toEqual([
      'dictionary: expected one for FIX.4.4, got one for FIX.4.2. Choose another unless it is meant.',
      `Odd in the dictionary, ${odd}:1: <field>: Text is listed twice here; the first place counts.`
    ])
  })
})

describe('drift of a counterparty', () => {
  it('costs no fill, and is told once by event, log and summary', async () => {
    const lines: string[] = []
    const warn = (fields: object | string, text?: string) => lines.push(text ?? String(fields))
    const { acceptor, initiator } = await pair(
      { beginString: 'FIX.4.4', dictionary: 'FIX.4.4' },
      { allowDrift: true },
      { ...silent, warn }
    )
    const kinds: DriftKind[] = []
    acceptor.on('drift', (kind) => kinds.push(kind))
    const fill = (execId: string) => {
      const message = new FixMessage('8', {
        6: '10',
        14: 1,
        17: execId,
        37: 'O',
        39: '2',
        54: '1',
        55: 'X',
        150: 'F',
        151: 0
      })
      const party = message.addGroup(453, { 448: 'P' })
      party.set(9001, 'own').set(452, 1)
      message.addGroup(453, { 448: 'Q' })
      return message.set(20001, 'Y').set(18, 'no such value').set(262, 'of another message')
    }
    for (const execId of ['E1', 'E2', 'E3']) {
      const came = await said(acceptor, initiator, fill(execId))
      const parties = came.groups(453).map((party) => party.get(448))
      expect([came.msgType, came.get(17), parties]).toEqual(['8', execId, ['P', 'Q']])
      expect([came.groups(453)[0]?.get(9001), came.get(9001)]).toEqual(['own', undefined])
    }
    const told = ['18 unknownValue', '262 tagNotDefinedForMessage', '9001 unknownTag', '20001 unknownTag']
    expect(kinds.map(({ tag, reason }) => `${tag} ${reason}`).sort()).toEqual([...told].sort())
    expect(lines.filter((line) => line.startsWith('Drift'))).toHaveLength(4)
    const { drift }: { drift: Drift } = acceptor
    expect(drift.summary.map(({ msgType, tag, count }) => [msgType, tag, count])).toEqual([
      ['8', 18, 3],
      ['8', 262, 3],
      ['8', 9001, 3],
      ['8', 20001, 3]
    ])
    expect(initiator.drift.summary).toEqual([])
  })
})

describe('a FIXT.1.1 session', () => {
  it('mixes application versions, each message by its ApplVerID(1128) or the default', async () => {
    writeFileSync(
      join(folder, 'config', 'venue-sp2.xml'),
      '<fix extends="FIX.5.0SP2"><messages><message name="NewOrderSingle" msgtype="D"><field name="VenueKey" required="Y"/></message></messages><fields><field number="20001" name="VenueKey" type="STRING"/></fields></fix>'
    )
    const appDictionaries = { 'FIX.5.0SP2': './venue-sp2.xml', 'FIX.4.2': 'FIX.4.2', 'FIX.5.0': 'FIX.5.0' }
    const { acceptor, initiator } = await pair(
      { beginString: 'FIXT.1.1', defaultApplVerId: 'FIX.5.0SP2' },
      { appDictionaries }
    )
    const order = { 11: 'A', 55: 'X', 54: '1', 60: new Date(0), 38: 1, 40: '1' }
    const outcome = async (fields: object): Promise<string> => {
      const came = await said(acceptor, initiator, new FixMessage('D', { ...order, ...fields }))
      return came.msgType === '3' ? `${came.get(373)} ${came.get(371)}` : came.msgType
    }
    expect(await outcome({ 20001: 'k' })).toBe('D')
    expect(await outcome({})).toBe('1 20001')
    // HandlInst(21) is required in FIX 4.2, MaturityTime(1079) came with FIX 5.0.
    expect(await outcome({ 1128: '4', 21: '1' })).toBe('D')
    expect(await outcome({ 1128: '4' })).toBe('1 21')
    expect(await outcome({ 1128: '4', 21: '1', 1079: '10:00Z' })).toBe('0 1079')
    expect(await outcome({ 1128: '7', 1079: '10:00Z' })).toBe('D')
    expect(await outcome({ 1128: '9', 20001: 'k', 1079: '10:00Z' })).toBe('D')
    expect(await outcome({ 1128: '6' })).toBe('18 1128')
    expect(acceptor.state).toBe('Active')
  })
})
