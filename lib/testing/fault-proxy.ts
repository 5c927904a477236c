import { connect, createServer, type Server, type Socket } from 'node:net'
import { type Clock, systemClock } from '../clock.js'
import { FixConnectionError } from '../errors.js'
import type { NetworkConditions } from '../transport/byte-pipe.js'
import { listenFailure } from '../transport/listen-errors.js'
import { FaultyNetwork, type LinkDirection } from '../transport/network-faults.js'
import { ProxyLink } from './proxy-link.js'

export interface FaultProxyOptions {
  /** Where the acceptor listens. */
  readonly targetHost?: string | undefined
  readonly targetPort: number
  /** Port to listen on, always of 127.0.0.1. Default 0: a free one. */
  readonly port?: number | undefined
  /** See `FaultProxy.latency`. Default 0. */
  readonly latency?: NetworkConditions['latency'] | undefined
  /** See `FaultProxy.chunkSize`. Default undefined. */
  readonly chunkSize?: NetworkConditions['chunkSize'] | undefined
  /** For the delays. Default: Node's. */
  readonly clock?: Clock | undefined
}

const LISTEN_HOST = '127.0.0.1'

/**
 * A real TCP proxy with the faults of a real network: the initiator dials it instead of the acceptor.
 *
 * ```ts
 * const proxy = new FaultProxy({ targetPort: 9878 })
 * const port = await proxy.start()     // the initiator's port
 * proxy.cutAfterBytes('toAcceptor', 1000)
 * proxy.chunkSize = 1                  // from now on byte by byte
 * await proxy.stop()
 * ```
 *
 * `latency` (milliseconds) and `chunkSize` (bytes) may be changed at any time. What cannot be delivered is held back in
 * the senders' sockets, so a stall fills their buffers as it would on a network.
 */
export class FaultProxy extends FaultyNetwork<ProxyLink> implements NetworkConditions {
  /** Milliseconds that bytes take; a function is asked for each piece. */
  latency: NetworkConditions['latency']
  /** Most bytes that one write carries, or a function of those that are there. 1: byte by byte. Undefined: as they come. */
  chunkSize: NetworkConditions['chunkSize']
  readonly #clock: Clock
  readonly #targetHost: string
  readonly #targetPort: number
  readonly #bytesOfGone: Record<LinkDirection, number> = { toAcceptor: 0, toInitiator: 0 }
  #port: number
  #server: Server | undefined
  #connections = 0

  constructor(options: FaultProxyOptions) {
    super()
    this.#clock = options.clock ?? systemClock
    this.#targetHost = options.targetHost ?? LISTEN_HOST
    this.#targetPort = options.targetPort
    this.#port = options.port ?? 0
    this.latency = options.latency ?? 0
    this.chunkSize = options.chunkSize
  }

  /** The port it listens on, once started. */
  get port(): number {
    return this.#port
  }

  /** Connections taken since it was made. */
  get connections(): number {
    return this.#connections
  }

  /** Bytes delivered in that direction since it was made. */
  bytes(direction: LinkDirection): number {
    return this.links.reduce((sum, link) => sum + link[direction].delivered, this.#bytesOfGone[direction])
  }

  /** Begins to listen; resolves with the port. Rejects with FixConnectionError `PORT_IN_USE` or `LISTEN_FAILED`. */
  async start(): Promise<number> {
    if (this.#server !== undefined) {
      throw new FixConnectionError(
        'ALREADY_CONNECTED',
        `The proxy listens on port ${this.#port} already: stop it first.`
      )
    }
    await this.#listen()
    return this.#port
  }

  /** Stops listening and breaks every connection, the half-open ones included. */
  async stop(): Promise<void> {
    const refused = this.refuse()
    for (const link of this.links) link.cut()
    await refused
  }

  /** Dials are refused until `accept`; connections that are there go on. */
  async refuse(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    // Node's callback waits for the connections to end; the port is closed at once.
    server.close()
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** Takes dials again, on the same port. Rejects as `start`. */
  async accept(): Promise<void> {
    if (this.#server === undefined) await this.#listen()
  }

  /** Breaks every connection for both its sides: by `close` (FIN, the default) or by `reset` (RST). */
  override cut(how: 'close' | 'reset' = 'close'): void {
    for (const link of this.links) link.cut(how)
  }

  #listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true })
    this.#server = server
    server.on('connection', (initiator) => this.#connect(initiator))
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => {
        this.#server = undefined
        reject(listenFailure({ host: LISTEN_HOST, port: this.#port }, error))
      }
      server.once('error', failed)
      server.listen({ host: LISTEN_HOST, port: this.#port, exclusive: true }, () => {
        server.off('error', failed)
        // A dial that could not be taken is one more fault of the network.
        server.on('error', () => {})
        const address = server.address()
        if (address !== null && typeof address === 'object') this.#port = address.port
        resolve()
      })
    })
  }

  #connect(initiator: Socket): void {
    this.#connections += 1
    const acceptor = connect({ host: this.#targetHost, port: this.#targetPort, allowHalfOpen: true, noDelay: true })
    const link = new ProxyLink(initiator, acceptor, this.#clock, this, (gone) => this.#gone(gone))
    this.join(link)
  }

  #gone(link: ProxyLink): void {
    this.#bytesOfGone.toAcceptor += link.toAcceptor.delivered
    this.#bytesOfGone.toInitiator += link.toInitiator.delivered
    this.leave(link)
  }
}
