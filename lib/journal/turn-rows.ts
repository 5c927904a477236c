import type { Database, Statement } from 'better-sqlite3'
import type { StoredMessage } from './message-text.js'
import { corruptJournal } from './sqlite-errors.js'

/** Direction (0 in, 1 out), MsgSeqNum(34), time, offset in the body, length: see schema.ts. */
type TurnEntry = readonly [number, number, number, number, number]

/** A turn as the file has it. */
export interface TurnRow {
  readonly id: number
  readonly record: number
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly connectTime: number | null
  readonly entries: string
  readonly body: Uint8Array
}

export const turnColumns =
  'turns.id, turns.record, turns.nextNumIn, turns.nextNumOut, turns.connectTime, turns.entries, turns.body'

/** Reads what is not packed yet; enough for a read-only connection. */
export class TurnReader {
  readonly #path: string
  readonly #ofRecord: Statement<[number], TurnRow>

  constructor(database: Database, path: string) {
    this.#path = path
    this.#ofRecord = database.prepare(
      `SELECT ${turnColumns} FROM turns JOIN records ON records.id = turns.record
       WHERE records.id = ? AND turns.id > records.packedTurn ORDER BY turns.id`
    )
  }

  /** The unpacked messages of one direction from `from` to `to`, ascending. */
  read(record: number, direction: number, from: number, to: number): StoredMessage[] {
    const found: StoredMessage[] = []
    for (const row of this.#ofRecord.all(record)) {
      unpackTurn(row, this.#path, (way, msgSeqNum, time, text) => {
        if (way === direction && msgSeqNum >= from && msgSeqNum <= to) found.push({ msgSeqNum, time, text })
      })
    }
    return found
  }
}

/** Calls `take` for each message of a turn. */
export function unpackTurn(
  row: TurnRow,
  path: string,
  take: (direction: number, msgSeqNum: number, time: number, text: Uint8Array) => void
): void {
  for (const [direction, msgSeqNum, time, offset, length] of JSON.parse(row.entries) as readonly TurnEntry[]) {
    if (offset + length > row.body.length) throw corruptJournal(path, `turn ${row.id} is shorter than its entries say`)
    take(direction, msgSeqNum, time, row.body.subarray(offset, offset + length))
  }
}
