import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { formatEndpoint } from './close-reason.js'
import { certificateObjection, peerCertificateOf } from './peer-certificate.js'
import { describeTlsError, tlsFailed } from './tls-failure.js'
import type { TlsFiles } from './tls-files.js'
import type { TlsOptions } from './tls-options.js'
import type { CloseReason, Endpoint } from './transport.js'

/** The client's side of TLS for an endpoint. */
export interface TlsClient {
  readonly tls: TlsOptions
  readonly files: TlsFiles
}

export interface HandshakeEvents {
  secured(socket: TLSSocket): void
  failed(reason: CloseReason): void
}

/** Talks TLS over a connected socket. No byte of FIX is on the wire before the other end is known to be the right one. */
export function secureDial(
  socket: Socket,
  endpoint: Endpoint,
  { tls, files }: TlsClient,
  events: HandshakeEvents
): void {
  const failed = (what: string): void => events.failed(tlsFailed(`${formatEndpoint(endpoint)}: ${what}`))
  const name = tls.servername ?? endpoint.host
  let secure: TLSSocket
  try {
    secure = connect({
      socket,
      secureContext: files.current().context,
      rejectUnauthorized: tls.rejectUnauthorized ?? true,
      // An IP address is none of the names of SNI (RFC 6066, 3), but a certificate can be for one.
      host: name,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(tls.minVersion === undefined ? {} : { minVersion: tls.minVersion })
    })
  } catch (error) {
    failed(describeTlsError(error))
    return
  }
  secure.pause()
  // It stays: an error after the attempt was given up must not be an uncaught one.
  secure.on('error', (error) => failed(describeTlsError(error)))
  secure.once('secureConnect', () => {
    const objection = certificateObjection(tls.peerCertificate, peerCertificateOf(secure))
    if (objection === undefined) events.secured(secure)
    else failed(objection)
  })
}
