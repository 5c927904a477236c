import { listenHost } from './listen-host.js'
import type { Mistake } from './mistake.js'
import { acceptorOptions } from './options/connection.js'
import { listenerOptions } from './options/listener.js'
import { type SessionIdentity, sessionId, wireIdentity } from './session-id.js'
import { isSettings, type Settings } from './settings.js'

/** A session of an engine as far as it is known, right or wrong. */
export interface Draft {
  readonly settings: Settings
  /** What the user wrote, for showing. */
  readonly raw: Settings
}

/** A mistake that lies between two sessions; it is put down to the later one. */
export interface Conflict {
  readonly index: number
  readonly mistake: Mistake
}

/** Sessions that cannot live in one engine. */
export function conflictsAmong(drafts: readonly Draft[]): Conflict[] {
  const byId = new Map<string, number>()
  const byListener = new Map<string, number>()
  const byEndpoint = new Map<string, number>()
  return drafts.flatMap(({ settings, raw }, index) => {
    const identity = identityOf(settings)
    if (identity === undefined) return []
    const sameId = claim(byId, sessionId(identity), index)
    const listener = listenerOf(settings)
    const samePeer =
      listener === undefined ? undefined : claim(byListener, `${listener} ${wireIdentity(identity)}`, index)
    const first = listener === undefined || settings.port === 0 ? undefined : claim(byEndpoint, listener, index)
    if (first !== undefined) {
      const other = drafts[first]?.settings ?? {}
      const different = sharedOptions.find(([, shared]) => shared(settings) !== shared(other))
      if (different !== undefined) return [{ index, mistake: otherThan(different[0], first, raw) }]
    }
    if (sameId !== undefined) return [{ index, mistake: sameIdAs(sameId, raw) }]
    return samePeer === undefined ? [] : [{ index, mistake: samePeerAs(samePeer, raw) }]
  })
}

/** The earlier holder of `key`, or undefined after taking it. */
function claim(holders: Map<string, number>, key: string, index: number): number | undefined {
  const holder = holders.get(key)
  if (holder === undefined) holders.set(key, index)
  return holder
}

function sameIdAs(other: number, raw: Settings): Mistake {
  return {
    path: [],
    expected: 'an id that no other session has',
    got: `the id of sessions[${other}], ${idAsWritten(raw)}`,
    advice: 'Remove one of them, or tell them apart by sessionQualifier or a sub or location id.'
  }
}

function samePeerAs(other: number, raw: Settings): Mistake {
  const { host = acceptorOptions.host.default, port } = raw
  return {
    path: [],
    expected: 'a counterparty that can be told from the others on its host and port',
    got: `the one of sessions[${other}] on ${host}:${port}`,
    advice: 'Give it a port of its own: sessionQualifier does not go on the wire.'
  }
}

/** What sessions with one listener must have in common of TLS. A default that is written out counts as a difference. */
function sharedTls({ tls }: Settings): string {
  if (!isSettings(tls) || tls.enabled === false) return ''
  const shared = Object.entries(tls).filter(([name]) => name !== 'peerCertificate' && name !== 'enabled')
  return JSON.stringify(['on', ...shared.sort(([a], [b]) => (a < b ? -1 : 1))])
}

/** What the listener puts up with, defaults included. */
function sharedListener({ listener }: Settings): string {
  const all = { ...listenerDefaults, ...(isSettings(listener) ? listener : {}) }
  return JSON.stringify(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const listenerDefaults = Object.fromEntries(
  Object.entries(listenerOptions.listener.members).flatMap(([name, option]) =>
    'default' in option ? [[name, option.default]] : []
  )
)

const sharedOptions = [
  ['tls', sharedTls],
  ['listener', sharedListener]
] as const

function otherThan(
  name: 'tls' | 'listener',
  other: number,
  { host = acceptorOptions.host.default, port }: Settings
): Mistake {
  const but = name === 'tls' ? ', with peerCertificate alone in each session' : ''
  return {
    path: [name],
    expected: `the same as that of sessions[${other}], since the two share the listener on ${host}:${port}`,
    got: 'something else',
    advice: `Write ${name} once, in "defaults"${but}, or use ports of their own.`
  }
}

/** The id with `${NAME}` as it was written: errors never show what it stood for. */
function idAsWritten(raw: Settings): string {
  const identity = identityOf(raw)
  return identity === undefined ? 'written otherwise' : sessionId(identity)
}

function identityOf(settings: Settings): SessionIdentity | undefined {
  const { beginString, senderCompId, targetCompId } = settings
  if (typeof beginString !== 'string' || typeof senderCompId !== 'string' || typeof targetCompId !== 'string') {
    return undefined
  }
  return {
    beginString,
    senderCompId,
    targetCompId,
    senderSubId: text(settings.senderSubId),
    senderLocationId: text(settings.senderLocationId),
    targetSubId: text(settings.targetSubId),
    targetLocationId: text(settings.targetLocationId),
    sessionQualifier: text(settings.sessionQualifier)
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

function listenerOf(settings: Settings): string | undefined {
  const { role, host = acceptorOptions.host.default, port } = settings
  return role === 'acceptor' && typeof host === 'string' && typeof port === 'number'
    ? `${listenHost(host)}:${port}`
    : undefined
}
