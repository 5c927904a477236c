import type { Socket } from 'node:net'
import { connectFailure, describeError, formatEndpoint } from './close-reason.js'
import { HttpConnectHandshake } from './http-connect.js'
import type { ProxyHandshake, ProxyOptions, ProxyStep } from './proxy-handshake.js'
import { Socks5Handshake } from './socks5.js'
import type { CloseReason, Endpoint } from './transport.js'

export interface TunnelEvents {
  /** The socket now leads to the endpoint. It is paused; what came from there already can be read of it. */
  open(): void
  failed(reason: CloseReason): void
}

/** Has a proxy make the connection to an endpoint; `socket` is connected to the proxy, and reads by events. */
export function throughProxy(socket: Socket, endpoint: Endpoint, proxy: ProxyOptions, events: TunnelEvents): void {
  const handshake: ProxyHandshake =
    proxy.type === 'socks5' ? new Socks5Handshake(endpoint, proxy) : new HttpConnectHandshake(endpoint, proxy)
  const failed = (what: string): void => {
    release()
    events.failed(proxyFailed(`${formatEndpoint(endpoint)} through the proxy ${formatEndpoint(proxy)}: ${what}`))
  }
  const take = (step: ProxyStep): void => {
    if (step.kind === 'refused') {
      failed(step.why)
    } else if (step.kind === 'more') {
      if (step.send.length > 0) socket.write(step.send)
    } else {
      release()
      socket.pause()
      if (step.rest.length > 0) socket.unshift(step.rest)
      events.open()
    }
  }
  const receive = (bytes: Uint8Array): void => take(handshake.receive(bytes))
  const gone = (): void =>
    failed('it closed the connection before there was a way through: check proxyType, and its log')
  const release = (): void => {
    socket.off('data', receive)
    socket.off('end', gone)
    socket.off('close', gone)
  }
  socket.on('data', receive)
  socket.once('end', gone)
  socket.once('close', gone)
  take(handshake.begin())
  socket.resume()
}

/** The proxy itself could not be reached. */
export function proxyUnreachable(proxy: ProxyOptions, error: Error): CloseReason {
  const { code } = connectFailure(proxy, error)
  const advice = code === 'CONNECT_REFUSED' ? 'nothing listens there' : 'there is no connection to it'
  return proxyFailed(
    `the proxy ${formatEndpoint(proxy)}: ${advice} (${describeError(error)}): check proxyHost and proxyPort`
  )
}

function proxyFailed(what: string): CloseReason {
  return { code: 'PROXY_FAILED', text: `Cannot reach ${what}.` }
}
