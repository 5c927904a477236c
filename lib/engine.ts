import { systemClock } from './clock.js'
import {
  type EngineConfig,
  type ParsedAcceptorConfig,
  type ParsedSessionConfig,
  parseEngineConfig,
  readEngineConfig
} from './config/config.js'
import { Template } from './engine/template.js'
import { FixConnectionError } from './errors.js'
import { createLogger } from './log.js'
import { checkEngineParts } from './session/check-parts.js'
import { GuardedEmitter } from './session/listeners.js'
import type { EngineParts, SessionDecisions, SessionParts } from './session/parts.js'
import { tcpOptions } from './session/tcp-options.js'
import { FixSession } from './session.js'
import { TcpTransport } from './transport/tcp-transport.js'

/** What `FixEngine` emits. */
export interface EngineEvents {
  /**
   * One was made for a counterparty that the config does not name, by a `template`. Attach its listeners before this returns:
   * it takes its Logon next.
   */
  session: (session: FixSession) => void
}

/**
 * Many sessions from one config: those with one `host` and `port` share a listener, those with one journal file a connection
 * to it and the transactions of a turn.
 */
export class FixEngine extends GuardedEmitter<EngineEvents> {
  /** By `session.id`; those that are made of a template are added as their counterparties come. */
  readonly sessions: ReadonlyMap<string, FixSession>
  private readonly all = new Map<string, FixSession>()
  private readonly templates: Template[] = []
  private readonly parts: EngineParts
  /** Of each start another one; undefined: stopped. */
  private running: object | undefined

  /**
   * Creates the sessions; nothing is opened before `start`.
   *
   * @param config The path of a JSON file, or what it holds.
   * @param parts For all sessions; transport, codec and heartbeat are made for each.
   * @throws FixConfigError naming every mistake.
   */
  constructor(config: string | EngineConfig, parts: EngineParts = {}) {
    super()
    checkEngineParts(parts)
    this.parts = parts
    this.sessions = this.all
    const { sessions } = typeof config === 'string' ? readEngineConfig(config) : parseEngineConfig(config)
    for (const one of sessions) {
      if (one.role === 'acceptor' && one.template) this.templates.push(this.templateOf(one))
      else this.make(one, {})
    }
  }

  /**
   * Connects all sessions: resolves when every acceptor listens and every initiator dials (they log on when their counterparty
   * is there, see `logon`).
   *
   * Rejects with FixConnectionError: `ALREADY_CONNECTED` when it is started already, `STOPPED` when `stop` comes first, else
   * why the first session cannot begin, and then what was started is stopped.
   */
  async start(): Promise<void> {
    if (this.running !== undefined) {
      throw new FixConnectionError('ALREADY_CONNECTED', 'The engine is started already: call stop() first.')
    }
    const running = {}
    this.running = running
    const acceptors: FixSession[] = []
    const initiators: FixSession[] = []
    for (const session of this.sessions.values()) (session.role === 'acceptor' ? acceptors : initiators).push(session)
    try {
      await settled([
        ...acceptors.map((session) => session.connect()),
        ...this.templates.map((template) => template.listen())
      ])
      await settled(initiators.map((session) => session.open()))
    } catch (error) {
      if (this.running === running) await this.stop().catch(() => {})
      throw error
    }
    if (this.running !== running)
      throw new FixConnectionError('STOPPED', 'The engine was stopped before it had started.')
    // Not awaited: the counterparty may come at any time; a failure is an 'error' event of the session.
    for (const session of initiators) void session.connect()
  }

  /**
   * Logs out and closes all sessions.
   *
   * @throws the first error of a session that could not be stopped in order; the others are stopped all the same.
   */
  async stop(): Promise<void> {
    this.running = undefined
    await Promise.all(this.templates.map((template) => template.stop()))
    await settled([...this.sessions.values()].map((session) => session.stop()))
  }

  /** For JSON.stringify, and for loggers that are given an engine. */
  toJSON(): object {
    return { sessions: [...this.sessions.values()] }
  }

  /** What console.log shows: the ids of its sessions, a hundred at most as in other lists. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return { FixEngine: [...this.sessions.keys()] }
  }

  protected failed(event: keyof EngineEvents, error: unknown, _asynchronous: boolean, session: unknown): void {
    if (!(session instanceof FixSession)) return
    createLogger(session.config, this.parts.logger).error(
      { err: error },
      `A listener of the engine's '${event}' failed.`
    )
  }

  private make(config: ParsedSessionConfig, decisions: Pick<SessionDecisions, 'authenticate'>): FixSession {
    const session = new FixSession(config, { ...partsFor(config, this.parts), ...decisions })
    this.all.set(session.id, session)
    return session
  }

  private templateOf(config: ParsedAcceptorConfig): Template {
    const { parts } = this
    const clock = parts.clock ?? systemClock
    const logger = createLogger(config, parts.logger)
    return new Template(
      config,
      {
        find: (id) => this.all.get(id),
        make: (one, decisions) => {
          const session = this.make(one, decisions)
          this.fire('session', session)
          return session
        },
        forget: (session) => {
          const gone = (): void => {
            if (this.all.get(session.id) === session) this.all.delete(session.id)
          }
          session.stop().then(gone, gone)
        }
      },
      {
        ...parts,
        clock,
        logger,
        transport: parts.transport?.(config) ?? new TcpTransport(tcpOptions(config, clock, (text) => logger.warn(text)))
      }
    )
  }
}

/** Waits for all of them, then rejects with the first failure, if any. */
async function settled(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises)
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

function partsFor(config: ParsedSessionConfig, parts: EngineParts): SessionParts {
  const { transport, codec, heartbeat, ...shared } = parts
  return { ...shared, transport: transport?.(config), codec: codec?.(config), heartbeat: heartbeat?.(config) }
}
