import { FixJournalError } from '../errors.js'

/** The part of a logger that a journal uses; pino's loggers fit. */
export interface JournalLogger {
  info(fields: object, text: string): void
  warn?(fields: object, text: string): void
}

export interface RetentionOptions {
  /** Messages older than this, against the newest one in the file, are deleted. Seconds; default: no limit. */
  readonly maxAge?: number | undefined
  /** So many messages of each session and direction are kept at least. Default 10,000,000; Infinity: no limit. */
  readonly maxMessages?: number | undefined
}

export const defaultMaxMessages = 10_000_000

export interface SqliteJournalOptions {
  /** The file; made where there is none, its directory is not. `:memory:` keeps nothing. */
  readonly path: string
  /**
   * `normal` (default): a commit survives the end of the process at any moment; the last ones may be gone after a loss
   * of power, whole, and the session gets them from the counterparty again. `full`: every commit waits for the disk.
   */
  readonly synchronous?: 'normal' | 'full' | undefined
  /**
   * Pages of 2 KiB in the write-ahead log after which they are moved into the file, 1 to 1,000,000; from 256 on by a thread, while
   * commits go on. The log has about three times as many at most. Default 1600.
   */
  readonly walAutocheckpoint?: number | undefined
  /** Default: 10,000,000 messages of each session and direction, of any age. */
  readonly retention?: RetentionOptions | undefined
  /** Most bytes of the file, at least 65,536; a commit that needs more fails with `JOURNAL_FULL`. Default Infinity. */
  readonly maxFileSize?: number | undefined
  /** Told of opening, of migration, and of a log that grows because another program keeps reading; never of messages. */
  readonly logger?: JournalLogger | undefined
}

/** The options with their defaults filled in. */
export interface FileOptions {
  readonly synchronous: 'normal' | 'full'
  readonly walAutocheckpoint: number
  readonly maxFileSize: number
  /** Seconds. */
  readonly maxAge: number
  readonly maxMessages: number
}

const defaults: FileOptions = {
  synchronous: 'normal',
  walAutocheckpoint: 1600,
  maxFileSize: Infinity,
  maxAge: Infinity,
  maxMessages: defaultMaxMessages
}

/** What was given, flat; what was left out is missing. Throws FixJournalError `JOURNAL_OPEN` for one out of range. */
export function givenOptions(options: SqliteJournalOptions): Partial<FileOptions> {
  const { path, synchronous, walAutocheckpoint, maxFileSize, retention } = options
  if (synchronous !== undefined && synchronous !== 'normal' && synchronous !== 'full') {
    throw refusedOption(path, 'synchronous', "'normal' or 'full'", synchronous)
  }
  checkRange(path, 'walAutocheckpoint', walAutocheckpoint, 1, 1_000_000)
  checkRange(path, 'maxFileSize', maxFileSize, 65_536, Infinity)
  checkRange(path, 'retention.maxAge', retention?.maxAge, 1, Infinity)
  checkRange(path, 'retention.maxMessages', retention?.maxMessages, 0, Infinity)
  return {
    ...(synchronous !== undefined && { synchronous }),
    ...(walAutocheckpoint !== undefined && { walAutocheckpoint }),
    ...(maxFileSize !== undefined && { maxFileSize }),
    ...(retention?.maxAge !== undefined && { maxAge: retention.maxAge }),
    ...(retention?.maxMessages !== undefined && { maxMessages: retention.maxMessages })
  }
}

export function withDefaults(given: Partial<FileOptions>): FileOptions {
  return { ...defaults, ...given }
}

/** One file has one set of options: throws `JOURNAL_OPEN` where one that was given is not the one in force. */
export function checkAgreement(path: string, inForce: FileOptions, given: Partial<FileOptions>): void {
  const expected: Readonly<Record<string, unknown>> = { ...inForce }
  for (const [name, value] of Object.entries(given)) {
    if (expected[name] === value) continue
    throw refusedOption(
      path,
      name,
      `${String(expected[name])}, with which this process has opened the file already`,
      value
    )
  }
}

function checkRange(path: string, name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || value === max || (Number.isInteger(value) && value >= min && value < max)) return
  throw refusedOption(path, name, `a whole number from ${min} to ${max}`, value)
}

function refusedOption(path: string, name: string, expected: string, got: unknown): FixJournalError {
  return new FixJournalError(
    'JOURNAL_OPEN',
    `${path}: ${name}: expected ${expected}, got ${String(got)}. Change the option.`
  )
}
