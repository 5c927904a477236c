import type { Clock } from '../clock.js'
import type { Codec } from '../codec/codec.js'
import type { ParsedSessionConfig } from '../config/config.js'
import type { Instant } from '../core/deadline.js'
import type { DisconnectReason, Effect } from '../core/effect.js'
import { REPLAY_PAGE, type StoredMessage } from '../core/replay.js'
import { type Delivery, SessionCore } from '../core/session-core.js'
import { FixError, FixJournalError } from '../errors.js'
import type { Garbled } from '../fix/garbled.js'
import { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { formatUtcTimestamp } from '../fix/timestamp.js'
import type { Heartbeat } from '../heartbeat/heartbeat-monitor.js'
import type { Journal, JournalMessage } from '../journal/journal.js'
import type { SessionLogger } from '../log.js'
import type { Connection, Dial, Transport } from '../transport/transport.js'
import { SessionCounters } from './counters.js'
import { Decisions } from './decisions.js'
import type { SessionEvents } from './events.js'
import { Inlet } from './inlet.js'
import { Outlet } from './outlet.js'
import type { SessionDecisions } from './parts.js'
import { peerOf } from './reception.js'
import { withoutSecrets } from './secrets.js'
import type { Validate } from './vocabulary.js'

/** What a runtime is composed of. */
export interface RuntimeParts extends SessionDecisions {
  readonly codec: Codec
  readonly validate: Validate | undefined
  readonly transport: Transport
  readonly heartbeat: Heartbeat
  readonly clock: Clock
  readonly logger: SessionLogger
  /** Opens the journal, or opens it again after `close`. */
  readonly openJournal: () => Journal
  readonly closeJournal: (journal: Journal) => void | Promise<void>
}

/** Where the runtime's events go. */
export interface RuntimeEvents {
  /** Calls the listeners; false when there are none. */
  emit<Name extends keyof SessionEvents>(event: Name, ...args: Parameters<SessionEvents[Name]>): boolean
  /** Gives an application message to its listeners. */
  deliver(message: FixMessage): Delivery
  /** An error for the application, logged when nobody listens. */
  report(error: Error): void
  /** The journal failed; the session has stopped. */
  journalFailed(error: FixJournalError): void
}

/**
 * Carries out what the core decides, in order.
 *
 * Listeners may call the session while an effect is carried out: what the core decides then is put behind what it has decided
 * before, so that bytes leave in the order of their numbers.
 */
export class SessionRuntime {
  readonly core: SessionCore
  readonly counters = new SessionCounters()
  private readonly id: string
  private readonly config: ParsedSessionConfig
  private readonly parts: RuntimeParts
  private readonly events: RuntimeEvents
  private readonly decisions: Decisions
  private journal: Journal | undefined
  private outlet: Outlet | undefined
  private opening: Promise<Outlet> | undefined
  private connection: Connection | undefined
  private inlet: Inlet | undefined
  private dialling: Dial | undefined
  /** The socket has taken as much as it wants for now. */
  private needsDrain = false
  /** A resend waits until the counterparty has read more. */
  private afterDrain: (() => void) | undefined
  private running = false
  private readonly instant = { wall: 0, mono: 0 }
  private readonly whenAtRest: (() => void)[] = []

  constructor(id: string, config: ParsedSessionConfig, parts: RuntimeParts, events: RuntimeEvents) {
    this.id = id
    this.config = config
    this.parts = parts
    this.events = events
    this.decisions = new Decisions(parts, (error) => events.report(error))
    this.core = new SessionCore(config, {
      encode: (message, header) => parts.codec.encode(message, header),
      validate: parts.validate,
      asksAuthentication: parts.authenticate !== undefined,
      asksSignature: parts.signLogon !== undefined,
      endpoints: config.role === 'initiator' ? config.hosts.length : 1
    })
    parts.heartbeat.start(() => {
      this.core.time(this.now())
      this.run()
    })
  }

  /** The time by both clocks, for the core's inputs. One object is used again and again. */
  now(): { readonly wall: number; readonly mono: number } {
    this.instant.wall = this.parts.clock.now()
    this.instant.mono = this.parts.clock.monotonic()
    return this.instant
  }

  /** Gives the core an input and carries out what it decides. */
  input<T>(give: (core: SessionCore, now: Instant) => T): T {
    const result = give(this.core, this.now())
    this.run()
    return result
  }

  // ---- the journal ---------------------------------------------------------------------------------------------

  /** The way out, once the journal is open. Rejects with FixJournalError. */
  open(): Promise<Outlet> {
    if (this.outlet !== undefined) return Promise.resolve(this.outlet)
    this.opening ??= this.openJournal().finally(() => {
      this.opening = undefined
    })
    return this.opening
  }

  private async openJournal(): Promise<Outlet> {
    const journal = this.parts.openJournal()
    try {
      const now = this.parts.clock.now()
      const state = await journal.load(this.id, now)
      this.journal = journal
      this.outlet = new Outlet(
        {
          id: this.id,
          numbers: () => this.core,
          written: (connection, hasRoom) => this.written(connection, hasRoom),
          commitFailed: (error) => this.commitFailed(error)
        },
        journal,
        this.parts.clock
      )
      this.core.loaded(state.nextNumIn, state.nextNumOut, state.connectTime !== undefined, this.now())
      this.run()
      return this.outlet
    } catch (error) {
      await this.parts.closeJournal(journal)
      throw error
    }
  }

  async flush(): Promise<void> {
    await this.outlet?.flush()
  }

  async close(): Promise<void> {
    await this.outlet?.flush().catch(() => {})
    this.parts.heartbeat.stop()
    const { journal } = this
    this.outlet = undefined
    this.journal = undefined
    if (journal !== undefined) await this.parts.closeJournal(journal)
  }

  /** DESIGN, law 6: nothing that is not saved is said, and nothing goes on. */
  private commitFailed(error: FixJournalError): void {
    if (this.outlet === undefined) return
    this.outlet = undefined
    const { journal, connection } = this
    this.journal = undefined
    this.core.commitFailed(error.message, this.now())
    if (connection !== undefined) {
      connection.destroy()
      this.detached(connection, { code: 'JOURNAL_FAILED', text: error.message })
    }
    this.run()
    if (journal !== undefined) void Promise.resolve(this.parts.closeJournal(journal)).catch(() => {})
    this.events.report(error)
    this.events.journalFailed(error)
  }

  // ---- the link ------------------------------------------------------------------------------------------------

  /** True when a link exists, or is not wanted: a further connection is not for this session. */
  get busy(): boolean {
    return this.core.phase.connected || !this.core.wanted || this.outlet === undefined
  }

  /** Resolves when there is no link. */
  atRest(): Promise<void> {
    if (!this.core.phase.connected) return Promise.resolve()
    return new Promise((resolve) => this.whenAtRest.push(resolve))
  }

  /** Takes over a connection; `bytes` is what was read from it before. */
  attach(connection: Connection, bytes?: Uint8Array): void {
    this.connection = connection
    const { core } = this
    const inlet = new Inlet(this.parts.codec, connection, {
      get holding() {
        return core.pendingLogon !== undefined
      },
      take: (item) => this.take(item)
    })
    this.inlet = inlet
    connection.start({
      data: (data) => inlet.receive(data),
      drain: () => this.drained(),
      close: (reason) => this.detached(connection, reason)
    })
    this.parts.logger.info({ peer: peerOf(connection) }, 'Connected.')
    core.connected(this.now())
    this.run()
    if (bytes !== undefined) inlet.receive(bytes)
  }

  private take(item: FixMessage | Garbled): void {
    if (item instanceof FixMessage) this.core.message(item, this.now())
    else {
      this.counters.garbled++
      this.core.garbled(item, this.now())
    }
    this.run()
  }

  /** The link is gone, or this side has done with it. */
  private detached(connection: Connection, reason: DisconnectReason): void {
    if (this.connection !== connection) return
    this.connection = undefined
    this.needsDrain = false
    this.afterDrain = undefined
    this.inlet?.close()
    this.inlet = undefined
    this.core.disconnected(reason, this.now())
    this.run()
    for (const resolve of this.whenAtRest.splice(0)) resolve()
  }

  private dial(endpoint: number): void {
    if (this.config.role !== 'initiator') return
    const address = this.config.hosts[endpoint]
    if (address === undefined) return
    this.parts.logger.info(`Dialling ${address.host}:${address.port}.`)
    this.dialling = this.parts.transport.dial(address, {
      connected: (connection) => {
        this.dialling = undefined
        this.attach(connection)
      },
      failed: (reason) => {
        this.dialling = undefined
        this.core.dialFailed(reason, this.now())
        this.run()
      }
    })
  }

  /** DESIGN, law 4: a counterparty that does not read is cut off; what it lacks is saved, and resent later. */
  private written(connection: Connection, hasRoom: boolean): void {
    if (this.connection !== connection) return
    this.needsDrain = !hasRoom
    if (connection.bufferedBytes <= this.config.maxOutboundBuffer) return
    const reason = {
      code: 'SLOW_COUNTERPARTY',
      text: `${connection.bufferedBytes} bytes wait for a counterparty that does not read (maxOutboundBuffer).`
    }
    this.events.report(new FixError(reason.code, reason.text))
    connection.destroy()
    this.detached(connection, reason)
  }

  private drained(): void {
    const { afterDrain } = this
    this.needsDrain = false
    this.afterDrain = undefined
    afterDrain?.()
  }

  // ---- effects -------------------------------------------------------------------------------------------------

  /** Carries out all effects. Called again meanwhile it does nothing: the first call goes on until none is left. */
  run(): void {
    if (this.running) return
    this.running = true
    const { effects } = this.core
    for (let next = 0; next < effects.length; next++) {
      const effect = effects[next]
      if (effect !== undefined) this.perform(effect)
    }
    effects.length = 0
    this.running = false
    this.parts.heartbeat.arm(this.core.deadline())
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case 'deliver': {
        const outcome = this.events.deliver(effect.message)
        this.core.delivered(outcome, this.now())
        return
      }
      case 'received':
        this.counters.received++
        this.outlet?.storeIn(effect.msgSeqNum, this.saved(effect.message))
        return
      case 'send':
        this.store(effect.msgSeqNum, effect.bytes, effect.message)
        this.write(effect.bytes)
        return
      case 'store':
        this.store(effect.msgSeqNum, effect.bytes, effect.message)
        return
      case 'write':
        this.write(effect.bytes)
        return
      case 'resend':
        this.counters.countResend(effect.message, effect.msgSeqNum)
        this.write(effect.bytes)
        return
      case 'reset':
        this.outlet?.storeReset()
        return
      case 'connectedToday':
        this.outlet?.storeConnectTime()
        return
      case 'stateChange':
        this.parts.logger.debug(`${effect.previous} -> ${effect.state}`)
        this.events.emit('stateChange', effect.state, effect.previous)
        return
      case 'connect':
        this.events.emit('connect')
        return
      case 'logon':
        this.parts.logger.info(effect.healthy ? 'Logged on.' : 'Logged on with a gap to fill.')
        this.events.emit('logon', effect.message, effect.healthy)
        return
      case 'reject':
        this.events.emit('reject', effect.message)
        return
      case 'logout':
        this.events.emit('logout', effect.message)
        return
      case 'disconnect':
        this.events.emit('disconnect', effect.reason)
        return
      case 'fault':
        this.events.report(new FixError(effect.code, effect.text))
        return
      case 'log':
        this.parts.logger[effect.level](effect.text)
        return
      case 'dial':
        this.dial(effect.endpoint)
        return
      case 'abortDial':
        this.dialling?.abort()
        this.dialling = undefined
        return
      case 'close':
        this.closeLink(effect.abrupt, effect.reason)
        return
      case 'authenticate':
        this.authenticate(effect.logon)
        return
      case 'signLogon':
        this.signLogon(effect.logon, effect.msgSeqNum, effect.sendingTime)
        return
      case 'readJournal':
        this.readJournal(effect.from, effect.to)
        return
      case 'decideReplay':
        this.decideReplay(effect.messages)
        return
      case 'reportCommit':
        this.reportCommit()
        return
    }
  }

  private store(msgSeqNum: number, bytes: Uint8Array, message: FixMessage): void {
    this.counters.sent++
    if (message.msgType === MsgType.Reject) this.counters.rejected++
    if (!this.config.persistMessages) this.outlet?.touchNumbers()
    else if (message.msgType === MsgType.Logon)
      this.outlet?.storeOut(msgSeqNum, withoutSecrets(this.parts.codec, bytes))
    else this.outlet?.storeOut(msgSeqNum, bytes)
  }

  private saved(message: FixMessage): Uint8Array {
    const bytes = Buffer.from(message.bytes ?? '', 'latin1')
    return message.msgType === MsgType.Logon ? withoutSecrets(this.parts.codec, bytes) : bytes
  }

  private write(bytes: Uint8Array): void {
    if (this.connection !== undefined) this.outlet?.write(this.connection, bytes)
  }

  private closeLink(abrupt: boolean, reason: DisconnectReason): void {
    const { connection } = this
    if (connection === undefined) return
    this.inlet?.close()
    this.outlet?.afterwards(() => {
      if (abrupt) connection.destroy()
      else connection.end()
      this.detached(connection, reason)
    })
  }

  private reportCommit(): void {
    const { connection } = this
    this.outlet?.afterwards(() => {
      if (this.connection !== connection) return
      this.core.committed(this.now())
      this.run()
    })
  }

  // ---- answers -------------------------------------------------------------------------------------------------

  private authenticate(logon: FixMessage): void {
    const { connection } = this
    if (connection === undefined) return
    const { remoteAddress, remotePort } = connection
    this.decisions.authenticate(logon, { remoteAddress, remotePort }, ({ admitted, text }) => {
      if (this.connection !== connection) return
      this.core.authenticated(admitted, text, this.now())
      this.run()
      this.inlet?.resume()
    })
  }

  private signLogon(logon: FixMessage, msgSeqNum: number, time: number): void {
    const { connection } = this
    const precision = this.config.timestampPrecision ?? this.core.version.timestampPrecision
    const sendingTime = formatUtcTimestamp(time, precision)
    this.decisions.signLogon(logon, { msgSeqNum, sendingTime }, (signed) => {
      if (this.connection !== connection) return
      if (typeof signed === 'string') this.core.logonNotSigned(signed, this.now())
      else this.core.logonSigned(signed, time, this.now())
      this.run()
      this.inlet?.resume()
    })
  }

  /** One page of a resend a turn, after what was sent before is saved, and no faster than the counterparty reads. */
  private readJournal(from: number, to: number): void {
    const { connection, journal } = this
    if (connection === undefined || journal === undefined) return
    const read = (): void => {
      if (this.connection !== connection) return
      if (this.needsDrain) {
        this.afterDrain = read
        return
      }
      try {
        const page = journal.read(this.id, 'out', from, to, REPLAY_PAGE)
        if ('then' in page) page.then(use, failed)
        else use(page)
      } catch (error) {
        failed(error)
      }
    }
    const use = (page: readonly JournalMessage[]): void => {
      if (this.connection !== connection) return
      this.core.journalRead(this.decodeStored(page), page.length === REPLAY_PAGE, this.now())
      this.run()
    }
    const failed = (error: unknown): void => {
      if (this.connection !== connection) return
      this.commitFailed(
        error instanceof FixJournalError
          ? error
          : new FixJournalError('JOURNAL_READ', `The journal cannot be read: ${String(error)}`, { cause: error })
      )
    }
    this.outlet?.afterwards(read)
  }

  private decodeStored(page: readonly JournalMessage[]): StoredMessage[] {
    const stored: StoredMessage[] = []
    for (const { msgSeqNum, bytes } of page) {
      const message = this.parts.codec.decode(bytes)
      if (message instanceof FixMessage) {
        stored.push({ msgSeqNum, message })
      } else {
        const text = `MsgSeqNum(34)=${msgSeqNum} in the journal cannot be read (${message.text}): it is gap-filled.`
        this.events.report(new FixJournalError('JOURNAL_CORRUPT', text))
      }
    }
    return stored
  }

  private decideReplay(messages: readonly FixMessage[]): void {
    const { connection } = this
    this.decisions.shouldReplay(messages, (answers) => {
      if (this.connection !== connection) return
      this.core.replayDecided(answers, this.now())
      this.run()
    })
  }
}
