import { receiverThrew } from './close-reason.js'
import type { CloseReason, ConnectionEvents } from './transport.js'

/**
 * Hands a connection's events to whoever receives them at the moment: the same promises for every transport.
 *
 * `close` comes last and once to each receiver, also to one that starts after it happened; a receiver that throws
 * ends the connection, not the process.
 */
export class Delivery {
  readonly #nextTurn: (callback: () => void) => void
  readonly #giveUp: (reason: CloseReason) => void
  #receiver: ConnectionEvents | undefined
  #closed: CloseReason | undefined

  /** `giveUp` closes the connection at once, with that reason. */
  constructor(nextTurn: (callback: () => void) => void, giveUp: (reason: CloseReason) => void) {
    this.#nextTurn = nextTurn
    this.#giveUp = giveUp
  }

  get started(): boolean {
    return this.#receiver !== undefined
  }

  start(receiver: ConnectionEvents): void {
    this.#receiver = receiver
    const closed = this.#closed
    if (closed !== undefined) this.#nextTurn(() => this.#call(() => receiver.close(closed)))
  }

  data(bytes: Uint8Array): void {
    const receiver = this.#receiver
    if (receiver === undefined || this.#closed !== undefined) return
    try {
      receiver.data(bytes)
    } catch (error) {
      this.#fault(error)
    }
  }

  drain(): void {
    const receiver = this.#receiver
    if (receiver !== undefined && this.#closed === undefined) this.#call(() => receiver.drain())
  }

  /** To be called once. */
  close(reason: CloseReason): void {
    this.#closed = reason
    const receiver = this.#receiver
    if (receiver !== undefined) this.#call(() => receiver.close(reason))
  }

  #call(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#fault(error)
    }
  }

  #fault(error: unknown): void {
    warn(error)
    this.#giveUp(receiverThrew(error))
  }
}

/** A fault of our own user's code that has nowhere else to go: seen, but never the end of the process. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)))
}
