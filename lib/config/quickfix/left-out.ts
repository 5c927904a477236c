import { matchesName } from './names.js'

/** Settings of the QuickFIX family that have no option here, and why. */
export interface LeftOut {
  readonly names: readonly string[]
  readonly why: string
}

const protocol: LeftOut[] = [
  {
    names: ['Description'],
    why: 'No engine does anything with it: JSON keeps no comments, so name sessions by their ids.'
  },
  { names: ['SendResetSeqNumFlag'], why: 'Declared by QuickFIX C++ and never read.' },
  {
    names: ['ResetOnError'],
    why: 'An error never costs the numbers: what was sent could no longer be resent. resetSeqNums() does it on purpose.'
  },
  {
    names: ['DisconnectOnError'],
    why: 'onListenerError: "disconnect" does it for errors of the application; those of the protocol end the connection where the standard says so.'
  },
  {
    names: ['PreserveMessageFieldsOrder'],
    why: 'Fields always go out in the order in which they were set, members of a group in that of the dictionary.'
  },
  {
    names: ['IgnorePossDupResendRequests'],
    why: 'A ResendRequest is answered whatever its flags are; endless repetition of one is detected and ends the link.'
  },
  {
    names: ['HeartBtIntOverride'],
    why: 'An acceptor takes the HeartBtInt(108) of the Logon, as the standard has it.'
  }
]

const sockets: LeftOut[] = [
  {
    names: ['SocketConnectProtocol', 'SocketConnectProtocol<n>', 'SocketAcceptProtocol'],
    why: 'TCP is the only one by config; sessions of one process can be joined by MemoryTransport, a part.'
  },
  {
    names: ['HostSelectionPolicyPriorityStartOverInterval'],
    why: 'With hostSelectionPolicy "priority" every round of dials begins with the first host.'
  },
  {
    names: ['DynamicSession'],
    why: 'A session that is to begin later is made later: new FixSession(config), then connect().'
  },
  {
    names: ['DynamicSessions', 'DynamicQualifier'],
    why: 'A session with template: true lets in counterparties that are not named.'
  },
  {
    names: ['SocketSendBufferSize', 'SocketReceiveBufferSize', 'SocketOobInline', 'SocketLinger', 'SocketTrafficClass'],
    why: 'Sockets of Node have no such setting.'
  },
  { names: ['SocketReuseAddress'], why: 'Node sets it on every listener.' },
  {
    names: ['SocketTimeout', 'SocketReceiveTimeout', 'SocketSendTimeout'],
    why: 'Heartbeats find out that a link is dead; maxOutboundBuffer ends one that is not read.'
  },
  {
    names: ['MaxScheduledWriteRequests'],
    why: 'maxOutboundBuffer is the limit, in bytes: they are what fills the memory.'
  },
  {
    names: ['SocketSynchronousWrites', 'SocketSynchronousWriteTimeout'],
    why: 'Writing never blocks in Node; flush() resolves when all that was sent is saved and with the socket.'
  },
  {
    names: ['withQueueCapacity', 'withQueueWatermarks', 'InChanCapacity'],
    why: 'There is no queue between socket and listeners: while they work, the socket is not read.'
  },
  {
    names: ['ContinueInitializationOnError'],
    why: 'A config with a mistake opens nothing: half of the sessions missing would be found out too late.'
  },
  {
    names: ['HttpAcceptPort'],
    why: 'The state of sessions is read in code (state, counters, events); no web server runs beside them.'
  }
]

const tls: LeftOut[] = [
  {
    names: ['SSLProtocol', 'SSLProtocols', 'EnabledProtocols', 'SocketMinimumTLSVersion'],
    why: 'Each engine writes versions its own way: tls.minVersion and tls.maxVersion; nothing below TLS 1.2 is spoken.'
  },
  {
    names: ['TLSCipherSuites', 'CipherSuites'],
    why: "tls.ciphers has both kinds, in OpenSSL's names."
  },
  {
    names: ['CertificationAuthoritiesDirectory'],
    why: 'tls.ca takes a list of files.'
  },
  {
    names: ['CertificateRevocationListDirectory', 'SSLCheckCertificateRevocation'],
    why: 'tls.crl takes a list of files; nothing is fetched from elsewhere while a counterparty waits.'
  },
  {
    names: ['CertificateVerifyLevel', 'SocketInsecureSkipVerify', 'EndpointIdentificationAlgorithm', 'UseSNI'],
    why: 'The certificate, its host name included, is always verified and SNI always sent; tls.rejectUnauthorized and tls.needClientAuth say otherwise.'
  },
  {
    names: ['SSLCACertificate'],
    why: 'A file of another kind than PEM, or a name in the store of Windows: convert it with openssl x509, then tls.ca.'
  },
  {
    names: [
      'SocketKeyStore',
      'SocketKeyStorePassword',
      'KeyStoreType',
      'KeyManagerFactoryAlgorithm',
      'SocketTrustStore',
      'SocketTrustStorePassword',
      'TrustStoreType',
      'TrustManagerFactoryAlgorithm'
    ],
    why: "Java's key stores and providers: one of KeyStoreType PKCS12 is tls.pfx as it is, others are converted by keytool."
  }
]

const proxies: LeftOut[] = [
  {
    names: ['UseTCPProxy'],
    why: 'listener.proxyProtocolFrom does it; it has to say from which load balancers a header is believed.'
  },
  { names: ['SocketIgnoreProxy'], why: 'Always so: no proxy is used but the one of proxyType.' },
  { names: ['ProxyDomain', 'ProxyWorkstation'], why: 'NTLM, which its maker has given up.' }
]

const storage: LeftOut[] = [
  { names: ['FileStoreMaxCachedMsgs'], why: 'The journal keeps no messages in memory; SQLite has a cache of its own.' },
  {
    names: [
      'MySQLStoreDatabase',
      'MySQLStoreUser',
      'MySQLStorePassword',
      'MySQLStoreHost',
      'MySQLStorePort',
      'MySQLStoreUseConnectionPool',
      'PostgreSQLStoreDatabase',
      'PostgreSQLStoreUser',
      'PostgreSQLStorePassword',
      'PostgreSQLStoreHost',
      'PostgreSQLStorePort',
      'PostgreSQLStoreUseConnectionPool',
      'OdbcStoreUser',
      'OdbcStorePassword',
      'OdbcStoreConnectionString',
      'JdbcDriver',
      'JdbcURL',
      'JdbcUser',
      'JdbcPassword',
      'JdbcDataSourceName',
      'JndiContextFactory',
      'JndiProviderURL',
      'JdbcStoreMessagesTableName',
      'JdbcStoreSessionsTableName',
      'JdbcSessionIdDefaultPropertyValue',
      'JdbcMaxActiveConnection',
      'JdbcMinIdleConnection',
      'JdbcMaxConnectionLifeTime',
      'JdbcConnectionTimeout',
      'JdbcConnectionIdleTimeout',
      'JdbcConnectionKeepaliveTime',
      'JdbcConnectionTestQuery',
      'SleepycatDatabaseDir',
      'SleepycatSequenceDbName',
      'SleepycatMessageDbName',
      'SQLStoreDriver',
      'SQLStoreDataSourceName',
      'SQLStoreConnMaxLifetime',
      'MongoStoreConnection',
      'MongoStoreDatabase',
      'MongoStoreReplicaSet'
    ],
    why: 'The journal is a SQLite file (journal.path); another store is a part: an object with the methods of Journal.'
  }
]

const logging: LeftOut[] = [
  { names: ['FileLogBackupPath'], why: 'The log that is full becomes FILE.1 beside the new one.' },
  { names: ['DebugFileLogPath', 'DebugLogFilePath'], why: 'log.file is the only one; log.level "debug" adds to it.' },
  {
    names: ['FileLogHeartbeats', 'ScreenLogShowHeartBeats', 'JdbcLogHeartBeats', 'SLF4JLogHeartbeats'],
    why: 'log.messages logs every message or none; lines are JSON, easily filtered.'
  },
  {
    names: ['FileIncludeMilliseconds', 'FileIncludeTimeStampForMessages', 'ScreenIncludeMilliseconds'],
    why: 'Every line has its time, to the millisecond.'
  },
  { names: ['ScreenLogShowEvents'], why: 'log.level says which events are logged.' },
  {
    names: [
      'SLF4JLogEventCategory',
      'SLF4JLogErrorEventCategory',
      'SLF4JLogIncomingMessageCategory',
      'SLF4JLogOutgoingMessageCategory',
      'SLF4JLogPrependSessionID'
    ],
    why: "A logger of your own is a part; each session uses a child of it that carries the session's id."
  },
  {
    names: [
      'JdbcLogIncomingTable',
      'JdbcLogOutgoingTable',
      'JdbcLogEventTable',
      'MySQLLogDatabase',
      'MySQLLogUser',
      'MySQLLogPassword',
      'MySQLLogHost',
      'MySQLLogPort',
      'MySQLLogUseConnectionPool',
      'MySQLLogIncomingTable',
      'MySQLLogOutgoingTable',
      'MySQLLogEventTable',
      'PostgreSQLLogDatabase',
      'PostgreSQLLogUser',
      'PostgreSQLLogPassword',
      'PostgreSQLLogHost',
      'PostgreSQLLogPort',
      'PostgreSQLLogUseConnectionPool',
      'PostgreSQLLogIncomingTable',
      'PostgreSQLLogOutgoingTable',
      'PostgreSQLLogEventTable',
      'OdbcLogUser',
      'OdbcLogPassword',
      'OdbcLogConnectionString',
      'OdbcLogIncomingTable',
      'OdbcLogOutgoingTable',
      'OdbcLogEventTable'
    ],
    why: 'The log is lines of JSON, for any collector; messages are in the journal, which SQL can read.'
  },
  {
    names: ['LogMessageWhenSessionNotFound'],
    why: "A stranger's ids are logged, never the whole Logon: it may hold a password."
  }
]

/** In the order of the table in README. */
export const leftOut: readonly LeftOut[] = [...protocol, ...sockets, ...tls, ...proxies, ...storage, ...logging]

/** Why there is no option for a key of a settings file, or undefined when nobody knows it. */
export function whyLeftOut(key: string): string | undefined {
  return leftOut.find(({ names }) => names.some((name) => matchesName(name, key)))?.why
}
