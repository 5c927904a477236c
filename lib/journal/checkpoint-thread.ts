import { type Stats, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as WorkerThreads from 'node:worker_threads'
import type BetterSqlite3 from 'better-sqlite3'

const require = createRequire(import.meta.url)

/** Where a checkpoint of one journal stands: one cell that both threads see. */
type Progress = Int32Array<SharedArrayBuffer>

interface Request {
  readonly path: string
  readonly inode: number
  readonly progress: Progress
}

const IDLE = 0
const ASKED = 1
const AT_WORK = 2

/** Megabytes that the thread's own heap may take: it does next to nothing in JavaScript. */
const HEAP = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 }

/** Milliseconds that a journal waits for the thread when it is closed; its log is left beside it otherwise. */
const PATIENCE = 10_000

let thread: WorkerThreads.Worker | undefined
/** It could not be started, or has failed: SQLite moves the logs by itself, at its own bound. */
let failed = false
let users = 0

/**
 * The checkpoints of one journal, made by a thread that all journals of this process share: a checkpoint waits for the disk,
 * and nobody else need wait with it. The thread is started when it is first needed, and ended with the last journal.
 *
 * It has a connection of its own for each checkpoint, and no longer. A PASSIVE checkpoint keeps neither writers nor readers out,
 * and is as safe as one of the writer's: what the file is to have is synced in the log before, and in the file before the log begins anew.
 */
export class CheckpointThread {
  private readonly path: string
  /** The file that is meant: the log of one that was moved away must not go into another that was put in its place. */
  private readonly inode: number
  private readonly progress: Progress = new Int32Array(new SharedArrayBuffer(4))
  private using = false

  constructor(path: string) {
    this.path = path
    this.inode = statSync(path).ino
  }

  /** One is asked for, or under way. */
  get busy(): boolean {
    return Atomics.load(this.progress, 0) !== IDLE
  }

  /** Asks for one, unless there is no thread to ask. */
  ask(): void {
    if (!this.using) {
      this.using = true
      users++
    }
    const worker = runningThread()
    if (worker === undefined || Atomics.compareExchange(this.progress, 0, IDLE, ASKED) !== IDLE) return
    const { path, inode, progress } = this
    worker.postMessage({ path, inode, progress } satisfies Request)
  }

  /** Takes back what was asked, or waits for what is under way: the thread has no connection to the journal afterwards. */
  end(): void {
    Atomics.compareExchange(this.progress, 0, ASKED, IDLE)
    Atomics.wait(this.progress, 0, AT_WORK, PATIENCE)
    if (!this.using) return
    this.using = false
    if (--users > 0) return
    thread?.terminate().catch(() => {})
    thread = undefined
  }
}

function runningThread(): WorkerThreads.Worker | undefined {
  if (thread !== undefined || failed) return thread
  const giveUp = (): void => {
    failed = true
    thread = undefined
  }
  try {
    const { Worker } = require('node:worker_threads') as typeof WorkerThreads
    // As text, so that it needs no file of its own where an application is bundled.
    thread = new Worker(`(${serve})(require, ${IDLE}, ${ASKED}, ${AT_WORK})`, {
      eval: true,
      workerData: require.resolve('better-sqlite3'),
      execArgv: [],
      resourceLimits: HEAP
    })
    thread.once('error', giveUp)
    // Nobody's process goes on for its sake.
    thread.unref()
  } catch {
    giveUp()
  }
  return thread
}

/** What the thread runs, so it knows nothing but its arguments. */
function serve(load: NodeJS.Require, idle: number, asked: number, atWork: number): void {
  const { parentPort, workerData }: typeof WorkerThreads = load('node:worker_threads')
  const { statSync: look }: { statSync(path: string): Stats } = load('node:fs')
  const Sqlite: typeof BetterSqlite3 = load(workerData)
  parentPort?.on('message', ({ path, inode, progress }: Request) => {
    if (Atomics.compareExchange(progress, 0, asked, atWork) !== asked) return
    try {
      if (look(path).ino !== inode) return
      const database = new Sqlite(path, { fileMustExist: true })
      try {
        // Without a look at the file first the connection does not know that there is a log.
        database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get()
        database.pragma('wal_checkpoint(PASSIVE)')
      } finally {
        database.close()
      }
    } catch {
      // The writer meets whatever is wrong, and tells of it.
    } finally {
      Atomics.store(progress, 0, idle)
      Atomics.notify(progress, 0)
    }
  })
}
