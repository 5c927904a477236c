import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEngineConfig, sessionId } from '../../../lib/config/config.js'
import { importSettings, type Places } from '../../../lib/config/quickfix/import-settings.js'

const nowhere: Places = { find: () => undefined }
const fixture = (name: string) => readFileSync(`fixtures/config/quickfix/${name}.cfg`, 'utf8')
const env = {
  FIX_PASSWORD_VENUE: 'a',
  FIX_PASSWORD_EXCHANGE: 'b',
  FIX_PASSWORD_POOL: 'c',
  EXCHANGE_HOST: 'exchange.example',
  EXCHANGE_PORT: '7002'
}

/** Settings of one session: what is needed, and these lines. */
function initiator(...lines: string[]): string {
  const needed = ['BeginString=FIX.4.4', 'SenderCompID=A', 'TargetCompID=B', 'ConnectionType=initiator']
  const address = ['SocketConnectHost=x', 'SocketConnectPort=1', 'UseDataDictionary=N']
  return ['[SESSION]', ...needed, ...address, ...lines].join('\n')
}

const acceptor = (...lines: string[]) =>
  initiator('ConnectionType=acceptor', 'SocketConnectHost=', 'SocketConnectPort=', 'SocketAcceptPort=9', ...lines)

const sessionsOf = (config: { readonly sessions?: unknown } | undefined) =>
  Object(config?.sessions) as Record<string, unknown>[]

/** A variable of the environment, as a config refers to it. */
const variable = (name: string) => `\${${name}}`

/** The session's options beyond those of `initiator` or `acceptor`, and what was told. */
function carried(text: string, places = nowhere) {
  const { config, notes, mistakes } = importSettings(text, places)
  expect(mistakes).toEqual([])
  const { beginString, senderCompId, targetCompId, role, host, port, ...rest } = sessionsOf(config)[0] ?? {}
  return {
    options: rest,
    said: notes.flatMap(({ key, text: said }) => (/stands again/.test(said) ? [] : `${key ?? ''}: ${said}`)),
    host,
    port,
    role,
    beginString,
    senderCompId,
    targetCompId
  }
}

const options = (...lines: string[]) => carried(initiator(...lines)).options
const said = (...lines: string[]) => carried(initiator(...lines)).said

describe('a whole settings file', () => {
  it.each([
    ['broker', ['FIX.4.4:BROKER->BUYSIDE', 'FIX.4.2:BROKER->OLDCLIENT']],
    ['trader', ['FIXT.1.1:ROUTER->VENUE', 'FIX.4.2:ROUTER->EXCHANGE/FAST']],
    ['desk', ['FIX.4.4:DESK->POOL', 'FIX.4.4:DESK->BACKOFFICE']],
    ['gateway', ['FIX.4.3:GATEWAY->MARKET']]
  ])('%s becomes a config', (name, ids) => {
    const { config, mistakes } = importSettings(fixture(name), nowhere)
    expect(mistakes).toEqual([])
    expect(parseEngineConfig(config, { env }).sessions.map(sessionId)).toEqual(ids)
  })

  it('keeps what sessions share in one place, and says once what is told of it', () => {
    const { config, notes } = importSettings(fixture('broker'), nowhere)
    expect(config).toEqual({
      defaults: {
        senderCompId: 'BROKER',
        host: '0.0.0.0',
        port: 9878,
        noDelay: true,
        startTime: '00:00:00',
        endTime: '00:00:00',
        heartBtInt: 30,
        validateUserDefinedFields: false,
        journal: { path: 'store/gapfill.db' },
        log: { messages: true, file: 'log/gapfill.log' }
      },
      sessions: [
        { role: 'acceptor', beginString: 'FIX.4.4', targetCompId: 'BUYSIDE', dictionary: 'FIX.4.4' },
        {
          role: 'acceptor',
          beginString: 'FIX.4.2',
          targetCompId: 'OLDCLIENT',
          resetOnLogon: true,
          timestampPrecision: 0,
          dictionary: 'FIX.4.2'
        }
      ]
    })
    expect(notes.map(({ line, key }) => `${line} ${key}`)).toEqual([
      '6 SocketAcceptPort',
      '7 SocketReuseAddress',
      '9 FileStorePath',
      '17 HttpAcceptPort',
      '22 DataDictionary',
      '27 DataDictionary'
    ])
  })

  it('keeps a window together, in one place or the other', () => {
    const of = (session: string) =>
      importSettings(
        `[DEFAULT]\nConnectionType=acceptor\nSenderCompID=A\nSocketAcceptPort=1\nStartTime=08:00:00\nEndTime=17:00:00\n` +
          `[SESSION]\nBeginString=FIX.4.4\nTargetCompID=B\n[SESSION]\nBeginString=FIX.4.4\nTargetCompID=C\n${session}\n`,
        nowhere
      ).config
    const window = { startTime: '08:00:00', endTime: '17:00:00' }
    expect(of('')).toMatchObject({ defaults: window })
    const { sessions } = parseEngineConfig(of('EndTime=12:00:00\n'), { env })
    expect(sessions).toMatchObject([window, { startTime: '08:00:00', endTime: '12:00:00' }])
    expect(parseEngineConfig(of('Weekdays=mon\n'), { env }).sessions).toMatchObject([
      window,
      { ...window, weekdays: ['mon'] }
    ])
  })

  it('means the same as its sessions one by one', () => {
    for (const name of ['broker', 'trader', 'desk']) {
      const whole = fixture(name)
      const [defaults, ...sections] = whole.split(/^\[SESSION\]/im)
      const alone = sections.flatMap((section) => {
        const { config } = importSettings(`${defaults}[SESSION]${section}`, nowhere)
        return parseEngineConfig(config, { env }).sessions
      })
      expect(parseEngineConfig(importSettings(whole, nowhere).config, { env }).sessions).toEqual(alone)
    }
  })

  it('with mistakes says all of them, and makes no config', () => {
    const { config, mistakes, notes } = importSettings(fixture('mistakes'), nowhere)
    expect(config).toBeUndefined()
    expect(mistakes).toEqual([
      '[SESSION] in line 5: expected ConnectionType to be initiator or acceptor',
      '[SESSION] in line 11: beginString: expected one of "FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4", "FIXT.1.1", got nothing. Add it.',
      '[SESSION] in line 11: targetCompId: expected text of at least 1 character, without control characters, none above U+00FF, got nothing. Add it.',
      '[SESSION] in line 11: host: expected an address to dial, got nothing. Add host and port, or hosts.'
    ])
    expect(notes.map(({ line, text }) => `${line} ${text}`)).toEqual([
      '1 stands in no section: left out',
      '4 left out: expected a whole number from 0 to 86400, got "thirty"',
      '9 [OTHER] is no section of a settings file: what stands there is left out',
      '10 stands in no section: left out',
      '14 left out: no port goes with it'
    ])
    expect(importSettings('# nothing', nowhere).mistakes).toEqual(['expected at least one [SESSION], got none'])
  })

  it('is read in any case, with any line ends, comments and a byte order mark', () => {
    const text = `\uFEFF; no comment\r\n# comment\r\n[Default]\r\nHEARTBTINT = 7 \r\n[ session ]\r\n${initiator().slice(10).toLowerCase()}`
    const { config, notes } = importSettings(text.replace('fix.4.4', 'FIX.4.4'), nowhere)
    expect(config).toMatchObject({ defaults: { heartBtInt: 7 }, sessions: [{ senderCompId: 'a', port: 1 }] })
    expect(notes).toEqual([{ line: 1, text: 'stands in no section: left out' }])
  })

  it('lets a session overrule [DEFAULT], and several [DEFAULT] speak for what follows them', () => {
    const one = importSettings(`[DEFAULT]\nHeartBtInt=5\n${initiator('HeartBtInt=6')}`, nowhere)
    expect(one.config).toMatchObject({ sessions: [{ heartBtInt: 6 }] })
    const last = importSettings(`${initiator()}\n[DEFAULT]\nHeartBtInt=5`, nowhere)
    expect(last.config).toMatchObject({ defaults: { heartBtInt: 5 } })
    const two = importSettings(
      `[DEFAULT]\nHeartBtInt=5\n${initiator()}\n[DEFAULT]\nHeartBtInt=6\n${initiator('TargetCompID=C')}`,
      nowhere
    )
    expect(two.config).toMatchObject({ sessions: [{ heartBtInt: 5 }, { heartBtInt: 6 }] })
  })

  it('notes a key that stands twice', () => {
    const { notes, config } = importSettings(initiator('HeartBtInt=1', 'HeartBtInt=2'), nowhere)
    expect(notes).toEqual([{ line: 9, key: 'HeartBtInt', text: 'stands again in line 10, which counts' }])
    expect(config).toMatchObject({ sessions: [{ heartBtInt: 2 }] })
  })
})

describe('settings of one value', () => {
  it.each([
    ['ResetOnLogon=Y', { resetOnLogon: true }],
    ['ResetOnLogon=n', { resetOnLogon: false }],
    ['MaxLatency=90', { maxLatency: 90 }],
    ['HeartBeatTimeoutMultiplier=2.5', { heartBeatTimeoutMultiplier: 2.5 }],
    ['TargetSubID=42', { targetSubId: '42' }],
    ['SenderSubID=Y', { senderSubId: 'Y' }],
    ['EnableNextExpectedMsgSeqNum=Y', { sendNextExpectedMsgSeqNum: true }],
    ['SendNextExpectedMsgSeqNum=Y', { sendNextExpectedMsgSeqNum: true }],
    ['MaxMessagesInResendRequest=2500', { resendRequestChunkSize: 2500 }],
    ['ValidateLengthAndChecksum=N', { validateChecksum: false }],
    ['SocketConnectTimeout=5', { connectTimeout: 5 }],
    ['SocketConnectSourceHost=10.0.0.1', { localHost: '10.0.0.1' }],
    ['SocketNodelay=N', { noDelay: false }],
    ['RefreshOnLogon=Y', { refreshOnLogon: true }],
    ['AllowPosDup=Y', { allowPosDup: true }]
  ])('%s', (line, expected) => {
    expect(carried(initiator(line))).toMatchObject({ options: expected, said: [] })
  })

  it.each([
    ['ResetOnLogon=maybe', 'ResetOnLogon: left out: expected Y or N, got "maybe"'],
    ['MaxLatency=soon', 'MaxLatency: left out: expected a number of seconds above 0, at most 86400, got "soon"'],
    [
      'ReconnectInterval=5;soon',
      'ReconnectInterval: left out: expected seconds above 0, "5" or "2x5;30", got "5;soon"'
    ],
    ['HostSelectionPolicy=RANDOM', 'HostSelectionPolicy: left out: expected ROUNDROBIN or PRIORITY, got "RANDOM"'],
    [
      'TimestampPrecision=MINUTES',
      'TimestampPrecision: left out: expected SECONDS, MILLIS, MICROS, NANOS or 0 to 9, got "MINUTES"'
    ],
    ['LogonTag=secret', 'LogonTag: left out: expected TAG=VALUE'],
    ['DefaultApplVerID=9', 'DefaultApplVerID: left out: only FIXT.1.1 has it'],
    ['SocketAcceptPort=1', 'SocketAcceptPort: left out: an initiator has no use for it'],
    ['SocketConnectProtocol=VM_PIPE', 'SocketConnectProtocol: VM_PIPE not carried over: TCP takes its place'],
    ['JdbcPassword=secret', /^JdbcPassword: not carried over\. The journal is a SQLite file/],
    [
      'ReconectInterval=5',
      "ReconectInterval: not carried over. No engine of the family has it, so it may be the application's own. Did you mean ReconnectInterval?"
    ],
    [
      'OurColour=blue',
      "OurColour: not carried over. No engine of the family has it, so it may be the application's own."
    ]
  ])('tells of %s', (line, expected) => {
    const told = said(line)
    expect(told).toHaveLength(1)
    expect(told[0]).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
    expect(told[0]).not.toContain('secret')
    expect(options(line)).toEqual({})
  })

  it('of the schedule keep their words', () => {
    const week = ['StartDay=Sunday', 'StartTime=18:00:00', 'EndDay=fri', 'EndTime=17:00:00 America/New_York']
    expect(carried(initiator(...week, 'TimeZone=America/Chicago'))).toMatchObject({
      options: {
        startDay: 'Sunday',
        startTime: '18:00:00',
        endDay: 'fri',
        endTime: '17:00:00 America/New_York',
        timeZone: 'America/Chicago'
      },
      said: []
    })
    expect(options('StartTime=08:00:00', 'EndTime=17:00:00', 'Weekdays=Mon, Tue,wednesday')).toMatchObject({
      weekdays: ['Mon', 'Tue', 'wednesday']
    })
    expect(options('NonStopSession=Y', 'UseLocalTime=N')).toEqual({ nonStopSession: true, useLocalTime: false })
    expect(said('StartTime=25:00:00')[0]).toMatch(/^StartTime: left out: expected /)
  })

  it('without a value is none', () => {
    expect(carried(initiator('TargetSubID=', 'MaxLatency=  ', 'LogonTag='))).toMatchObject({ options: {}, said: [] })
  })

  it.each([
    ['5', 5],
    ['5;10;30', [5, 10, 30]],
    ['2x5;30', [5, 5, 30]],
    ['3*1', [1, 1, 1]]
  ])('ReconnectInterval=%s', (written, expected) => {
    expect(options(`ReconnectInterval=${written}`)).toEqual({ reconnectInterval: expected })
  })

  it.each([
    ['TimeStampPrecision=SECONDS', 0],
    ['TimeStampPrecision=MILLIS', 3],
    ['TimeStampPrecision=Microseconds', 6],
    ['TimeStampPrecision=NANOS', 9],
    ['TimestampPrecision=7', 7],
    ['MillisecondsInTimeStamp=N', 0],
    ['MillisecondsInTimeStamp=Y', undefined]
  ])('%s', (line, expected) => {
    expect(options(line).timestampPrecision).toBe(expected)
  })

  it('have the names that other settings give them', () => {
    expect(options('HostSelectionPolicy=Priority')).toEqual({ hostSelectionPolicy: 'priority' })
    expect(options('RejectMessageOnUnhandledException=Y')).toEqual({ onListenerError: 'reject' })
    expect(options('ScreenLogShowIncoming=Y')).toEqual({ log: { messages: true } })
    expect(options('ScreenLogShowIncoming=N', 'ScreenLogShowOutgoing=N')).toEqual({ log: { messages: false } })
    expect(options('FileLogPath=log\\', 'ScreenLogShowIncoming=N')).toEqual({
      log: { messages: true, file: 'log/gapfill.log' }
    })
    expect(options('FileStorePath=..\\store\\', 'FileLogPath=log\\fix')).toMatchObject({
      journal: { path: '../store/gapfill.db' },
      log: { file: 'log/fix/gapfill.log' }
    })
    expect(options('FileStorePath=/var/fix/', 'FileStoreSync=Y')).toEqual({
      journal: { path: '/var/fix/gapfill.db', synchronous: 'full' }
    })
  })
})

describe('addresses', () => {
  it('of an initiator are tried in the order of their numbers', () => {
    const numbered = ['SocketConnectPort2=20', 'SocketConnectHost2=c', 'SocketConnectHost1=b', 'SocketConnectPort1=10']
    expect(carried(initiator(...numbered, 'SocketConnectHost10=d', 'SocketConnectPort10=100'))).toMatchObject({
      host: 'x',
      port: 1,
      options: {
        hosts: [
          { host: 'b', port: 10 },
          { host: 'c', port: 20 },
          { host: 'd', port: 100 }
        ]
      }
    })
  })

  it('that are half there are left out', () => {
    const half = carried(
      initiator('SocketConnectHost1=b', 'SocketConnectPort2=20', 'SocketConnectHost3=c', 'SocketConnectPort3=x')
    )
    expect(half.options).toEqual({})
    expect(half.said).toEqual([
      'SocketConnectHost1: left out: no port goes with it',
      'SocketConnectPort2: left out: no host goes with it',
      'SocketConnectPort3: left out: expected a port, got "x"'
    ])
  })

  it('of an acceptor are all of the machine, where none is given', () => {
    expect(carried(acceptor())).toMatchObject({ role: 'acceptor', host: '0.0.0.0', port: 9 })
    for (const name of ['SocketAcceptAddress', 'SocketAcceptHost']) {
      expect(carried(acceptor(`${name}=10.0.0.1`))).toMatchObject({ host: '10.0.0.1', port: 9, said: [] })
    }
  })

  it('that may come stay addresses; a list of names lets in this machine alone', () => {
    const allowed = (list: string) => carried(acceptor(`AllowedRemoteAddresses=${list}`, 'SocketAcceptAddress=::'))
    expect(allowed('10.0.0.1, 10.1.0.0/16')).toMatchObject({
      options: { allowedRemoteAddresses: ['10.0.0.1', '10.1.0.0/16'] },
      said: []
    })
    expect(allowed('desk.example')).toMatchObject({
      options: { allowedRemoteAddresses: ['127.0.0.1'] },
      said: [
        'AllowedRemoteAddresses: desk.example left out: give its IP address, names are not looked up',
        'AllowedRemoteAddresses: no address is left of it, so that only this machine is let in'
      ]
    })
  })

  it('of counterparties that are not named become a template', () => {
    const { config } = importSettings(acceptor('AcceptorTemplate=Y', 'TargetCompID=*'), nowhere)
    expect(sessionsOf(config)[0]).toMatchObject({ template: true, targetCompId: '*' })
  })

  it('say who dials where ConnectionType does not (QuickFIX/Go)', () => {
    expect(carried(initiator('ConnectionType=').replace('ConnectionType=initiator\n', ''))).toMatchObject({
      role: 'initiator'
    })
    const { mistakes } = importSettings(
      initiator('SocketAcceptPort=1').replace('ConnectionType=initiator\n', ''),
      nowhere
    )
    expect(mistakes).toEqual(['[SESSION] in line 1: expected ConnectionType to be initiator or acceptor'])
  })
})

describe('dictionaries', () => {
  const places = { find: (path: string) => (path.startsWith('spec/') ? `../${path}` : undefined) }
  const dictionaries = (...lines: string[]) => {
    const { options: found, said: told } = carried(initiator('UseDataDictionary=Y', ...lines), places)
    return { found, told }
  }
  const fixt = ['BeginString=FIXT.1.1', 'DefaultApplVerID=FIX.5.0SP2']

  it('are files where they are', () => {
    expect(dictionaries('DataDictionary=spec/FIX44.xml')).toEqual({
      found: { dictionary: '../spec/FIX44.xml' },
      told: []
    })
  })

  it('are files where they are, also with the path of a file written on Windows', () => {
    expect(dictionaries('DataDictionary=spec\\FIX44.xml').found).toEqual({ dictionary: '../spec/FIX44.xml' })
  })

  it('are the built-in ones where a stock file is not there', () => {
    expect(dictionaries('DataDictionary=C:\\quickfix\\FIX44.xml')).toEqual({
      found: { dictionary: 'FIX.4.4' },
      told: ['DataDictionary: there is no file C:\\quickfix\\FIX44.xml: the built-in FIX.4.4 takes its place']
    })
    expect(dictionaries('DataDictionary=FIX44-broker.xml')).toEqual({
      found: { dictionary: 'FIX44-broker.xml' },
      told: ['DataDictionary: there is no file FIX44-broker.xml: put it there, or name a built-in dictionary']
    })
  })

  it("are the version's own where none is named", () => {
    expect(dictionaries()).toEqual({ found: { dictionary: 'FIX.4.4' }, told: [] })
    expect(dictionaries(...fixt)).toMatchObject({ found: { transportDictionary: 'FIXT.1.1' }, told: [] })
    expect(carried(initiator('UseDataDictionary='))).toMatchObject({
      options: { dictionary: 'FIX.4.4' },
      said: [': no dictionary is named: FIX.4.4 is taken, as QuickFIX/J does; QuickFIX/Go does without']
    })
  })

  it('of FIXT.1.1 are those of transport and versions', () => {
    const { found, told } = dictionaries(
      ...fixt,
      'TransportDataDictionary=spec/FIXT11.xml',
      'AppDataDictionary=spec/FIX50SP2.xml',
      'AppDataDictionary.FIX.4.4=spec/FIX44.xml',
      'AppDataDictionary.latest=spec/x.xml'
    )
    expect(found).toEqual({
      defaultApplVerId: 'FIX.5.0SP2',
      transportDictionary: '../spec/FIXT11.xml',
      dictionary: '../spec/FIX50SP2.xml',
      appDictionaries: { '6': '../spec/FIX44.xml' }
    })
    expect(told).toEqual(['AppDataDictionary.latest: left out: its name ends in no FIX version'])
  })
})

describe('secrets and variables', () => {
  it('stay out of what is written and of what is told', () => {
    for (const name of ['trader', 'desk']) {
      const { config, notes } = importSettings(fixture(name), nowhere)
      expect(JSON.stringify([config, notes])).not.toContain('-password')
    }
  })

  it('have a name for each value', () => {
    const text = `[DEFAULT]\nLogonTag=554=common\n${initiator()}\n${initiator('TargetCompID=C', 'LogonTag1=554=own')}\n${initiator('SenderCompID=D', 'TargetCompID=C', 'LogonTag1=554=other', 'LogonTag2=96=raw')}`
    const { config, notes } = importSettings(text, nowhere)
    const sessions = sessionsOf(config)
    expect(sessions.map((session) => [session.password, session.logonFields])).toEqual([
      [variable('FIX_PASSWORD'), undefined],
      [variable('FIX_PASSWORD_C'), undefined],
      [variable('FIX_PASSWORD_C_2'), [[96, variable('FIX_RAW_DATA_C')]]]
    ])
    expect(notes.map(({ line, text: told }) => `${line} ${told}`)).toContain(
      '2 password: a secret: set FIX_PASSWORD in the environment to it'
    )
  })

  it('that are variables already stay so, by names that an environment can have', () => {
    const { options: found, said: told } = carried(
      initiator(
        `LogonTag=554=${variable('VENUE_PASSWORD')}`,
        `TargetSubID=${variable('user.name')}`,
        'SenderSubID=a ${ b',
        `MaxLatency=${variable('LATENCY')}`
      )
    )
    expect(found).toEqual({
      password: variable('VENUE_PASSWORD'),
      targetSubId: variable('USER_NAME'),
      senderSubId: 'a $${ b',
      maxLatency: variable('LATENCY')
    })
    expect(told).toEqual([
      ': VENUE_PASSWORD is looked up in the environment',
      ': USER_NAME is looked up in the environment',
      ': LATENCY is looked up in the environment'
    ])
  })

  it('that applications keep beside the settings are taken for what they are called', () => {
    expect(carried(initiator('UserName=desk', 'password=secret')).options).toEqual({
      username: 'desk',
      password: variable('FIX_PASSWORD_B')
    })
    expect(carried(acceptor('Password=secret')).options).toEqual({})
  })
})

describe("QuickFIX/n's certificate", () => {
  it('is a file, and its password a variable', () => {
    expect(options('SSLEnable=Y', 'SSLCertificate=us.pfx', 'SSLCertificatePassword=swordfish').tls).toEqual({
      enabled: true,
      pfx: 'us.pfx',
      passphrase: variable('FIX_TLS_PASSPHRASE')
    })
  })

  it('of the store of Windows is told', () => {
    expect(said('SSLCertificate=CN=us')).toEqual([expect.stringMatching(/^SSLCertificate: left out: expected a \.pfx/)])
  })
})

describe('a proxy', () => {
  const address = ['ProxyHost=proxy.example', 'ProxyPort=1080']

  it('is carried over, its password as a variable', () => {
    const lines = [...address, 'ProxyUser=desk', 'ProxyPassword=swordfish']
    const { options: found, said: told } = carried(initiator('ProxyType=socks', 'ProxyVersion=5', ...lines))
    expect(found).toEqual({
      proxyType: 'socks5',
      proxyHost: 'proxy.example',
      proxyPort: 1080,
      proxyUser: 'desk',
      proxyPassword: variable('FIX_PROXY_PASSWORD')
    })
    expect(told).toEqual([': proxyPassword: a secret: set FIX_PROXY_PASSWORD in the environment to it'])
    expect(options('ProxyType=HTTP', 'ProxyVersion=1.1', ...address)).toMatchObject({ proxyType: 'http' })
  })

  it('of a kind that is not spoken is told', () => {
    expect(said('ProxyType=socks', 'ProxyVersion=4a', ...address)).toEqual([
      'ProxyVersion: SOCKS5 takes its place, which most proxies for SOCKS4 speak as well'
    ])
    expect(said('ProxyType=ftp')).toEqual(['ProxyType: left out: expected http or socks, got "ftp"'])
    expect(carried(acceptor('UseTCPProxy=Y')).said).toContainEqual(expect.stringMatching(/listener\.proxyProtocolFrom/))
  })
})

describe('any text', () => {
  const words = [
    '[DEFAULT]',
    '[SESSION]',
    'BeginString=FIX.4.4',
    'SenderCompID=A',
    'TargetCompID=B',
    '=',
    '${',
    '}',
    '#'
  ]
  const keys = [
    'ConnectionType',
    'SocketConnectHost',
    'SocketConnectPort1',
    'ReconnectInterval',
    'LogonTag',
    'AppDataDictionary.9',
    '__proto__',
    'constructor'
  ]
  const line = fc.oneof(
    fc.constantFrom(...words),
    fc.tuple(fc.constantFrom(...keys), fc.string()).map((pair) => pair.join('=')),
    fc.string()
  )

  it('gives a config that parses, or says why not', () => {
    fc.assert(
      fc.property(fc.constantFrom('', initiator(), acceptor()), fc.array(line, { maxLength: 30 }), (start, lines) => {
        const { config, mistakes } = importSettings([start, ...lines].join('\n'), nowhere)
        expect(config === undefined).toBe(mistakes.length > 0)
        if (config === undefined) return
        const names = [...JSON.stringify(config).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, '1'])
        expect(() => parseEngineConfig(config, { env: Object.fromEntries(names) })).not.toThrow()
      }),
      { numRuns: 300 }
    )
  })
})
