import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { BytePipe, type NetworkConditions } from '../transport/byte-pipe.js'
import { FaultyLink } from '../transport/network-faults.js'

/** A pipe that holds this much reads no more from its sender. */
const MOST_QUEUED = 262_144

/** A connection through the proxy: two sockets and a pipe each way. */
export class ProxyLink extends FaultyLink {
  readonly toAcceptor: BytePipe
  readonly toInitiator: BytePipe
  readonly #initiator: Socket
  readonly #acceptor: Socket

  /** Both sockets have `allowHalfOpen`; `gone` is called when both have closed. */
  constructor(
    initiator: Socket,
    acceptor: Socket,
    clock: Clock,
    conditions: NetworkConditions,
    gone: (link: ProxyLink) => void
  ) {
    super()
    this.#initiator = initiator
    this.#acceptor = acceptor
    this.toAcceptor = pump(initiator, acceptor, clock, conditions)
    this.toInitiator = pump(acceptor, initiator, clock, conditions)
    let open = 2
    const closed = (from: BytePipe, to: BytePipe, other: Socket) => {
      // However this side closed, the other hears of it as the network has it: in its turn, late, or not at all.
      from.end()
      to.close()
      other.resume()
      open -= 1
      if (open === 0) gone(this)
    }
    initiator.once('close', () => closed(this.toAcceptor, this.toInitiator, acceptor))
    acceptor.once('close', () => closed(this.toInitiator, this.toAcceptor, initiator))
    // A side that has shut down and that nothing can reach any more would linger for ever.
    initiator.once('end', () => this.toInitiator.swallowing && initiator.destroy())
    acceptor.once('end', () => this.toAcceptor.swallowing && acceptor.destroy())
  }

  override cut(how: 'close' | 'reset' = 'close'): void {
    this.toAcceptor.close()
    this.toInitiator.close()
    for (const socket of [this.#initiator, this.#acceptor]) {
      if (how === 'reset') socket.resetAndDestroy()
      else socket.destroy()
    }
  }

  override halfOpen(): void {
    this.toAcceptor.blackHole()
    this.toInitiator.blackHole()
    this.#initiator.destroy()
  }

  /** Bytes that the sockets have not given to the kernel yet are waited for, so that exactly `count` arrive. */
  override cutAfterBytes(direction: 'toAcceptor' | 'toInitiator', count: number): void {
    const receiver = direction === 'toAcceptor' ? this.#acceptor : this.#initiator
    this[direction].cutAfter(count, () => receiver.end(() => this.cut()))
  }
}

/** Carries bytes and the close from one socket to the other, no faster than it takes them. */
function pump(from: Socket, to: Socket, clock: Clock, conditions: NetworkConditions): BytePipe {
  const pipe = new BytePipe(clock, conditions, {
    bytes(bytes) {
      if (!to.write(bytes)) pipe.pause()
    },
    end() {
      to.end()
    },
    room() {
      if (pipe.queued < MOST_QUEUED) from.resume()
    }
  })
  to.on('drain', () => pipe.resume())
  from.on('data', (bytes) => {
    pipe.push(bytes)
    if (pipe.queued >= MOST_QUEUED) from.pause()
  })
  from.on('end', () => pipe.end())
  // A broken socket closes right after, which ends the link; the reason is of no interest here.
  from.on('error', () => {})
  from.resume()
  return pipe
}
