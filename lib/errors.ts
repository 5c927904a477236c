import { FixError } from './fix/errors.js'

export { DuplicateTagError, FieldValueError, FixError } from './fix/errors.js'

/**
 * The session's state or link does not allow what was asked.
 *
 * Codes: `ALREADY_CONNECTED`, `STOPPED`, `NOT_LOGGED_ON`, `TEST_REQUEST_PENDING`, `LOGGED_ON`, `OUTBOUND_FULL`,
 * `QUEUE_FULL`, `THROTTLED`, `CONNECT_FAILED`, `PORT_IN_USE`, `LISTEN_FAILED`, `JOURNAL_FAILED`, `RESET_UNANSWERED`,
 * `LOGON_NOT_SIGNED`.
 */
export class FixConnectionError extends FixError {}

/**
 * The journal cannot be opened, read or written; the session stops (law 6: never a session that runs on unsaved).
 *
 * Codes: `JOURNAL_OPEN`, `JOURNAL_LOCKED`, `JOURNAL_SCHEMA`, `JOURNAL_CORRUPT`, `JOURNAL_FULL`, `JOURNAL_WRITE`,
 * `JOURNAL_READ`, `JOURNAL_CLOSED`, `JOURNAL_IN_USE` (by another FixSession of this process with the same id).
 */
export class FixJournalError extends FixError {}

/** One mistake in a config. `path` reads like `sessions[1].port`. */
export interface ConfigProblem {
  readonly path: string
  readonly expected: string
  readonly got: string
  /** What to do, e.g. the nearest known name of an option. */
  readonly advice: string
}

/** A config that cannot be used; nothing was opened. Code `CONFIG`. `problems` has every mistake, one entry each. */
export class FixConfigError extends FixError {
  readonly problems: readonly ConfigProblem[]

  /** `source`: what the message calls the config, or the place in it of each problem. */
  constructor(source: string | ((problem: ConfigProblem) => string), problems: readonly ConfigProblem[]) {
    const place = typeof source === 'string' ? () => source : source
    super(
      'CONFIG',
      problems
        .map((p) => `${place(p)}: ${p.path}: expected ${p.expected}, got ${p.got}.${p.advice ? ` ${p.advice}` : ''}`)
        .join('\n')
    )
    this.problems = problems
  }
}

/** A dictionary file that cannot be used. Code `DICTIONARY`. Names file, line and element; line 0: there is no such file. */
export class FixDictionaryError extends FixError {
  readonly file: string
  readonly line: number
  readonly element: string

  constructor(file: string, line: number, element: string, message: string) {
    super('DICTIONARY', line === 0 ? `${file}: ${message}` : `${file}:${line}: <${element}>: ${message}`)
    this.file = file
    this.line = line
    this.element = element
  }
}
