import type { Clock } from '../clock.js'
import { FixJournalError } from '../errors.js'
import type { Journal, JournalBatch } from '../journal/journal.js'
import { textOf } from './thrown.js'

/** Who has something to save at the end of a turn. None of its methods throws. */
export interface TurnMember {
  readonly journal: Journal

  /** What is to be saved; undefined when there is nothing but bytes to write. Called once a turn. */
  takeBatch(): JournalBatch | undefined
  /** All of it is saved: now it may go on the wire. */
  committed(): void
  /** None of it is saved, and none of it may go on the wire. */
  commitFailed(error: FixJournalError): void
}

const turns = new WeakMap<object, CommitTurn>()

/**
 * Gathers what all sessions of a journal want saved in one turn of the event loop into one transaction (DESIGN, law 2).
 *
 * A commit may finish at once or later; while one is under way the next turn's members gather.
 */
export class CommitTurn {
  private readonly clock: Clock
  private members = new Set<TurnMember>()
  private scheduled = false
  private committing = false

  static of(journal: Journal, clock: Clock): CommitTurn {
    const store = journal.store ?? journal
    let turn = turns.get(store)
    if (turn === undefined) {
      turn = new CommitTurn(clock)
      turns.set(store, turn)
    }
    return turn
  }

  private constructor(clock: Clock) {
    this.clock = clock
  }

  join(member: TurnMember): void {
    this.members.add(member)
    if (this.scheduled || this.committing) return
    this.scheduled = true
    this.clock.endOfTurn(this.end)
  }

  private readonly end = (): void => {
    this.scheduled = false
    if (this.committing || this.members.size === 0) return
    const savers: TurnMember[] = []
    const others: TurnMember[] = []
    const batches: JournalBatch[] = []
    const members = this.members
    this.members = new Set()
    for (const member of members) {
      const batch = member.takeBatch()
      if (batch === undefined) {
        others.push(member)
      } else {
        batches.push(batch)
        savers.push(member)
      }
    }
    // Whoever has nothing to save has nothing to wait for, and nothing to fear from a commit that fails.
    for (const member of others) member.committed()
    const [first] = savers
    if (first === undefined) return
    let result: void | Promise<void>
    try {
      result = first.journal.commit(batches)
    } catch (error) {
      fail(savers, error)
      return
    }
    if (result === undefined) {
      for (const member of savers) member.committed()
      return
    }
    this.committing = true
    result.then(
      () => {
        for (const member of savers) member.committed()
        this.next()
      },
      (error: unknown) => {
        fail(savers, error)
        this.next()
      }
    )
  }

  private next(): void {
    this.committing = false
    this.end()
  }
}

function fail(members: readonly TurnMember[], error: unknown): void {
  const failure =
    error instanceof FixJournalError
      ? error
      : new FixJournalError('JOURNAL_WRITE', `The journal failed: ${textOf(error)} Nothing of this turn was saved.`, {
          cause: error
        })
  for (const member of members) member.commitFailed(failure)
}
