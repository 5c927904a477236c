import { type Clock, systemClock } from '../clock.js'
import { DEFAULT_BUSY_POLL } from './busy-poll.js'
import {
  DEFAULT_CONNECT_TIMEOUT,
  DEFAULT_HANDSHAKE_TIMEOUT,
  DEFAULT_HIGH_WATER_MARK,
  DEFAULT_MAX_BUFFERED_BYTES
} from './limits.js'
import type { ProxyOptions } from './proxy-handshake.js'
import { type DialSettings, dialTcp } from './tcp-dial.js'
import { type ListenSettings, listenTcp } from './tcp-listener.js'
import { TlsFiles } from './tls-files.js'
import type { TlsOptions } from './tls-options.js'
import type { Connection, Dial, DialEvents, Endpoint, Listener, Transport, Welcome } from './transport.js'

/** What may be set of TCP connections. Node cannot set a socket's kernel buffer sizes or its linger time. */
export interface TcpTransportOptions {
  /** Seconds that a dial may take, name look-up included; 0 leaves it to the operating system. Default 60. */
  readonly connectTimeout?: number | undefined
  /** Switches Nagle's algorithm off. Default true. */
  readonly noDelay?: boolean | undefined
  /** TCP keep-alive, at the operating system's intervals. Default true. */
  readonly keepAlive?: boolean | undefined
  /** IP address to dial from. Default: the operating system's choice. */
  readonly localHost?: string | undefined
  /** Port to dial from, 1..65535. Default: a free one. */
  readonly localPort?: number | undefined
  /** `write` answers false while more bytes than this wait for the operating system to take them. Default 65,536. */
  readonly highWaterMark?: number | undefined
  /**
   * A write while more bytes than this wait closes the connection (`PEER_NOT_READING`). Default 67,108,864. One write
   * may be larger than that.
   */
  readonly maxBufferedBytes?: number | undefined
  /**
   * Microseconds that the event loop stays awake after a write, because the answer may be near; only while that pays. 0: it
   * sleeps at once. Default 150.
   */
  readonly busyPoll?: number | undefined
  /** The proxy to dial through. Default: none, whatever the environment says. */
  readonly proxy?: ProxyOptions | undefined
  /** TLS, both ways; through a proxy it is with the endpoint. Default: in the clear. */
  readonly tls?: TlsOptions | undefined
  /** Listening: seconds that a TLS handshake may take. Default 10. */
  readonly handshakeTimeout?: number | undefined
  /** Listening: seconds to the first byte of a TLS handshake. Default: as long as the whole handshake may take. */
  readonly firstByteTimeout?: number | undefined
  /**
   * Listening: connections begin with a PROXY header (version 1 or 2), and its word is taken where this answers true to
   * the address of the load balancer that they come from; all others are closed. Default: there is no header.
   */
  readonly proxyProtocolFrom?: ((remoteAddress: string) => boolean) | undefined
  /** Told of connections that fail before there is one to tell, and of renewed files that are no good. Default: nobody. */
  readonly warn?: ((text: string) => void) | undefined
  /** For the time-outs, of a dial, a handshake and an orderly close. Default: Node's. */
  readonly clock?: Clock | undefined
}

/** There is one TCP in a machine: any two of these transports would collide on a port. */
const TCP_NETWORK = Object.freeze({ name: 'tcp' })

/** TCP over IPv4 and IPv6, by Node's `net`. */
export class TcpTransport implements Transport {
  readonly network: object = TCP_NETWORK
  readonly #settings: DialSettings & ListenSettings

  constructor(options: TcpTransportOptions = {}) {
    const warn = options.warn ?? (() => {})
    const clock = options.clock ?? systemClock
    this.#settings = {
      connectTimeout: options.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT,
      noDelay: options.noDelay ?? true,
      keepAlive: options.keepAlive ?? true,
      localHost: options.localHost,
      localPort: options.localPort,
      proxy: options.proxy,
      proxyProtocolFrom: options.proxyProtocolFrom,
      limits: {
        highWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
        maxBufferedBytes: options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES,
        busyPoll: options.busyPoll ?? DEFAULT_BUSY_POLL
      },
      clock,
      patience: {
        clock,
        handshakeTimeout: options.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT,
        firstByteTimeout: options.firstByteTimeout
      },
      tls: options.tls === undefined ? undefined : { tls: options.tls, files: new TlsFiles(options.tls, warn) },
      warn
    }
  }

  dial(endpoint: Endpoint, events: DialEvents): Dial {
    return dialTcp(endpoint, this.#settings, events)
  }

  listen(endpoint: Endpoint, accept: (connection: Connection) => void, welcome?: Welcome): Promise<Listener> {
    return listenTcp(endpoint, this.#settings, accept, welcome)
  }
}
