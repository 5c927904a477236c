import type { Clock } from '../clock.js'
import type { ParsedInitiatorConfig, ParsedSessionConfig } from '../config/config.js'
import type { ProxyOptions } from '../transport/proxy-handshake.js'
import type { TcpTransportOptions } from '../transport/tcp-transport.js'
import type { TlsOptions } from '../transport/tls-options.js'
import { allowedAddresses } from './allowed-addresses.js'
import { RefusalLog } from './refusal-log.js'

/** What a session's config says of its TCP connections; `warn` is told what goes wrong before there is one. */
export function tcpOptions(
  config: ParsedSessionConfig,
  clock: Clock,
  warn?: (text: string) => void
): TcpTransportOptions {
  const { noDelay, keepAlive, busyPoll, maxOutboundBuffer } = config
  const refusals = warn === undefined ? undefined : new RefusalLog(clock, { warn: (_, text) => warn(text) })
  // The session itself closes the link, with its own reason, when `maxOutboundBuffer` is passed.
  const common = {
    clock,
    noDelay,
    keepAlive,
    busyPoll,
    maxBufferedBytes: maxOutboundBuffer * 2,
    tls: tlsOptions(config),
    warn: refusals === undefined ? undefined : (text: string) => refusals.warn({}, text)
  }
  if (config.role === 'acceptor') {
    const { proxyProtocolFrom: ranges, firstByteTimeout } = config.listener
    const proxyProtocolFrom = ranges === undefined ? undefined : allowedAddresses(ranges)
    return { ...common, proxyProtocolFrom, firstByteTimeout, handshakeTimeout: config.logonTimeout }
  }
  const { connectTimeout, localHost, localPort } = config
  return { ...common, connectTimeout, localHost, localPort, proxy: proxyOptions(config) }
}

/** Undefined: straight to the counterparty. The config has no type without host and port. */
function proxyOptions(config: ParsedInitiatorConfig): ProxyOptions | undefined {
  const { proxyType: type, proxyHost: host, proxyPort: port, proxyUser: user, proxyPassword: password } = config
  if (type === undefined || host === undefined || port === undefined) return undefined
  return { type, host, port, user, password }
}

/** Undefined: in the clear. */
function tlsOptions({ tls }: ParsedSessionConfig): TlsOptions | undefined {
  return tls?.enabled === true ? tls : undefined
}

/** All of TLS that sessions with one listener have in common: the counterparty's certificate is each one's own. */
export function sharedTls(config: ParsedSessionConfig): object | undefined {
  const tls = tlsOptions(config)
  if (tls === undefined) return undefined
  const { peerCertificate, ...shared } = tls
  return shared
}
