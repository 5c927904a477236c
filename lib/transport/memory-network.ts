import { type Clock, systemClock } from '../clock.js'
import type { NetworkConditions } from './byte-pipe.js'
import { connectRefused } from './close-reason.js'
import { warn } from './delivery.js'
import { DialAttempt } from './dial-attempt.js'
import { DEFAULT_HIGH_WATER_MARK, DEFAULT_MAX_BUFFERED_BYTES } from './limits.js'
import { portInUse } from './listen-errors.js'
import type { MemoryConnectionSettings } from './memory-connection.js'
import { type CutOptions, MemoryLink } from './memory-link.js'
import { FaultyNetwork } from './network-faults.js'
import type { Connection, Dial, DialEvents, Endpoint, Listener, Welcome } from './transport.js'

export interface MemoryNetworkOptions extends Partial<NetworkConditions> {
  /** Its turns and timers carry everything. Default: Node's. */
  readonly clock?: Clock | undefined
  /** Bytes that the network holds in each direction of a connection before writers have to wait. Default 1,048,576. */
  readonly window?: number | undefined
  /** As TcpTransport's. Default 65,536. */
  readonly highWaterMark?: number | undefined
  /** As TcpTransport's. Default 67,108,864. */
  readonly maxBufferedBytes?: number | undefined
}

/** What becomes of a dial: it finds the listener, is refused, or is never answered. */
export type DialAnswer = 'accept' | 'refuse' | 'ignore'

interface Listening {
  readonly host: string
  readonly port: number
  readonly accept: (connection: Connection) => void
  readonly welcome: Welcome | undefined
}

/** The range for dynamic ports. */
const FIRST_FREE_PORT = 49_152
const LAST_PORT = 65_535

const ANY_HOST = new Set(['0.0.0.0', '::'])

/**
 * A network in memory: transports that share one can dial each other's listeners. Everything goes through its clock,
 * so under a virtual clock a run is the same every time.
 *
 * `latency`, `chunkSize` and `dials` may be changed at any time; the faults of a network are its methods, and those of
 * one connection are methods of its entry in `links`.
 */
export class MemoryNetwork extends FaultyNetwork<MemoryLink> implements NetworkConditions {
  latency: NetworkConditions['latency']
  chunkSize: NetworkConditions['chunkSize']
  /** Default `accept`: refused all the same where nothing listens. */
  dials: DialAnswer = 'accept'
  readonly clock: Clock
  readonly #settings: MemoryConnectionSettings
  readonly #listening = new Set<Listening>()
  #nextPort = LAST_PORT

  constructor(options: MemoryNetworkOptions = {}) {
    super()
    this.clock = options.clock ?? systemClock
    this.latency = options.latency ?? 0
    this.chunkSize = options.chunkSize
    this.#settings = {
      clock: this.clock,
      conditions: this,
      limits: {
        highWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
        maxBufferedBytes: options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES
      },
      window: options.window ?? 1_048_576
    }
  }

  /** Breaks every connection for both its sides. */
  override cut(options: CutOptions = {}): void {
    for (const link of this.links) link.cut(options)
  }

  /** For MemoryTransport: one round trip, then `connected` or `failed`. */
  dial(endpoint: Endpoint, localHost: string, connectTimeout: number, events: DialEvents): Dial {
    const attempt = new DialAttempt(endpoint, connectTimeout, this.clock, events)
    if (this.dials !== 'ignore') this.#afterRoundTrip(() => this.#answer(endpoint, localHost, attempt))
    return attempt
  }

  /** For MemoryTransport. */
  async listen(endpoint: Endpoint, accept: (connection: Connection) => void, welcome?: Welcome): Promise<Listener> {
    const host = normalHost(endpoint.host)
    const port = endpoint.port === 0 ? this.#freePort() : endpoint.port
    for (const other of this.#listening) {
      const sameHost = other.host === host || ANY_HOST.has(host) || ANY_HOST.has(other.host)
      if (other.port === port && sameHost) throw portInUse(endpoint)
    }
    const listening = { host, port, accept, welcome }
    this.#listening.add(listening)
    return {
      port,
      close: async () => {
        this.#listening.delete(listening)
      }
    }
  }

  #answer(endpoint: Endpoint, localHost: string, attempt: DialAttempt): void {
    if (attempt.settled) return
    const listening = this.dials === 'accept' ? this.#find(endpoint) : undefined
    if (listening === undefined) {
      attempt.failed(connectRefused(endpoint, 'refused by the memory network'))
      return
    }
    const from = { host: localHost, port: this.#freePort() }
    let left: ReturnType<Welcome> | undefined
    const link = new MemoryLink(from, endpoint, this.#settings, {
      gone: (gone) => this.leave(gone),
      acceptorGone: () => {
        if (typeof left === 'function') left()
      }
    })
    this.join(link)
    try {
      left = listening.welcome?.(localHost)
      if (typeof left === 'string') link.acceptor.destroy()
      else listening.accept(link.acceptor)
    } catch (error) {
      warn(error)
      link.acceptor.destroy()
    }
    attempt.connected(link.initiator)
  }

  #afterRoundTrip(callback: () => void): void {
    const oneWay = typeof this.latency === 'number' ? this.latency : this.latency()
    if (oneWay > 0) this.clock.setTimer(callback, 2 * oneWay)
    else this.clock.endOfTurn(callback)
  }

  #find(endpoint: Endpoint): Listening | undefined {
    const host = normalHost(endpoint.host)
    for (const listening of this.#listening) {
      if (listening.port === endpoint.port && (listening.host === host || ANY_HOST.has(listening.host)))
        return listening
    }
    return undefined
  }

  #freePort(): number {
    const taken = new Set([...this.#listening].map((listening) => listening.port))
    do {
      this.#nextPort = this.#nextPort >= LAST_PORT ? FIRST_FREE_PORT : this.#nextPort + 1
    } while (taken.has(this.#nextPort))
    return this.#nextPort
  }
}

function normalHost(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host.toLowerCase()
}
