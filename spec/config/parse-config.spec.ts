import { resolve } from 'node:path'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type ParsedAcceptorConfig,
  type ParsedInitiatorConfig,
  type ParsedSessionConfig,
  parseConfig,
  type SessionConfig
} from '../../lib/config/config.js'
import { FixConfigError, FixError } from '../../lib/errors.js'
import { acceptor, initiator, problemsOf } from './problems.js'

const parse = (config: unknown) => parseConfig(config, { env: {} })
const mistakes = (config: unknown) => problemsOf(() => parse(config))
const parseInitiator = (more: object) => {
  const config = parse({ ...initiator, ...more })
  if (config.role !== 'initiator') throw new Error('expected an initiator')
  return config
}

describe('a config without mistakes', () => {
  it('is completed with every default', () => {
    expect(parse(initiator)).toMatchObject({
      heartBtInt: 30,
      logonTimeout: 10,
      logoutTimeout: 2,
      testRequestDelayMultiplier: 0.2,
      heartBeatTimeoutMultiplier: 1.4,
      checkLatency: true,
      maxLatency: 120,
      resendRequestChunkSize: 0,
      maxMessageLength: 1_048_576,
      maxHeldMessages: 10_000,
      onListenerError: 'continue',
      dialect: 'quickfix',
      journal: { path: resolve('gapfill.db'), synchronous: 'normal', retention: { maxMessages: 10_000_000 } },
      log: { level: 'info', messages: false, maxFileSize: 104_857_600 },
      hosts: [{ host: '127.0.0.1', port: 9878 }],
      reconnectInterval: [30],
      connectTimeout: 60
    })
  })

  it('leaves unset what has no default', () => {
    const config = parse(initiator)
    expect(config.senderSubId).toBeUndefined()
    expect(config.testReqId).toBeUndefined()
    expect(config.timestampPrecision).toBeUndefined()
    expect(config.log.file).toBeUndefined()
  })

  it('is frozen to the bottom', () => {
    const config = parse({ ...initiator, hosts: [{ host: 'b', port: 1 }] })
    const parts: unknown[] = [config, config.journal, config.journal.retention, config.log]
    if (config.role === 'initiator') parts.push(config.hosts, config.hosts[0], config.reconnectInterval)
    for (const part of parts) expect(Object.isFrozen(part)).toBe(true)
  })

  it('leaves the input as it was', () => {
    const input = { ...initiator, journal: { path: 'a.db' } }
    const before = structuredClone(input)
    parse(input)
    expect(input).toEqual(before)
    expect(Object.isFrozen(input.journal)).toBe(false)
  })

  it('treats undefined as not said', () => {
    const config = parse({ ...initiator, heartBtInt: undefined, journal: undefined, nonsense: undefined })
    expect(config.heartBtInt).toBe(30)
    expect(config.journal.synchronous).toBe('normal')
  })

  it('comes back as it is when parsed again, with a "${" that was escaped', () => {
    const once = parse({ ...initiator, senderSubId: '$${DESK}' })
    expect(once.senderSubId).toBe(`\${DESK}`)
    expect(parse(once)).toBe(once)
  })

  it('takes its place of departure from baseDir', () => {
    const config = parseConfig(
      { ...initiator, journal: { path: 'a.db' }, log: { file: '../log' }, dictionary: './broker.xml' },
      { baseDir: '/etc/fix' }
    )
    expect([config.journal.path, config.log.file, config.dictionary]).toEqual([
      '/etc/fix/a.db',
      '/etc/log',
      '/etc/fix/broker.xml'
    ])
  })

  it('leaves :memory: and the names of built-in dictionaries alone', () => {
    const config = parseConfig(
      { ...initiator, journal: { path: ':memory:' }, dictionary: 'FIX.4.4' },
      { baseDir: '/etc' }
    )
    expect([config.journal.path, config.dictionary]).toEqual([':memory:', 'FIX.4.4'])
  })
})

describe('role', () => {
  it('picks the options that there are', () => {
    expect(parse(acceptor)).toMatchObject({ role: 'acceptor', host: '127.0.0.1', port: 9878 })
    expect(parse(acceptor)).not.toHaveProperty('hosts')
    expect(parse(acceptor)).not.toHaveProperty('connectTimeout')
  })

  it('is needed, and the other mistakes are told all the same', () => {
    const { role: _, ...rest } = initiator
    expect(mistakes({ ...rest, heartBtInt: -1 })).toEqual([
      'heartBtInt: expected a whole number from 0 to 86400, got -1.',
      'role: expected one of "initiator", "acceptor", got nothing. Add it.'
    ])
  })

  it('refuses options of an initiator for an acceptor', () => {
    expect(mistakes({ ...acceptor, hosts: [{ host: 'a', port: 1 }], connectTimeout: 5 })).toEqual([
      'hosts: expected an option of an acceptor, got "hosts". Leave it out: initiators have it.',
      'connectTimeout: expected an option of an acceptor, got "connectTimeout". Leave it out: initiators have it.'
    ])
  })

  it('lets only an acceptor have port 0, a free one', () => {
    expect(parse({ ...acceptor, port: 0 }).port).toBe(0)
    expect(mistakes({ ...initiator, port: 0 })).toEqual(['port: expected a whole number from 1 to 65535, got 0.'])
  })

  it('demands a port of an acceptor', () => {
    const { port: _, ...rest } = acceptor
    expect(mistakes(rest)).toEqual(['port: expected a whole number from 0 to 65535, got nothing. Add it.'])
  })
})

describe('where an initiator dials', () => {
  const { host: _host, port: _port, ...nowhere } = initiator

  it('is host and port, or hosts', () => {
    expect(parse({ ...nowhere, hosts: [{ host: 'a', port: 1 }] })).toMatchObject({ host: 'a', port: 1 })
    expect(mistakes(nowhere)).toEqual(['host: expected an address to dial, got nothing. Add host and port, or hosts.'])
    expect(mistakes({ ...nowhere, host: 'a' })).toEqual([
      'port: expected the port to dial, got nothing. Add host and port, or hosts.'
    ])
    expect(mistakes({ ...nowhere, port: 1, hosts: [{ host: 'a', port: 1 }] })).toEqual([
      'host: expected the host to dial, got nothing. Add host and port, or hosts.'
    ])
  })

  it('begins with host and port, then hosts, each once', () => {
    const hosts = [
      { host: 'b', port: 2 },
      { host: 'a', port: 1 },
      { host: 'b', port: 2 }
    ]
    expect(parseInitiator({ host: 'a', port: 1, hosts }).hosts).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 2 }
    ])
  })

  it('refuses an empty list, and says what is wrong within one', () => {
    expect(mistakes({ ...nowhere, hosts: [] })).toEqual([
      'hosts: expected a list of at least 1 { host, port }, got an empty list.'
    ])
    expect(mistakes({ ...nowhere, hosts: [{ host: 'a:1', prt: 2 }] })).toEqual([
      'hosts[0].host: expected a host name or an IP address, without a port, got "a:1".',
      'hosts[0].port: expected a whole number from 1 to 65535, got nothing. Add it.',
      'hosts[0].prt: expected a known option, got "prt". Did you mean "port"?'
    ])
  })

  it.each(['localhost', '10.0.0.1', '::1', 'fe80::1%eth0', 'fix-1.venue.example'])('may be %s', (host) => {
    expect(parse({ ...initiator, host }).host).toBe(host)
  })

  it.each(['', 'a b', 'tcp://a', 'a:1', 'a\n'])('may not be %j', (host) => {
    expect(mistakes({ ...initiator, host })).toHaveLength(1)
  })
})

describe('reconnectInterval', () => {
  it('is one wait or a list of them, fractions too', () => {
    expect(parseInitiator({ reconnectInterval: 0.5 }).reconnectInterval).toEqual([0.5])
    expect(parseInitiator({ reconnectInterval: [1, 2, 30] }).reconnectInterval).toEqual([1, 2, 30])
  })

  it.each([[0], [-1], [[]], [[1, 0]], ['5'], [Number.NaN], [Number.POSITIVE_INFINITY], [86_401]])(
    'is not %j',
    (wait) => {
      expect(mistakes({ ...initiator, reconnectInterval: wait })).toHaveLength(1)
    }
  )
})

describe('FIXT.1.1', () => {
  const fixt = { ...initiator, beginString: 'FIXT.1.1', defaultApplVerId: '9' }

  it('needs defaultApplVerId', () => {
    expect(mistakes({ ...fixt, defaultApplVerId: undefined })).toEqual([
      'defaultApplVerId: expected a version, since FIXT.1.1 Logons carry DefaultApplVerID(1137), got nothing. Add it, for example "FIX.5.0SP2".'
    ])
  })

  it('lets an acceptor answer with the version of the Logon', () => {
    const acceptor = { ...fixt, role: 'acceptor', host: undefined, defaultApplVerId: undefined } as const
    expect(parse(acceptor)).not.toHaveProperty('defaultApplVerId', expect.anything())
  })

  it.each([
    ['7', '7'],
    ['FIX.5.0', '7'],
    ['FIX.5.0SP1', '8'],
    ['FIX.5.0SP2', '9'],
    ['FIX.4.4', '6'],
    ['10', '10']
  ])('takes defaultApplVerId %s as %s', (written, value) => {
    expect(parse({ ...fixt, defaultApplVerId: written }).defaultApplVerId).toBe(value)
  })

  it.each(['11', 'FIX50SP2', '', 9])('refuses defaultApplVerId %j', (written) => {
    expect(mistakes({ ...fixt, defaultApplVerId: written })[0]).toMatch(
      /^defaultApplVerId: expected a value of ApplVerID/
    )
  })

  it('has dictionaries by ApplVerID, keyed by its values', () => {
    const config = parseConfig(
      { ...fixt, transportDictionary: 'FIXT.1.1', appDictionaries: { 'FIX.5.0SP2': 'FIX.5.0SP2', '7': 'b.xml' } },
      { baseDir: '/etc' }
    )
    expect(config.appDictionaries).toEqual({ '9': 'FIX.5.0SP2', '7': '/etc/b.xml' })
  })

  it('refuses dictionaries for what is no ApplVerID, and two for one', () => {
    expect(mistakes({ ...fixt, appDictionaries: { FIX50: 'FIX.5.0', '9': 'a.xml', 'FIX.5.0SP2': 'b.xml' } })).toEqual([
      expect.stringMatching(/^appDictionaries\.FIX50: expected a value of ApplVerID.*, got "FIX50"\.$/),
      'appDictionaries["FIX.5.0SP2"]: expected one dictionary for ApplVerID 9, got "FIX.5.0SP2".'
    ])
  })

  it('alone has what is about ApplVerIDs', () => {
    expect(mistakes({ ...initiator, defaultApplVerId: '9', transportDictionary: 'FIXT.1.1' })).toEqual([
      'defaultApplVerId: expected nothing, since only FIXT.1.1 has it, got "9". Leave it out, or set beginString to "FIXT.1.1".',
      'transportDictionary: expected nothing, since only FIXT.1.1 has it, got "FIXT.1.1". Leave it out, or set beginString to "FIXT.1.1".'
    ])
  })
})

describe('dictionary', () => {
  it('is a built-in one or a path, never a version that there is not', () => {
    expect(mistakes({ ...initiator, dictionary: 'FIX.4.9' })).toEqual([
      expect.stringMatching(
        /^dictionary: expected a built-in dictionary .*, got "FIX\.4\.9"\. Did you mean "FIX\.4\.[0-4]"\?$/
      )
    ])
    expect(mistakes({ ...initiator, dictionary: 'FIX44' })).toHaveLength(1)
    expect(mistakes({ ...initiator, dictionary: 'FIX44.xml' })).toEqual([])
  })
})

describe('identity', () => {
  it('is FIX text: no control characters, one byte a character', () => {
    expect(parse({ ...initiator, senderCompId: 'Börse 1' }).senderCompId).toBe('Börse 1')
    for (const senderCompId of ['', 'A\u0001B', 'A\n', '€', 7]) {
      expect(mistakes({ ...initiator, senderCompId })).toEqual([
        expect.stringMatching(/^senderCompId: expected text of at least 1 character, without control characters/)
      ])
    }
  })

  it('is told about version names that are near', () => {
    expect(mistakes({ ...initiator, beginString: 'FIX4.4' })[0]).toMatch(/got "FIX4\.4"\. Did you mean "FIX\.4\.4"\?$/)
  })
})

describe('unknown options', () => {
  it.each([
    ['heartbtint', 'heartBtInt'],
    ['heartBeatInt', 'heartBtInt'],
    ['HeartBtInt', 'heartBtInt'],
    ['senderCompID', 'senderCompId'],
    ['resetOnLgoon', 'resetOnLogon'],
    ['SocketConnectPort', 'port'],
    ['EnableNextExpectedMsgSeqNum', 'sendNextExpectedMsgSeqNum'],
    ['FileStorePath', 'journal.path']
  ])('%s are answered by %s', (wrong, right) => {
    expect(mistakes({ ...initiator, [wrong]: 1 })).toEqual([
      `${wrong}: expected a known option, got "${wrong}". Did you mean "${right}"?`
    ])
  })

  it('are named within objects too', () => {
    expect(mistakes({ ...initiator, journal: { retention: { maxAgee: 1 } } })).toEqual([
      'journal.retention.maxAgee: expected a known option, got "maxAgee". Did you mean "maxAge"?'
    ])
  })

  it('are refused without a guess where none is near', () => {
    expect(mistakes({ ...initiator, carryOnLuggage: 'Y', constructor: 1 })).toEqual([
      'carryOnLuggage: expected a known option, got "carryOnLuggage". Leave it out.',
      'constructor: expected a known option, got "constructor". Leave it out.'
    ])
  })

  it('cannot reach a prototype', () => {
    const hostile: unknown = JSON.parse(
      `{ "__proto__": { "role": "initiator" }, "journal": { "__proto__": { "path": "x" } } }`
    )
    expect(mistakes(hostile)).toContain('__proto__: expected a known option, got "__proto__". Leave it out.')
    expect(mistakes(hostile)).toContain('journal.__proto__: expected a known option, got "__proto__". Leave it out.')
    expect(Object.hasOwn(Object.prototype, 'role')).toBe(false)
  })
})

describe('values', () => {
  it('are never converted', () => {
    expect(mistakes({ ...initiator, port: '9878', resetOnLogon: 'Y', heartBtInt: 1.5 })).toEqual([
      'heartBtInt: expected a whole number from 0 to 86400, got 1.5.',
      'resetOnLogon: expected true or false, got "Y".',
      'port: expected a whole number from 1 to 65535, got "9878".'
    ])
  })

  it('are cut when they are shown', () => {
    const [problem] = mistakes({ ...initiator, role: 'x'.repeat(1000) })
    expect(problem?.length).toBeLessThan(200)
  })

  it('include timestampPrecision from 0 to 9 and heartBtInt 0', () => {
    expect(parse({ ...initiator, timestampPrecision: 9, heartBtInt: 0 })).toMatchObject({
      timestampPrecision: 9,
      heartBtInt: 0
    })
    expect(mistakes({ ...initiator, timestampPrecision: 10 })).toHaveLength(1)
  })
})

describe('options that must fit each other', () => {
  it('no recovery, and recovery by the Logon', () => {
    expect(mistakes({ ...initiator, recovery: 'none', sendNextExpectedMsgSeqNum: true })).toEqual([
      'sendNextExpectedMsgSeqNum: expected false, since recovery is "none", got true. Leave one of them out.'
    ])
  })

  it('limits that limit nothing', () => {
    expect(mistakes({ ...initiator, inboundLimit: { burst: 5 } })).toEqual([
      'inboundLimit.messagesPerSecond: expected a limit, got an object. Add it, or leave inboundLimit out.'
    ])
    expect(mistakes({ ...initiator, outboundLimit: {} })).toEqual([
      'outboundLimit.messagesPerSecond: expected a limit, got an object. Add messagesPerSecond, or give the limits of some types in byMsgType.'
    ])
    expect(mistakes({ ...initiator, outboundLimit: { burst: 5, byMsgType: { A: { messagesPerSecond: 1 } } } })).toEqual(
      [
        'outboundLimit.byMsgType.A: expected the MsgType(35) of an application\'s message as the key, such as D, got "A".',
        'outboundLimit.messagesPerSecond: expected the limit that burst belongs to, got an object. Add messagesPerSecond, or give the limits of some types in byMsgType.'
      ]
    )
  })

  it('test a silent counterparty before it is given up', () => {
    expect(mistakes({ ...initiator, testRequestDelayMultiplier: 1.5 })).toEqual([
      'heartBeatTimeoutMultiplier: expected more than testRequestDelayMultiplier, so that a TestRequest can be answered, got 1.4. Raise it, or lower testRequestDelayMultiplier.'
    ])
  })
})

describe('fields of our Logon', () => {
  it('come out as pairs, an object in the order of its tags', () => {
    const { logonFields } = parse({ ...initiator, logonFields: { '9002': 'b', '1409': '0' } })
    expect(logonFields).toEqual([
      [1409, '0'],
      [9002, 'b']
    ])
    expect(
      parse({
        ...acceptor,
        logonFields: [
          ['9002', 'b'],
          [1409, '0']
        ]
      }).logonFields?.[0]
    ).toEqual([9002, 'b'])
    expect(parse({ ...acceptor, logonFields: {} }).logonFields).toEqual([])
  })

  it('may not be those that the session sets', () => {
    for (const tag of [8, 9, 10, 34, 35, 43, 49, 52, 56, 122, 369, 98, 108, 141, 789, 1137]) {
      expect(mistakes({ ...initiator, logonFields: { [tag]: 'x' } })).toEqual([
        `logonFields["${tag}"]: expected a field that the session does not set itself, got "${tag}".`
      ])
    }
  })

  it('are told what is wrong with them one by one, without showing a value', () => {
    expect(
      mistakes({ ...initiator, logonFields: { tag: 'secret', '9001': 'sec\u0001ret', '0': 'secret', '01': 'secret' } })
    ).toEqual([
      'logonFields["0"]: expected a tag, 1 to 999999999, got "0".',
      'logonFields["9001"]: expected text of at least 1 character, without control characters, none above U+00FF, got a text that is not shown here.',
      'logonFields.tag: expected a tag, 1 to 999999999, got "tag".',
      'logonFields["01"]: expected a tag, 1 to 999999999, got "01".'
    ])
    expect(
      mistakes({
        ...initiator,
        logonFields: [
          [9001, 'a'],
          ['9001', 'b'],
          [9002, '']
        ]
      })
    ).toEqual([
      'logonFields[1]: expected each tag once, got a list.',
      'logonFields[2][1]: expected text of at least 1 character, without control characters, none above U+00FF, got a text that is not shown here.'
    ])
    expect(mistakes({ ...initiator, logonFields: 'secret' })).toEqual([
      'logonFields: expected fields by tag, such as { "1409": "0" } or [[1409, "0"]], got a text that is not shown here.'
    ])
    expect(mistakes({ ...initiator, logonFields: { '9001': 1 } })).toHaveLength(1)
  })

  it('say who we are once', () => {
    const twice = { ...initiator, username: 'desk', password: 'secret' }
    expect(mistakes({ ...twice, logonFields: { '553': 'desk' } })).toEqual([
      'username: expected nothing, since logonFields has 553, got a text that is not shown here. Leave one of them out.'
    ])
    expect(mistakes({ ...twice, logonFields: [[554, 'secret']] })).toEqual([
      'password: expected nothing, since logonFields has 554, got a text that is not shown here. Leave one of them out.'
    ])
    expect(mistakes({ ...initiator, password: 'sec\u0001ret' })).toEqual([
      'password: expected text of at least 1 character, without control characters, none above U+00FF, got a text that is not shown here.'
    ])
    expect(mistakes({ ...acceptor, password: 'secret' })).toEqual([
      'password: expected an option of an acceptor, got "password". Leave it out: initiators have it.'
    ])
  })
})

describe('allowedRemoteAddresses', () => {
  it.each(['10.1.2.3', '10.0.0.0/8', '0.0.0.0/0', '::1', '2001:db8::/32'])('takes %s', (address) => {
    expect(mistakes({ ...acceptor, allowedRemoteAddresses: [address] })).toEqual([])
  })

  it.each(['10.1.2', '10.0.0.0/33', '10.0.0.0/', '::/129', 'example.com', '10.0.0.1/-1', 'fe80::1%eth0', ''])(
    'refuses %s',
    (address) => {
      expect(mistakes({ ...acceptor, allowedRemoteAddresses: ['::1', address] })).toEqual([
        `allowedRemoteAddresses[1]: expected an IP address or a range, such as "10.1.0.0/16", got "${address}".`
      ])
    }
  )

  it('lets nobody in by an empty list: that is a mistake', () => {
    expect(mistakes({ ...acceptor, allowedRemoteAddresses: [] })).toHaveLength(1)
  })
})

describe('a template', () => {
  const template = { ...acceptor, targetCompId: '*', template: true }

  it('is for any counterparty', () => {
    expect(parse({ ...template, senderSubId: '*' })).toMatchObject({
      template: true,
      targetCompId: '*',
      senderSubId: '*'
    })
    expect(mistakes({ ...template, targetCompId: 'BUYSIDE' })).toEqual([
      'targetCompId: expected "*", since a template is for counterparties that are not known, got "BUYSIDE". Write "*", or leave template out.'
    ])
    expect(mistakes({ ...template, port: 0 })).toEqual([
      'port: expected a port, since the sessions of a template share it, got 0.'
    ])
  })

  it('alone may leave ids open', () => {
    expect(mistakes({ ...acceptor, targetCompId: '*', senderLocationId: '*' })).toEqual([
      'senderLocationId: expected an id, since "*" is for templates, got "*". Write the id, or set template to true.',
      'targetCompId: expected an id, since "*" is for templates, got "*". Write the id, or set template to true.'
    ])
    expect(mistakes({ ...initiator, targetCompId: '*' })).toHaveLength(1)
    expect(mistakes({ ...initiator, template: true })).toHaveLength(1)
  })
})

describe('dialect', () => {
  it('lies between the built-in defaults and what is written', () => {
    expect(parse({ ...initiator, dialect: 'quickfixj' }).testRequestDelayMultiplier).toBe(0.5)
    expect(
      parse({ ...initiator, dialect: 'quickfixj', testRequestDelayMultiplier: 0.3 }).testRequestDelayMultiplier
    ).toBe(0.3)
  })
})

describe('the error', () => {
  it.each([null, undefined, 1, 'text', [], () => 1])('refuses %j as a config', (input) => {
    expect(mistakes(input)).toEqual([expect.stringMatching(/^\(top level\): expected an object of options, got /)])
  })

  it('names its source and has a stable code', () => {
    const attempt = () => parseConfig({}, { source: 'orders.ts', env: {} })
    expect(attempt).toThrow(FixConfigError)
    expect(attempt).toThrow(FixError)
    expect(attempt).toThrow(expect.objectContaining({ code: 'CONFIG' }))
    expect(attempt).toThrow(/^orders\.ts: beginString: expected/)
  })
})

describe('types', () => {
  it('accept what a user writes', () => {
    const written: SessionConfig[] = [initiator, acceptor, { ...initiator, reconnectInterval: [1, 2], journal: {} }]
    expect(written.flatMap(mistakes)).toEqual([])
    // @ts-expect-error an acceptor has no hosts
    const wrongRole: SessionConfig = { ...acceptor, hosts: [] }
    // @ts-expect-error no such option
    const unknown: SessionConfig = { ...acceptor, heartbtint: 30 }
    expect([wrongRole, unknown].flatMap(mistakes)).toHaveLength(2)
  })

  it('are complete on the way out, and may go in again', () => {
    expectTypeOf<ParsedSessionConfig>().toExtend<SessionConfig>()
    expectTypeOf<ParsedSessionConfig['heartBtInt']>().toEqualTypeOf<number>()
    expectTypeOf<ParsedSessionConfig['senderSubId']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<ParsedSessionConfig['journal']['retention']['maxMessages']>().toEqualTypeOf<number>()
    expectTypeOf<ParsedInitiatorConfig['reconnectInterval']>().toEqualTypeOf<readonly number[]>()
    expectTypeOf<ParsedAcceptorConfig['port']>().toEqualTypeOf<number>()
    expectTypeOf<Extract<ParsedSessionConfig, { role: 'acceptor' }>>().toEqualTypeOf<ParsedAcceptorConfig>()
  })
})

describe('a schedule', () => {
  it('is read as it was written', () => {
    const parsed = parse({
      ...initiator,
      startTime: '08:00',
      endTime: '17:00',
      weekdays: ['mon'],
      timeZone: 'Europe/London'
    })
    expect(parsed).toMatchObject({ startTime: '08:00', nonStopSession: false, useLocalTime: false })
  })

  it('tells every mistake: of values, and of how they go together', () => {
    expect(mistakes({ ...initiator, startTime: '8', endDay: 'mon', timeZone: 'Europe/Londn' })).toEqual([
      expect.stringMatching(/^startTime: expected a time .*, got "8"\.$/),
      'timeZone: expected an IANA time zone, such as "America/New_York", got "Europe/Londn". Did you mean "Europe/London"?',
      'endTime: expected the time at which the window ends, got nothing. Add it.',
      'startDay: expected a value, since endDay is there, got nothing. Add it.'
    ])
  })

  it('names what was meant within windows', () => {
    const windows = [
      { startTime: '08:00', endTime: '12:00' },
      { startTime: '13:00', endTime: '17:00', strtDay: 'mon' }
    ]
    expect(mistakes({ ...initiator, windows })).toEqual([
      'windows[1].strtDay: expected a known option, got "strtDay". Did you mean "startDay"?'
    ])
  })

  it('may come from the environment', () => {
    const from = (name: string) => `\${${name}}`
    const config = { ...initiator, startTime: from('OPEN'), endTime: from('CLOSE'), useLocalTime: from('LOCAL') }
    expect(parseConfig(config, { env: { OPEN: '08:00', CLOSE: '17:00', LOCAL: 'true' } })).toMatchObject({
      startTime: '08:00',
      useLocalTime: true
    })
    expect(problemsOf(() => parseConfig(config, { env: { OPEN: '08:00', CLOSE: 'x', LOCAL: 'true' } }))).toEqual([
      expect.stringMatching(/^endTime: .*, got "\$\{CLOSE\}"/)
    ])
  })
})

describe('probeTimeout', () => {
  const probe = { ...acceptor, duplicateLogon: 'probe' }

  it('ends before the one whose Logon waits is given up', () => {
    expect(mistakes({ ...probe, probeTimeout: 10 })).toEqual([
      'probeTimeout: expected less than logonTimeout, so that the new connection is still there when the old one is found dead, got 10. Lower it, or raise logonTimeout.'
    ])
    expect(mistakes({ ...probe, logonTimeout: 2 })).toHaveLength(1)
    expect(mistakes({ ...probe, logonTimeout: 3.5 })).toEqual([])
    expect(mistakes({ ...acceptor, logonTimeout: 2 })).toEqual([])
  })
})

describe('the age of messages', () => {
  it('is a number of seconds, also by type', () => {
    const ages = { maxMessageAge: 0.5, maxMessageAges: { D: 0, U1: 60 } }
    expect(parse({ ...initiator, ...ages })).toMatchObject(ages)
    expect(mistakes({ ...initiator, maxMessageAge: -1, maxMessageAges: { D: '5', A: 5, '': 5, 'D E': 5 } })).toEqual([
      'maxMessageAge: expected a number of seconds from 0 to 316224000, got -1.',
      'maxMessageAges.D: expected a number of seconds from 0 to 316224000, got "5".'
    ])
    const wrong = "expected the MsgType(35) of an application's message as the key, such as D, got"
    expect(mistakes({ ...initiator, maxMessageAges: { A: 5, '': 5, 'D E': 5 } })).toEqual([
      `maxMessageAges.A: ${wrong} "A".`,
      `maxMessageAges[""]: ${wrong} "".`,
      `maxMessageAges["D E"]: ${wrong} "D E".`
    ])
  })

  it('is demanded where messages wait', () => {
    expect(mistakes({ ...initiator, sendWhileLoggedOff: 'queue' })).toEqual([
      'maxMessageAge: expected the age at which what waits is stale, since sendWhileLoggedOff is "queue", got nothing. Add it, or maxMessageAges for the messages that must not go out late.'
    ])
    expect(mistakes({ ...initiator, sendWhileLoggedOff: 'queue', maxMessageAges: { D: 5 } })).toEqual([])
    expect(mistakes({ ...initiator, sendWhileLoggedOff: 'queue', maxMessageAge: 0 })).toEqual([])
  })
})
