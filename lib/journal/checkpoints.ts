import type { Database, Statement } from 'better-sqlite3'
import { CheckpointThread } from './checkpoint-thread.js'

/** How far the log is is looked at after so many commits. */
const commitsPerLook = 16

/** From so many pages on a thread is worth its while; fewer are moved by the commit that makes them as many. */
export const pagesForThread = 256

/** The log begins anew when it has so many times the pages after which it is moved, and SQLite sees to it itself at the second. */
const timesUntilAnew = 2
const timesUntilForced = 3

/** After how many pages in the log SQLite is to move them by itself, in a commit. */
export function forcedAfter(pages: number): number {
  return pages < pagesForThread ? pages : pages * timesUntilForced
}

interface LogState {
  /** Pages in the log, and how many of them are in the file. */
  readonly log: number
  readonly checkpointed: number
}

const unknown: LogState = { log: 0, checkpointed: 0 }

/**
 * When the write-ahead log is moved into the file.
 *
 * That takes three waits for the disk, and a commit that has to do it takes a thousand times as long as any other. So a thread does it,
 * while commits go on. What they add meanwhile is left over, and SQLite begins the log anew only when nothing is: when the log has
 * become long, this thread moves the little that is left, after what it has committed went out. Where it never comes to that SQLite
 * moves the log in a commit, as it would without all this.
 */
export class Checkpoints {
  private readonly database: Database
  private readonly state: Statement<[], LogState>
  private readonly move: Statement<[], LogState>
  private readonly thread: CheckpointThread
  private readonly pages: number
  private commits = 0
  private restarting = false

  /** `pages`: after how many of them in the log they are moved, `pagesForThread` or more. */
  constructor(database: Database, path: string, pages: number) {
    this.database = database
    this.pages = pages
    this.state = database.prepare<[], LogState>('PRAGMA wal_checkpoint(NOOP)')
    this.move = database.prepare<[], LogState>('PRAGMA wal_checkpoint(PASSIVE)')
    this.thread = new CheckpointThread(path)
  }

  /** After each commit. */
  committed(): void {
    if (++this.commits < commitsPerLook) return
    this.commits = 0
    if (this.thread.busy || this.restarting) return
    const { log, checkpointed } = this.look()
    const left = log - checkpointed
    const isLong = log >= this.pages * timesUntilAnew
    if (left >= (isLong ? this.pages / 4 : this.pages)) this.thread.ask()
    else if (isLong) this.beginAnew()
  }

  /** The log is as it is, and nobody but the writer has it open. */
  end(): void {
    this.thread.end()
  }

  private beginAnew(): void {
    this.restarting = true
    setImmediate(() => {
      this.restarting = false
      if (this.database.open) this.look(this.move)
    })
  }

  /** Whatever is wrong with the file, it is the next commit that meets it and tells. */
  private look(how = this.state): LogState {
    try {
      return how.get() ?? unknown
    } catch {
      return unknown
    }
  }
}
