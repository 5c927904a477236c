import type {
  Connection,
  ConnectionEvents,
  Dial,
  DialEvents,
  Endpoint,
  Listener,
  Transport
} from '../../lib/transport/transport.js'

/** How much went through a connection, so that a spec knows when everything has arrived. */
export class Traffic {
  /** Bytes that were handed to whoever reads the connection. */
  received = 0
  /** Bytes that were written to it. */
  sent = 0
  closed = false
}

/** Another transport, watched. Each connection has a `Traffic` of its own; the latest is here. */
export class WatchedTransport implements Transport {
  readonly network: object
  traffic = new Traffic()
  /** How many connections there were. */
  made = 0
  private readonly transport: Transport

  constructor(transport: Transport) {
    this.transport = transport
    this.network = transport.network
  }

  dial(endpoint: Endpoint, events: DialEvents): Dial {
    return this.transport.dial(endpoint, {
      connected: (connection) => events.connected(this.watch(connection)),
      failed: (reason) => events.failed(reason)
    })
  }

  listen(endpoint: Endpoint, accept: (connection: Connection) => void): Promise<Listener> {
    return this.transport.listen(endpoint, (connection) => accept(this.watch(connection)))
  }

  private watch(connection: Connection): Connection {
    this.traffic = new Traffic()
    this.made++
    return new WatchedConnection(connection, this.traffic)
  }
}

class WatchedConnection implements Connection {
  private readonly connection: Connection
  private readonly traffic: Traffic

  constructor(connection: Connection, traffic: Traffic) {
    this.connection = connection
    this.traffic = traffic
  }

  get remoteAddress(): string {
    return this.connection.remoteAddress
  }

  get remotePort(): number {
    return this.connection.remotePort
  }

  get bufferedBytes(): number {
    return this.connection.bufferedBytes
  }

  start(events: ConnectionEvents): void {
    this.connection.start({
      data: (bytes) => {
        this.traffic.received += bytes.length
        events.data(bytes)
      },
      drain: () => events.drain(),
      close: (reason) => {
        this.traffic.closed = true
        events.close(reason)
      }
    })
  }

  write(bytes: Uint8Array): boolean {
    this.traffic.sent += bytes.length
    return this.connection.write(bytes)
  }

  pause(): void {
    this.connection.pause()
  }

  resume(): void {
    this.connection.resume()
  }

  end(): void {
    this.traffic.closed = true
    this.connection.end()
  }

  destroy(): void {
    this.traffic.closed = true
    this.connection.destroy()
  }
}
