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

/** What consecutive turns of one record come to. */
export interface Turns extends Numbers {
  /** Id of the last of them. */
  readonly last: number
  readonly in: readonly StoredMessage[]
  readonly out: readonly StoredMessage[]
}

interface TurnRow {
  readonly id: number
  readonly record: number
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly connectTime: number | null
  readonly entries: string
  readonly body: Uint8Array
}

const turnColumns =
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
    const { in: received, out: sent } = unpackTurns(this.#ofRecord.all(record), this.#path)
    return (direction === 0 ? received : sent).filter(({ msgSeqNum }) => msgSeqNum >= from && msgSeqNum <= to)
  }
}

/** A record is packed before one more turn is appended to so many of it, or to so many bytes. */
const maxTurnsOfRecord = 1024
const maxBytesOfRecord = 1024 * 1024
/** Records are packed a few at a time, the oldest turn first, while all have more turns, or more bytes, than this. */
const maxTurns = 32_768
const maxBytes = 16 * 1024 * 1024
/** So many records a commit, lest it takes long, and the more of them the further the limit is passed. */
const recordsPerCommit = 16
/** Packed turns are deleted when there are so many, a few more at a time than come in. */
const minDeleted = 256

interface RecordTurns {
  readonly rows: TurnRow[]
  bytes: number
}

/**
 * The newest turns, appended as they are committed and packed into blocks from time to time.
 *
 * Their messages are newer than any in the blocks: numbers ascend from the blocks through the turns. They are few, so
 * memory keeps them too, and packing need not read back what was just written.
 */
export class TurnLog {
  readonly #path: string
  readonly #insert: Statement<[number, number, number, number, number | null, string, Uint8Array]>
  readonly #unpacked: Statement<[], TurnRow>
  readonly #bounds: Statement<[], { readonly first: number | null; readonly last: number }>
  readonly #deleteBelow: Statement<[number]>
  readonly #clear: Statement<[]>
  readonly #records = new Map<number, RecordTurns>()
  /** The oldest turn of each record, in order, from `#head` on; among them some that are packed by now. */
  #queue: { readonly id: number; readonly record: number }[] = []
  #head = 0
  #count = 0
  #bytes = 0
  /** Lowest id in the file, packed or not. */
  #firstId = 1
  #nextId = 1

  constructor(database: Database, path: string) {
    this.#path = path
    this.#insert = database.prepare(
      'INSERT INTO turns (id, record, nextNumIn, nextNumOut, connectTime, entries, body) VALUES (?, ?, ?, ?, ?, ?, ?)'
    )
    this.#unpacked = database.prepare(
      `SELECT ${turnColumns} FROM turns JOIN records ON records.id = turns.record
       WHERE turns.id > records.packedTurn AND records.sessionId IS NOT NULL ORDER BY turns.id`
    )
    this.#bounds = database.prepare(
      `SELECT (SELECT min(id) FROM turns) AS first,
         max(coalesce((SELECT max(id) FROM turns), 0), coalesce((SELECT max(packedTurn) FROM records), 0)) AS last`
    )
    this.#deleteBelow = database.prepare('DELETE FROM turns WHERE id < ?')
    this.#clear = database.prepare('DELETE FROM turns')
    this.reload()
  }

  /** Asks the file again, after a transaction was rolled back. */
  reload(): void {
    this.#records.clear()
    this.#queue = []
    this.#head = 0
    this.#count = 0
    this.#bytes = 0
    const { first, last } = this.#bounds.get() ?? { first: null, last: 0 }
    this.#nextId = last + 1
    this.#firstId = first ?? this.#nextId
    for (const row of this.#unpacked.all()) this.#remember(row)
  }

  /** Whether some turns of this record are not packed. */
  has(record: number): boolean {
    return this.#records.has(record)
  }

  /** Whether this record is to be packed before it gets one more turn. */
  isFull(record: number): boolean {
    const turns = this.#records.get(record)
    return turns !== undefined && (turns.rows.length >= maxTurnsOfRecord || turns.bytes >= maxBytesOfRecord)
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
      id: this.#nextId++,
      record,
      nextNumIn: numbers.nextNumIn,
      nextNumOut: numbers.nextNumOut,
      connectTime: numbers.connectTime ?? null,
      entries: JSON.stringify(entries),
      body: Buffer.concat(messages.map(({ text }) => text))
    }
    this.#insert.run(row.id, row.record, row.nextNumIn, row.nextNumOut, row.connectTime, row.entries, row.body)
    this.#remember(row)
  }

  /** Hands over the turns of a record, for packing; undefined where it has none. */
  take(record: number): Turns | undefined {
    const turns = this.#records.get(record)
    if (turns === undefined) return undefined
    this.forget(record)
    return unpackTurns(turns.rows, this.#path)
  }

  /** The turns of a record that was reset mean nothing any more. */
  forget(record: number): void {
    const turns = this.#records.get(record)
    if (turns === undefined) return
    this.#records.delete(record)
    this.#count -= turns.rows.length
    this.#bytes -= turns.bytes
  }

  /** The records to pack now that `appended` turns were added: those whose turns have waited longest. */
  *due(appended: number): Generator<number> {
    const excess = Math.max(this.#count / maxTurns, this.#bytes / maxBytes) - 1
    let most = recordsPerCommit + Math.ceil(Math.max(0, excess) * appended * 2)
    for (; most > 0 && this.#isCrowded(); most--) {
      const oldest = this.#oldest()
      if (oldest === undefined) return
      yield oldest.record
    }
  }

  /** Whether the file has no turns, packed or not. */
  get isEmpty(): boolean {
    return this.#firstId === this.#nextId
  }

  /** All records that have turns. */
  records(): number[] {
    return [...this.#records.keys()]
  }

  /** Deletes packed turns, now that `appended` others were added. */
  clean(appended: number): void {
    const oldest = this.#oldest()?.id ?? this.#nextId
    if (oldest - this.#firstId < minDeleted) return
    if (oldest === this.#nextId) this.clear()
    else {
      this.#firstId = Math.min(oldest, this.#firstId + (minDeleted + appended) * 2)
      this.#deleteBelow.run(this.#firstId)
    }
  }

  /** Deletes all turns, when all are packed. */
  clear(): void {
    this.#clear.run()
    this.#firstId = this.#nextId
  }

  #isCrowded(): boolean {
    if (this.#count > maxTurns || this.#bytes > maxBytes) return true
    // One turn that nobody packs would keep all later ones, packed or not, in the file.
    return this.#nextId - (this.#oldest()?.id ?? this.#nextId) > maxTurns * 2
  }

  #oldest(): { readonly id: number; readonly record: number } | undefined {
    for (; this.#head < this.#queue.length; this.#head++) {
      const turn = this.#queue[this.#head]
      if (turn !== undefined && this.#records.get(turn.record)?.rows[0]?.id === turn.id) return turn
      if (this.#head * 2 < this.#queue.length) continue
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    return undefined
  }

  #remember(row: TurnRow): void {
    let turns = this.#records.get(row.record)
    if (turns === undefined) {
      turns = { rows: [], bytes: 0 }
      this.#records.set(row.record, turns)
      this.#queue.push({ id: row.id, record: row.record })
    }
    turns.rows.push(row)
    turns.bytes += row.body.length
    this.#count++
    this.#bytes += row.body.length
  }
}

/** The messages of turns of one record, oldest turn first, and its numbers after the last of them. */
function unpackTurns(rows: readonly TurnRow[], path: string): Turns {
  const received: StoredMessage[] = []
  const sent: StoredMessage[] = []
  for (const row of rows) {
    for (const [direction, msgSeqNum, time, offset, length] of JSON.parse(row.entries) as readonly TurnEntry[]) {
      if (offset + length > row.body.length)
        throw corruptJournal(path, `turn ${row.id} is shorter than its entries say`)
      const list = direction === 0 ? received : sent
      list.push({ msgSeqNum, time, text: row.body.subarray(offset, offset + length) })
    }
  }
  const last = rows.at(-1)
  return {
    last: last?.id ?? 0,
    nextNumIn: last?.nextNumIn ?? 1,
    nextNumOut: last?.nextNumOut ?? 1,
    connectTime: last?.connectTime ?? undefined,
    in: received,
    out: sent
  }
}
