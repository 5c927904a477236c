import { scheduleProblems } from '../schedule/schedule-plan.js'
import { type Mistake, notShown, shown } from './mistake.js'
import { isGroup } from './option.js'
import { acceptorTable, commonOptions } from './options.js'
import { isSettings, type Settings } from './settings.js'
import { ANY, idNames } from './template-ids.js'

/** A rule on several options of one session at once. It sees values that may themselves be wrong, and says nothing then. */
type Rule = (settings: Settings, raw: Settings) => Mistake | undefined

/** What the rules find; `raw` is what the user wrote, for showing. */
export function brokenRules(settings: Settings, raw: Settings): Mistake[] {
  const broken = rules.map((rule) => rule(settings, raw)).filter((mistake) => mistake !== undefined)
  return [...broken, ...scheduleProblems(settings, raw)]
}

/** Options of `FIXT.1.1` alone, by name. */
export const fixtOnly: readonly string[] = Object.entries(commonOptions)
  .filter(([, entry]) => !isGroup(entry) && entry.only === 'FIXT.1.1')
  .map(([name]) => name)

const isFixt = (settings: Settings) => settings.beginString === 'FIXT.1.1'

const addressToDial: Rule = (settings) => {
  if (settings.role !== 'initiator') return undefined
  const host = settings.host !== undefined
  const port = settings.port !== undefined
  if (host && port) return undefined
  if (!host && !port && settings.hosts !== undefined) return undefined
  return {
    path: [host ? 'port' : 'host'],
    expected: host ? 'the port to dial' : port ? 'the host to dial' : 'an address to dial',
    got: 'nothing',
    advice: 'Add host and port, or hosts.'
  }
}

const applVerIdOfFixt: Rule = (settings) => {
  // An acceptor can speak the version of the Logon that it is sent; an initiator speaks first.
  if (!isFixt(settings) || settings.role === 'acceptor' || settings.defaultApplVerId !== undefined) return undefined
  return {
    path: ['defaultApplVerId'],
    expected: 'a version, since FIXT.1.1 Logons carry DefaultApplVerID(1137)',
    got: 'nothing',
    advice: 'Add it, for example "FIX.5.0SP2".'
  }
}

const onlyWithFixt =
  (name: string): Rule =>
  (settings, raw) => {
    const known = typeof settings.beginString === 'string'
    if (!known || isFixt(settings) || settings[name] === undefined) return undefined
    return {
      path: [name],
      expected: 'nothing, since only FIXT.1.1 has it',
      got: shown(raw[name]),
      advice: 'Leave it out, or set beginString to "FIXT.1.1".'
    }
  }

const testBeforeDead: Rule = (settings, raw) => {
  const test = numberOf(settings, 'testRequestDelayMultiplier')
  const dead = numberOf(settings, 'heartBeatTimeoutMultiplier')
  if (test === undefined || dead === undefined || dead > test) return undefined
  return {
    path: ['heartBeatTimeoutMultiplier'],
    expected: 'more than testRequestDelayMultiplier, so that a TestRequest can be answered',
    got: shown(raw.heartBeatTimeoutMultiplier ?? dead),
    advice: 'Raise it, or lower testRequestDelayMultiplier.'
  }
}

const noRecoveryByLogon: Rule = ({ recovery, sendNextExpectedMsgSeqNum }) =>
  recovery !== 'none' || sendNextExpectedMsgSeqNum !== true
    ? undefined
    : {
        path: ['sendNextExpectedMsgSeqNum'],
        expected: 'false, since recovery is "none"',
        got: 'true',
        advice: 'Leave one of them out.'
      }

const limitThatLimits: Rule = ({ outboundLimit }, raw) => {
  if (!isSettings(outboundLimit) || outboundLimit.messagesPerSecond !== undefined) return undefined
  if (outboundLimit.byMsgType !== undefined && outboundLimit.burst === undefined) return undefined
  return {
    path: ['outboundLimit', 'messagesPerSecond'],
    expected: outboundLimit.burst === undefined ? 'a limit' : 'the limit that burst belongs to',
    got: shown(raw.outboundLimit),
    advice: 'Add messagesPerSecond, or give the limits of some types in byMsgType.'
  }
}

const inboundLimitThatLimits: Rule = ({ inboundLimit }, raw) =>
  !isSettings(inboundLimit) || inboundLimit.messagesPerSecond !== undefined
    ? undefined
    : {
        path: ['inboundLimit', 'messagesPerSecond'],
        expected: 'a limit',
        got: shown(raw.inboundLimit),
        advice: 'Add it, or leave inboundLimit out.'
      }

const probeBeforeGivingUp: Rule = (settings, raw) => {
  const { duplicateLogon, probeTimeout = acceptorTable.probeTimeout.default } = settings
  const { logonTimeout = acceptorTable.logonTimeout.default } = settings
  if (settings.role !== 'acceptor' || duplicateLogon !== 'probe') return undefined
  if (typeof probeTimeout !== 'number' || typeof logonTimeout !== 'number' || probeTimeout < logonTimeout)
    return undefined
  return {
    path: ['probeTimeout'],
    expected: 'less than logonTimeout, so that the new connection is still there when the old one is found dead',
    got: shown(raw.probeTimeout ?? probeTimeout),
    advice: 'Lower it, or raise logonTimeout.'
  }
}

const ageOfWhatWaits: Rule = (settings) => {
  const { sendWhileLoggedOff, maxMessageAge, maxMessageAges } = settings
  if (sendWhileLoggedOff !== 'queue' || maxMessageAge !== undefined || maxMessageAges !== undefined) return undefined
  return {
    path: ['maxMessageAge'],
    expected: 'the age at which what waits is stale, since sendWhileLoggedOff is "queue"',
    got: 'nothing',
    advice: 'Add it, or maxMessageAges for the messages that must not go out late.'
  }
}

/** An option of its own and the same field again among `logonFields`. */
const onlyOneLogin =
  (name: 'username' | 'password', tag: number): Rule =>
  ({ [name]: own, logonFields }, raw) => {
    if (own === undefined || !tagsOf(logonFields).includes(String(tag))) return undefined
    return {
      path: [name],
      expected: `nothing, since logonFields has ${tag}`,
      got: notShown(String(raw[name])),
      advice: 'Leave one of them out.'
    }
  }

const proxyAddress: Rule = ({ role, proxyType, proxyHost, proxyPort }) => {
  if (role !== 'initiator' || proxyType === undefined) return undefined
  const missing = proxyHost === undefined ? 'proxyHost' : proxyPort === undefined ? 'proxyPort' : undefined
  if (missing === undefined) return undefined
  return {
    path: [missing],
    expected: 'the address of the proxy',
    got: 'nothing',
    advice: 'Add proxyHost and proxyPort.'
  }
}

const proxyOfSomeType: Rule = (settings) => {
  if (settings.role !== 'initiator' || settings.proxyType !== undefined) return undefined
  const lost = ['proxyHost', 'proxyPort', 'proxyUser', 'proxyPassword'].find((name) => settings[name] !== undefined)
  if (lost === undefined) return undefined
  return {
    path: ['proxyType'],
    expected: `"socks5" or "http", since there is ${lost}`,
    got: 'nothing',
    advice: 'Add it, or leave the other proxy options out.'
  }
}

const proxyLogin: Rule = ({ role, proxyType, proxyUser, proxyPassword }, raw) => {
  if (role !== 'initiator' || proxyType === undefined) return undefined
  if (proxyPassword !== undefined && proxyUser === undefined)
    return { path: ['proxyUser'], expected: 'the user of proxyPassword', got: 'nothing', advice: 'Add it.' }
  // RFC 7617, 2: the first colon ends the user.
  if (proxyType !== 'http' || typeof proxyUser !== 'string' || !proxyUser.includes(':')) return undefined
  return { path: ['proxyUser'], expected: 'no colon in it, for an HTTP proxy', got: shown(raw.proxyUser), advice: '' }
}

const anyone: Rule = (settings, raw) => {
  if (
    settings.role !== 'acceptor' ||
    settings.template !== true ||
    settings.targetCompId === undefined ||
    settings.targetCompId === ANY
  )
    return undefined
  return {
    path: ['targetCompId'],
    expected: '"*", since a template is for counterparties that are not known',
    got: shown(raw.targetCompId),
    advice: 'Write "*", or leave template out.'
  }
}

const oneOf =
  (name: (typeof idNames)[number]): Rule =>
  (settings, raw) => {
    if (settings[name] !== ANY || settings.template === true) return undefined
    return {
      path: [name],
      expected: 'an id, since "*" is for templates',
      got: shown(raw[name]),
      advice: 'Write the id, or set template to true.'
    }
  }

const knownPort: Rule = ({ template, port }) => {
  if (template !== true || port !== 0) return undefined
  return { path: ['port'], expected: 'a port, since the sessions of a template share it', got: '0', advice: '' }
}

/** Only where TLS is on: options of one that is off are kept for when it is on again. */
const onTls =
  (rule: (tls: Settings, acceptor: boolean) => Mistake | undefined): Rule =>
  ({ tls, role }) =>
    isSettings(tls) && tls.enabled !== false && (role === 'acceptor' || role === 'initiator')
      ? rule(tls, role === 'acceptor')
      : undefined

const tlsOneCertificate = onTls(({ certificate, key, pfx }) => {
  if (pfx === undefined || (certificate === undefined && key === undefined)) return undefined
  return {
    path: ['tls', 'pfx'],
    expected: `nothing, since there is tls.${certificate === undefined ? 'key' : 'certificate'}`,
    got: shown(pfx),
    advice: 'Leave one of them out.'
  }
})

const tlsCertificate = onTls(({ certificate, key, pfx }, acceptor) => {
  if (certificate !== undefined || pfx !== undefined || (!acceptor && key === undefined)) return undefined
  return {
    path: ['tls', 'certificate'],
    expected: acceptor ? 'a certificate to show to whoever dials' : 'the certificate of tls.key',
    got: 'nothing',
    advice: 'Add the path of a PEM file, or tls.pfx.'
  }
})

const tlsClients = onTls(({ ca, needClientAuth, rejectUnauthorized, peerCertificate }, acceptor) => {
  const asks = needClientAuth ?? ca !== undefined
  if (acceptor && peerCertificate !== undefined && asks !== true) {
    return {
      path: ['tls', 'needClientAuth'],
      expected: 'true, since peerCertificate is of a certificate that has to be asked for',
      got: shown(needClientAuth),
      advice: 'Set it to true, and ca to the CA that vouches for it.'
    }
  }
  if (!acceptor || asks !== true || ca !== undefined || rejectUnauthorized === false) return undefined
  return {
    path: ['tls', 'ca'],
    expected: 'the CA of the certificates that needClientAuth asks for',
    got: 'nothing',
    advice: 'Add the path of a PEM file.'
  }
})

const tlsNamesVouchedFor = onTls(({ rejectUnauthorized, peerCertificate }) => {
  if (rejectUnauthorized !== false || !isSettings(peerCertificate) || peerCertificate.fingerprint256 !== undefined)
    return undefined
  return {
    path: ['tls', 'rejectUnauthorized'],
    expected: 'true, since anybody can put any name in a certificate that nobody vouches for',
    got: 'false',
    advice: 'Leave it out, or pin the certificate by peerCertificate.fingerprint256.'
  }
})

const tlsVersions = onTls(({ minVersion, maxVersion }) => {
  if (minVersion !== 'TLSv1.3' || maxVersion !== 'TLSv1.2') return undefined
  return {
    path: ['tls', 'maxVersion'],
    expected: 'minVersion or newer',
    got: shown(maxVersion),
    advice: 'Leave it out.'
  }
})

const tlsExpectsSomething = onTls(({ peerCertificate }) => {
  if (!isSettings(peerCertificate) || Object.values(peerCertificate).some((value) => value !== undefined))
    return undefined
  return {
    path: ['tls', 'peerCertificate'],
    expected: 'at least one of commonName, subjectAltName and fingerprint256',
    got: 'none of them',
    advice: 'Add one, or leave peerCertificate out.'
  }
})

/** Of fields by tag or of pairs, right or wrong. */
function tagsOf(fields: unknown): string[] {
  if (Array.isArray(fields)) return fields.map((pair: unknown) => (Array.isArray(pair) ? String(pair[0]) : ''))
  return isSettings(fields) ? Object.keys(fields) : []
}

function numberOf(settings: Settings, name: keyof typeof commonOptions): number | undefined {
  const entry = commonOptions[name]
  const value = settings[name] ?? ('default' in entry ? entry.default : undefined)
  return typeof value === 'number' ? value : undefined
}

const rules: readonly Rule[] = [
  addressToDial,
  applVerIdOfFixt,
  ...fixtOnly.map(onlyWithFixt),
  testBeforeDead,
  noRecoveryByLogon,
  limitThatLimits,
  inboundLimitThatLimits,
  probeBeforeGivingUp,
  ageOfWhatWaits,
  onlyOneLogin('username', 553),
  onlyOneLogin('password', 554),
  proxyAddress,
  proxyOfSomeType,
  proxyLogin,
  anyone,
  ...idNames.map(oneOf),
  knownPort,
  tlsOneCertificate,
  tlsCertificate,
  tlsClients,
  tlsNamesVouchedFor,
  tlsVersions,
  tlsExpectsSomething
]
