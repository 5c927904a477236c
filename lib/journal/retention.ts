import type { Database, Statement } from 'better-sqlite3'
import { defaultMaxMessages, type RetentionOptions } from './sqlite-options.js'

interface OldestRow {
  readonly id: number
  readonly record: number
  readonly direction: number
  readonly count: number
  readonly lastTime: number
}

const oldestColumns = 'id, record, direction, count, lastTime'

/**
 * Deletes whole blocks, oldest first, a few whenever some were added: twice as many as came, and two. So the work is
 * spread evenly, no commit waits for a large deletion, the file catches up with whatever is due, and the pages that
 * are freed carry the next messages. A session's numbers are not its business.
 */
export class Retention {
  readonly #maxAge: number
  readonly #maxMessages: number
  readonly #oldestOfAll: Statement<[], OldestRow>
  readonly #oldestOf: Statement<[number, number], OldestRow & { readonly first: number }>
  readonly #countOf: Statement<[number, number], number>
  readonly #delete: Statement<[number]>
  readonly #deleteOf: Statement<[number, number]>
  readonly #deleteRecord: Statement<[number]>
  /** Messages stored by record and direction, for those that were ever near the limit. */
  readonly #counts = new Map<number, number>()
  #retired: number[]
  #newestTime = 0
  /** Blocks of records in use were, since the last `added` began. */
  #deleted = false

  constructor(database: Database, options: RetentionOptions, retired: readonly number[]) {
    this.#maxAge = (options.maxAge ?? Infinity) * 1000
    this.#maxMessages = options.maxMessages ?? defaultMaxMessages
    this.#retired = [...retired]
    this.#oldestOfAll = database.prepare(`SELECT ${oldestColumns} FROM blocks ORDER BY id LIMIT 1`)
    this.#oldestOf = database.prepare(
      `SELECT ${oldestColumns}, first FROM blocks WHERE record = ? AND direction = ? ORDER BY first LIMIT 1`
    )
    this.#countOf = database
      .prepare<[number, number], number>(
        'SELECT coalesce(sum(count), 0) FROM blocks WHERE record = ? AND direction = ?'
      )
      .pluck()
    this.#delete = database.prepare('DELETE FROM blocks WHERE id = ?')
    this.#deleteOf = database.prepare(
      'DELETE FROM blocks WHERE id IN (SELECT id FROM blocks WHERE record = ? ORDER BY direction, first LIMIT ?)'
    )
    this.#deleteRecord = database.prepare('DELETE FROM records WHERE id = ?')
  }

  /** Forgets what it counted, after a transaction was rolled back. */
  recount(retired: readonly number[]): void {
    this.#counts.clear()
    this.#retired = [...retired]
  }

  /** A reset left this row and its blocks behind. */
  retire(record: number): void {
    this.#counts.delete(record * 2)
    this.#counts.delete(record * 2 + 1)
    this.#retired.push(record)
    this.#reclaim(16)
  }

  /** Blocks were added in the caller's transaction; deletes what is due in exchange. True when there was something. */
  added(record: number, direction: number, highest: number, time: number, blocks: number, messages: number): boolean {
    this.#deleted = false
    if (time > this.#newestTime) this.#newestTime = time
    const most = blocks * 2 + 2
    this.#trim(record, direction, highest, messages, most)
    this.#expire(most)
    this.#reclaim(most)
    return this.#deleted
  }

  #trim(record: number, direction: number, highest: number, added: number, most: number): void {
    const key = record * 2 + direction
    let count = this.#counts.get(key)
    if (count !== undefined) count += added
    for (let deleted = 0; deleted < most; deleted++) {
      const oldest = this.#maxMessages === Infinity ? undefined : this.#oldestOf.get(record, direction)
      // As many numbers as the limit or fewer cannot be more messages: no need to count them.
      if (oldest === undefined || highest - oldest.first < this.#maxMessages) break
      count ??= this.#countOf.get(record, direction) ?? 0
      if (count - oldest.count < this.#maxMessages) break
      this.#delete.run(oldest.id)
      this.#deleted = true
      count -= oldest.count
    }
    if (count !== undefined) this.#counts.set(key, count)
  }

  #expire(most: number): void {
    if (this.#maxAge === Infinity) return
    for (let deleted = 0; deleted < most; deleted++) {
      const oldest = this.#oldestOfAll.get()
      if (oldest === undefined || oldest.lastTime >= this.#newestTime - this.#maxAge) return
      this.#delete.run(oldest.id)
      this.#deleted = true
      const key = oldest.record * 2 + oldest.direction
      const count = this.#counts.get(key)
      if (count !== undefined) this.#counts.set(key, count - oldest.count)
    }
  }

  #reclaim(most: number): void {
    const record = this.#retired[0]
    if (record === undefined) return
    if (this.#deleteOf.run(record, most).changes === most) return
    this.#deleteRecord.run(record)
    this.#retired.shift()
  }
}
