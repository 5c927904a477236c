import type { Clock } from '../clock.js'
import type { Codec } from '../codec/codec.js'
import type { ParsedSessionConfig } from '../config/config.js'
import type { FieldInput } from '../fix/field-value.js'
import type { FixMessage } from '../fix/message.js'
import type { Heartbeat } from '../heartbeat/heartbeat-monitor.js'
import type { Journal } from '../journal/journal.js'
import type { Logger, SessionLogger } from '../log.js'
import type { PeerCertificate } from '../transport/peer-certificate.js'
import type { Transport } from '../transport/transport.js'
import type { SessionDrift, Validate } from './vocabulary.js'

/** Where a Logon came from. */
export interface Peer {
  readonly remoteAddress: string
  readonly remotePort: number
  /** What the counterparty has shown, where the connection is TLS and it was asked for one (`tls.needClientAuth`). */
  readonly certificate?: PeerCertificate | undefined
}

/** What is final about a Logon that is to be signed. */
export interface LogonToSign {
  readonly msgSeqNum: number
  /** SendingTime(52) as it will stand on the wire. */
  readonly sendingTime: string
}

/** Whether a Logon may in; a text says why not (it goes to the log, never to the counterparty). */
export type Admission = boolean | string

/** What the application decides; each is optional. */
export interface SessionDecisions {
  /**
   * Whether a stored application message is sent again when the counterparty asks for it; refused ones are gap-filled.
   * Default: all are. One that throws or rejects counts as refused, and is an `error` event.
   */
  readonly shouldReplay?: ((message: FixMessage) => boolean | Promise<boolean>) | undefined
  /** Acceptor: whether this Logon may in, asked before anything of the session changes. Default: a configured identity may. */
  readonly authenticate?: ((logon: FixMessage, peer: Peer) => Admission | Promise<Admission>) | undefined
  /**
   * Fields to add to the Logon (password, signature), asked when MsgSeqNum(34) and SendingTime(52) are final: to the one that an
   * initiator begins with, and to the one by which either side resets the numbers in session; not to what answers another.
   */
  readonly signLogon?: ((logon: FixMessage, final: LogonToSign) => FieldInput | Promise<FieldInput>) | undefined
}

/** What a `FixSession` is composed of. Every part is optional and replaceable. */
export interface SessionParts extends SessionDecisions {
  /** Makes connections. Default: TcpTransport. */
  readonly transport?: Transport | undefined
  /** Default: a Codec for the config's BeginString and dictionary. */
  readonly codec?: Codec | undefined
  /** Default: a SqliteJournal at the config's `journal.path`, or a MemoryJournal for ":memory:"; closed by `stop()`. */
  readonly journal?: Journal | undefined
  /** Default: HeartbeatMonitor. */
  readonly heartbeat?: Heartbeat | undefined
  /** Default: Node's clocks and timers. */
  readonly clock?: Clock | undefined
  /** Default: pino as the config's `log` has it. */
  readonly logger?: Logger | undefined
}

/** Parts for all sessions of a `FixEngine`: what a session cannot share is made for each. */
export interface EngineParts extends SessionDecisions {
  readonly transport?: ((config: ParsedSessionConfig) => Transport) | undefined
  readonly codec?: ((config: ParsedSessionConfig) => Codec) | undefined
  readonly heartbeat?: ((config: ParsedSessionConfig) => Heartbeat) | undefined
  readonly journal?: Journal | undefined
  readonly clock?: Clock | undefined
  readonly logger?: Logger | undefined
}

/** The parts of one session, none missing. */
export interface RuntimeParts extends SessionDecisions {
  readonly codec: Codec
  readonly validate: Validate | undefined
  readonly drift: SessionDrift
  /** A Logon began a session: what it says of the messages that follow holds from now on. */
  readonly loggedOn: ((logon: FixMessage) => void) | undefined
  readonly transport: Transport
  readonly heartbeat: Heartbeat
  readonly clock: Clock
  readonly logger: SessionLogger
  /** Opens the journal, or opens it again after `closeJournal`. */
  readonly openJournal: () => Journal
  readonly closeJournal: (journal: Journal) => void | Promise<void>
}
