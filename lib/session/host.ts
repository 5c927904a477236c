import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../clock.js'
import type { LogonIds, ParsedAcceptorConfig, ParsedSessionConfig } from '../config/config.js'
import type { FixMessage } from '../fix/message.js'
import type { Logger } from '../log.js'
import type { Connection } from '../transport/transport.js'
import { admission } from './admission.js'
import { sharedTls } from './tcp-options.js'

/** What sessions with one listener have in common. */
export interface ListenerTerms {
  /** All of TLS but for the counterparty's certificate, which is each session's own; undefined: in the clear. */
  readonly tls: object | undefined
  readonly limits: ParsedAcceptorConfig['listener'] | undefined
}

/** A session that waits for its counterparty at a listener. */
export interface Host {
  /** What a Logon is told by, seen from this side. */
  readonly identity: LogonIds
  readonly logonTimeout: number
  readonly logger: Logger
  readonly clock: Clock
  /** Takes whoever fits its ids and is named by no other host (`template`). */
  readonly isTemplate?: boolean
  readonly terms: ListenerTerms
  /** From where its counterparty may come; undefined: from anywhere. */
  readonly allowedRemoteAddresses: readonly string[] | undefined
  /** Why whoever is there may not be the counterparty (`allowedRemoteAddresses`, `tls.peerCertificate`). */
  objection(connection: Connection): string | undefined
  /** Takes over a connection that began with a Logon for this host; `bytes` is what was read from it so far. */
  offer(connection: Connection, bytes: Uint8Array, logon: FixMessage): void
}

export type HostFacts = Pick<Host, 'identity' | 'logonTimeout' | 'terms' | 'allowedRemoteAddresses' | 'objection'>

/** What a config says of the host that its session is. */
export function hostFacts(config: ParsedSessionConfig): HostFacts {
  const acceptor = config.role === 'acceptor' ? config : undefined
  return {
    identity: config,
    logonTimeout: config.logonTimeout,
    terms: { tls: sharedTls(config), limits: acceptor?.listener },
    allowedRemoteAddresses: acceptor?.allowedRemoteAddresses,
    objection: admission(config)
  }
}

/** The name of the option in which two sessions with one listener differ. */
export function differenceOf(one: ListenerTerms, other: ListenerTerms): 'tls' | 'listener' | undefined {
  if (!isDeepStrictEqual(one.tls, other.tls)) return 'tls'
  return isDeepStrictEqual(one.limits, other.limits) ? undefined : 'listener'
}
