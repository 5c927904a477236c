import type { Clock } from '../clock.js'
import type { ParsedSessionConfig } from '../config/config.js'
import type { TcpTransportOptions } from '../transport/tcp-transport.js'

/** What a session's config says of its TCP connections. */
export function tcpOptions(config: ParsedSessionConfig, clock: Clock): TcpTransportOptions {
  const { noDelay, keepAlive, maxOutboundBuffer } = config
  // The session itself closes the link, with its own reason, when `maxOutboundBuffer` is passed.
  const common = { clock, noDelay, keepAlive, maxBufferedBytes: maxOutboundBuffer * 2 }
  if (config.role === 'acceptor') return common
  const { connectTimeout, localHost, localPort } = config
  return { ...common, connectTimeout, localHost, localPort }
}
