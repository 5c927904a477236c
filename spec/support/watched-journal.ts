import {
  type Journal,
  type JournalBatch,
  type JournalMessage,
  type JournalState,
  MemoryJournal
} from '../../lib/index.js'
import type { Direction } from '../../lib/journal/journal.js'

/** Something that a journal was asked for and has not answered yet. */
interface Waiting {
  readonly what: string
  answer(): void
  fail(error: Error): void
}

export interface WatchedJournalOptions {
  /** Answers `load`, `commit` and `read` by promises that wait for `answer` (or `fail`). Default: at once. */
  readonly late?: boolean | undefined
  /** Where it tells what it does, beside others that tell there. */
  readonly trace?: string[] | undefined
  readonly inner?: MemoryJournal | undefined
}

/** A MemoryJournal that tells what it is asked for, answers when it is told to, and fails when it is told to. */
export class WatchedJournal implements Journal {
  readonly inner: MemoryJournal
  readonly commits: (readonly JournalBatch[])[] = []
  readonly waiting: Waiting[] = []
  /** Thrown by every call of that name as long as it is set. */
  readonly faults: { load?: Error | undefined; commit?: Error | undefined; read?: Error | undefined } = {}
  closed = 0
  late: boolean
  private readonly trace: string[]

  constructor(options: WatchedJournalOptions = {}) {
    this.late = options.late ?? false
    this.trace = options.trace ?? []
    this.inner = options.inner ?? new MemoryJournal()
  }

  load(sessionId: string, now: number): JournalState | Promise<JournalState> {
    return this.ask('load', () => {
      if (this.faults.load !== undefined) throw this.faults.load
      return this.inner.load(sessionId, now)
    })
  }

  commit(batches: readonly JournalBatch[]): void | Promise<void> {
    this.commits.push(batches)
    return this.ask('commit', () => {
      if (this.faults.commit !== undefined) throw this.faults.commit
      this.inner.commit(batches)
      this.trace.push(`commit ${batches.map(describe).join(', ')}`)
    })
  }

  read(
    sessionId: string,
    direction: Direction,
    from: number,
    to: number,
    limit: number
  ): readonly JournalMessage[] | Promise<readonly JournalMessage[]> {
    return this.ask('read', () => {
      if (this.faults.read !== undefined) throw this.faults.read
      return this.inner.read(sessionId, direction, from, to, limit)
    })
  }

  close(): void {
    this.closed++
  }

  /** Answers the oldest call that waits. */
  answer(): void {
    this.waiting.shift()?.answer()
  }

  /** Rejects the oldest call that waits. */
  fail(error: Error): void {
    this.waiting.shift()?.fail(error)
  }

  private ask<T>(what: string, work: () => T): T | Promise<T> {
    if (!this.late) return work()
    return new Promise((resolve, reject) => {
      this.waiting.push({
        what,
        answer: () => {
          try {
            resolve(work())
          } catch (error) {
            reject(error)
          }
        },
        fail: reject
      })
    })
  }
}

/** E.g. `BUYSIDE->BROKER out 2-3 in 2`. */
function describe({ sessionId, out, in: received }: JournalBatch): string {
  const parts = [sessionId.replace(/^.*:/, '')]
  if (out.length > 0) parts.push(`out ${numbers(out)}`)
  if (received.length > 0) parts.push(`in ${numbers(received)}`)
  return parts.join(' ')
}

function numbers(messages: readonly JournalMessage[]): string {
  const [first] = messages
  const last = messages.at(-1)
  if (first === undefined || last === undefined) return ''
  return first === last ? String(first.msgSeqNum) : `${first.msgSeqNum}-${last.msgSeqNum}`
}
