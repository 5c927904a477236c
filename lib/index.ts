export { type Clock, systemClock, type Timer } from './clock.js'
export { Codec } from './codec/codec.js'
export type { CodecOptions, EncodeHeader } from './codec/codec-types.js'
export {
  type EngineConfig,
  type ParsedSessionConfig,
  parseConfig,
  parseEngineConfig,
  readEngineConfig,
  type SessionConfig
} from './config/config.js'
export type { BusinessRejectDetails } from './core/admin.js'
export {
  type BuiltInVersion,
  builtInVersions,
  Dictionary,
  Drift,
  type DriftKind,
  type DriftReason,
  type FieldDefinition,
  type FieldValue as ListedValue,
  FixtDictionary,
  type GroupDefinition,
  type JsonFields,
  type JsonMessage,
  type MemberDefinition,
  type MessageDefinition,
  type Problem,
  type SessionDictionary,
  sessionDictionary,
  type TreeOptions,
  type ValidationOptions
} from './dictionary/index.js'
export { type EngineEvents, FixEngine } from './engine.js'
export {
  type ConfigProblem,
  DuplicateTagError,
  FieldValueError,
  FixConfigError,
  FixConnectionError,
  FixDictionaryError,
  FixError,
  FixJournalError
} from './errors.js'
export { BusinessRejectReason } from './fix/business-reject-reason.js'
export type { GroupEntry } from './fix/field-set.js'
export type { FieldInput, FieldValue } from './fix/field-value.js'
export type { Garbled, GarbledCode } from './fix/garbled.js'
export { FixMessage } from './fix/message.js'
export { isAdmin, MsgType } from './fix/msg-type.js'
export { SessionRejectReason } from './fix/session-reject-reason.js'
export { SessionState } from './fix/session-state.js'
export { Tag } from './fix/tag.js'
export { type Heartbeat, HeartbeatMonitor, type HeartbeatMonitorOptions } from './heartbeat/heartbeat-monitor.js'
export type { Direction, Journal, JournalBatch, JournalMessage, JournalState } from './journal/journal.js'
export { MemoryJournal, type MemoryJournalOptions } from './journal/memory-journal.js'
export { SqliteJournal } from './journal/sqlite-journal.js'
export type { SqliteJournalOptions } from './journal/sqlite-options.js'
export type { Logger, LogMethod } from './log.js'
export { Schedule, type SessionWindow } from './schedule/schedule.js'
export type { ScheduleConfig, WindowConfig } from './schedule/schedule-config.js'
export type { Counters } from './session/counters.js'
export type { ClockFinding, DisconnectReason, Reconciliation, SessionEvents } from './session/events.js'
export { ListenerError } from './session/listener-error.js'
export type { MessageIterator } from './session/message-stream.js'
export type { Admission, EngineParts, LogonToSign, Peer, SessionDecisions, SessionParts } from './session/parts.js'
export { type DisconnectOptions, FixSession, type SeqNums } from './session.js'
export { MemoryTransport, type MemoryTransportOptions } from './transport/memory-transport.js'
export type { ExpectedCertificate, PeerCertificate } from './transport/peer-certificate.js'
export type { ProxyOptions } from './transport/proxy-handshake.js'
export { TcpTransport, type TcpTransportOptions } from './transport/tcp-transport.js'
export type { TlsOptions } from './transport/tls-options.js'
export type {
  CloseReason,
  Connection,
  ConnectionEvents,
  Dial,
  DialEvents,
  Endpoint,
  Listener,
  Transport,
  Welcome
} from './transport/transport.js'
