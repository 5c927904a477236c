/** The engines whose test servers can be played. */
export const dialects = ['quickfix', 'quickfixj', 'quickfixgo', 'quickfixn']

/** What the FIX 5.0 versions are called in DefaultApplVerID(1137). */
const fixtVersions = [
  { name: '50', defaultApplVerId: '7' },
  { name: '50SP1', defaultApplVerId: '8' },
  { name: '50SP2', defaultApplVerId: '9' }
]
const oldVersions = ['FIX.4.0', 'FIX.4.1', 'FIX.4.2', 'FIX.4.3', 'FIX.4.4']

/**
 * The config of a FixEngine: all sessions of an engine's test server on one port. QuickFIX C++ tells versions apart by
 * TargetCompID(56), the others by BeginString(8) alone; which FIX 5.0 it is, the Logon's DefaultApplVerID(1137) says.
 */
export function sessionsOf({ dialect, port, log, options }) {
  const sessions = dialect === 'quickfix' ? quickfixSessions() : otherSessions()
  if (dialect === 'quickfixn') sessions.push(sessionWithSubIds())
  return {
    defaults: {
      role: 'acceptor',
      dialect,
      port,
      senderCompId: 'ISLD',
      targetCompId: 'TW',
      testReqId: 'TEST',
      journal: { path: ':memory:' },
      log: { level: log },
      ...(dialect === 'quickfixj' ? { resetOnDisconnect: true } : { resetOnLogon: true }),
      ...options
    },
    sessions
  }
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

function otherSessions() {
  return [
    ...oldVersions.map((beginString) => ({ beginString, dictionary: beginString })),
    { beginString: 'FIXT.1.1', transportDictionary: 'FIXT.1.1', defaultApplVerId: '7' }
  ]
}

/** QuickFIX/n also tests a session with sub and location ids. */
function sessionWithSubIds() {
  return {
    beginString: 'FIX.4.2',
    dictionary: 'FIX.4.2',
    senderSubId: 'SENDERSUB',
    senderLocationId: 'SENDERLOC',
    targetSubId: 'TARGETSUB',
    targetLocationId: 'TARGETLOC'
  }
}
