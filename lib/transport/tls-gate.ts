import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { formatEndpoint } from './close-reason.js'
import { withoutIpv4Mapping } from './remote-address.js'
import { describeTlsError } from './tls-failure.js'
import type { TlsFiles, TlsMaterial } from './tls-files.js'
import { type TlsOptions, wantsClientCertificate } from './tls-options.js'
import type { Endpoint } from './transport.js'
import { WaitingRoom } from './waiting-room.js'

/** Milliseconds from a connection to the end of its handshake. */
const HANDSHAKE_TIMEOUT = 10_000

/** Connections that may be in a handshake at one listener; the oldest of the address with the most gives way to a further one. */
const MAX_HANDSHAKES = 1024

type Admit = (socket: TLSSocket, peer: Endpoint | undefined) => void

/** Somebody who is amid a handshake. */
interface Shaking {
  readonly key: string
  readonly socket: Socket
  /** Where it comes from, for the limit. */
  readonly host: string
  readonly peer: Endpoint | undefined
}

/**
 * The server's side of TLS: takes sockets that were accepted and gives those on that have come through the handshake.
 * It listens to no port itself.
 */
export class TlsGate {
  readonly #server: Server
  readonly #files: TlsFiles
  readonly #warn: (text: string) => void
  /** By the address and port of the socket: Node gives another object when the handshake is through. */
  readonly #shaking = new Map<string, Shaking>()
  readonly #waiting = new WaitingRoom<Shaking>()
  #material: TlsMaterial

  /** @throws FixConnectionError `TLS_FILES`. */
  constructor(tls: TlsOptions, files: TlsFiles, warn: (text: string) => void, admit: Admit) {
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
      const shaking = this.#shaking.get(keyOf(socket))
      socket.pause()
      if (wantsClientCertificate(tls) && socket.getPeerX509Certificate() === undefined) {
        this.#refuse(socket, 'it has shown no client certificate, which tls.needClientAuth asks for')
      } else if (shaking === undefined) {
        socket.destroy()
      } else {
        this.#over(shaking)
        admit(socket, shaking.peer)
      }
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

  /** `peer` is who has dialled, where a load balancer passes it on. */
  take(socket: Socket, peer: Endpoint | undefined): void {
    // An error of the socket below is told by the TLS above it.
    socket.on('error', () => {})
    if (this.#waiting.size >= MAX_HANDSHAKES) this.#giveUp(this.#waiting.longestOfBusiest())
    const host = peer?.host ?? withoutIpv4Mapping(socket.remoteAddress ?? '')
    const shaking: Shaking = { key: keyOf(socket), socket, host, peer }
    this.#shaking.set(shaking.key, shaking)
    this.#waiting.add(host, shaking)
    socket.once('close', () => this.#over(shaking))
    const material = this.#files.current()
    if (material !== this.#material) {
      this.#material = material
      this.#server.setSecureContext(serverOptions(material))
    }
    this.#server.emit('connection', socket)
  }

  /** Those that are amid a handshake are closed. */
  close(): void {
    for (const shaking of this.#waiting.all()) this.#giveUp(shaking)
  }

  #refuse(socket: TLSSocket, why: string): void {
    const { host, port } = this.#shaking.get(keyOf(socket))?.peer ?? endpointOf(socket)
    this.#warn(`Refused ${formatEndpoint({ host, port })}: TLS failed: ${why}.`)
    socket.destroy()
  }

  #giveUp(shaking: Shaking | undefined): void {
    if (shaking === undefined) return
    this.#over(shaking)
    shaking.socket.destroy()
  }

  #over(shaking: Shaking): void {
    if (this.#shaking.get(shaking.key) === shaking) this.#shaking.delete(shaking.key)
    this.#waiting.delete(shaking.host, shaking)
  }
}

/**
 * What a listener takes where `ciphers` does not say otherwise: forward secrecy and authenticated encryption (RFC 9325,
 * 4.2). Node's own list, which is for dialling whatever is there, has older ones.
 */
const SERVER_CIPHERS =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20'

/** A session that is resumed would not be held against certificates that were changed meanwhile. */
function serverOptions({ options }: TlsMaterial) {
  const secureOptions = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION
  return { ...options, ciphers: options.ciphers ?? SERVER_CIPHERS, secureOptions }
}

function endpointOf(socket: Socket): Endpoint {
  return { host: withoutIpv4Mapping(socket.remoteAddress ?? 'a connection that is gone'), port: socket.remotePort ?? 0 }
}

const keyOf = (socket: Socket) => formatEndpoint(endpointOf(socket))
