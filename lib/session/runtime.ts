import type { Codec } from '../codec/codec.js'
import type { ParsedSessionConfig } from '../config/config.js'
import type { Instant } from '../core/deadline.js'
import type { DisconnectReason, Effect } from '../core/effect.js'
import { SessionCore } from '../core/session-core.js'
import { FixConnectionError, FixError, type FixJournalError } from '../errors.js'
import type { Garbled } from '../fix/garbled.js'
import { FixMessage } from '../fix/message.js'
import { isAdmin } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import type { Journal, JournalState } from '../journal/journal.js'
import { Schedule } from '../schedule/schedule.js'
import type { Connection } from '../transport/transport.js'
import { Backpressure } from './backpressure.js'
import { SessionCounters } from './counters.js'
import { Link, type LinkOwner } from './link.js'
import type { Outlet } from './outlet.js'
import { withOwnPossDup } from './own-poss-dup.js'
import type { RuntimeParts } from './parts.js'
import { peerOf } from './peer.js'
import { bytesOf, Performer, type PerformerOwner } from './performer.js'
import { type Asker, Questions } from './questions.js'
import type { RuntimeEvents } from './runtime-events.js'
import { SessionJournal, type SessionJournalOwner } from './session-journal.js'
import { errorOf } from './thrown.js'
import { driftText } from './vocabulary.js'

/** Milliseconds for which the clock on the wall is not asked again: it counts whole ones. */
const WALL_HOLDS = 0.25

/**
 * Carries out what the core decides, in order.
 *
 * Listeners may call the session while an effect is carried out: what the core decides then is put behind what it has decided
 * before, so that bytes leave in the order of their numbers.
 */
export class SessionRuntime implements LinkOwner, SessionJournalOwner, Asker, PerformerOwner {
  readonly id: string
  readonly core: SessionCore
  readonly counters = new SessionCounters()
  readonly link: Link
  readonly journal: SessionJournal
  private readonly config: ParsedSessionConfig
  private readonly parts: RuntimeParts
  private readonly events: RuntimeEvents
  readonly questions: Questions
  private readonly performer: Performer
  readonly backpressure: Backpressure
  private running = false
  readonly instant = { wall: 0, mono: 0 }

  constructor(id: string, config: ParsedSessionConfig, parts: RuntimeParts, events: RuntimeEvents) {
    this.id = id
    this.config = config
    this.parts = parts
    this.events = events
    this.core = new SessionCore(config, {
      encode: config.allowPosDup
        ? (message, header) => parts.codec.encode(message, withOwnPossDup(message, header))
        : (message, header) => parts.codec.encode(message, header),
      validate: parts.validate,
      asksAuthentication: parts.authenticate !== undefined,
      asksSignature: parts.signLogon !== undefined,
      endpoints: config.role === 'initiator' ? config.hosts.length : 1,
      schedule: scheduleOf(config)
    })
    this.link = new Link(this, parts.transport, parts.codec)
    this.journal = new SessionJournal(this, parts.clock)
    this.questions = new Questions(this, config, parts)
    this.performer = new Performer(this, config, parts, events)
    this.backpressure = new Backpressure({ fullness: () => this.fullness(), drained: () => events.emit('drain') })
    parts.heartbeat.start(() => {
      this.answer(() => this.core.time(this.now()))
      this.performer.logLimit.sumUp('due')
    })
  }

  /** The time by both clocks, for the core's inputs. One object is used again and again. */
  now(): Instant {
    const { instant } = this
    const { clock } = this.parts
    const mono = clock.monotonic()
    // Inputs come by the hundred thousand a second, and the clock on the wall tells whole milliseconds. A clock that has not gone on
    // at all is a virtual one, and may have been set meanwhile.
    const passed = mono - instant.mono
    if (!(passed > 0 && passed < WALL_HOLDS)) instant.wall = clock.now()
    instant.mono = mono
    return instant
  }

  /** Gives the core an input of the application and carries out what it decides. Throws what the core throws. */
  input<T>(give: (core: SessionCore, now: Instant) => T): T {
    try {
      return give(this.core, this.now())
    } finally {
      this.run()
    }
  }

  /** Gives the core what it has been waiting for. What is thrown on the way ends the link, not the process. */
  answer(give: () => void): void {
    try {
      give()
    } catch (error) {
      this.partFailed(error)
    }
    this.run()
  }

  // ---- the journal ---------------------------------------------------------------------------------------------

  numbers(): { nextNumIn: number; nextNumOut: number } {
    return { nextNumIn: this.core.durableNumIn, nextNumOut: this.core.nextNumOut }
  }

  isLink(connection: Connection): boolean {
    return this.link.connection === connection
  }

  openJournal(): Journal {
    return this.parts.openJournal()
  }

  closeJournal(journal: Journal): void | Promise<void> {
    return this.parts.closeJournal(journal)
  }

  loaded(state: JournalState): void {
    const { nextNumIn, nextNumOut, connectTime, resetTime, lostFrom } = state
    this.core.loaded(nextNumIn, nextNumOut, connectTime !== undefined, this.now(), resetTime, lostFrom)
    this.run()
  }

  saved(): void {
    this.link.resume()
    this.backpressure.shrunk()
  }

  /** DESIGN, law 6: nothing that is not saved is said, and nothing goes on. */
  commitFailed(error: FixJournalError): void {
    const unsaved = this.journal.giveUp(error)
    if (unsaved === undefined) return
    this.core.commitFailed(error.message, this.now())
    this.events.journalFailed(error)
    this.events.report(error)
    const { connection } = this.link
    if (connection !== undefined) this.link.close(connection, true, { code: 'JOURNAL_FAILED', text: error.message })
    this.run()
    const reason = { code: 'JOURNAL_FAILED', text: `It was not saved, and so not sent: ${error.message}` }
    for (const message of applicationMessages(this.parts.codec, unsaved)) this.events.emit('dropped', message, reason)
  }

  /** Saves what is waiting, closes the journal, and lets go of the timer. */
  async close(): Promise<void> {
    await this.journal.close()
    this.parts.heartbeat.stop()
  }

  report(error: Error): void {
    this.events.report(error)
  }

  private get outlet(): Outlet | undefined {
    return this.journal.outlet
  }

  // ---- the link ------------------------------------------------------------------------------------------------

  /** True when a link exists, or is not wanted: a further connection is not for this session. */
  get busy(): boolean {
    return this.core.phase.connected || !this.core.wanted || this.outlet === undefined
  }

  /** DESIGN, law 4: throws FixConnectionError `OUTBOUND_FULL` while too much waits for the journal, and so for the socket. */
  refuseWhenFull(): void {
    const bytes = this.unsavedBytes
    if (bytes <= this.config.maxOutboundBuffer || !this.core.phase.maySend) return
    throw new FixConnectionError(
      'OUTBOUND_FULL',
      `${bytes} bytes wait to be saved (maxOutboundBuffer): send again after the 'drain' event.`
    )
  }

  /** How much of what may wait for the journal, the counterparty, a resend or a logon does, 0 to 1. */
  private fullness(): number {
    const { core, link, config } = this
    const bytes = this.unsavedBytes + link.unreadBytes + core.replay.backlog
    return Math.max(bytes / config.maxOutboundBuffer, core.queue.fullness(core))
  }

  drained(): void {
    this.backpressure.shrunk()
  }

  private get unsavedBytes(): number {
    return this.core.effectBytes + (this.outlet?.outboundBytes ?? 0)
  }

  /** An answer is awaited, or what came is not saved yet and too much to go on. */
  get holding(): boolean {
    if (this.core.holding) return true
    return this.outlet !== undefined && this.outlet.inboundBytes > this.config.maxInboundBacklog
  }

  endOfTurn(callback: () => void): void {
    this.parts.clock.endOfTurn(callback)
  }

  connected(connection: Connection): void {
    this.parts.logger.info({ peer: peerOf(connection) }, 'Connected.')
    this.core.connected(this.now())
    this.run()
  }

  dialFailed(reason: DisconnectReason): void {
    this.core.dialFailed(reason, this.now())
    this.run()
  }

  take(item: FixMessage | Garbled): void {
    if (item instanceof FixMessage) {
      if (this.parts.logger.messages) this.parts.logger.received(bytesOf(item))
      this.core.message(item, this.now())
      if (this.parts.drift.untold.length > 0) this.tellDrift()
    } else {
      this.counters.garbled++
      this.core.garbled(item, this.now())
    }
    this.run()
  }

  readingStopped(): void {
    this.core.readingStopped(this.now())
  }

  readingResumed(): void {
    this.core.readingResumed(this.now())
    this.parts.heartbeat.arm(this.core.deadline())
  }

  private tellDrift(): void {
    for (const kind of this.parts.drift.untold.splice(0)) {
      this.parts.logger.warn(driftText(kind))
      this.events.emit('drift', kind)
    }
  }

  disconnected(reason: DisconnectReason): void {
    this.performer.logLimit.sumUp('now')
    this.core.disconnected(reason, this.now())
    this.run()
    this.events.linkGone()
  }

  /** DESIGN, law 4: a counterparty that does not read is cut off; what it lacks is saved, and resent later. */
  written(connection: Connection, hasRoom: boolean): void {
    this.link.written(connection, hasRoom)
    if (this.link.connection !== connection || connection.bufferedBytes <= this.config.maxOutboundBuffer) return
    const reason = {
      code: 'SLOW_COUNTERPARTY',
      text: `${connection.bufferedBytes} bytes wait for a counterparty that does not read (maxOutboundBuffer).`
    }
    this.events.report(new FixError(reason.code, reason.text))
    this.link.close(connection, true, reason)
  }

  /** A part that was brought along, or this library itself, threw where nothing may: the link ends, the process does not. */
  partFailed(thrown: unknown): void {
    const error = errorOf(thrown)
    const reason = { code: 'PART_FAILED', text: `A part of the session failed: ${error.message}` }
    this.events.report(new FixError(reason.code, reason.text, { cause: error }))
    const { connection } = this.link
    if (connection !== undefined) this.link.close(connection, true, reason)
  }

  // ---- effects -------------------------------------------------------------------------------------------------

  /** Carries out all effects. Called again meanwhile it does nothing: the first call goes on until none is left. */
  run(): void {
    if (this.running) return
    this.running = true
    const { effects } = this.core
    for (let next = 0; next < effects.length; next++) {
      try {
        this.performer.perform(effects[next] as Effect)
      } catch (error) {
        this.partFailed(error)
      }
    }
    effects.length = 0
    this.core.effectBytes = 0
    this.running = false
    this.parts.heartbeat.arm(this.core.deadline())
    // What held up what comes in may be over.
    this.link.resume()
    this.backpressure.shrunk()
  }
}

/** New messages of the application among those that were to be saved or written; what was sent again has been saved before. */
function applicationMessages(codec: Codec, all: Iterable<Uint8Array>): FixMessage[] {
  const messages: FixMessage[] = []
  for (const bytes of all) {
    const message = codec.decode(bytes)
    if (message instanceof FixMessage && !isAdmin(message.msgType) && message.get(Tag.PossDupFlag) !== 'Y')
      messages.push(message)
  }
  return messages
}

/** Undefined where the session never ends: nothing need be watched then. */
function scheduleOf(config: ParsedSessionConfig): Schedule | undefined {
  const schedule = Schedule.of(config)
  return schedule.isNonStop ? undefined : schedule
}
