import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Clock, Timer } from '../clock.js'
import { formatEndpoint } from './close-reason.js'
import { MAX_TIMER_DELAY } from './limits.js'
import { withoutIpv4Mapping } from './remote-address.js'
import { describeTlsError } from './tls-failure.js'
import type { TlsFiles, TlsMaterial } from './tls-files.js'
import { type TlsOptions, wantsClientCertificate } from './tls-options.js'
import type { Endpoint } from './transport.js'
import { WaitingRoom } from './waiting-room.js'

/** Connections that may be in a handshake at one listener; the oldest of the address with the most gives way to a further one. */
const MAX_HANDSHAKES = 1024

/** How long a handshake may take. */
export interface HandshakePatience {
  readonly clock: Clock
  /** Seconds from the connection to the end of its handshake. */
  readonly handshakeTimeout: number
  /** Seconds to the first byte; undefined: as long as the whole handshake. */
  readonly firstByteTimeout: number | undefined
}

export interface TlsGateSettings {
  readonly tls: TlsOptions
  readonly files: TlsFiles
  readonly patience: HandshakePatience
  readonly warn: (text: string) => void
}

type Admit = (socket: TLSSocket, peer: Endpoint | undefined) => void

/** Somebody who is amid a handshake. */
interface Shaking {
  readonly key: string
  readonly socket: Socket
  /** Where it comes from, for the limit. */
  readonly host: string
  readonly peer: Endpoint | undefined
  readonly timers: readonly Timer[]
}

/**
 * The server's side of TLS: takes sockets that were accepted and gives those on that have come through the handshake.
 * It listens to no port itself.
 */
export class TlsGate {
  readonly #server: Server
  readonly #files: TlsFiles
  readonly #patience: HandshakePatience
  readonly #warn: (text: string) => void
  /** By the address and port of the socket: Node gives another object when the handshake is through. */
  readonly #shaking = new Map<string, Shaking>()
  readonly #waiting = new WaitingRoom<Shaking>()
  readonly #gone: Departed
  #material: TlsMaterial

  /** @throws FixConnectionError `TLS_FILES`. */
  constructor({ tls, files, patience, warn }: TlsGateSettings, admit: Admit) {
    this.#files = files
    this.#patience = patience
    this.#warn = warn
    this.#gone = new Departed(warn)
    this.#material = files.current()
    this.#server = createServer({
      ...serverOptions(this.#material),
      requestCert: wantsClientCertificate(tls),
      rejectUnauthorized: tls.rejectUnauthorized ?? true,
      // That is for the timers below, which go by the clock that was given.
      handshakeTimeout: MAX_TIMER_DELAY,
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
    const name = formatEndpoint(peer ?? endpointOf(socket))
    const timers = this.#timersFor((why) => {
      this.#warn(`Refused ${name}: ${why}.`)
      this.#giveUp(shaking)
    }, socket)
    const shaking: Shaking = { key: keyOf(socket), socket, host, peer, timers }
    this.#shaking.set(shaking.key, shaking)
    this.#waiting.add(host, shaking)
    socket.once('close', () => {
      // Looking whether the port is open, without a word, is what load balancers do all day.
      if (this.#over(shaking)) this.#gone.closed(socket.bytesRead > 0 ? name : undefined)
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
    for (const shaking of this.#waiting.all()) this.#giveUp(shaking)
  }

  #timersFor(late: (why: string) => void, socket: Socket): Timer[] {
    const { clock, handshakeTimeout, firstByteTimeout } = this.#patience
    const within = (seconds: number, what: string) => late(`${what} within ${seconds} seconds`)
    const unfinished = () => within(handshakeTimeout, 'its TLS handshake was not finished')
    const timers = [clock.setTimer(unfinished, handshakeTimeout * 1000)]
    if (firstByteTimeout !== undefined && firstByteTimeout < handshakeTimeout) {
      const silent = () => socket.bytesRead === 0 && within(firstByteTimeout, 'no byte came')
      timers.push(clock.setTimer(silent, firstByteTimeout * 1000))
    }
    return timers
  }

  #refuse(socket: TLSSocket, why: string): void {
    const shaking = this.#shaking.get(keyOf(socket))
    if (shaking === undefined && socket.remoteAddress === undefined) this.#gone.failed(why)
    else this.#warn(failure(formatEndpoint(shaking?.peer ?? endpointOf(socket)), why))
    if (shaking !== undefined) this.#over(shaking)
    socket.destroy()
  }

  #giveUp(shaking: Shaking | undefined): void {
    if (shaking === undefined || !this.#over(shaking)) return
    shaking.socket.once('close', () => this.#gone.closed(undefined)).destroy()
  }

  /** False when it was over before. */
  #over(shaking: Shaking): boolean {
    if (this.#shaking.get(shaking.key) !== shaking) return false
    for (const timer of shaking.timers) timer.cancel()
    this.#shaking.delete(shaking.key)
    this.#waiting.delete(shaking.host, shaking)
    return true
  }
}

/**
 * Those who have closed amid a handshake. Node tells of each that it failed, just before or after the socket below has closed, and does not
 * know any more whose it was: the one that comes first waits for the other.
 */
class Departed {
  readonly #warn: (text: string) => void
  readonly #names: (string | undefined)[] = []
  readonly #reasons: string[] = []

  constructor(warn: (text: string) => void) {
    this.#warn = warn
  }

  /** `name` is undefined where there is nothing to tell. */
  closed(name: string | undefined): void {
    const why = this.#reasons.shift()
    if (why === undefined) this.#names.push(name)
    else if (name !== undefined) this.#warn(failure(name, why))
  }

  failed(why: string): void {
    if (this.#names.length === 0) this.#reasons.push(why)
    else {
      const name = this.#names.shift()
      if (name !== undefined) this.#warn(failure(name, why))
    }
  }
}

const failure = (name: string, why: string) => `Refused ${name}: TLS failed: ${why}.`

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
