import type { Codec } from '../codec/codec.js'
import type { ParsedSessionConfig } from '../config/config.js'
import { REPLAY_PAGE, type StoredMessage } from '../core/replay.js'
import type { SessionCore } from '../core/session-core.js'
import { FixError, FixJournalError } from '../errors.js'
import { FixMessage } from '../fix/message.js'
import { formatUtcTimestamp } from '../fix/timestamp.js'
import type { JournalMessage, JournalState } from '../journal/journal.js'
import type { Connection } from '../transport/transport.js'
import { Decisions, type Verdict } from './decisions.js'
import { judged } from './farewells.js'
import type { Link } from './link.js'
import type { RuntimeParts } from './parts.js'
import type { SessionJournal } from './session-journal.js'

const advice =
  'Save what can be read with gapfill journal repair and go on with that file, or set forceResendWhenCorruptedStore.'

/** On whose behalf questions are asked. */
export interface Asker {
  readonly core: SessionCore
  readonly link: Link
  readonly journal: SessionJournal
  now(): { readonly wall: number; readonly mono: number }
  /** Gives the core what it has been waiting for. */
  answer(give: () => void): void
  commitFailed(error: FixJournalError): void
  report(error: Error): void
}

/**
 * What the core asks of the application and of the journal. Each answer comes at once or later; one that comes when the
 * connection on which it was asked is gone is nobody's.
 */
export class Questions {
  private readonly asker: Asker
  private readonly config: ParsedSessionConfig
  private readonly codec: Codec
  private readonly decisions: Decisions
  /** The connection whose Logon has been let in already: nobody is asked about it a second time. */
  admitted: Connection | undefined

  constructor(asker: Asker, config: ParsedSessionConfig, parts: RuntimeParts) {
    this.asker = asker
    this.config = config
    this.codec = parts.codec
    this.decisions = new Decisions(parts, new Set(config.secretTags), (error) => asker.report(error))
  }

  reportCommit(): void {
    const { connection } = this.asker.link
    if (connection === undefined) return
    this.asker.journal.outlet?.afterwards(() =>
      this.answerOn(connection, () => this.asker.core.committed(this.asker.now()))
    )
  }

  authenticate(logon: FixMessage): void {
    const { connection } = this.asker.link
    if (connection === undefined) return
    const answer = ({ admitted, text }: Verdict): void =>
      this.answerOn(connection, () => this.asker.core.authenticated(admitted, text, this.asker.now()))
    const known = this.admitted === connection
    this.admitted = undefined
    if (known) answer({ admitted: true, text: '' })
    else this.authenticateOn(connection, logon, answer)
  }

  /** As `authenticate`, about a Logon that came on another connection than the link. */
  authenticateOn(connection: Connection, logon: FixMessage, answer: (verdict: Verdict) => void): void {
    const { remoteAddress, remotePort, certificate } = connection
    this.decisions.authenticate(logon, { remoteAddress, remotePort, certificate }, (verdict) => {
      judged(connection, verdict.admitted)
      answer(verdict)
    })
  }

  signLogon(logon: FixMessage, msgSeqNum: number, time: number): void {
    const { connection } = this.asker.link
    if (connection === undefined) return
    const precision = this.config.timestampPrecision ?? this.asker.core.version.timestampPrecision
    const sendingTime = formatUtcTimestamp(time, precision)
    this.decisions.signLogon(logon, { msgSeqNum, sendingTime }, (signed) =>
      this.answerOn(connection, () => {
        if (typeof signed === 'string') this.asker.core.logonNotSigned(signed, this.asker.now())
        else this.asker.core.logonSigned(signed, time, this.asker.now())
      })
    )
  }

  /** After what was said before is saved, so that nothing of this session's own is missing from them. */
  readNumbers(): void {
    const { connection } = this.asker.link
    if (connection === undefined) return
    const use = ({ nextNumIn, nextNumOut, connectTime, resetTime, lostFrom }: JournalState): void =>
      this.answerOn(connection, () => {
        const now = this.asker.now()
        this.asker.core.numbersRead(nextNumIn, nextNumOut, connectTime !== undefined, now, resetTime, lostFrom)
      })
    const failed = (error: FixJournalError): void => {
      if (this.asker.link.connection === connection) this.asker.commitFailed(error)
    }
    this.asker.journal.outlet?.afterwards(() => {
      if (this.asker.link.connection === connection) this.asker.journal.reload(use, failed)
    })
  }

  /** One page of a resend a turn, after what was sent before is saved, and no faster than the counterparty reads. */
  readJournal(from: number, to: number): void {
    const { connection } = this.asker.link
    if (connection === undefined) return
    const failed = (error: FixJournalError): void => {
      if (this.asker.link.connection === connection) this.asker.commitFailed(error)
    }
    const use = (page: readonly JournalMessage[]): void => {
      const stored = this.decodeStored(page)
      if (stored instanceof FixJournalError) {
        failed(stored)
        return
      }
      this.answerOn(connection, () => {
        const readTo = page.at(-1)?.msgSeqNum
        this.asker.core.journalRead(stored, page.length === REPLAY_PAGE, this.asker.now(), readTo)
      })
    }
    const read = (): void => {
      if (this.asker.link.connection === connection) this.asker.journal.read(from, to, REPLAY_PAGE, use, failed)
    }
    this.asker.journal.outlet?.afterwards(() => {
      if (this.asker.link.connection === connection) this.asker.link.whenDrained(read)
    })
  }

  decideReplay(messages: readonly FixMessage[]): void {
    const { connection } = this.asker.link
    if (connection === undefined) return
    this.decisions.shouldReplay(messages, (answers) =>
      this.answerOn(connection, () => this.asker.core.replayDecided(answers, this.asker.now()))
    )
  }

  /**
   * What cannot be decoded stops the session, as any damage of the journal does: to gap-fill it would tell the
   * counterparty that it was nothing of importance. `forceResendWhenCorruptedStore` says that it is to be done all the same.
   */
  private decodeStored(page: readonly JournalMessage[]): StoredMessage[] | FixJournalError {
    const stored: StoredMessage[] = []
    for (const { msgSeqNum, bytes } of page) {
      const message = this.codec.decode(bytes)
      if (message instanceof FixMessage && message.msgSeqNum === msgSeqNum) {
        stored.push({ msgSeqNum, message })
        continue
      }
      const got = message instanceof FixMessage ? `MsgSeqNum(34)=${message.msgSeqNum}` : message.text
      const what = `Expected the message with MsgSeqNum(34)=${msgSeqNum} in the journal, got a damaged one (${got})`
      if (!this.config.forceResendWhenCorruptedStore)
        return new FixJournalError('JOURNAL_CORRUPT', `${what}. ${advice}`)
      this.asker.report(new FixError('STORED_MESSAGE_CORRUPT', `${what}: it is gap-filled.`))
    }
    return stored
  }

  private answerOn(connection: Connection, give: () => void): void {
    if (this.asker.link.connection !== connection) return
    this.asker.answer(give)
    this.asker.link.resume()
  }
}
