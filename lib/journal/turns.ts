import type { Database, Statement } from 'better-sqlite3'
import type { JournalMessage } from './journal.js'
import { type StoredMessage, toStored } from './message-text.js'
import { corruptJournal } from './sqlite-errors.js'

/** Direction (0 in, 1 out), MsgSeqNum(34), time, offset in the body, length: see schema.ts. */
type TurnEntry = readonly [number, number, number, number, number]

/** A session's numbers after a turn. */
export interface Numbers {
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly connectTime: number | undefined
}

/** One turn of one session, unpacked. */
export interface Turn extends Numbers {
  readonly record: number
  readonly in: readonly StoredMessage[]
  readonly out: readonly StoredMessage[]
}

interface TurnRow {
  readonly record: number
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly connectTime: number | null
  readonly entries: string
  readonly body: Uint8Array
}

const turnColumns = 'record, nextNumIn, nextNumOut, connectTime, entries, body'

/** Reads what is not packed yet; enough for a read-only connection. */
export class TurnReader {
  readonly #path: string
  readonly #ofRecord: Statement<[number], TurnRow>

  constructor(database: Database, path: string) {
    this.#path = path
    this.#ofRecord = database.prepare(`SELECT ${turnColumns} FROM turns WHERE record = ? ORDER BY id`)
  }

  /** The unpacked messages of one direction from `from` to `to`, ascending. */
  read(record: number, direction: number, from: number, to: number): StoredMessage[] {
    return this.#ofRecord
      .all(record)
      .flatMap((row) => {
        const turn = unpackTurn(row, this.#path)
        return direction === 0 ? turn.in : turn.out
      })
      .filter(({ msgSeqNum }) => msgSeqNum >= from && msgSeqNum <= to)
  }
}

/**
 * The newest turns, appended as they are committed and packed into blocks from time to time.
 *
 * Their messages are newer than any in the blocks: numbers ascend from the blocks through the turns. They are few, so
 * memory keeps them too, and packing need not read back what was just written.
 */
export class TurnLog {
  readonly #path: string
  readonly #insert: Statement<[number, number, number, number | null, string, Uint8Array]>
  readonly #all: Statement<[], TurnRow>
  readonly #clear: Statement<[]>
  #rows: TurnRow[] = []
  readonly #records = new Set<number>()
  #bytes = 0

  constructor(database: Database, path: string) {
    this.#path = path
    this.#insert = database.prepare(
      'INSERT INTO turns (record, nextNumIn, nextNumOut, connectTime, entries, body) VALUES (?, ?, ?, ?, ?, ?)'
    )
    this.#all = database.prepare(`SELECT ${turnColumns} FROM turns ORDER BY id`)
    this.#clear = database.prepare('DELETE FROM turns')
    this.reload()
  }

  /** Turns that are not packed yet. */
  get count(): number {
    return this.#rows.length
  }

  /** Bytes of messages in them. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether some of them are this record's. */
  has(record: number): boolean {
    return this.#records.has(record)
  }

  /** Asks the file again, after a transaction was rolled back. */
  reload(): void {
    this.#forget()
    for (const row of this.#all.all()) this.#remember(row)
  }

  append(record: number, numbers: Numbers, received: readonly JournalMessage[], sent: readonly JournalMessage[]): void {
    const messages = [...received.map(toStored), ...sent.map(toStored)]
    const entries: TurnEntry[] = []
    let offset = 0
    for (const [index, { msgSeqNum, time, text }] of messages.entries()) {
      entries.push([index < received.length ? 0 : 1, msgSeqNum, time, offset, text.length])
      offset += text.length
    }
    const row = {
      record,
      nextNumIn: numbers.nextNumIn,
      nextNumOut: numbers.nextNumOut,
      connectTime: numbers.connectTime ?? null,
      entries: JSON.stringify(entries),
      body: Buffer.concat(messages.map(({ text }) => text))
    }
    this.#insert.run(row.record, row.nextNumIn, row.nextNumOut, row.connectTime, row.entries, row.body)
    this.#remember(row)
  }

  /** Hands over all turns, oldest first, and forgets them. */
  drain(): readonly Turn[] {
    const turns = this.#rows.map((row) => unpackTurn(row, this.#path))
    this.#clear.run()
    this.#forget()
    return turns
  }

  #remember(row: TurnRow): void {
    this.#rows.push(row)
    this.#records.add(row.record)
    this.#bytes += row.body.length
  }

  #forget(): void {
    this.#rows = []
    this.#records.clear()
    this.#bytes = 0
  }
}

function unpackTurn(row: TurnRow, path: string): Turn {
  const entries = JSON.parse(row.entries) as readonly TurnEntry[]
  const received: StoredMessage[] = []
  const sent: StoredMessage[] = []
  for (const [direction, msgSeqNum, time, offset, length] of entries) {
    if (offset + length > row.body.length)
      throw corruptJournal(path, `a turn of record ${row.record} is shorter than its entries say`)
    const list = direction === 0 ? received : sent
    list.push({ msgSeqNum, time, text: row.body.subarray(offset, offset + length) })
  }
  return {
    record: row.record,
    nextNumIn: row.nextNumIn,
    nextNumOut: row.nextNumOut,
    connectTime: row.connectTime ?? undefined,
    in: received,
    out: sent
  }
}
