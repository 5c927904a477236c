import type { Logger as PinoLogger } from 'pino'
import { type ParsedSessionConfig, secretTextsOf, sessionId } from './config/config.js'
import { FixError } from './fix/errors.js'
import { LogFile } from './log-file.js'
import { pino } from './packages.js'
import { redactText, redactValue } from './redact.js'

export { isSecret, redactMessage } from './redact.js'

export interface LogMethod {
  (fields: object, text?: string): void
  (text: string): void
}

/** What can be brought in place of the built-in logger; pino's own loggers fit, and so does `console`. */
export interface Logger {
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
  child?(bindings: { session: string }): Logger
  isLevelEnabled?(level: string): boolean
}

/**
 * The logger of one session. Secrets are masked in whatever goes through it, errors and messages included.
 *
 * The two flags are fixed when it is made: ask them, not the level, where messages flow.
 */
export interface SessionLogger extends Logger {
  /** Whether `debug` writes anything. */
  readonly debugEnabled: boolean
  /** Whether messages are logged (`log.messages`): if not, do not call `received` and `sent` at all. */
  readonly messages: boolean
  /** Logs a message that came in, `|` for SOH. */
  received(message: Uint8Array): void
  /** Logs a message that went out, `|` for SOH. */
  sent(message: Uint8Array): void
}

/**
 * The logger of a session, a child with `{ session: id }`.
 *
 * Built in: pino, JSON lines to `log.file` or else standard error (standard output stays the application's), from
 * `log.level` up. A `base` brings its own level and destination; of `log` only `messages` then counts.
 */
export function createLogger(config: ParsedSessionConfig, base?: Logger): SessionLogger {
  const session = sessionId(config)
  if (base === undefined) return new RedactingLogger(builtIn(config.log, session), {}, config)
  const child = base.child?.({ session })
  return new RedactingLogger(child ?? base, child === undefined ? { session } : {}, config)
}

class RedactingLogger implements SessionLogger {
  readonly debugEnabled: boolean
  readonly messages: boolean
  private readonly target: Logger
  /** What the target could not take over because it has no children. */
  private readonly bindings: object
  /** What the config keeps secret: a counterparty may quote it. */
  private readonly secrets: readonly string[]
  private readonly secretTags: ReadonlySet<number>
  private complained = false

  constructor(target: Logger, bindings: object, config: ParsedSessionConfig) {
    this.target = target
    this.bindings = bindings
    this.secrets = secretTextsOf(config)
    this.secretTags = new Set(config.secretTags)
    this.debugEnabled = target.isLevelEnabled?.('debug') ?? true
    this.messages = config.log.messages && (target.isLevelEnabled?.('info') ?? true)
  }

  readonly debug: LogMethod = (fields: object | string, text?: string) => this.log('debug', fields, text)
  readonly info: LogMethod = (fields: object | string, text?: string) => this.log('info', fields, text)
  readonly warn: LogMethod = (fields: object | string, text?: string) => this.log('warn', fields, text)
  readonly error: LogMethod = (fields: object | string, text?: string) => this.log('error', fields, text)

  received(message: Uint8Array): void {
    this.message('in', message)
  }

  sent(message: Uint8Array): void {
    this.message('out', message)
  }

  private message(direction: 'in' | 'out', message: Uint8Array): void {
    this.guarded(() => {
      const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1')
      this.target.info(
        { ...this.bindings, direction },
        redactText(text, this.secrets, this.secretTags).replaceAll('\u0001', '|')
      )
    })
  }

  private log(level: 'debug' | 'info' | 'warn' | 'error', fields: object | string, text: string | undefined): void {
    this.guarded(() => {
      const line = typeof fields === 'string' ? fields : text
      const own = typeof fields === 'string' ? {} : withCode(fields instanceof Error ? { err: fields } : fields)
      const redacted = Object(redactValue({ ...this.bindings, ...own }, this.secrets, this.secretTags))
      if (line === undefined) this.target[level](redacted)
      else this.target[level](redacted, redactText(line, this.secrets, this.secretTags))
    })
  }

  /** A session goes on when its log cannot: the first fault of it is told on standard error. */
  private guarded(write: () => void): void {
    try {
      write()
    } catch (error) {
      if (!this.complained) process.stderr.write(`gapfill: a line could not be logged: ${String(error)}\n`)
      this.complained = true
    }
  }
}

/** A line that stems from a FixError has its code as a field of its own, for who counts or searches them. */
function withCode(fields: object): object {
  const error = 'err' in fields ? fields.err : undefined
  return error instanceof FixError ? { code: error.code, ...fields } : fields
}

/** Log lines that wait for a slow standard error, bytes; beyond it the newest are dropped. */
const maxWaiting = 16 * 1024 * 1024

let standardError: PinoLogger | undefined
const files = new Map<string, { readonly file: LogFile; readonly logger: PinoLogger }>()

function builtIn(log: ParsedSessionConfig['log'], session: string): Logger {
  return rootFor(log).child({ session }, { level: log.level })
}

/** One per destination in a process: sessions that log to one file must not turn it over under each other's feet. */
function rootFor({ file: path, maxFileSize }: ParsedSessionConfig['log']): PinoLogger {
  if (path === undefined) {
    standardError ??= pino()({ name: 'gapfill' }, pino().destination({ dest: 2, sync: false, maxLength: maxWaiting }))
    return standardError
  }
  const known = files.get(path)
  if (known !== undefined) {
    known.file.limit(maxFileSize)
    return known.logger
  }
  const file = new LogFile(path, maxFileSize, (text) => process.stderr.write(text))
  const logger = pino()({ name: 'gapfill' }, file)
  files.set(path, { file, logger })
  return logger
}
