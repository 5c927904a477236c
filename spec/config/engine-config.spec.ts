import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type EngineConfig, parseEngineConfig, readEngineConfig, sessionId } from '../../lib/config/config.js'
import { acceptor, initiator, problemsOf } from './problems.js'

const fixture = (name: string) => `fixtures/config/${name}.json`
const parse = (config: unknown) => parseEngineConfig(config, { env: {} }).sessions
const mistakes = (config: unknown) => problemsOf(() => parse(config))

describe('defaults', () => {
  it('lie under every session; objects merge deeply, lists replace', () => {
    const config: EngineConfig = {
      defaults: {
        beginString: 'FIX.4.2',
        hosts: [{ host: 'x', port: 1 }],
        reconnectInterval: [1, 2, 3],
        journal: { path: '/a.db', retention: { maxAge: 60 } }
      },
      sessions: [
        { role: 'initiator', senderCompId: 'A', targetCompId: 'B' },
        {
          role: 'initiator',
          senderCompId: 'A',
          targetCompId: 'C',
          beginString: 'FIX.4.4',
          hosts: [{ host: 'y', port: 2 }],
          reconnectInterval: 9,
          journal: { synchronous: 'full', retention: { maxMessages: 5 } }
        }
      ]
    }
    expect(parse(config)).toMatchObject([
      { beginString: 'FIX.4.2', hosts: [{ host: 'x' }], reconnectInterval: [1, 2, 3], journal: { path: '/a.db' } },
      {
        beginString: 'FIX.4.4',
        hosts: [{ host: 'y', port: 2 }],
        reconnectInterval: [9],
        journal: { path: '/a.db', synchronous: 'full', retention: { maxAge: 60, maxMessages: 5 } }
      }
    ])
  })

  it('win over the dialect, and may choose it', () => {
    const defaults = { dialect: 'quickfixj' }
    const sessions = [initiator]
    expect(parse({ defaults, sessions })[0]?.testRequestDelayMultiplier).toBe(0.5)
    expect(
      parse({ defaults: { ...defaults, testRequestDelayMultiplier: 0.1 }, sessions })[0]?.testRequestDelayMultiplier
    ).toBe(0.1)
  })

  it('serve both roles and all versions: what a session has no use for is left out', () => {
    const defaults = { reconnectInterval: 5, hosts: [{ host: 'x', port: 1 }], defaultApplVerId: 'FIX.5.0' }
    const [first, second] = parse({ defaults, sessions: [acceptor, { ...initiator, beginString: 'FIXT.1.1' }] })
    expect(first).not.toHaveProperty('reconnectInterval')
    expect(first).not.toHaveProperty('defaultApplVerId')
    expect(second).toMatchObject({ reconnectInterval: [5], defaultApplVerId: '7' })
  })

  it('are checked by themselves, and their mistakes told once', () => {
    const sessions = [
      { ...initiator, heartBtInt: 10 },
      { ...initiator, targetCompId: 'C', heartBtInt: 20 }
    ]
    expect(mistakes({ defaults: { heartBtInt: 'x', maxLatency: -1, resetOnLogn: true }, sessions })).toEqual([
      'defaults.heartBtInt: expected a whole number from 0 to 86400, got "x".',
      'defaults.maxLatency: expected a number of seconds above 0, at most 86400, got -1.',
      'defaults.resetOnLogn: expected a known option, got "resetOnLogn". Did you mean "resetOnLogon"?'
    ])
  })

  it('are put the blame on where they do not fit a session', () => {
    expect(mistakes({ defaults: { ...initiator, port: 0 }, sessions: [{}] })).toEqual([
      'defaults.port: expected a whole number from 1 to 65535, got 0.'
    ])
  })
})

describe('a window in defaults', () => {
  const defaults = { startTime: '08:00', endTime: '17:00', weekdays: ['mon'], timeZone: 'Europe/London' }

  it('lies under sessions that say nothing of their own', () => {
    expect(parse({ defaults, sessions: [initiator, { ...acceptor, nonStopSession: true }] })).toMatchObject([
      defaults,
      defaults
    ])
  })

  it('gives way as a whole to a window or windows of a session', () => {
    const week = { startTime: '07:00', endTime: '18:00', startDay: 'mon', endDay: 'fri' }
    const windows = [{ startTime: '08:00', endTime: '12:00' }]
    const [first, second] = parse({
      defaults,
      sessions: [
        { ...initiator, ...week },
        { ...acceptor, windows }
      ]
    })
    expect(first).toMatchObject({ ...week, timeZone: 'Europe/London' })
    expect(first).not.toHaveProperty('weekdays')
    expect(second).toMatchObject({ windows, timeZone: 'Europe/London' })
    expect(second).not.toHaveProperty('startTime')
    const [third] = parse({ defaults: { windows }, sessions: [{ ...initiator, ...week }] })
    expect(third).not.toHaveProperty('windows')
  })

  it('is not put the blame on for what a session lacks', () => {
    expect(mistakes({ defaults, sessions: [{ ...initiator, startTime: '09:00' }] })).toEqual([
      'sessions[0].endTime: expected the time at which the window ends, got nothing. Add it.'
    ])
    expect(mistakes({ defaults: { ...defaults, startDay: 'mon' }, sessions: [initiator] })).toEqual([
      'sessions[0].endDay: expected a value, since startDay is there, got nothing. Add it.',
      expect.stringMatching(/^defaults\.weekdays: expected nothing, since startDay is there, got a list\./)
    ])
  })
})

describe('the file as a whole', () => {
  it.each([null, [], 'x', 1])('is not %j', (input) => {
    expect(mistakes(input)).toEqual([expect.stringMatching(/^\(top level\): expected an object of options/)])
  })

  it('has defaults and sessions, nothing else', () => {
    expect(mistakes({ sesions: [], heartBtInt: 30 })).toEqual([
      'sesions: expected "defaults" or "sessions", got "sesions". Did you mean "sessions"?',
      'heartBtInt: expected "defaults" or "sessions", got "heartBtInt". Options stand in "defaults" or in one of "sessions".',
      'sessions: expected a list of at least 1 session, got nothing.'
    ])
    expect(mistakes({ defaults: 1, sessions: {} })).toEqual([
      'defaults: expected an object of options, got 1.',
      'sessions: expected a list of at least 1 session, got an object.'
    ])
    expect(mistakes({ sessions: [] })).toEqual(['sessions: expected a list of at least 1 session, got an empty list.'])
    expect(mistakes({ sessions: [null, initiator] })).toEqual(['sessions[0]: expected an object of options, got null.'])
  })

  it('tells every mistake of every session', () => {
    expect(
      mistakes({
        sessions: [
          { ...initiator, port: 'x' },
          { ...acceptor, heartBtInt: -1, maxLatency: 0 }
        ]
      })
    ).toEqual([
      'sessions[0].port: expected a whole number from 1 to 65535, got "x".',
      'sessions[1].heartBtInt: expected a whole number from 0 to 86400, got -1.',
      'sessions[1].maxLatency: expected a number of seconds above 0, at most 86400, got 0.'
    ])
  })
})

describe('sessions of one engine', () => {
  it('have ids of their own', () => {
    expect(mistakes({ sessions: [initiator, acceptor, { ...initiator, host: 'elsewhere' }] })).toEqual([
      'sessions[2]: expected an id that no other session has, got the id of sessions[0], FIX.4.4:BUYSIDE->BROKER. Remove one of them, or tell them apart by sessionQualifier or a sub or location id.'
    ])
  })

  it('are told apart by qualifier, sub and location ids', () => {
    const sessions = [
      initiator,
      { ...initiator, sessionQualifier: 'B' },
      { ...initiator, senderSubId: 'S' },
      { ...initiator, targetLocationId: 'L' }
    ]
    expect(parse({ sessions }).map(sessionId)).toEqual([
      'FIX.4.4:BUYSIDE->BROKER',
      'FIX.4.4:BUYSIDE->BROKER:B',
      'FIX.4.4:BUYSIDE/S->BROKER',
      'FIX.4.4:BUYSIDE->BROKER/L'
    ])
  })

  it('are told apart on one listener by what a Logon says, where a qualifier is no help', () => {
    const twin = { ...acceptor, sessionQualifier: 'B' }
    expect(mistakes({ sessions: [acceptor, { ...twin, host: '127.0.0.1' }] })).toEqual([
      'sessions[1]: expected a counterparty that can be told from the others on its host and port, got the one of sessions[0] on 127.0.0.1:9878. Give it a port of its own: sessionQualifier does not go on the wire.'
    ])
    expect(mistakes({ sessions: [acceptor, { ...twin, port: 9879 }] })).toEqual([])
    expect(mistakes({ sessions: [acceptor, { ...twin, host: '127.0.0.2' }] })).toEqual([])
    expect(mistakes({ sessions: [acceptor, { ...acceptor, targetSubId: 'DESK' }] })).toEqual([])
    expect(mistakes({ sessions: [acceptor, { ...acceptor, beginString: 'FIX.4.2' }] })).toEqual([])
  })

  it('are compared even where they have other mistakes', () => {
    expect(mistakes({ sessions: [{ ...initiator, port: 'x' }, initiator] })).toHaveLength(2)
  })

  it('can be ten thousand, each with a mistake of its own', () => {
    const sessions = Array.from({ length: 10_000 }, (_, index) => ({ ...initiator, targetCompId: `T${index}` }))
    expect(parse({ sessions })).toHaveLength(10_000)
    expect(mistakes({ sessions: sessions.map((session) => ({ ...session, port: -1 })) })).toHaveLength(10_000)
  })
})

describe('a file', () => {
  it('gives its sessions; relative paths start at its folder', () => {
    const { sessions } = readEngineConfig(fixture('two-sessions'))
    expect(sessions.map(sessionId)).toEqual(['FIX.4.4:BROKER->BUYSIDE', 'FIX.4.4:BUYSIDE->BROKER'])
    for (const { journal } of sessions) expect(journal.path).toBe(resolve('fixtures/config/gapfill.db'))
  })

  it('takes the environment', () => {
    const env = { JOURNAL_FOLDER: '/var/fix', OUR_ID: 'US', PRIMARY_HOST: 'venue', PRIMARY_PORT: '9000', RESET: 'true' }
    expect(readEngineConfig(fixture('environment'), { env }).sessions).toMatchObject([
      {
        senderCompId: 'US',
        defaultApplVerId: '9',
        journal: { path: '/var/fix/sessions.db' },
        hosts: [
          { host: 'venue', port: 9000 },
          { host: 'backup.example', port: 9001 }
        ],
        resetOnLogon: true
      }
    ])
  })

  it('with mistakes says all of them', () => {
    const said = problemsOf(() => readEngineConfig(fixture('mistakes'), { env: {} }))
    expect(said.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'defaults.heartBeatInt',
      'defaults.journal.synchronous',
      'sessions[0].port',
      'sessions[1].targetCompId',
      'sessions[1].role',
      'sessions[2].targetCompId',
      'sessions[2].reconnectInterval',
      'sessions[3].port',
      'sessions[3]',
      'session'
    ])
    expect(() => readEngineConfig(fixture('mistakes'), { env: {}, source: 'mistakes.json' })).toThrow(
      /^mistakes\.json:4:5: defaults\.heartBeatInt: .*\nmistakes\.json:5:40: defaults\.journal\.synchronous: /
    )
  })

  it('that is no JSON names line and column', () => {
    expect(() => readEngineConfig(fixture('syntax'))).toThrow(
      'fixtures/config/syntax.json:4:26: (syntax): expected "," or "}", got a double quote.'
    )
  })

  it('that is not there says so', () => {
    expect(() => readEngineConfig(fixture('none'))).toThrow(
      'fixtures/config/none.json: (file): expected a file that can be read, got ENOENT.'
    )
    expect(() => readEngineConfig('fixtures/config')).toThrow('got EISDIR')
  })

  it('may begin with a byte order mark, and may not say a name twice', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gapfill-config-'))
    try {
      const file = join(folder, 'sessions.json')
      const session = JSON.stringify({ ...initiator, journal: { path: 'j.db' } })
      writeFileSync(file, `\uFEFF{ "sessions": [${session}] }`)
      expect(readEngineConfig(file).sessions[0]?.journal.path).toBe(join(folder, 'j.db'))
      writeFileSync(file, `{ "sessions": [${session.replace('"port"', '"port": 1, "port"')}] }`)
      expect(problemsOf(() => readEngineConfig(file))).toEqual([
        'sessions[0].port: expected each name once in an object, got it again. Remove all but one.'
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
