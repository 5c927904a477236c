import { EventEmitter } from 'eventemitter3'
import { type EngineConfig, type ParsedSessionConfig, parseEngineConfig, readEngineConfig } from './config/config.js'
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
   * @throws the first acceptor's or journal's error; sessions that were started are stopped then.
   */
  async start(): Promise<void> {
    const acceptors: Promise<void>[] = []
    const initiators: FixSession[] = []
    for (const session of this.sessions.values()) {
      if (session.role === 'acceptor') acceptors.push(session.connect())
      else initiators.push(session)
    }
    try {
      await Promise.all(acceptors)
      await Promise.all(initiators.map((session) => session.open()))
    } catch (error) {
      await this.stop()
      throw error
    }
    // Not awaited: the counterparty may come at any time; a failure is an 'error' event of the session.
    for (const session of initiators) void session.connect()
  }

  /** Logs out and closes all sessions. */
  async stop(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.stop()))
  }
}

function partsFor(config: ParsedSessionConfig, parts: EngineParts): SessionParts {
  const { transport, codec, heartbeat, ...shared } = parts
  return { ...shared, transport: transport?.(config), codec: codec?.(config), heartbeat: heartbeat?.(config) }
}
