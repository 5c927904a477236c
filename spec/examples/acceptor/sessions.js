import { fileURLToPath } from 'node:url'

/** The engines whose test servers can be played. */
export const dialects = ['quickfix', 'quickfixj', 'quickfixgo', 'quickfixn']

/** What the FIX 5.0 versions are called in DefaultApplVerID(1137). */
const fixtVersions = [
  { name: '50', defaultApplVerId: '7' },
  { name: '50SP1', defaultApplVerId: '8' },
  { name: '50SP2', defaultApplVerId: '9' }
]
const oldVersions = ['FIX.4.0', 'FIX.4.1', 'FIX.4.2', 'FIX.4.3', 'FIX.4.4']

/** Where an engine's dictionary demands something else than the built-in one. */
const dictionaries = {
  quickfixj: { 'FIX.4.3': 'FIX43-symbol.xml', 'FIX.4.4': 'FIX44-symbol.xml' },
  quickfixn: { 'FIX.4.2': 'FIX42-quickfixn.xml', 'FIX.4.3': 'FIX43-symbol.xml', 'FIX.4.4': 'FIX44-quickfixn.xml' }
}

/** The settings of an engine's test server. */
const settings = {
  quickfix: { resetOnLogon: true },
  quickfixj: { resetOnDisconnect: true },
  quickfixgo: { resetOnLogon: true },
  quickfixn: { resetOnLogon: true }
}

/**
 * The config of a FixEngine: all sessions of an engine's test server on one port, with `options` for each. QuickFIX C++
 * tells versions apart by TargetCompID(56), the others by BeginString(8) alone; which FIX 5.0 it is, the Logon's
 * DefaultApplVerID(1137) says.
 */
export function sessionsOf({ dialect, port, log, options }) {
  const sessions = dialect === 'quickfix' ? quickfixSessions() : otherSessions(dialect)
  if (dialect === 'quickfixn') sessions.push(sessionWithSubIds())
  return {
    defaults: {
      role: 'acceptor',
      dialect,
      port,
      senderCompId: 'ISLD',
      targetCompId: 'TW',
      testReqId: 'TEST',
      ...settings[dialect],
      ...options,
      journal: merged({ path: ':memory:' }, options.journal),
      log: merged({ level: log }, options.log)
    },
    sessions: sessions.map((session) => without(session, options))
  }
}

/** What is no group of options is left to the engine to refuse. */
function merged(group, option = {}) {
  return typeof option === 'object' ? { ...group, ...option } : option
}

/** An option for all sessions comes before what one of them has. */
function without(session, options) {
  return Object.fromEntries(Object.entries(session).filter(([name]) => !Object.hasOwn(options, name)))
}

function quickfixSessions() {
  return [
    ...oldVersions.map((beginString) => ({
      beginString,
      dictionary: beginString,
      targetCompId: `TW${beginString.slice(4).replace('.', '')}`
    })),
    ...fixtVersions.map(({ name, defaultApplVerId }) => ({
      beginString: 'FIXT.1.1',
      transportDictionary: 'FIXT.1.1',
      targetCompId: `TW${name}`,
      defaultApplVerId
    })),
    { beginString: 'FIX.4.4', dictionary: 'FIX.4.4', targetCompId: 'TW' },
    {
      beginString: 'FIX.4.4',
      dictionary: 'FIX.4.4',
      targetCompId: 'NO_CHECK_FIELDS_HAVE_VALUES',
      validateFieldsHaveValues: false
    }
  ]
}

function otherSessions(dialect) {
  return [
    ...oldVersions.map((beginString) => ({ beginString, dictionary: dictionaryOf(dialect, beginString) })),
    { beginString: 'FIXT.1.1', transportDictionary: 'FIXT.1.1' }
  ]
}

/** QuickFIX/n also tests a session with sub and location ids. */
function sessionWithSubIds() {
  return {
    beginString: 'FIX.4.2',
    dictionary: dictionaryOf('quickfixn', 'FIX.4.2'),
    senderSubId: 'SENDERSUB',
    senderLocationId: 'SENDERLOC',
    targetSubId: 'TARGETSUB',
    targetLocationId: 'TARGETLOC'
  }
}

function dictionaryOf(dialect, beginString) {
  const file = dictionaries[dialect]?.[beginString]
  return file === undefined ? beginString : fileURLToPath(new URL(`dictionaries/${file}`, import.meta.url))
}
