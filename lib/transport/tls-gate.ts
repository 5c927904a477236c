import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { withoutIpv4Mapping } from './remote-address.js'
import { describeTlsError } from './tls-failure.js'
import type { TlsFiles, TlsMaterial } from './tls-files.js'
import { type TlsOptions, wantsClientCertificate } from './tls-options.js'

/** Milliseconds from a connection to the end of its handshake. */
const HANDSHAKE_TIMEOUT = 10_000

/** Connections that may be in a handshake at one listener; the oldest gives way to a further one. */
const MAX_HANDSHAKES = 1024

/**
 * The server's side of TLS: takes sockets that were accepted and gives those on that have come through the handshake.
 * It listens to no port itself.
 */
export class TlsGate {
  readonly #server: Server
  readonly #files: TlsFiles
  readonly #warn: (text: string) => void
  /** By address and port, oldest first. */
  readonly #shaking = new Map<string, Socket>()
  #material: TlsMaterial

  /** @throws FixConnectionError `TLS_FILES`. */
  constructor(tls: TlsOptions, files: TlsFiles, warn: (text: string) => void, admit: (socket: TLSSocket) => void) {
    this.#files = files
    this.#warn = warn
    this.#material = files.current()
    this.#server = createServer({
      ...serverOptions(this.#material),
      requestCert: wantsClientCertificate(tls),
      rejectUnauthorized: tls.rejectUnauthorized ?? true,
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      pauseOnConnect: true
    })
    this.#server.on('secureConnection', (socket) => {
      this.#shaking.delete(peerOf(socket))
      socket.pause()
      if (wantsClientCertificate(tls) && socket.getPeerX509Certificate() === undefined)
        this.#refuse(socket, 'it has shown no client certificate, which tls.needClientAuth asks for')
      else admit(socket)
    })
    this.#server.on('tlsClientError', (error, socket) => {
      // A certificate that is refused shows as a connection that ended; the reason stands beside it.
      const verdict: unknown = socket.authorizationError
      const why = verdict
        ? Object.assign(new Error('the client certificate is refused'), { code: String(verdict) })
        : error
      this.#refuse(socket, describeTlsError(why))
    })
  }

  take(socket: Socket): void {
    const peer = peerOf(socket)
    // An error of the socket below is told by the TLS above it.
    socket.on('error', () => {})
    if (this.#shaking.size >= MAX_HANDSHAKES) this.#shaking.values().next().value?.destroy()
    this.#shaking.set(peer, socket)
    socket.once('close', () => {
      if (this.#shaking.get(peer) === socket) this.#shaking.delete(peer)
    })
    const material = this.#files.current()
    if (material !== this.#material) {
      this.#material = material
      this.#server.setSecureContext(serverOptions(material))
    }
    this.#server.emit('connection', socket)
  }

  /** Those that are amid a handshake are closed. */
  close(): void {
    for (const socket of this.#shaking.values()) socket.destroy()
  }

  #refuse(socket: TLSSocket, why: string): void {
    this.#warn(`Refused ${peerOf(socket)}: TLS failed: ${why}.`)
    socket.destroy()
  }
}

/** A session that is resumed would not be held against certificates that were changed meanwhile. */
function serverOptions({ options }: TlsMaterial) {
  return { ...options, secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION }
}

function peerOf(socket: Socket): string {
  return `${withoutIpv4Mapping(socket.remoteAddress ?? 'a connection that is gone')}:${socket.remotePort ?? ''}`
}
