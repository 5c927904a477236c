import { formatEndpoint } from '../transport/close-reason.js'
import type { Connection } from '../transport/transport.js'

/** Who is at the other end, for the log. */
export function peerOf({
  remoteAddress: host,
  remotePort: port
}: Pick<Connection, 'remoteAddress' | 'remotePort'>): string {
  return formatEndpoint({ host, port })
}
