import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Clock, Timer } from '../clock.js'
import { busyPoll } from './busy-poll.js'
import { LOCAL_CLOSE, PEER_CLOSED, peerNotReading, socketError } from './close-reason.js'
import { Delivery } from './delivery.js'
import { CLOSE_TIMEOUT, type SocketLimits } from './limits.js'
import { type PeerCertificate, peerCertificateOf } from './peer-certificate.js'
import { ReadingTurn } from './reading-turn.js'
import { withoutIpv4Mapping } from './remote-address.js'
import { describeTlsError, isTlsError, tlsFailed } from './tls-failure.js'
import type { CloseReason, Connection, ConnectionEvents, Endpoint } from './transport.js'

export interface SocketFacts {
  /** False: whoever made the socket with `onread` calls `received`. */
  readonly readsByEvent: boolean
  /** Who is at the other end, where the socket leads to a proxy or a load balancer between. Default: what the socket says. */
  readonly peer?: Endpoint | undefined
}

/**
 * A connected socket. Give it one that is paused and has `allowHalfOpen`, so that nothing is read before `start` and
 * what this turn still writes after the counterparty's FIN goes out.
 *
 */
export class TcpConnection implements Connection {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly certificate: PeerCertificate | undefined
  readonly #socket: Socket
  readonly #clock: Clock
  readonly #limits: SocketLimits
  readonly #delivery: Delivery
  readonly #turn: ReadingTurn
  #paused = false
  #resting = false
  /** Cleared when our side of the connection is shut, or about to be. */
  #writable = true
  #discarding = false
  #needDrain = false
  #told = false
  #reason: CloseReason | undefined
  #closeTimer: Timer | undefined

  constructor(socket: Socket, clock: Clock, limits: SocketLimits, { readsByEvent, peer }: SocketFacts) {
    this.#socket = socket
    this.#clock = clock
    this.#limits = limits
    this.#turn = new ReadingTurn(clock)
    this.#delivery = new Delivery(setImmediate, (reason) => this.#abandon(reason))
    this.remoteAddress = peer?.host ?? withoutIpv4Mapping(socket.remoteAddress ?? '')
    this.remotePort = peer?.port ?? socket.remotePort ?? 0
    this.certificate = socket instanceof TLSSocket ? peerCertificateOf(socket) : undefined
    if (readsByEvent) socket.on('data', (bytes: Uint8Array) => this.received(bytes))
    socket.on('end', () => this.#peerEnded())
    socket.on('drain', () => this.#drained())
    socket.on('error', (error) => {
      this.#reason ??= isTlsError(error) ? tlsFailed(describeTlsError(error)) : socketError(error)
    })
    socket.on('close', () => this.#closed())
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength
  }

  start(events: ConnectionEvents): void {
    this.#delivery.start(events)
    if (!this.#paused && !this.#resting) this.#socket.resume()
  }

  received(bytes: Uint8Array): void {
    busyPoll.received()
    if (this.#discarding) return
    this.#turn.begin(bytes.length)
    this.#delivery.data(bytes)
    if (this.#turn.isLong()) this.#rest()
  }

  write(bytes: Uint8Array): boolean {
    const socket = this.#socket
    if (!this.#writable || socket.destroyed) return false
    const waiting = socket.writableLength
    if (waiting > this.#limits.maxBufferedBytes) {
      this.#abandon(peerNotReading(waiting, this.#limits.maxBufferedBytes))
      return false
    }
    busyPoll.sent(this.#limits.busyPoll)
    // What counts is what the kernel did not take. Node answers by a mark of its own, and its `drain` follows only
    // where it answered false: so a false of ours needs one of Node's, and a `drain` of Node's one of ours.
    if (socket.write(bytes) || socket.writableLength <= this.#limits.highWaterMark) return true
    this.#needDrain = true
    return false
  }

  pause(): void {
    this.#paused = true
    if (!this.#discarding) this.#socket.pause()
  }

  resume(): void {
    this.#paused = false
    if (this.#delivery.started && !this.#resting) this.#socket.resume()
  }

  end(): void {
    if (this.#socket.destroyed) return
    this.#reason ??= LOCAL_CLOSE
    this.#discarding = true
    this.#shut()
    // Reading on until the counterparty's FIN keeps the kernel from answering its last bytes with a reset, which
    // could cost it ours.
    this.#socket.resume()
  }

  destroy(): void {
    this.#abandon(LOCAL_CLOSE)
  }

  /** Reads on in the next turn of the event loop. */
  #rest(): void {
    if (this.#resting || this.#discarding) return
    this.#resting = true
    this.#socket.pause()
    setImmediate(() => {
      this.#resting = false
      if (!this.#paused || this.#discarding) this.#socket.resume()
    })
  }

  /**
   * The reply to what came just before the FIN is written at the end of this turn: the shutdown queues up behind it. Where all
   * of it is with the kernel that was the last: it is told now and not when Node has closed the socket, one turn later, since
   * the counterparty may have come back meanwhile, and would find the session taken.
   */
  #peerEnded(): void {
    this.#reason ??= PEER_CLOSED
    setImmediate(() => {
      this.#shut()
      if (this.#socket.writableLength > 0) return
      this.#closeTimer?.cancel()
      this.#socket.destroySoon()
      this.#tellClosed()
    })
  }

  #shut(): void {
    if (!this.#writable) return
    this.#writable = false
    this.#closeTimer = this.#clock.setTimer(() => this.#socket.destroy(), CLOSE_TIMEOUT)
    this.#socket.end()
  }

  #abandon(reason: CloseReason): void {
    this.#reason ??= reason
    this.#writable = false
    this.#discarding = true
    this.#socket.destroy()
  }

  #drained(): void {
    if (!this.#needDrain) return
    this.#needDrain = false
    this.#delivery.drain()
  }

  #closed(): void {
    this.#writable = false
    this.#closeTimer?.cancel()
    this.#tellClosed()
  }

  #tellClosed(): void {
    if (this.#told) return
    this.#told = true
    this.#delivery.close(this.#reason ?? PEER_CLOSED)
  }
}
