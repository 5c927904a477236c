import type { ParsedSessionConfig } from '../config/config.js'
import { certificateObjection } from '../transport/peer-certificate.js'
import type { Connection } from '../transport/transport.js'
import { allowedAddresses } from './allowed-addresses.js'

/** Why a connection may not be the counterparty of a session, whatever its Logon says; undefined when it may. */
export function admission(config: ParsedSessionConfig): (connection: Connection) => string | undefined {
  const admits = allowedAddresses(config.role === 'acceptor' ? config.allowedRemoteAddresses : undefined)
  const expected = config.tls?.enabled === true ? config.tls.peerCertificate : undefined
  return (connection) => {
    if (!admits(connection.remoteAddress)) return 'its address is none of allowedRemoteAddresses'
    return certificateObjection(expected, connection.certificate)
  }
}
