import type { Codec } from '../codec/codec.js'
import type { DisconnectReason } from '../core/effect.js'
import type { Connection, Dial, Endpoint, Transport } from '../transport/transport.js'
import { farewell } from './farewells.js'
import { Inlet, type InletOwner } from './inlet.js'
import { textOf } from './thrown.js'

/** What a link tells. */
export interface LinkOwner extends InletOwner {
  connected(connection: Connection): void
  dialFailed(reason: DisconnectReason): void
  /** The socket has room again. */
  drained(): void
  /** The link is gone, or this side has done with it. */
  disconnected(reason: DisconnectReason): void
  /** A part of the session, or code behind it, threw. */
  partFailed(error: unknown): void
}

/** The connection of a session, when there is one, and the dial that leads to it. */
export class Link {
  private readonly owner: LinkOwner
  private readonly transport: Transport
  private readonly codec: Codec
  private inlet: Inlet | undefined
  private dialling: Dial | undefined
  /** The socket has taken as much as it wants for now. */
  private needsDrain = false
  /** What waits until the counterparty has read more. */
  private afterDrain: (() => void) | undefined
  private readonly whenGone: (() => void)[] = []
  connection: Connection | undefined

  constructor(owner: LinkOwner, transport: Transport, codec: Codec) {
    this.owner = owner
    this.transport = transport
    this.codec = codec
  }

  dial(endpoint: Endpoint): void {
    this.abortDial()
    // Told once: by a dial that was given up meanwhile, too, if its transport does not keep its word.
    let over = false
    const settled = (): boolean => {
      if (over) return false
      over = true
      this.dialling = undefined
      return true
    }
    let dial: Dial
    try {
      dial = this.transport.dial(endpoint, {
        connected: (connection) => {
          if (settled()) this.attach(connection)
          else connection.destroy()
        },
        failed: (reason) => {
          if (settled()) this.guarded(() => this.owner.dialFailed(reason))
        }
      })
    } catch (error) {
      if (settled()) this.owner.dialFailed({ code: 'CONNECT_FAILED', text: `The transport failed: ${textOf(error)}` })
      return
    }
    if (over) return
    this.dialling = {
      abort: () => {
        if (settled()) dial.abort()
      }
    }
  }

  abortDial(): void {
    this.dialling?.abort()
  }

  /** Takes over a connection; `bytes` is what was read from it before. */
  attach(connection: Connection, bytes?: Uint8Array): void {
    const inlet = new Inlet(this.codec, connection, this.owner)
    this.connection = connection
    this.inlet = inlet
    this.guarded(() => {
      connection.start({
        data: (data) => {
          try {
            inlet.receive(data)
          } catch (error) {
            this.owner.partFailed(error)
          }
        },
        drain: () => this.guarded(() => this.drained(connection)),
        close: (reason) => this.guarded(() => this.detach(connection, reason))
      })
      this.owner.connected(connection)
      if (bytes !== undefined) inlet.receive(bytes)
    })
  }

  /** More may come in. */
  resume(): void {
    this.inlet?.resume()
  }

  /** Nothing that still comes is looked at. */
  shut(): void {
    this.inlet?.close()
  }

  /** Closes the connection after what was written is out, or at once. */
  close(connection: Connection, abrupt: boolean, reason: DisconnectReason): void {
    try {
      const closed = farewell(connection)
      if (!closed && abrupt) connection.destroy()
      else if (!closed) connection.end()
    } catch {
      // It is given up in any case, and whoever asked for that has a reason of its own to tell.
    }
    this.detach(connection, reason)
  }

  /** Told after each write; `hasRoom`: the socket would take more. */
  written(connection: Connection, hasRoom: boolean): void {
    if (this.connection === connection) this.needsDrain = !hasRoom
  }

  /** Bytes that wait for the counterparty to read; a few that the socket has not handed on yet are none. */
  get unreadBytes(): number {
    return this.needsDrain ? (this.connection?.bufferedBytes ?? 0) : 0
  }

  /** Runs `action` when the socket has room: at once, or later. Of several only the last. */
  whenDrained(action: () => void): void {
    if (this.needsDrain) this.afterDrain = action
    else action()
  }

  /** Resolves when there is no link. */
  gone(): Promise<void> {
    if (this.connection === undefined) return Promise.resolve()
    return new Promise((resolve) => this.whenGone.push(resolve))
  }

  private detach(connection: Connection, reason: DisconnectReason): void {
    if (this.connection !== connection) return
    this.connection = undefined
    this.needsDrain = false
    this.afterDrain = undefined
    this.inlet?.close()
    this.inlet = undefined
    try {
      this.owner.disconnected(reason)
    } finally {
      for (const resolve of this.whenGone.splice(0)) resolve()
    }
  }

  private drained(connection: Connection): void {
    if (this.connection !== connection) return
    const { afterDrain } = this
    this.needsDrain = false
    this.afterDrain = undefined
    afterDrain?.()
    this.owner.drained()
  }

  private guarded(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.owner.partFailed(error)
    }
  }
}
