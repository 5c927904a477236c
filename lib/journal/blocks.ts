import type { Database, Statement } from 'better-sqlite3'
import { Entries } from './entries.js'
import { type MessageRun, runOf } from './message-run.js'
import type { StoredMessage } from './message-text.js'
import { corruptJournal } from './sqlite-errors.js'

/** A block ends at this many messages or bytes, whichever comes first: a read unpacks whole blocks. */
const maxMessages = 256
const maxBytes = 128 * 1024

/** MsgSeqNum(34) less the block's first, time less the block's first time, offset in the body, length: see schema.ts. */
type BlockEntry = readonly [number, number, number, number]

interface BlockRow {
  readonly id: number
  readonly first: number
  readonly last: number
  readonly count: number
  readonly firstTime: number
  readonly entries: string
  readonly body: Uint8Array
}

/** What a write changed, for whoever counts. */
export interface BlockChange {
  readonly blocksAdded: number
  /** Fewer where messages were replaced. */
  readonly messagesAdded: number
  /** The newest time among what was added, 0 where nothing was. */
  readonly newest: number
}

const entries = new Entries()

/** Finds the blocks that may hold a number from `from` to `to`, in order. */
class BlockRange {
  readonly #startAt: Statement<[number, number, number], number | null>
  readonly #between: Statement<[number, number, number, number], BlockRow>

  constructor(database: Database) {
    this.#startAt = database
      .prepare<[number, number, number], number | null>(
        'SELECT max(first) FROM blocks WHERE record = ? AND direction = ? AND first <= ?'
      )
      .pluck()
    this.#between = database.prepare(
      `SELECT id, first, last, count, firstTime, entries, body FROM blocks
       WHERE record = ? AND direction = ? AND first >= ? AND first <= ? ORDER BY first`
    )
  }

  /** Blocks never overlap, so of those that start before `from` only the last one can reach it. */
  iterate(record: number, direction: number, from: number, to: number): IterableIterator<BlockRow> {
    const start = this.#startAt.get(record, direction, from) ?? from
    return this.#between.iterate(record, direction, start, to)
  }
}

/** Reads packed messages; enough for a read-only connection. */
export class BlockReader {
  readonly #path: string
  readonly #range: BlockRange
  readonly #highest: Statement<[number, number], number>
  /** The block in which a page ended: the next page begins in it. */
  #open: OpenBlock | undefined

  constructor(database: Database, path: string) {
    this.#path = path
    this.#range = new BlockRange(database)
    this.#highest = database
      .prepare<[number, number], number>(
        'SELECT last FROM blocks WHERE record = ? AND direction = ? ORDER BY first DESC LIMIT 1'
      )
      .pluck()
  }

  /** The highest MsgSeqNum(34) stored, 0 where there is none. */
  highest(record: number, direction: number): number {
    return this.#highest.get(record, direction) ?? 0
  }

  /** The messages from `from` to `to`, ascending, at most `limit`. */
  read(record: number, direction: number, from: number, to: number, limit: number): StoredMessage[] {
    const found: StoredMessage[] = []
    if (limit <= 0 || to < from) return found
    let next = from
    const open = this.#open
    if (open?.record === record && open.direction === direction && from >= open.next && from <= open.row.last) {
      if (take(open, from, to, limit, found, this.#path)) return found
      next = open.row.last + 1
    }
    for (const row of this.#range.iterate(record, direction, next, to)) {
      const block: OpenBlock = { record, direction, row, next: 0, entries: JSON.parse(row.entries) as BlockEntry[] }
      if (!take(block, next, to, limit, found, this.#path)) continue
      this.#open = found.length < limit ? undefined : block
      return found
    }
    this.#open = undefined
    return found
  }

  /** Blocks were changed or deleted that may have been read: it looks again. */
  forget(): void {
    this.#open = undefined
  }
}

interface OpenBlock {
  readonly record: number
  readonly direction: number
  readonly row: BlockRow
  readonly entries: readonly BlockEntry[]
  /** No number below it is read from here once more: its bytes are with whoever was given them. */
  next: number
}

/** Adds the messages of a block from `from` to `to`; true when there are `limit` of them, or none follows. */
function take(
  block: OpenBlock,
  from: number,
  to: number,
  limit: number,
  found: StoredMessage[],
  path: string
): boolean {
  const { row } = block
  for (const entry of block.entries) {
    const msgSeqNum = row.first + entry[0]
    if (msgSeqNum < from) continue
    if (msgSeqNum > to) return true
    found.push(messageOf(row, entry, path))
    block.next = msgSeqNum + 1
    if (found.length >= limit) return true
  }
  return false
}

/** Writes packed messages, always inside the caller's transaction. */
export class BlockWriter {
  readonly #path: string
  readonly #insert: Statement<[number, number, number, number, number, number, number, string, Uint8Array]>
  readonly #range: BlockRange
  readonly #delete: Statement<[number]>

  constructor(database: Database, path: string) {
    this.#path = path
    this.#insert = database.prepare(
      'INSERT INTO blocks (record, direction, first, last, count, firstTime, lastTime, entries, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'
    )
    this.#range = new BlockRange(database)
    this.#delete = database.prepare('DELETE FROM blocks WHERE id = ?')
  }

  /** Adds messages, strictly ascending, whose numbers lie in no block yet and between which no block lies. */
  append(record: number, direction: number, run: MessageRun): BlockChange {
    let start = 0
    let begin = 0
    let blocksAdded = 0
    let newest = 0
    for (let index = 0; index < run.count; index++) {
      const end = run.ends[index] as number
      if (index > start && (index - start >= maxMessages || end - begin > maxBytes)) {
        newest = Math.max(newest, this.#insertBlock(record, direction, run, start, index))
        blocksAdded++
        start = index
        begin = run.start(index)
      }
    }
    if (start < run.count) {
      newest = Math.max(newest, this.#insertBlock(record, direction, run, start, run.count))
      blocksAdded++
    }
    return { blocksAdded, messagesAdded: run.count, newest }
  }

  /**
   * Adds messages, strictly ascending, in place of those that have their numbers already: messages received again
   * after a crash, or numbers set back by an operator.
   */
  replace(record: number, direction: number, messages: readonly StoredMessage[]): BlockChange {
    let blocksAdded = 0
    let messagesAdded = 0
    let newest = 0
    for (const run of consecutiveRuns(messages)) {
      const change = this.#replaceRun(record, direction, run)
      blocksAdded += change.blocksAdded
      messagesAdded += change.messagesAdded
      newest = Math.max(newest, change.newest)
    }
    return { blocksAdded, messagesAdded, newest }
  }

  /** A run leaves no number out, so all that lies between its ends is replaced, and only the ends can cut a block. */
  #replaceRun(record: number, direction: number, run: readonly StoredMessage[]): BlockChange {
    const from = run[0]?.msgSeqNum ?? 0
    const to = run.at(-1)?.msgSeqNum ?? 0
    const parts: (readonly StoredMessage[])[] = [run]
    let removed = 0
    for (const row of [...this.#range.iterate(record, direction, from, to)]) {
      if (row.last < from) continue
      if (row.first < from || row.last > to) {
        const kept = unpackBlock(row, this.#path)
        parts.push(kept.filter((message) => message.msgSeqNum < from))
        parts.push(kept.filter((message) => message.msgSeqNum > to))
      }
      this.#delete.run(row.id)
      removed += row.count
    }
    let blocksAdded = 0
    let added = 0
    let newest = 0
    for (const part of parts) {
      const change = this.append(record, direction, runOf(part))
      blocksAdded += change.blocksAdded
      added += change.messagesAdded
      newest = Math.max(newest, change.newest)
    }
    return { blocksAdded, messagesAdded: added - removed, newest }
  }

  /** The messages `from` to `to` (exclusive) as one block; returns the newest time. */
  #insertBlock(record: number, direction: number, run: MessageRun, from: number, to: number): number {
    const { numbers, times, ends } = run
    const first = numbers[from] as number
    const firstTime = times[from] as number
    const begin = run.start(from)
    let lastTime = firstTime
    let start = begin
    entries.begin()
    for (let index = from; index < to; index++) {
      const time = times[index] as number
      const end = ends[index] as number
      entries.add((numbers[index] as number) - first, time - firstTime, start - begin, end - start)
      start = end
      if (time > lastTime) lastTime = time
    }
    const last = numbers[to - 1] as number
    const packed = entries.finish()
    this.#insert.run(record, direction, first, last, to - from, firstTime, lastTime, packed, run.texts(from, to))
    return lastTime
  }
}

function unpackBlock(row: BlockRow, path: string): StoredMessage[] {
  return (JSON.parse(row.entries) as readonly BlockEntry[]).map((entry) => messageOf(row, entry, path))
}

function messageOf(row: BlockRow, [number, time, offset, length]: BlockEntry, path: string): StoredMessage {
  if (offset + length > row.body.length) throw corruptJournal(path, `block ${row.id} is shorter than its entries say`)
  const text = row.body.subarray(offset, offset + length)
  return { msgSeqNum: row.first + number, time: row.firstTime + time, text }
}

function* consecutiveRuns(messages: readonly StoredMessage[]): Generator<readonly StoredMessage[]> {
  let start = 0
  for (let index = 1; index <= messages.length; index++) {
    const expected = (messages[index - 1]?.msgSeqNum ?? 0) + 1
    if (messages[index]?.msgSeqNum === expected) continue
    yield messages.slice(start, index)
    start = index
  }
}
