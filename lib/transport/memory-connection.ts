import type { Clock, Timer } from '../clock.js'
import { BytePipe, type NetworkConditions } from './byte-pipe.js'
import { LOCAL_CLOSE, PEER_CLOSED, peerNotReading } from './close-reason.js'
import { Delivery } from './delivery.js'
import { CLOSE_TIMEOUT, type WriteLimits } from './limits.js'
import type { CloseReason, Connection, ConnectionEvents } from './transport.js'

export interface MemoryConnectionSettings {
  readonly clock: Clock
  readonly conditions: Readonly<NetworkConditions>
  readonly limits: WriteLimits
  /** Bytes that the operating systems and the wire between them would hold. */
  readonly window: number
}

/**
 * One end of a connection in memory. It behaves as a TcpConnection does, shutting down included: what fits in the
 * window is copied, as a kernel would, and what does not stays with the writer.
 */
export class MemoryConnection implements Connection {
  readonly remoteAddress: string
  readonly remotePort: number
  /** What the counterparty has sent to this end. */
  readonly incoming: BytePipe
  readonly #clock: Clock
  readonly #limits: WriteLimits
  readonly #window: number
  readonly #delivery: Delivery
  readonly #gone: () => void
  #peer: MemoryConnection | undefined
  #pending: Uint8Array[] = []
  #bufferedBytes = 0
  #paused = false
  #writable = true
  #discarding = false
  #needDrain = false
  #endSent = false
  #endReceived = false
  #closed = false
  #reason: CloseReason | undefined
  #closeTimer: Timer | undefined

  /** `gone` is called when this end has closed. */
  constructor(remoteAddress: string, remotePort: number, settings: MemoryConnectionSettings, gone: () => void) {
    const { clock, conditions } = settings
    this.remoteAddress = remoteAddress
    this.remotePort = remotePort
    this.#clock = clock
    this.#limits = settings.limits
    this.#window = settings.window
    this.#gone = gone
    this.#delivery = new Delivery(
      (callback) => clock.endOfTurn(callback),
      (reason) => this.#abandon(reason)
    )
    this.incoming = new BytePipe(clock, conditions, {
      bytes: (bytes) => this.#received(bytes),
      end: () => this.#peerEnded(),
      room: () => this.#peer?.roomAhead()
    })
    this.incoming.pause()
  }

  /** Joins two ends; before anything else is done with them. */
  static join(one: MemoryConnection, other: MemoryConnection): void {
    one.#peer = other
    other.#peer = one
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes
  }

  start(events: ConnectionEvents): void {
    this.#delivery.start(events)
    if (!this.#paused) this.incoming.resume()
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#writable) return false
    if (this.#bufferedBytes > this.#limits.maxBufferedBytes) {
      this.#abandon(peerNotReading(this.#bufferedBytes, this.#limits.maxBufferedBytes))
      return false
    }
    this.#pending.push(bytes)
    this.#bufferedBytes += bytes.length
    this.#handOver()
    if (this.#bufferedBytes <= this.#limits.highWaterMark) return true
    this.#needDrain = true
    return false
  }

  pause(): void {
    this.#paused = true
    if (!this.#discarding) this.incoming.pause()
  }

  resume(): void {
    this.#paused = false
    if (this.#delivery.started) this.incoming.resume()
  }

  end(): void {
    if (this.#closed) return
    this.#reason ??= LOCAL_CLOSE
    this.#discarding = true
    this.#shut()
    this.incoming.resume()
  }

  destroy(): void {
    this.#abandon(LOCAL_CLOSE)
  }

  /** This end closes for that reason, and the counterparty is told nothing. */
  break(reason: CloseReason): void {
    this.#reason ??= reason
    this.#close()
  }

  /** The pipe to the counterparty has taken something. */
  roomAhead(): void {
    if (this.#closed) return
    this.#handOver()
    if (!this.#needDrain || this.#bufferedBytes > 0) return
    this.#needDrain = false
    this.#delivery.drain()
  }

  /** Overwritten afterwards, as TCP's read buffer is by the next read: who keeps them without a copy finds out. */
  #received(bytes: Uint8Array): void {
    if (!this.#discarding) this.#delivery.data(bytes)
    bytes.fill(0)
  }

  #handOver(): void {
    const outgoing = this.#peer?.incoming
    if (outgoing === undefined) return
    for (let head = this.#pending[0]; head !== undefined; head = this.#pending[0]) {
      const room = this.#window - outgoing.queued
      if (room <= 0) return
      const part = head.subarray(0, room)
      if (part.length === head.length) this.#pending.shift()
      else this.#pending[0] = head.subarray(part.length)
      this.#bufferedBytes -= part.length
      outgoing.push(new Uint8Array(part))
    }
    if (!this.#writable && !this.#endSent) {
      this.#endSent = true
      outgoing.end()
      this.#closeWhenShut()
    }
  }

  #peerEnded(): void {
    this.#reason ??= PEER_CLOSED
    this.#endReceived = true
    this.#clock.endOfTurn(() => this.#shut())
    this.#closeWhenShut()
  }

  #shut(): void {
    if (!this.#writable) return
    this.#writable = false
    this.#closeTimer = this.#clock.setTimer(() => this.#abandon(LOCAL_CLOSE), CLOSE_TIMEOUT)
    this.#handOver()
  }

  #closeWhenShut(): void {
    if (this.#endSent && this.#endReceived) this.#close()
  }

  /** Bytes on the way still arrive; those not handed over are lost. */
  #abandon(reason: CloseReason): void {
    if (this.#closed) return
    this.#reason ??= reason
    this.#peer?.incoming.end()
    this.#close()
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#writable = false
    this.#closeTimer?.cancel()
    this.incoming.close()
    this.#pending = []
    this.#bufferedBytes = 0
    this.#gone()
    const reason = this.#reason ?? PEER_CLOSED
    this.#clock.endOfTurn(() => this.#delivery.close(reason))
  }
}
