import type Database from 'better-sqlite3'
import { FixJournalError } from '../errors.js'
import { ascending, checkBatch, fitsTurn, isAscending, type Measured, measured, notLoaded } from './batch.js'
import { type BlockChange, BlockReader, BlockWriter } from './blocks.js'
import { Checkpoints, pagesForThread } from './checkpoints.js'
import { FilesInPlace } from './files-in-place.js'
import type { Direction, JournalBatch, JournalMessage, JournalState } from './journal.js'
import { MessageRun } from './message-run.js'
import { fromStored, toStored } from './message-text.js'
import { openDatabase } from './open-database.js'
import { type Ownership, takeOwnership } from './ownership.js'
import { raise, type SessionRecord, SessionRecords, stateAfter } from './records.js'
import { Retention } from './retention.js'
import { directionCode } from './schema.js'
import { journalError } from './sqlite-errors.js'
import type { FileOptions, JournalLogger } from './sqlite-options.js'
import { TurnLog } from './turns.js'
import { UncleanEnd } from './unclean-end.js'

/** What is kept to put batches together in holds no more bytes. */
const maxRunBytes = 1024 * 1024
/** Whether the file is still where it was is looked at after so many commits or milliseconds: a look costs a third of a commit. */
const commitsPerLook = 64
const timePerLook = 100

/** Sixteen times what the log has in it when it is moved into the file; it may be left four times as long. */
const logBytesPerPage = 16 * 2_048

/**
 * One open journal file, and the only writer of it. All sessions of the process that use the file share this.
 *
 * A commit appends one row a session to `turns`, or, where it is large, starts anew or changes what is there, writes
 * blocks and the record directly (schema.ts says what these are). What is read has been packed into blocks before.
 */
export class JournalFile {
  readonly path: string
  readonly #database: Database.Database
  readonly #ownership: Ownership | undefined
  readonly #files: FilesInPlace | undefined
  readonly #logger: JournalLogger | undefined
  /** Bytes of the write-ahead log from which on a word is said about it. */
  #tellLogFrom: number
  readonly #records: SessionRecords
  readonly #turns: TurnLog
  readonly #blocks: BlockWriter
  readonly #blockReader: BlockReader
  readonly #retention: Retention
  readonly #uncleanEnd: UncleanEnd
  readonly #checkpoints: Checkpoints | undefined
  readonly #run = new MessageRun()
  readonly #begin: Database.Statement<[]>
  readonly #commit: Database.Statement<[]>
  readonly #sessions = new Map<string, SessionRecord>()
  #stale = false
  #commitsSinceLook = 0
  #lookedAt = performance.now()

  constructor(path: string, options: FileOptions, logger: JournalLogger | undefined) {
    this.path = path
    this.#logger = logger
    this.#tellLogFrom = options.walAutocheckpoint * logBytesPerPage
    const opened = openDatabase(path, options, () => (path === ':memory:' ? undefined : takeOwnership(path)))
    this.#database = opened.database
    this.#ownership = opened.ownership
    try {
      this.#files = path === ':memory:' ? undefined : new FilesInPlace(path)
      this.#records = new SessionRecords(this.#database, path)
      this.#turns = new TurnLog(this.#database, path)
      this.#blocks = new BlockWriter(this.#database, path)
      this.#blockReader = new BlockReader(this.#database, path)
      this.#retention = new Retention(this.#database, options, this.#records.retired())
      this.#uncleanEnd = new UncleanEnd(this.#database, path, options.synchronous)
      this.#checkpoints =
        path === ':memory:' || options.walAutocheckpoint < pagesForThread
          ? undefined
          : new Checkpoints(this.#database, path, options.walAutocheckpoint)
      this.#begin = this.#database.prepare('BEGIN IMMEDIATE')
      this.#commit = this.#database.prepare('COMMIT')
    } catch (error) {
      this.#release()
      throw journalError('open', path, error)
    }
    logger?.info({ path, migratedFrom: opened.migratedFrom }, 'journal opened')
  }

  load(sessionId: string, now: number): JournalState {
    this.#look('read')
    let record = this.#sessions.get(sessionId)
    if (record === undefined) {
      record = this.#inTransaction(() => {
        const id = this.#records.idOf(sessionId)
        if (id === undefined) return this.#create(sessionId, now)
        this.#pack(id)
        return this.#records.find(sessionId) ?? this.#create(sessionId, now)
      })
      this.#sessions.set(sessionId, record)
    }
    return record.state
  }

  commit(batches: readonly JournalBatch[]): void {
    try {
      for (const batch of batches) checkBatch(batch)
      if (++this.#commitsSinceLook >= commitsPerLook || performance.now() - this.#lookedAt > timePerLook)
        this.#look('write')
      this.#uncleanEnd.begin()
      if (!this.#saveAlone(batches)) this.#saveAll(batches)
    } catch (error) {
      for (const { sessionId } of batches) this.#sessions.delete(sessionId)
      throw error
    }
    this.#checkpoints?.committed()
  }

  read(sessionId: string, direction: Direction, from: number, to: number, limit: number): readonly JournalMessage[] {
    const record = this.#sessions.get(sessionId)
    if (record === undefined) throw notLoaded(sessionId, 'JOURNAL_READ')
    if (this.#stale || this.#turns.has(record.id)) this.#inTransaction(() => this.#pack(record.id))
    try {
      return this.#blockReader.read(record.id, directionCode[direction], from, to, limit).map(fromStored)
    } catch (error) {
      throw journalError('read', this.path, error)
    }
  }

  /** Packs everything, which makes a journal at rest easier to read, and is not missed where it fails. */
  close(): void {
    try {
      this.#inTransaction(() => {
        if (!this.#turns.isEmpty) this.#packAll()
        this.#uncleanEnd.end()
      })
    } catch {
      // The turns stay as they are: packed when their sessions are loaded again. That nobody closed it is noted, too.
    }
    this.#release()
  }

  #release(): void {
    this.#sessions.clear()
    this.#checkpoints?.end()
    try {
      this.#database.close()
    } catch (error) {
      throw journalError('write', this.path, error)
    } finally {
      this.#ownership?.release()
    }
  }

  /**
   * Most commits are one turn of one session, one row: the statement that appends it is a transaction by itself, and two thirds as
   * long as one between BEGIN and COMMIT. False where there is more to do.
   */
  #saveAlone(batches: readonly JournalBatch[]): boolean {
    const [batch] = batches
    if (batch === undefined || batches.length > 1 || batch.settled === true || batch.reset !== undefined) return false
    const record = this.#sessions.get(batch.sessionId)
    if (record === undefined || this.#stale || !this.#turns.mayGrow(record.id)) return false
    const received = measured(batch.in, record.highest[0])
    const sent = measured(batch.out, record.highest[1])
    if (!fitsTurn(received, sent)) return false
    this.#wholeOrNot(() => this.#appendTurn(record, batch, received, sent))
    return true
  }

  #saveAll(batches: readonly JournalBatch[]): void {
    this.#inTransaction(() => {
      for (const batch of batches) this.#save(batch)
      for (const id of this.#turns.due(batches.length)) this.#pack(id)
      this.#turns.clean(batches.length)
    })
  }

  #appendTurn(record: SessionRecord, batch: JournalBatch, received: Measured, sent: Measured): void {
    record.state = stateAfter(record.state, batch)
    this.#turns.append(record.id, record.state, received, sent)
    raise(record, 0, batch.in)
    raise(record, 1, batch.out)
  }

  #save(batch: JournalBatch): void {
    const record = this.#sessions.get(batch.sessionId)
    if (record === undefined) throw notLoaded(batch.sessionId, 'JOURNAL_WRITE')
    if (batch.settled === true || batch.reset !== undefined) this.#uncleanEnd.settle(record.id)
    const received = measured(batch.in, record.highest[0])
    const sent = measured(batch.out, record.highest[1])
    if (batch.reset === undefined && fitsTurn(received, sent)) {
      this.#appendTurn(record, batch, received, sent)
      if (this.#turns.isFull(record.id)) this.#pack(record.id)
      return
    }
    if (batch.reset === undefined) this.#pack(record.id)
    else this.#reset(record, batch.reset)
    this.#saveBlocks(record, 0, received)
    this.#saveBlocks(record, 1, sent)
    record.state = stateAfter(record.state, batch)
    this.#records.saveNumbers(record.id, record.state)
  }

  #create(sessionId: string, now: number): SessionRecord {
    const record = this.#records.create(sessionId, now)
    record.state = { ...record.state, lostFrom: this.#uncleanEnd.create(record.id) }
    return record
  }

  #reset(record: SessionRecord, time: number): void {
    const retired = this.#records.reset(record, time)
    this.#turns.forget(retired)
    this.#retention.retire(retired)
  }

  #saveBlocks(record: SessionRecord, direction: 0 | 1, { messages, bytes, ascend }: Measured): void {
    if (messages.length === 0) return
    const ordered = ascend ? messages : ascending(messages)
    const replaces = !ascend && !isAscending(ordered, record.highest[direction])
    raise(record, direction, ordered)
    if (replaces) this.#blockReader.forget()
    const change = replaces
      ? this.#blocks.replace(record.id, direction, ordered.map(toStored))
      : this.#appendBlocks(record.id, direction, ordered, bytes)
    this.#added(record.id, direction, record.highest[direction], change)
  }

  #appendBlocks(id: number, direction: number, messages: readonly JournalMessage[], bytes: number): BlockChange {
    const run = bytes <= maxRunBytes ? this.#run : new MessageRun()
    run.clear()
    run.add(messages, bytes)
    return this.#blocks.append(id, direction, run)
  }

  #added(id: number, direction: number, highest: number, change: BlockChange): void {
    const { newest, blocksAdded, messagesAdded } = change
    if (this.#retention.added(id, direction, highest, newest, blocksAdded, messagesAdded)) this.#blockReader.forget()
  }

  /** Moves the turns of a record into blocks. */
  #pack(id: number): void {
    const turns = this.#turns.take(id)
    if (turns === undefined) return
    this.#packMessages(id, 0, turns.in)
    this.#packMessages(id, 1, turns.out)
    this.#records.saveNumbers(id, turns, turns.last)
  }

  #packAll(): void {
    for (const id of this.#turns.records()) this.#pack(id)
    this.#turns.clear()
  }

  #packMessages(id: number, direction: number, run: MessageRun): void {
    const highest = run.numbers.at(-1)
    if (highest !== undefined) this.#added(id, direction, highest, this.#blocks.append(id, direction, run))
  }

  /** Runs `work` whole or not at all. */
  #inTransaction<T>(work: () => T): T {
    return this.#wholeOrNot(() => {
      this.#refresh()
      this.#begin.run()
      const result = work()
      this.#commit.run()
      return result
    })
  }

  #wholeOrNot<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const failure = journalError('write', this.path, error)
      this.#rollBack()
      throw failure
    }
  }

  #rollBack(): void {
    this.#stale = true
    this.#blockReader.forget()
    try {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
    } catch {
      // The caller is told of the failure that led here; the next transaction meets this one.
    }
  }

  /** Asks the file what memory no longer knows after a failure; until that succeeds nothing is answered from memory. */
  #refresh(): void {
    if (!this.#stale) return
    this.#turns.reload()
    this.#retention.recount(this.#records.retired())
    this.#stale = false
  }

  /** The log begins anew when all of it is in the file, which a reader holds up as long as it reads one state of it. */
  #tellOfLog(): void {
    const bytes = this.#files?.logSize ?? 0
    if (bytes < this.#tellLogFrom) return
    this.#tellLogFrom = bytes * 2
    this.#logger?.warn?.(
      { path: this.path, bytes },
      `The log of the journal has grown to ${bytes} bytes: another program keeps a transaction open on it. End that one.`
    )
  }

  /** Files that were deleted, moved away or cut short still take writes, which nobody would ever read again. */
  #look(operation: 'read' | 'write'): void {
    this.#commitsSinceLook = 0
    this.#lookedAt = performance.now()
    const missing = this.#files?.whatIsWrong()
    if (missing === undefined) {
      this.#tellOfLog()
      return
    }
    throw new FixJournalError(
      operation === 'read' ? 'JOURNAL_READ' : 'JOURNAL_WRITE',
      `Expected the journal at ${this.path} as it was left, got ${missing}. ` +
        'It was moved or deleted while in use: stop this process, put it back, and start again.'
    )
  }
}
