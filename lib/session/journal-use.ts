import { FixJournalError } from '../errors.js'
import type { Journal } from '../journal/journal.js'

/** The ids in use, by the place where their records are kept. */
const inUse = new WeakMap<object, Set<string>>()

/**
 * Takes a session's record in a loaded journal for one session object, until the answer is called. Two that count for
 * themselves on one record would overwrite each other's messages (DESIGN, law 1).
 *
 * Throws FixJournalError `JOURNAL_IN_USE` while another one has it.
 */
export function useRecord(journal: Journal, sessionId: string): () => void {
  const store = journal.store ?? journal
  const ids = inUse.get(store) ?? new Set()
  if (ids.has(sessionId)) {
    throw new FixJournalError(
      'JOURNAL_IN_USE',
      `Expected session ${sessionId} to be nobody else's, got another FixSession of this process that uses its record in ` +
        'this journal already: stop() that one first.'
    )
  }
  inUse.set(store, ids.add(sessionId))
  return () => ids.delete(sessionId)
}
