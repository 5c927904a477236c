import { DEFAULT_CONNECT_TIMEOUT } from './limits.js'
import { MemoryNetwork } from './memory-network.js'
import type { Connection, Dial, DialEvents, Endpoint, Listener, Transport, Welcome } from './transport.js'

export interface MemoryTransportOptions {
  /** Seconds that a dial may take, by the network's clock; 0: for ever. Default 60. */
  readonly connectTimeout?: number | undefined
  /** The address that acceptors see. Default 127.0.0.1. */
  readonly localHost?: string | undefined
}

/** The one that transports share which were not given another. */
const DEFAULT_NETWORK = new MemoryNetwork()

/** Connections without sockets, for specs and for sessions within one process. */
export class MemoryTransport implements Transport {
  readonly network: MemoryNetwork
  readonly #connectTimeout: number
  readonly #localHost: string

  constructor(network: MemoryNetwork = DEFAULT_NETWORK, options: MemoryTransportOptions = {}) {
    this.network = network
    this.#connectTimeout = options.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT
    this.#localHost = options.localHost ?? '127.0.0.1'
  }

  dial(endpoint: Endpoint, events: DialEvents): Dial {
    return this.network.dial(endpoint, this.#localHost, this.#connectTimeout, events)
  }

  listen(endpoint: Endpoint, accept: (connection: Connection) => void, welcome?: Welcome): Promise<Listener> {
    return this.network.listen(endpoint, accept, welcome)
  }
}
