import type { BytePipe } from './byte-pipe.js'

/** Which way bytes go on a connection: the initiator is the side that dialled. */
export type LinkDirection = 'toAcceptor' | 'toInitiator'

const BOTH: readonly LinkDirection[] = ['toAcceptor', 'toInitiator']

/** One connection through a network that can have faults. */
export abstract class FaultyLink {
  abstract readonly toAcceptor: BytePipe
  abstract readonly toInitiator: BytePipe

  /** Breaks the connection for both sides. */
  abstract cut(): void

  /** The initiator's side is gone; the acceptor is never told and hears nothing any more. */
  abstract halfOpen(): void

  /** Cuts when `count` more bytes have been delivered in that direction. */
  cutAfterBytes(direction: LinkDirection, count: number): void {
    this[direction].cutAfter(count, () => this.cut())
  }

  /** Nothing arrives until `resume`; nothing is lost, and senders feel it as a counterparty that does not read. */
  stall(direction?: LinkDirection): void {
    for (const each of chosen(direction)) this[each].stall()
  }

  resume(direction?: LinkDirection): void {
    for (const each of chosen(direction)) this[each].unstall()
  }

  /** What is sent from now on, or is on the way, is lost without a trace. Lost for good: this connection cannot heal. */
  blackHole(direction?: LinkDirection): void {
    for (const each of chosen(direction)) this[each].blackHole()
  }
}

/**
 * The faults of a whole network. `cut` and `halfOpen` strike the connections of that moment; `stall` and `blackHole`
 * also those made later, until `resume`.
 */
export abstract class FaultyNetwork<Link extends FaultyLink> {
  readonly #links = new Set<Link>()
  readonly #stalled = new Set<LinkDirection>()
  readonly #blackHoles = new Set<LinkDirection>()
  #cutOfNext: { readonly direction: LinkDirection; readonly count: number } | undefined

  /** The connections there are, oldest first. */
  get links(): readonly Link[] {
    return [...this.#links]
  }

  /** Breaks every connection for both its sides. */
  cut(): void {
    for (const link of this.links) link.cut()
  }

  /**
   * Cuts the newest connection, or the next one where there is none, when `count` more bytes have been delivered in
   * that direction. Exactly `count` of them arrive.
   */
  cutAfterBytes(direction: LinkDirection, count: number): void {
    const newest = this.links.at(-1)
    if (newest === undefined) this.#cutOfNext = { direction, count }
    else newest.cutAfterBytes(direction, count)
  }

  /** Nothing arrives until `resume`; nothing is lost. Default: both directions. */
  stall(direction?: LinkDirection): void {
    for (const each of chosen(direction)) this.#stalled.add(each)
    for (const link of this.links) link.stall(direction)
  }

  /** Ends `stall` and, for connections made from now on, `blackHole`. Default: both directions. */
  resume(direction?: LinkDirection): void {
    for (const each of chosen(direction)) {
      this.#stalled.delete(each)
      this.#blackHoles.delete(each)
    }
    for (const link of this.links) link.resume(direction)
  }

  /** Bytes are lost without a trace, and so is a close. Default: both directions. */
  blackHole(direction?: LinkDirection): void {
    for (const each of chosen(direction)) this.#blackHoles.add(each)
    for (const link of this.links) link.blackHole(direction)
  }

  /** Every initiator's side is gone; the acceptors are never told and hear nothing any more. */
  halfOpen(): void {
    for (const link of this.links) link.halfOpen()
  }

  protected join(link: Link): void {
    this.#links.add(link)
    for (const direction of this.#stalled) link.stall(direction)
    for (const direction of this.#blackHoles) link.blackHole(direction)
    const cut = this.#cutOfNext
    this.#cutOfNext = undefined
    if (cut !== undefined) link.cutAfterBytes(cut.direction, cut.count)
  }

  protected leave(link: Link): void {
    this.#links.delete(link)
  }
}

function chosen(direction: LinkDirection | undefined): readonly LinkDirection[] {
  return direction === undefined ? BOTH : [direction]
}
