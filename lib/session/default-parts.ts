import type { Clock } from '../clock.js'
import { Codec } from '../codec/codec.js'
import type { ParsedSessionConfig } from '../config/config.js'
import { HeartbeatMonitor } from '../heartbeat/heartbeat-monitor.js'
import type { Journal } from '../journal/journal.js'
import { MemoryJournal } from '../journal/memory-journal.js'
import { SqliteJournal } from '../journal/sqlite-journal.js'
import { createLogger } from '../log.js'
import { TcpTransport } from '../transport/tcp-transport.js'
import type { RuntimeParts, SessionParts } from './parts.js'
import { tcpOptions } from './tcp-options.js'
import { vocabularyOf } from './vocabulary.js'

/** The parts that were given, and the built-in ones for the rest. Opens nothing. */
export function completeParts(config: ParsedSessionConfig, parts: SessionParts, clock: Clock): RuntimeParts {
  const logger = createLogger(config, parts.logger)
  const vocabulary = vocabularyOf(config, (text) => logger.warn(text))
  const { journal } = parts
  return {
    shouldReplay: parts.shouldReplay,
    authenticate: parts.authenticate,
    signLogon: parts.signLogon,
    clock,
    logger,
    codec:
      parts.codec ??
      new Codec({
        beginString: config.beginString,
        dictionary: vocabulary.structure,
        timestampPrecision: config.timestampPrecision,
        maxMessageLength: config.maxMessageLength,
        maxFields: config.maxFields,
        validateChecksum: config.validateChecksum
      }),
    validate: vocabulary.validate,
    drift: vocabulary.drift,
    loggedOn: vocabulary.logon,
    transport: parts.transport ?? new TcpTransport(tcpOptions(config, clock, (text) => logger.warn(text))),
    heartbeat: parts.heartbeat ?? new HeartbeatMonitor({ clock }),
    ...(journal === undefined ? ownJournal(config, logger) : broughtJournal(journal))
  }
}

/** Messages of each session and direction that are kept where there is no file. */
const MOST_IN_MEMORY = 100_000

type JournalDoor = Pick<RuntimeParts, 'openJournal' | 'closeJournal'>

/** Whoever brought it closes it. */
function broughtJournal(journal: Journal): JournalDoor {
  return { openJournal: () => journal, closeJournal: () => {} }
}

function ownJournal({ journal }: ParsedSessionConfig, logger: RuntimeParts['logger']): JournalDoor {
  if (journal.path === ':memory:') {
    // It ends with the session, not with `stop`: after that the session knows its numbers still.
    let memory: MemoryJournal | undefined
    return {
      openJournal: () => {
        memory ??= new MemoryJournal({ maxMessages: Math.min(journal.retention.maxMessages, MOST_IN_MEMORY) })
        return memory
      },
      closeJournal: () => {}
    }
  }
  const { path, synchronous, retention } = journal
  return {
    openJournal: () => new SqliteJournal({ path, synchronous, retention, logger }),
    closeJournal: (opened) => opened.close()
  }
}
