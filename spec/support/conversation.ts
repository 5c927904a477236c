import type { SessionConfig, SessionParts } from '../../lib/index.js'
import { type SeenSession, TwoSessions } from './two-sessions.js'
import { WatchedJournal } from './watched-journal.js'
import { WatchedTransport } from './watched-transport.js'

/** Two sessions that are logged on, with the initiator's journal and socket watched. */
export interface Conversation {
  readonly two: TwoSessions
  readonly broker: SeenSession
  readonly buySide: SeenSession
  /** What the initiator's journal and socket did, in order. */
  readonly trace: string[]
  readonly journal: WatchedJournal
  readonly transport: WatchedTransport
}

export async function converse(
  brokerConfig: Partial<SessionConfig> = {},
  buySideConfig: Partial<SessionConfig> = {},
  buySideParts: SessionParts = {}
): Promise<Conversation> {
  const two = new TwoSessions()
  const trace: string[] = []
  const journal = new WatchedJournal({ trace })
  const transport = new WatchedTransport(two.network, trace)
  const { broker, buySide } = await two.loggedOn(
    two.acceptor(brokerConfig),
    two.initiator(buySideConfig, { journal, transport, ...buySideParts })
  )
  return { two, broker, buySide, trace, journal, transport }
}
