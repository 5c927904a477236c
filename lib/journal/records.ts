import type { Database, Statement } from 'better-sqlite3'
import { BlockReader } from './blocks.js'
import type { JournalBatch, JournalMessage, JournalState } from './journal.js'
import type { Numbers } from './turns.js'

interface RecordRow {
  readonly id: number
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly resetTime: number
  readonly connectTime: number | null
  readonly lostFrom: number | null
}

/** One session as the writer knows it: what is durable, and what decides how the next batch is written. */
export interface SessionRecord {
  /** Its row; another one after each reset. */
  id: number
  readonly sessionId: string
  state: JournalState
  /** Highest MsgSeqNum(34) stored: in, out. A batch above it needs no look at what is there. */
  readonly highest: [number, number]
}

/** The rows of `records`. All writes happen in the caller's transaction. */
export class SessionRecords {
  readonly #blocks: BlockReader
  readonly #find: Statement<[string], RecordRow>
  readonly #insert: Statement<[string, number]>
  readonly #id: Statement<[string], number>
  readonly #update: Statement<[number, number, number | null, number, number]>
  readonly #retire: Statement<[number]>
  readonly #retired: Statement<[], number>

  constructor(database: Database, path: string) {
    this.#blocks = new BlockReader(database, path)
    this.#find = database.prepare(
      `SELECT id, nextNumIn, nextNumOut, resetTime, connectTime,
         (SELECT unclean.nextNumOut FROM unclean WHERE unclean.record = records.id) AS lostFrom
       FROM records WHERE sessionId = ?`
    )
    this.#insert = database.prepare(
      'INSERT INTO records (sessionId, nextNumIn, nextNumOut, resetTime) VALUES (?, 1, 1, ?)'
    )
    this.#id = database.prepare<[string], number>('SELECT id FROM records WHERE sessionId = ?').pluck()
    this.#update = database.prepare(
      'UPDATE records SET nextNumIn = ?, nextNumOut = ?, connectTime = ?, packedTurn = max(packedTurn, ?) WHERE id = ?'
    )
    this.#retire = database.prepare('UPDATE records SET sessionId = NULL WHERE id = ?')
    this.#retired = database.prepare<[], number>('SELECT id FROM records WHERE sessionId IS NULL').pluck()
  }

  idOf(sessionId: string): number | undefined {
    return this.#id.get(sessionId)
  }

  /** The record of a session whose turns are all packed. */
  find(sessionId: string): SessionRecord | undefined {
    const row = this.#find.get(sessionId)
    if (row === undefined) return undefined
    const { id, nextNumIn, nextNumOut, resetTime, connectTime, lostFrom } = row
    return {
      id,
      sessionId,
      state: {
        nextNumIn,
        nextNumOut,
        resetTime,
        connectTime: connectTime ?? undefined,
        lostFrom: lostFrom ?? undefined
      },
      highest: [this.#blocks.highest(id, 0), this.#blocks.highest(id, 1)]
    }
  }

  create(sessionId: string, resetTime: number): SessionRecord {
    const id = Number(this.#insert.run(sessionId, resetTime).lastInsertRowid)
    const state = { nextNumIn: 1, nextNumOut: 1, resetTime, connectTime: undefined, lostFrom: undefined }
    return { id, sessionId, state, highest: [0, 0] }
  }

  /** `packedTurn`: the last turn whose messages are in blocks now. */
  saveNumbers(id: number, numbers: Numbers, packedTurn = 0): void {
    this.#update.run(numbers.nextNumIn, numbers.nextNumOut, numbers.connectTime ?? null, packedTurn, id)
  }

  /** Begins anew under a new row; what hangs on the old one is no longer the session's. Returns the old row. */
  reset(record: SessionRecord, resetTime: number): number {
    const retired = record.id
    this.#retire.run(retired)
    const fresh = this.create(record.sessionId, resetTime)
    record.id = fresh.id
    record.state = fresh.state
    record.highest.fill(0)
    return retired
  }

  /** Rows that resets left behind. */
  retired(): number[] {
    return this.#retired.all()
  }
}

export function stateAfter(state: JournalState, batch: JournalBatch): JournalState {
  return {
    nextNumIn: batch.nextNumIn ?? state.nextNumIn,
    nextNumOut: batch.nextNumOut ?? state.nextNumOut,
    resetTime: state.resetTime,
    connectTime: batch.connectTime ?? state.connectTime,
    lostFrom: batch.settled === true ? undefined : state.lostFrom
  }
}

export function raise(record: SessionRecord, direction: 0 | 1, messages: readonly JournalMessage[]): void {
  const last = messages.at(-1)
  if (last !== undefined && last.msgSeqNum > record.highest[direction]) record.highest[direction] = last.msgSeqNum
}
