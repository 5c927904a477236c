import type { Clock } from '../clock.js'
import type { FixJournalError } from '../errors.js'
import type { Journal, JournalBatch, JournalMessage } from '../journal/journal.js'
import type { Connection } from '../transport/transport.js'
import { CommitTurn, type TurnMember } from './commit-turn.js'

/** What the outlet needs to know, and tells. */
export interface OutletOwner {
  readonly id: string
  /** The numbers to save with a batch. */
  numbers(): { nextNumIn: number; nextNumOut: number }
  /** Bytes were given to the socket; `hasRoom`: it would take more. */
  written(connection: Connection, hasRoom: boolean): void
  commitFailed(error: FixJournalError): void
}

interface Turn {
  readonly writes: { connection: Connection; bytes: Uint8Array }[]
  /** What has to wait until everything before it is saved and with the socket. */
  readonly afterwards: (() => void)[]
  readonly flushed: { resolve: () => void; reject: (error: Error) => void }[]
}

/**
 * The one way out (DESIGN, laws 1 and 2): gathers what a session saves and writes during a turn, has it committed, and
 * only then gives it to the socket, in one write.
 */
export class Outlet implements TurnMember {
  private readonly owner: OutletOwner
  readonly journal: Journal
  private readonly clock: Clock
  private readonly turn: CommitTurn
  private out: JournalMessage[] = []
  private in: JournalMessage[] = []
  private reset: number | undefined
  private connectTime: number | undefined
  private numbersChanged = false
  private gathering: Turn = { writes: [], afterwards: [], flushed: [] }
  private readonly underWay: Turn[] = []
  private joined = false

  constructor(owner: OutletOwner, journal: Journal, clock: Clock) {
    this.owner = owner
    this.journal = journal
    this.clock = clock
    this.turn = CommitTurn.of(this.journal, clock)
  }

  storeOut(msgSeqNum: number, bytes: Uint8Array): void {
    this.out.push({ msgSeqNum, time: this.clock.now(), bytes })
    this.touchNumbers()
  }

  storeIn(msgSeqNum: number, bytes: Uint8Array): void {
    this.in.push({ msgSeqNum, time: this.clock.now(), bytes })
    this.touchNumbers()
  }

  /** The numbers will be saved with this turn, with or without messages. */
  touchNumbers(): void {
    this.numbersChanged = true
    if (!this.joined) this.join()
  }

  /** Forgets what was gathered before it; the journal begins anew. */
  storeReset(): void {
    this.out = []
    this.in = []
    this.connectTime = undefined
    this.reset = this.clock.now()
    this.touchNumbers()
  }

  storeConnectTime(): void {
    this.connectTime = this.clock.now()
    this.touchNumbers()
  }

  write(connection: Connection, bytes: Uint8Array): void {
    this.gathering.writes.push({ connection, bytes })
    if (!this.joined) this.join()
  }

  /** Runs `action` when all that was gathered so far is saved and with the socket. */
  afterwards(action: () => void): void {
    this.gathering.afterwards.push(action)
    if (!this.joined) this.join()
  }

  /** Resolves when all that was gathered so far is saved and with the socket; rejects when it could not be saved. */
  flush(): Promise<void> {
    const last = this.joined ? this.gathering : this.underWay.at(-1)
    if (last === undefined) return Promise.resolve()
    return new Promise((resolve, reject) => last.flushed.push({ resolve, reject }))
  }

  takeBatch(): JournalBatch | undefined {
    this.joined = false
    this.underWay.push(this.gathering)
    this.gathering = { writes: [], afterwards: [], flushed: [] }
    if (!this.numbersChanged) return undefined
    const { nextNumIn, nextNumOut } = this.owner.numbers()
    const batch: JournalBatch = {
      sessionId: this.owner.id,
      reset: this.reset,
      out: this.out,
      in: this.in,
      nextNumIn,
      nextNumOut,
      connectTime: this.connectTime
    }
    this.out = []
    this.in = []
    this.reset = undefined
    this.connectTime = undefined
    this.numbersChanged = false
    return batch
  }

  committed(): void {
    const turn = this.underWay.shift()
    if (turn === undefined) return
    this.writeAll(turn.writes)
    for (const action of turn.afterwards) action()
    for (const { resolve } of turn.flushed) resolve()
  }

  commitFailed(error: FixJournalError): void {
    const turn = this.underWay.shift()
    for (const { reject } of turn?.flushed ?? []) reject(error)
    this.owner.commitFailed(error)
  }

  private join(): void {
    this.joined = true
    this.turn.join(this)
  }

  /** One write a connection. */
  private writeAll(writes: readonly { connection: Connection; bytes: Uint8Array }[]): void {
    for (let from = 0, to = 0; from < writes.length; from = to) {
      const connection = writes[from]?.connection
      if (connection === undefined) return
      const chunks: Uint8Array[] = []
      for (; to < writes.length && writes[to]?.connection === connection; to++) {
        const bytes = writes[to]?.bytes
        if (bytes !== undefined) chunks.push(bytes)
      }
      const [only] = chunks
      const hasRoom = connection.write(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks))
      this.owner.written(connection, hasRoom)
    }
  }
}
