import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  FixEngine,
  FixMessage,
  FixSession,
  type Journal,
  parseConfig,
  type SessionConfig,
  type SessionParts,
  SqliteJournal
} from '../../lib/index.js'
import { Counterparty } from '../support/counterparty.js'
import { temporaryDirectory } from '../support/journal.js'
import { outcome, type SeenSession, TwoSessions } from '../support/two-sessions.js'
import { EverythingSaid, HUSH } from './everything-said.js'

/*
 * DESIGN, law 7: passwords and signatures never reach a log or a console; the journal's Logon has none. Whole sessions, with a
 * secret wherever one can be and with what goes wrong about them, then a search through all that was written.
 */

const secret = (name: string): string => `${HUSH}-${name}`

/** Of an initiator: a secret in every place that the config has for one. */
const secrets = {
  username: 'trader',
  password: secret('password'),
  logonFields: [
    [93, String(secret('signature').length)],
    [89, secret('signature')],
    [95, String(secret('raw').length)],
    [96, secret('raw')],
    [925, secret('new-password')],
    [1402, secret('encrypted')],
    [1404, secret('new-encrypted')]
  ],
  tls: { enabled: false, passphrase: secret('passphrase') }
} as const satisfies Partial<SessionConfig>

/** FIX 4.4 has no EncryptedPassword(1402). */
const lax = { allowUnknownMsgFields: true, validateUserDefinedFields: false, validateRequiredFields: false } as const

/** The same as a counterparty says it. */
const credentials = `553=trader|554=${secret('password')}|925=${secret('new-password')}|93=14|89=${secret('signature')}`
const logon = `35=A|34=1|98=0|108=30|${credentials}|95=8|96=${secret('raw')}`

let folder: string
let everything: EverythingSaid
let two: TwoSessions
let sessions: SeenSession[]
let journals: Journal[]

beforeEach(() => {
  folder = temporaryDirectory()
  everything = new EverythingSaid(folder)
  two = new TwoSessions()
  sessions = []
  journals = []
})

afterEach(async () => {
  const stopped = Promise.all(sessions.map((session) => session.stop().catch(() => {})))
  await two.pass(10)
  await stopped
  for (const journal of journals) await journal.close()
})

/** Files of the session's own in the folder; it logs all there is to a file and to a logger that is brought, in turn. */
function known(session: 'broker' | 'buyside', parts: SessionParts, logsToFile: boolean) {
  const journal = new SqliteJournal({ path: `${folder}/${session}.db` })
  journals.push(journal)
  const config = { log: { level: 'debug', messages: true, file: `${folder}/${session}.log` } } as const
  return { config, parts: { journal, logger: logsToFile ? undefined : everything.logger, ...parts } }
}

function acceptor(config: Partial<SessionConfig> = {}, parts: SessionParts = {}, logsToFile = false): SeenSession {
  const own = known('broker', parts, logsToFile)
  return follow(two.acceptor({ ...own.config, ...config } as Partial<SessionConfig>, own.parts))
}

function initiator(config: Partial<SessionConfig> = {}, parts: SessionParts = {}, logsToFile = false): SeenSession {
  const own = known('buyside', parts, logsToFile)
  return follow(two.initiator({ ...own.config, ...secrets, ...config } as Partial<SessionConfig>, own.parts))
}

function follow(session: SeenSession): SeenSession {
  sessions.push(session)
  everything.follow(session)
  return session
}

/** A session with a dictionary tells what it finds wrong with a Logon, too. */
describe.each([
  ['a logger of the application', false, undefined],
  ['a log file', true, undefined],
  ['a dictionary', false, 'FIX.4.4']
])('with %s', (_, logsToFile, dictionary) => {
  const config = (dictionary === undefined ? {} : { dictionary, ...lax }) as Partial<SessionConfig>

  /** Runs both sides for a while; answers what the acceptor was told as the password. */
  async function run(broker: SeenSession, buySide: SeenSession): Promise<void> {
    await broker.connect()
    everything.hear(broker, buySide, outcome(buySide.connect()))
    await two.pass(3)
    for (const session of [broker, buySide]) everything.hear(...session.seen.errors, session, session.config)
    for (const message of [...broker.seen.messages, ...buySide.seen.messages]) everything.hear(message)
  }

  it('two sessions that log on, trade, reset and log out', async () => {
    const told: (string | undefined)[] = []
    const authenticate: SessionParts['authenticate'] = (message, peer) => {
      told.push(message.get(554), message.get(96), message.get(925), message.get(1404))
      everything.hear(message, peer)
      return true
    }
    const broker = acceptor(config, { authenticate }, logsToFile)
    const buySide = initiator(config, {}, logsToFile)
    await run(broker, buySide)
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
    buySide.send(new FixMessage('BE', { 923: 'R-1', 924: 1, 553: 'trader' }))
    const reset = outcome(buySide.resetSeqNums())
    await two.pass(1)
    expect(reset.state).toBe('resolved')
    void buySide.logout(`bye`)
    await two.pass(1)
    // They were there to be seen, and came through unharmed.
    const written = everything.written()
    expect(`${written['buyside.db']}${written['buyside.db-wal']}`).toContain('554=***\u0001')
    if (logsToFile) expect(written['buyside.log']).toContain('554=***|')
    else expect(everything.said.join()).toContain('554=***|')
    expect(told).toEqual([secret('password'), secret('raw'), secret('new-password'), secret('new-encrypted')])
    expect(everything.leaks()).toEqual([])
  })

  const refusals: [string, SessionParts['authenticate']][] = [
    ['false', () => false],
    ['a text with the password', (message) => `wrong password ${message.get(554)}`],
    [
      'an error with the password',
      (message) => {
        throw new Error(`no such password: ${message.get(554)}`)
      }
    ],
    [
      'an error with the whole Logon',
      (message) => {
        throw Object.assign(new Error(String(message)), { message })
      }
    ],
    [
      'an error whose cause has the password, later',
      async (message) => {
        throw new Error('refused', { cause: new TypeError(`hash of ${message.get(554)} and ${message.get(96)}`) })
      }
    ],
    [
      'the password itself',
      (message) => {
        throw message.get(554)
      }
    ]
  ]

  it.each(refusals)('an acceptor whose authenticate answers %s', async (_answer, authenticate) => {
    const broker = acceptor(config, { authenticate }, logsToFile)
    await run(broker, initiator(config, {}, logsToFile))
    expect(broker.counters.received).toBe(0)
    expect(everything.leaks()).toEqual([])
  })

  const signatures: [string, SessionParts['signLogon']][] = [
    [
      'throws with the password',
      (message) => {
        throw new Error(`cannot sign ${message.get(554)}`)
      }
    ],
    [
      'throws with the Logon',
      async (message) => {
        throw new Error(`cannot sign ${message}`)
      }
    ],
    ['sets what is set already', () => ({ 554: secret('other') })],
    [
      'sets what cannot be written',
      () => [
        [9554, 'x'],
        [1404, `${secret('other')}\u0001`]
      ]
    ],
    ['sets what is no value', () => ({ 925: { password: secret('other') } }) as never],
    [
      'signs',
      () => [
        [9999, 'x'],
        [1400, 1]
      ]
    ]
  ]

  it.each(signatures)('an initiator whose signLogon %s', async (_how, signLogon) => {
    await run(
      acceptor({ ...config, validateUserDefinedFields: false }, {}, logsToFile),
      initiator(config, { signLogon }, logsToFile)
    )
    expect(everything.leaks()).toEqual([])
  })

  it.each(['connect', 'logon', 'stateChange', 'disconnect', 'message'] as const)(
    'a listener of %s that throws with what it was given',
    async (event) => {
      const broker = acceptor(config, {}, logsToFile)
      const buySide = initiator(config, {}, logsToFile)
      for (const session of [broker, buySide]) {
        session.on(event, (...given: readonly unknown[]) => {
          throw new Error(`failed on ${given.map(String).join()}`, { cause: given[0] })
        })
      }
      await run(broker, buySide)
      buySide.send(new FixMessage('B', { 148: 'x', 33: 1, 58: 'x' }))
      void buySide.disconnect()
      await two.pass(1)
      for (const session of [broker, buySide]) everything.hear(...session.seen.errors)
      expect(everything.leaks()).toEqual([])
    }
  )

  const visits: [string, readonly string[]][] = [
    ['a stranger', [`${logon}|49=MALLORY`]],
    ['a Logon with its secrets twice', [`${logon}|554=${secret('second')}|96=${secret('second')}`]],
    ['a Logon with another version', [framed(`${logon}|49=BUYSIDE|56=BROKER`).replace('8=FIX.4.4', '8=FIX.4.2')]],
    ['a Logon with a wrong CheckSum(10)', [framed(`${logon}|49=BUYSIDE|56=BROKER`).replace(/10=...\|$/, '10=256|')]],
    ['a Logon with a wrong BodyLength(9)', [framed(`${logon}|49=BUYSIDE|56=BROKER`).replace(/9=\d+/, '9=20')]],
    ['half a Logon', [framed(`${logon}|49=BUYSIDE|56=BROKER`).slice(0, 140)]],
    ['a Logon with a bad HeartBtInt(108)', [logon.replace('108=30', '108=x')]],
    ['a Logon with old times', [`${logon}|52=20010101-00:00:00`]],
    ['a Logon whose password has no value', [`${logon.replace(`554=${secret('password')}`, '554=')}`]],
    ['a Logon of unknown fields', [`${logon}|9554=x|373=99`]],
    ['no Logon', [`35=BE|34=1|923=R|924=1|${credentials}`]],
    ['two Logons', [logon, logon.replace('34=1', '34=2')]],
    ['a Logon with a low MsgSeqNum(34), later', [logon, logon]],
    [
      'garbled bytes with secrets, later',
      [logon, framed(`${logon}|49=BUYSIDE|56=BROKER`).replace(/10=...\|$/, '10=256|')]
    ],
    [
      'a request that is wrong, later',
      [logon, `35=BE|34=2|924=99|925=|${credentials}`, `35=2|34=3|7=x|16=y|${credentials}`]
    ]
  ]

  it.each(visits)('an acceptor that is visited by %s', async (_who, texts) => {
    const broker = acceptor(config, {}, logsToFile)
    await broker.connect()
    const visitor = await new Counterparty(two, broker.config).dial()
    for (const text of texts) await visitor.say(text)
    await two.pass(3)
    for (const error of broker.seen.errors) everything.hear(error)
    for (const message of broker.seen.messages) everything.hear(message)
    // What a counterparty asks for by a message is the application's: it is kept as it came.
    expect(
      everything.leaks(...(texts.some((text) => text.startsWith('35=BE')) ? ['broker.db', 'broker.db-wal'] : []))
    ).toEqual([])
  })

  const answers: [string, readonly string[]][] = [
    ['a Logout that quotes the password', [`35=5|34=1|58=wrong password ${secret('password')}`]],
    ['a Reject(3) that quotes the Logon', [`35=3|34=1|45=1|371=554|373=5|58=bad 554=${secret('password')}`]],
    ['a Logon with the same secrets', [logon]],
    ['a Logon, then a Logout that quotes them', [logon, `35=5|34=2|58=${secret('raw')} ${secret('new-password')}`]],
    ['a Logon, then a Reject(3) that quotes them', [logon, `35=3|34=2|45=1|58=${secret('encrypted')}`]],
    ['garbage', [`8=FIX.4.4|9=5|35=A|554=${secret('password')}|`]]
  ]

  it.each(answers)('an initiator that is answered by %s', async (_what, texts) => {
    const buySide = initiator(config, {}, logsToFile)
    const broker = await new Counterparty(two, buySide.config).listen()
    everything.hear(outcome(buySide.connect()))
    await two.settle()
    expect(broker.heard().join()).toContain(`|554=${secret('password')}|`)
    for (const text of texts) await broker.say(text)
    await two.pass(3)
    for (const error of buySide.seen.errors) everything.hear(error)
    // What the counterparty says is kept as it said it, and its listeners are told so.
    const quoting = texts.some((text) => /^35=[35]/.test(text))
    everything.said.splice(
      0,
      everything.said.length,
      ...everything.said.filter((text) => !(quoting && /^FixMessage .*35=[35]|"msgType":"[35]"/.test(text)))
    )
    expect(everything.leaks(...(quoting ? ['buyside.db', 'buyside.db-wal'] : []))).toEqual([])
  })
})

it('secretTags: a tag of the counterparty’s own is in no file and no error', async () => {
  const own = { 5055: secret('own') }
  const authenticate: SessionParts['authenticate'] = (message) => {
    throw new Error(`no ${message.get(5055)}: ${message}`)
  }
  const broker = acceptor({ secretTags: [5055] }, { authenticate }, true)
  const buySide = initiator({ secretTags: [5055], logonFields: own }, {}, true)
  await broker.connect()
  void buySide.connect()
  await two.pass(3)
  expect(broker.seen.errors.length).toBeGreaterThan(0)
  everything.hear(...broker.seen.errors, buySide.config)
  expect(everything.written()['buyside.log']).toContain('5055=***|')
  expect(everything.leaks()).toEqual([])
})

describe('what a config is printed as', () => {
  const text = (value: unknown): string => `${inspect(value, { depth: 20 })} ${JSON.stringify(value)}`
  const config = {
    ...secrets,
    role: 'initiator',
    beginString: 'FIX.4.4',
    senderCompId: 'A',
    targetCompId: 'B',
    host: '127.0.0.1',
    port: 1
  } as const

  it('has *** where secrets are, and each of them to who asks for it', () => {
    const parsed = parseConfig(config)
    expect(text(parsed)).not.toContain(HUSH)
    expect(text(parsed.tls)).not.toContain(HUSH)
    expect(text(parsed.logonFields)).not.toContain(HUSH)
    expect(JSON.parse(JSON.stringify(parsed))).toMatchObject({
      username: 'trader',
      password: '***',
      tls: { passphrase: '***' },
      logonFields: expect.arrayContaining([[96, '***']])
    })
    expect(parsed).toMatchObject({ password: secret('password'), tls: { passphrase: secret('passphrase') } })
    expect(parsed.logonFields).toContainEqual([96, secret('raw')])
    expect(parseConfig({ ...parsed, port: 2 })).toMatchObject({ password: secret('password'), port: 2 })
    expect(structuredClone(parsed)).toEqual(parsed)
  })

  it('is so for sessions and engines too', async () => {
    const session = new FixSession({ ...config, journal: { path: ':memory:' } })
    const engine = new FixEngine({ sessions: [{ ...config, journal: { path: ':memory:' } }] })
    expect(text([session, engine, { session, engine }])).not.toContain(HUSH)
    expect(inspect(session)).toBe(
      "FixSession FIX.4.4:A->B { role: 'initiator', state: 'Unknown', nextNumIn: 1, nextNumOut: 1 }"
    )
    await session.stop()
    await engine.stop()
  })

  it('is so for mistakes', () => {
    const mistakes = {
      ...config,
      password: `${HUSH}\u0001`,
      logonFields: { 96: `${HUSH}Ł`, 34: HUSH, x: HUSH },
      tls: { passphrase: `${HUSH}\n`, passphras: HUSH },
      pasword: HUSH
    }
    let error: unknown
    try {
      parseConfig(mistakes)
    } catch (thrown) {
      error = thrown
    }
    expect(Object(error).problems).toHaveLength(7)
    expect(`${text(error)} ${Object(error).stack}`).not.toContain(HUSH)
  })
})

function framed(body: string): string {
  const whole = `8=FIX.4.4|9=${body.length + 1}|${body}|`
  const sum =
    [...whole.replaceAll('|', '\u0001')].reduce((total, character) => total + character.charCodeAt(0), 0) % 256
  return `${whole}10=${String(sum).padStart(3, '0')}|`
}
