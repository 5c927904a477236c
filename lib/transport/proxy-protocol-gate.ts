import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { formatEndpoint } from './close-reason.js'
import { readProxyHeader } from './proxy-protocol.js'
import { withoutIpv4Mapping } from './remote-address.js'
import type { Endpoint } from './transport.js'
import { WaitingRoom } from './waiting-room.js'

/** Milliseconds from a connection to the end of its header; load balancers send it at once. */
const HEADER_TIMEOUT = 5_000

/** Connections whose header is awaited at one listener; the oldest of the address with the most gives way to a further one. */
const MAX_WAITING = 1024

export interface ProxyProtocolSettings {
  readonly clock: Clock
  readonly warn: (text: string) => void
  /** Whether an address is one of our load balancers: nobody else's word is taken, and nobody else is let in. */
  readonly from: (remoteAddress: string) => boolean
}

/** Reads the header in front of what a load balancer passes on. Whoever has none is closed without a byte. */
export class ProxyProtocolGate {
  readonly #settings: ProxyProtocolSettings
  /** `peer` is who dialled the load balancer; undefined: it is the socket's own. The socket is paused, and what followed the header can be read of it. */
  readonly #admit: (socket: Socket, peer: Endpoint | undefined) => void
  readonly #waiting = new WaitingRoom<(why: string) => void>()

  constructor(settings: ProxyProtocolSettings, admit: (socket: Socket, peer: Endpoint | undefined) => void) {
    this.#settings = settings
    this.#admit = admit
  }

  take(socket: Socket): void {
    const { clock, warn, from } = this.#settings
    const host = withoutIpv4Mapping(socket.remoteAddress ?? '')
    const name = formatEndpoint({ host, port: socket.remotePort ?? 0 })
    // An error is followed by a close.
    socket.on('error', () => {})
    const refuse = (why: string | undefined): void => {
      leave()
      if (why !== undefined) warn(`Refused ${name}: ${why}.`)
      socket.destroy()
    }
    let came = Buffer.alloc(0)
    const receive = (bytes: Uint8Array): void => {
      came = Buffer.concat([came, bytes])
      const header = readProxyHeader(came)
      if (header.kind === 'more') return
      if (header.kind === 'fault') {
        refuse(header.why)
        return
      }
      leave()
      socket.pause()
      if (came.length > header.length) socket.unshift(came.subarray(header.length))
      this.#admit(socket, header.source)
    }
    // Looking whether the port is open, without a word, is what load balancers do all day.
    const gone = (): void => refuse(came.length === 0 ? undefined : 'it went amid its PROXY header')
    const dismiss = (why: string): void => refuse(why)
    const timer = clock.setTimer(
      () => refuse(`no PROXY header came within ${HEADER_TIMEOUT / 1000} seconds`),
      HEADER_TIMEOUT
    )
    const leave = (): void => {
      timer.cancel()
      this.#waiting.delete(host, dismiss)
      socket.off('data', receive)
      socket.off('end', gone)
      socket.off('close', gone)
    }
    if (!from(host)) {
      refuse('its address is none of listener.proxyProtocolFrom')
      return
    }
    if (this.#waiting.size >= MAX_WAITING) {
      const why = `${MAX_WAITING} connections wait for their PROXY header, this one the longest`
      this.#waiting.longestOfBusiest()?.(why)
    }
    this.#waiting.add(host, dismiss)
    socket.on('data', receive)
    socket.once('end', gone)
    socket.once('close', gone)
    socket.resume()
  }

  /** Those whose header is awaited are closed. */
  close(): void {
    for (const dismiss of this.#waiting.all()) dismiss('nobody listens any more')
  }
}
