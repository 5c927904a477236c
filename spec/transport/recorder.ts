import type {
  CloseReason,
  Connection,
  ConnectionEvents,
  Dial,
  Endpoint,
  Transport
} from '../../lib/transport/transport.js'

/** A receiver that keeps what it is told, in order, and lets a spec await it. */
export class Recorder implements ConnectionEvents {
  text = ''
  /** Lengths of the pieces in which the bytes came. */
  readonly pieces: number[] = []
  drains = 0
  readonly closes: CloseReason[] = []
  #waiting: { readonly met: () => boolean; readonly resolve: () => void }[] = []

  data(bytes: Uint8Array): void {
    this.text += Buffer.from(bytes).toString('latin1')
    this.pieces.push(bytes.length)
    this.#told()
  }

  drain(): void {
    this.drains += 1
    this.#told()
  }

  close(reason: CloseReason): void {
    this.closes.push(reason)
    this.#told()
  }

  async received(length: number): Promise<string> {
    await this.until(() => this.text.length >= length)
    return this.text
  }

  async closed(): Promise<CloseReason> {
    await this.until(() => this.closes.length > 0)
    return this.closes[0] as CloseReason
  }

  drained(): Promise<void> {
    return this.until(() => this.drains > 0)
  }

  until(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ met, resolve }))
  }

  #told(): void {
    const waiting = this.#waiting
    this.#waiting = waiting.filter(({ met }) => !met())
    for (const { met, resolve } of waiting) if (met()) resolve()
  }
}

/** The connections that a listener took, to be awaited one by one. */
export class Arrivals {
  readonly #arrived: Connection[] = []
  readonly #waiting: ((connection: Connection) => void)[] = []

  readonly accept = (connection: Connection): void => {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#arrived.push(connection)
    else waiting(connection)
  }

  next(): Promise<Connection> {
    const arrived = this.#arrived.shift()
    if (arrived !== undefined) return Promise.resolve(arrived)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}

export interface Dialled {
  readonly connection: Connection | undefined
  readonly reason: CloseReason | undefined
  readonly dial: Dial
}

/** Dials and waits for the answer, whichever it is. */
export function dial(transport: Transport, endpoint: Endpoint): Promise<Dialled> {
  return new Promise((resolve) => {
    const attempt: Dial = transport.dial(endpoint, {
      connected: (connection) => resolve({ connection, reason: undefined, dial: attempt }),
      failed: (reason) => resolve({ connection: undefined, reason, dial: attempt })
    })
  })
}
