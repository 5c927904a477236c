import type { Database, Statement } from 'better-sqlite3'
import type { Measured } from './batch.js'
import { Entries } from './entries.js'
import { MessageRun } from './message-run.js'
import { type TurnRow, turnColumns, unpackTurn } from './turn-rows.js'

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
  readonly in: MessageRun
  readonly out: MessageRun
}

/** A record is packed as soon as it has so many turns, or so many bytes of them. */
const maxTurnsOfRecord = 1024
const maxBytesOfRecord = 1024 * 1024
/** Records are packed a few at a time, the oldest turn first, while all have more turns, or more bytes, than this. */
const maxTurns = 32_768
const maxBytes = 16 * 1024 * 1024
/** So many records a commit, lest it takes long, and the more of them the further the limit is passed. */
const recordsPerCommit = 16
/** Packed turns are deleted when there are so many, a few more at a time than come in. */
const minDeleted = 256

/** The turns of one record that are not packed. */
interface RecordTurns {
  /** Id of the first of them. */
  readonly first: number
  count: number
  bytes: number
  /** Read from the file, and before those of `in` and `out`. */
  rows: TurnRow[]
  readonly in: MessageRun
  readonly out: MessageRun
  /** Id of the last of them. */
  last: number
  numbers: Numbers
}

const entries = new Entries()
/** The bodies of turns are put together in it: SQLite copies what is bound. */
let body = Buffer.allocUnsafeSlow(8 * 1024)

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

  /** Whether one more turn of this record may be appended, and there is nothing to pack or to delete because of it. */
  mayGrow(record: number): boolean {
    const turns = this.#records.get(record)
    if (turns !== undefined && (turns.count + 1 >= maxTurnsOfRecord || turns.bytes >= maxBytesOfRecord / 2))
      return false
    return !this.#isCrowded() && (this.#oldest()?.id ?? this.#nextId) - this.#firstId < minDeleted
  }

  /** Whether this record is to be packed. */
  isFull(record: number): boolean {
    const turns = this.#records.get(record)
    return turns !== undefined && (turns.count >= maxTurnsOfRecord || turns.bytes >= maxBytesOfRecord)
  }

  append(record: number, numbers: Numbers, received: Measured, sent: Measured): void {
    const id = this.#nextId++
    const turns = this.#turnsOf(record, id)
    if (turns.rows.length > 0) this.#unpack(turns)
    const firstIn = turns.in.count
    const firstOut = turns.out.count
    turns.in.add(received.messages, received.bytes)
    turns.out.add(sent.messages, sent.bytes)
    entries.begin()
    const middle = enter(turns.in, firstIn, 0, 0)
    const end = enter(turns.out, firstOut, 1, middle)
    const packed = entries.finish()
    if (end > body.length) body = Buffer.allocUnsafeSlow(end * 2)
    if (middle > 0) body.set(turns.in.texts(firstIn, turns.in.count), 0)
    if (end > middle) body.set(turns.out.texts(firstOut, turns.out.count), middle)
    const { nextNumIn, nextNumOut, connectTime } = numbers
    this.#insert.run(id, record, nextNumIn, nextNumOut, connectTime ?? null, packed, body.subarray(0, end))
    this.#add(turns, id, end, numbers)
  }

  /** Hands over the turns of a record, for packing; undefined where it has none. */
  take(record: number): Turns | undefined {
    const turns = this.#records.get(record)
    if (turns === undefined) return undefined
    this.forget(record)
    this.#unpack(turns)
    const { nextNumIn, nextNumOut, connectTime } = turns.numbers
    return { last: turns.last, nextNumIn, nextNumOut, connectTime, in: turns.in, out: turns.out }
  }

  /** The turns of a record that was reset mean nothing any more. */
  forget(record: number): void {
    const turns = this.#records.get(record)
    if (turns === undefined) return
    this.#records.delete(record)
    this.#count -= turns.count
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
      if (turn !== undefined && this.#records.get(turn.record)?.first === turn.id) return turn
      if (this.#head * 2 < this.#queue.length) continue
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    return undefined
  }

  #remember(row: TurnRow): void {
    const turns = this.#turnsOf(row.record, row.id)
    turns.rows.push(row)
    const { nextNumIn, nextNumOut, connectTime } = row
    this.#add(turns, row.id, row.body.length, { nextNumIn, nextNumOut, connectTime: connectTime ?? undefined })
  }

  #turnsOf(record: number, id: number): RecordTurns {
    const known = this.#records.get(record)
    if (known !== undefined) return known
    const turns: RecordTurns = {
      first: id,
      count: 0,
      bytes: 0,
      rows: [],
      in: new MessageRun(),
      out: new MessageRun(),
      last: id,
      numbers: noNumbers
    }
    this.#records.set(record, turns)
    this.#queue.push({ id, record })
    return turns
  }

  #add(turns: RecordTurns, id: number, bytes: number, numbers: Numbers): void {
    turns.last = id
    turns.numbers = numbers
    turns.count++
    turns.bytes += bytes
    this.#count++
    this.#bytes += bytes
  }

  #unpack(turns: RecordTurns): void {
    for (const row of turns.rows) {
      unpackTurn(row, this.#path, (direction, msgSeqNum, time, text) =>
        (direction === 0 ? turns.in : turns.out).addText(msgSeqNum, time, text)
      )
    }
    turns.rows = []
  }
}

const noNumbers: Numbers = { nextNumIn: 1, nextNumOut: 1, connectTime: undefined }

/** Enters the messages of a run, from `first` on, whose texts begin at `offset` of the body; returns where they end. */
function enter(run: MessageRun, first: number, direction: 0 | 1, offset: number): number {
  const { numbers, times, ends } = run
  let start = run.start(first)
  let at = offset
  for (let index = first; index < run.count; index++) {
    const end = ends[index] as number
    entries.add(direction, numbers[index] as number, times[index] as number, at, end - start)
    at += end - start
    start = end
  }
  return at
}
