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
  /** Whether this is still the session's connection. */
  isLink(connection: Connection): boolean
  /** Bytes were given to the socket; `hasRoom`: it would take more. */
  written(connection: Connection, hasRoom: boolean): void
  /** What was gathered is saved, and what is for the socket is with it: more may come. */
  saved(): void
  commitFailed(error: FixJournalError): void
  /** A part, or what was to be done afterwards, threw. */
  partFailed(error: unknown): void
}

/** What one connection is to be given, in one write. */
interface Write {
  readonly connection: Connection
  readonly chunks: Uint8Array[]
}

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** What goes out, or happens, when a turn has been saved. */
class Turn {
  /** What is being saved of it, once it is. */
  out: readonly JournalMessage[] = []
  readonly writes: Write[] = []
  /** What has to wait until everything before it is saved and with the socket. */
  readonly afterwards: (() => void)[] = []
  readonly flushed: Waiting[] = []
  outBytes = 0
  inBytes = 0
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
  private settled = false
  private numbersChanged = false
  private gathering = new Turn()
  private readonly underWay: Turn[] = []
  private joined = false
  /** Why nothing goes out or is saved any more. */
  private ended: FixJournalError | undefined
  /** Bytes for the counterparty that are not with the socket yet. */
  outboundBytes = 0
  /** Bytes of received messages that are not saved yet. */
  inboundBytes = 0

  constructor(owner: OutletOwner, journal: Journal, clock: Clock) {
    this.owner = owner
    this.journal = journal
    this.clock = clock
    this.turn = CommitTurn.of(this.journal, clock)
  }

  /** `time` as the journal has it: milliseconds since the epoch. */
  storeOut(msgSeqNum: number, bytes: Uint8Array, time: number): void {
    this.out.push({ msgSeqNum, time, bytes })
    this.touchNumbers()
  }

  storeIn(msgSeqNum: number, bytes: Uint8Array, time: number): void {
    this.in.push({ msgSeqNum, time, bytes })
    this.inboundBytes += bytes.length
    this.gathering.inBytes += bytes.length
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

  /** What the journal may have lost of the outgoing numbers does not matter any more. */
  storeSettled(): void {
    this.settled = true
    this.touchNumbers()
  }

  write(connection: Connection, bytes: Uint8Array): void {
    const { gathering } = this
    const last = gathering.writes.at(-1)
    if (last?.connection === connection) last.chunks.push(bytes)
    else gathering.writes.push({ connection, chunks: [bytes] })
    gathering.outBytes += bytes.length
    this.outboundBytes += bytes.length
    if (!this.joined) this.join()
  }

  /** Runs `action` when all that was gathered so far is saved and with the socket. */
  afterwards(action: () => void): void {
    this.gathering.afterwards.push(action)
    if (!this.joined) this.join()
  }

  /** Resolves when all that was gathered so far is saved and with the socket; rejects when it could not be saved. */
  flush(): Promise<void> {
    if (this.ended !== undefined) return Promise.reject(this.ended)
    const last = this.joined ? this.gathering : this.underWay.at(-1)
    if (last === undefined) return Promise.resolve()
    return new Promise((resolve, reject) => last.flushed.push({ resolve, reject }))
  }

  /**
   * Nothing more is saved, written or done, not even what was gathered: numbers of which some were never saved would leave a hole.
   * Returns the messages that nothing became of.
   */
  end(reason: FixJournalError): ReadonlySet<Uint8Array> {
    const unsaved = new Set<Uint8Array>()
    if (this.ended !== undefined) return unsaved
    this.ended = reason
    this.gathering.out = this.out
    for (const turn of [...this.underWay.splice(0), this.gathering]) {
      for (const { bytes } of turn.out) unsaved.add(bytes)
      for (const { chunks } of turn.writes) for (const bytes of chunks) unsaved.add(bytes)
      for (const { reject } of turn.flushed) reject(reason)
    }
    this.gathering = new Turn()
    this.out = []
    this.in = []
    this.numbersChanged = false
    return unsaved
  }

  takeBatch(): JournalBatch | undefined {
    this.joined = false
    if (this.ended !== undefined) return undefined
    const turn = this.gathering
    this.underWay.push(turn)
    this.gathering = new Turn()
    if (!this.numbersChanged) return undefined
    const { nextNumIn, nextNumOut } = this.owner.numbers()
    const batch: JournalBatch = {
      sessionId: this.owner.id,
      reset: this.reset,
      out: this.out,
      in: this.in,
      nextNumIn,
      nextNumOut,
      connectTime: this.connectTime,
      settled: this.settled
    }
    turn.out = this.out
    this.out = []
    this.in = []
    this.reset = undefined
    this.connectTime = undefined
    this.settled = false
    this.numbersChanged = false
    return batch
  }

  committed(): void {
    const turn = this.underWay.shift()
    if (turn === undefined) return
    this.inboundBytes -= turn.inBytes
    this.outboundBytes -= turn.outBytes
    for (const write of turn.writes) this.attempt(() => this.putOut(write))
    for (const action of turn.afterwards) this.attempt(action)
    for (const { resolve } of turn.flushed) resolve()
    this.owner.saved()
  }

  commitFailed(error: FixJournalError): void {
    if (this.ended === undefined) this.owner.commitFailed(error)
  }

  private attempt(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.owner.partFailed(error)
    }
  }

  private join(): void {
    this.joined = true
    this.turn.join(this)
  }

  private putOut({ connection, chunks }: Write): void {
    if (!this.owner.isLink(connection)) return
    const [only] = chunks
    const hasRoom = connection.write(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks))
    this.owner.written(connection, hasRoom)
  }
}
