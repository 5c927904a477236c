import { connect, type Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { connectFailure, formatEndpoint } from './close-reason.js'
import { DialAttempt } from './dial-attempt.js'
import type { SocketLimits } from './limits.js'
import { proxyUnreachable, throughProxy } from './proxy-dial.js'
import type { ProxyOptions } from './proxy-handshake.js'
import { TcpConnection } from './tcp-connection.js'
import { secureDial, type TlsClient } from './tls-dial.js'
import type { Dial, DialEvents, Endpoint } from './transport.js'

export interface DialSettings {
  /** Seconds; 0 leaves it to the operating system. */
  readonly connectTimeout: number
  readonly noDelay: boolean
  readonly keepAlive: boolean
  readonly localHost: string | undefined
  readonly localPort: number | undefined
  readonly limits: SocketLimits
  readonly clock: Clock
  /** Undefined: in the clear. */
  readonly tls: TlsClient | undefined
  /** Undefined: straight to the endpoint. */
  readonly proxy: ProxyOptions | undefined
}

/** One read's worth; pages that are never filled cost no memory. */
const READ_BUFFER_SIZE = 65_536

/**
 * Milliseconds given to one address of a name that has several before the next is tried. Node's own 250 would give up
 * a venue on another continent; this leaves room for one lost SYN, which is sent again after a second.
 */
const NEXT_ADDRESS_AFTER = 1_500

export function dialTcp(endpoint: Endpoint, settings: DialSettings, events: DialEvents): Dial {
  const { connectTimeout, clock, proxy } = settings
  const way = proxy === undefined ? '' : ` through the proxy ${formatEndpoint(proxy)}`
  const attempt = new DialAttempt(endpoint, connectTimeout, clock, events, way)
  try {
    const socket = open(endpoint, settings, attempt)
    attempt.begin(() => socket.destroy())
  } catch (error) {
    // Arguments that Node refuses outright, such as a localHost that is no IP address.
    const reason = connectFailure(proxy ?? endpoint, error instanceof Error ? error : new Error(String(error)))
    setImmediate(() => attempt.failed(reason))
  }
  return attempt
}

function open(endpoint: Endpoint, settings: DialSettings, attempt: DialAttempt): Socket {
  const { proxy, tls, clock, limits } = settings
  const target = proxy ?? endpoint
  // What the other end of a tunnel is called; the socket knows the proxy's address.
  const peer = proxy === undefined ? undefined : endpoint
  let connection: TcpConnection | undefined
  const socket = connect({
    host: target.host,
    port: target.port,
    noDelay: settings.noDelay,
    keepAlive: settings.keepAlive,
    allowHalfOpen: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER,
    ...(settings.localHost === undefined ? {} : { localAddress: settings.localHost }),
    ...(settings.localPort === undefined ? {} : { localPort: settings.localPort }),
    // One buffer that every read goes into, instead of a new one each: about half of a round trip's time. TLS reads by
    // itself, and what is read of a proxy can only be put back where reading goes by events.
    ...(tls === undefined && proxy === undefined
      ? {
          onread: {
            buffer: Buffer.allocUnsafeSlow(READ_BUFFER_SIZE),
            callback(length: number, buffer: Uint8Array) {
              connection?.received(buffer.subarray(0, length))
              return true
            }
          }
        }
      : {})
  })
  const ready = (): void => {
    if (tls !== undefined) {
      secureDial(socket, endpoint, tls, {
        secured: (secure) => attempt.connected(new TcpConnection(secure, clock, limits, { readsByEvent: true, peer })),
        failed: (reason) => attempt.failed(reason)
      })
      return
    }
    connection = new TcpConnection(socket, clock, limits, { readsByEvent: proxy !== undefined, peer })
    attempt.connected(connection)
  }
  socket.pause()
  socket.once('connect', () => {
    if (proxy === undefined) ready()
    else throughProxy(socket, endpoint, proxy, { open: ready, failed: (reason) => attempt.failed(reason) })
  })
  // It stays: an error after `abort` must not be an uncaught one, and one after `connect` finds the attempt settled.
  socket.on('error', (error) =>
    attempt.failed(proxy === undefined ? connectFailure(endpoint, error) : proxyUnreachable(proxy, error))
  )
  return socket
}
