import type { Clock } from '../clock.js'
import { FixJournalError } from '../errors.js'
import type { Journal, JournalMessage, JournalState } from '../journal/journal.js'
import { useRecord } from './journal-use.js'
import { Outlet, type OutletOwner } from './outlet.js'
import { textOf } from './thrown.js'

/** Where the journal comes from, and who hears of it. */
export interface SessionJournalOwner extends OutletOwner {
  /** Opens the journal, or opens it again after `closeJournal`. */
  openJournal(): Journal
  closeJournal(journal: Journal): void | Promise<void>
  /** What is durable of the session. */
  loaded(state: JournalState): void
}

/** The journal of one session: opened when it is first needed, closed by `stop`, let go of when it fails. */
export class SessionJournal {
  private readonly owner: SessionJournalOwner
  private readonly clock: Clock
  /** The way out; undefined as long as the journal is not open. */
  outlet: Outlet | undefined
  /** Lets another session object have the record. */
  private endUse: () => void = () => {}
  /** Why it was let go of. */
  private failure: FixJournalError | undefined
  private opening: Promise<Outlet> | undefined
  private closing: Promise<void> | undefined

  constructor(owner: SessionJournalOwner, clock: Clock) {
    this.owner = owner
    this.clock = clock
  }

  /** The way out, once the journal is open. Rejects with what the journal throws. */
  open(): Promise<Outlet> {
    if (this.outlet !== undefined && this.closing === undefined) return Promise.resolve(this.outlet)
    this.opening ??= this.load().finally(() => {
      this.opening = undefined
    })
    return this.opening
  }

  /** Saves what is waiting, then closes. Afterwards `open` opens anew. */
  close(): Promise<void> {
    this.closing ??= this.saveAndClose().finally(() => {
      this.closing = undefined
    })
    return this.closing
  }

  /**
   * The journal has failed: nothing more is saved, and nothing more goes out. Returns the messages that nothing became of; undefined
   * when it was so already.
   */
  giveUp(reason: FixJournalError): ReadonlySet<Uint8Array> | undefined {
    const { outlet } = this
    if (outlet === undefined) return undefined
    this.outlet = undefined
    this.failure = reason
    const unsaved = outlet.end(reason)
    this.letGo(outlet.journal).catch(() => {})
    return unsaved
  }

  /** Resolves when all that was gathered so far is saved and with the socket; rejects when it could not be saved. */
  flush(): Promise<void> {
    if (this.outlet !== undefined) return this.outlet.flush()
    return this.failure === undefined ? Promise.resolve() : Promise.reject(this.failure)
  }

  /** Reads again what is durable of the session. `failed` instead when it cannot be read. */
  reload(use: (state: JournalState) => void, failed: (error: FixJournalError) => void): void {
    ask((journal) => journal.load(this.owner.id, this.clock.now()), this.outlet?.journal, use, failed)
  }

  /** Reads a page of what was sent. `failed` instead when it cannot be read. */
  read(
    from: number,
    to: number,
    limit: number,
    use: (page: readonly JournalMessage[]) => void,
    failed: (error: FixJournalError) => void
  ): void {
    ask((journal) => journal.read(this.owner.id, 'out', from, to, limit), this.outlet?.journal, use, failed)
  }

  private async load(): Promise<Outlet> {
    await this.closing
    const journal = this.owner.openJournal()
    try {
      const state = await journal.load(this.owner.id, this.clock.now())
      this.endUse = useRecord(journal, this.owner.id)
      const outlet = new Outlet(this.owner, journal, this.clock)
      this.outlet = outlet
      this.failure = undefined
      this.owner.loaded(state)
      return outlet
    } catch (error) {
      await this.letGo(journal).catch(() => {})
      throw asJournalError(error, 'JOURNAL_OPEN')
    }
  }

  private async saveAndClose(): Promise<void> {
    // It may be opening just now, and then has to be closed all the same.
    await this.opening?.catch(() => {})
    const { outlet } = this
    if (outlet === undefined) return
    await outlet.flush().catch(() => {})
    // A commit may have failed meanwhile: then it was let go of.
    if (this.outlet !== outlet) return
    this.outlet = undefined
    outlet.end(new FixJournalError('JOURNAL_CLOSED', `Session ${this.owner.id} was stopped: connect() opens it again.`))
    await this.letGo(outlet.journal)
  }

  private async letGo(journal: Journal): Promise<void> {
    this.endUse()
    this.endUse = () => {}
    await this.owner.closeJournal(journal)
  }
}

/** A question that a journal may answer at once, later, or not at all. */
function ask<Answer extends object>(
  question: (journal: Journal) => Answer | Promise<Answer>,
  journal: Journal | undefined,
  use: (answer: Answer) => void,
  failed: (error: FixJournalError) => void
): void {
  if (journal === undefined) return
  const refused = (error: unknown): void => failed(asJournalError(error, 'JOURNAL_READ'))
  let answer: Answer | Promise<Answer>
  try {
    answer = question(journal)
  } catch (error) {
    refused(error)
    return
  }
  if ('then' in answer) answer.then(use, refused)
  else use(answer)
}

function asJournalError(error: unknown, code: 'JOURNAL_OPEN' | 'JOURNAL_READ'): FixJournalError {
  if (error instanceof FixJournalError) return error
  const what = code === 'JOURNAL_OPEN' ? 'opened' : 'read'
  return new FixJournalError(code, `The journal cannot be ${what}: ${textOf(error)}`, { cause: error })
}
