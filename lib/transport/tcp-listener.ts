import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { warn } from './delivery.js'
import type { SocketLimits } from './limits.js'
import { listenFailure } from './listen-errors.js'
import { ProxyProtocolGate } from './proxy-protocol-gate.js'
import { withoutIpv4Mapping } from './remote-address.js'
import { TcpConnection } from './tcp-connection.js'
import type { TlsFiles } from './tls-files.js'
import { type HandshakePatience, TlsGate } from './tls-gate.js'
import type { TlsOptions } from './tls-options.js'
import type { Connection, Endpoint, Listener, Welcome } from './transport.js'

export interface ListenSettings {
  readonly noDelay: boolean
  readonly keepAlive: boolean
  readonly limits: SocketLimits
  readonly clock: Clock
  /** Undefined: in the clear. */
  readonly tls: { readonly tls: TlsOptions; readonly files: TlsFiles } | undefined
  /** For the handshake of TLS. */
  readonly patience: HandshakePatience
  /** Undefined: connections have no PROXY header. */
  readonly proxyProtocolFrom: ((remoteAddress: string) => boolean) | undefined
  /** Told what goes wrong without a connection to tell it. */
  readonly warn: (text: string) => void
}

/** After an outage all counterparties dial at once; the kernel cuts this to its own limit (net.core.somaxconn). */
const BACKLOG = 4_096

export function listenTcp(
  endpoint: Endpoint,
  settings: ListenSettings,
  accept: (connection: Connection) => void,
  welcome?: Welcome
): Promise<Listener> {
  const admit = (socket: Socket, peer: Endpoint | undefined): void => {
    const connection = new TcpConnection(socket, settings.clock, settings.limits, { readsByEvent: true, peer })
    try {
      accept(connection)
    } catch (error) {
      warn(error)
      connection.destroy()
    }
  }
  let gate: TlsGate | undefined
  try {
    const { tls, patience, warn } = settings
    if (tls !== undefined) gate = new TlsGate({ ...tls, patience, warn }, admit)
  } catch (error) {
    return Promise.reject(listenFailure(endpoint, error))
  }
  const greet = (socket: Socket, peer: Endpoint | undefined): void => {
    const left = welcome?.(peer?.host ?? withoutIpv4Mapping(socket.remoteAddress ?? ''))
    if (typeof left === 'string') {
      socket.on('error', () => {})
      socket.destroy()
      return
    }
    if (left !== undefined) socket.once('close', left)
    if (gate === undefined) admit(socket, peer)
    else gate.take(socket, peer)
  }
  const { proxyProtocolFrom: from, clock, warn: tell } = settings
  const headers = from === undefined ? undefined : new ProxyProtocolGate({ clock, warn: tell, from }, greet)
  const server = createServer({
    noDelay: settings.noDelay,
    keepAlive: settings.keepAlive,
    allowHalfOpen: true,
    // TLS reads by itself.
    pauseOnConnect: gate === undefined
  })
  server.on('connection', (socket) => {
    // Gone already, as load balancers do that look whether the port is open.
    if (socket.remoteAddress === undefined) socket.on('error', () => {}).destroy()
    else if (headers === undefined) greet(socket, undefined)
    else headers.take(socket)
  })

  return new Promise((resolve, reject) => {
    const refused = (error: unknown): void => reject(listenFailure(endpoint, error))
    server.once('error', refused)
    server.once('listening', () => {
      server.off('error', refused)
      // Out of file descriptors, and the like: the listener goes on and takes the next one. Said once, since it can
      // come with every connection.
      server.once('error', warn)
      server.on('error', () => {})
      resolve(new TcpListener(server, [headers, gate]))
    })
    try {
      // exclusive: workers of a cluster must not share the port behind our back.
      server.listen({ host: endpoint.host, port: endpoint.port, exclusive: true, backlog: BACKLOG })
    } catch (error) {
      refused(error)
    }
  })
}

class TcpListener implements Listener {
  readonly port: number
  readonly #server: Server
  readonly #gates: readonly ({ close(): void } | undefined)[]

  constructor(server: Server, gates: readonly ({ close(): void } | undefined)[]) {
    const address = server.address()
    this.port = address !== null && typeof address === 'object' ? address.port : 0
    this.#server = server
    this.#gates = gates
  }

  close(): Promise<void> {
    // Node's callback waits for every accepted connection to end; the port itself is given up at once.
    if (this.#server.listening) this.#server.close()
    for (const gate of this.#gates) gate?.close()
    return new Promise((resolve) => setImmediate(resolve))
  }
}
