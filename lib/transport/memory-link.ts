import { MemoryConnection, type MemoryConnectionSettings } from './memory-connection.js'
import { FaultyLink } from './network-faults.js'
import type { CloseReason, Endpoint } from './transport.js'

export interface CutOptions {
  /** Bytes on the way that still arrive, in each direction. Default 0. */
  readonly deliver?: number | { readonly toAcceptor: number; readonly toInitiator: number } | undefined
  /** What both sides are told. Default: `SOCKET_ERROR`. */
  readonly reason?: CloseReason | undefined
}

const CUT: CloseReason = { code: 'SOCKET_ERROR', text: 'The connection broke: the memory network cut it.' }

/** Is told when ends of a link have closed. */
interface LinkWatcher {
  /** Both have. */
  gone(link: MemoryLink): void
  acceptorGone(): void
}

/** A connection in memory, with both its ends. */
export class MemoryLink extends FaultyLink {
  /** What the acceptor's listener was given. */
  readonly acceptor: MemoryConnection
  /** What the initiator's dial was given. */
  readonly initiator: MemoryConnection

  constructor(from: Endpoint, to: Endpoint, settings: MemoryConnectionSettings, watcher: LinkWatcher) {
    super()
    let ends = 2
    const endGone = () => {
      ends -= 1
      if (ends === 0) watcher.gone(this)
    }
    this.initiator = new MemoryConnection(to.host, to.port, settings, endGone)
    this.acceptor = new MemoryConnection(from.host, from.port, settings, () => {
      watcher.acceptorGone()
      endGone()
    })
    MemoryConnection.join(this.initiator, this.acceptor)
  }

  get toAcceptor() {
    return this.acceptor.incoming
  }

  get toInitiator() {
    return this.initiator.incoming
  }

  override cut(options: CutOptions = {}): void {
    const { deliver = 0, reason = CUT } = options
    let directions = 2
    const done = () => {
      directions -= 1
      if (directions > 0) return
      this.initiator.break(reason)
      this.acceptor.break(reason)
    }
    this.toAcceptor.cutNow(typeof deliver === 'number' ? deliver : deliver.toAcceptor, done)
    this.toInitiator.cutNow(typeof deliver === 'number' ? deliver : deliver.toInitiator, done)
  }

  override halfOpen(): void {
    this.toAcceptor.blackHole()
    this.initiator.break(CUT)
  }
}
