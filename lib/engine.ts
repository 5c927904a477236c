import { EventEmitter } from 'eventemitter3'
import { type EngineConfig, type ParsedSessionConfig, parseEngineConfig, readEngineConfig } from './config/config.js'
import { FixConnectionError } from './errors.js'
import type { EngineParts, SessionParts } from './session/parts.js'
import { FixSession } from './session.js'

export interface EngineEvents {
  /** One was created for a counterparty that the config does not name. */
  session: (session: FixSession) => void
}

/**
 * Many sessions from one config: those with one `host` and `port` share a listener, those with one journal file a connection
 * to it and the transactions of a turn.
 */
export class FixEngine extends EventEmitter<EngineEvents> {
  /** By `session.id`. */
  readonly sessions: ReadonlyMap<string, FixSession>
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
    const { sessions } = typeof config === 'string' ? readEngineConfig(config) : parseEngineConfig(config)
    const made = sessions.map((one) => new FixSession(one, partsFor(one, parts)))
    this.sessions = new Map(made.map((session) => [session.id, session]))
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
      await settled(acceptors.map((session) => session.connect()))
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
    await settled([...this.sessions.values()].map((session) => session.stop()))
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
