import { systemClock } from './clock.js'
import type { Codec } from './codec/codec.js'
import { type ParsedSessionConfig, parseConfig, type SessionConfig, sessionId } from './config/config.js'
import type { BusinessRejectDetails } from './core/admin.js'
import type { Drift } from './dictionary/validation/drift.js'
import { FixConfigError, FixConnectionError } from './errors.js'
import { FixMessage } from './fix/message.js'
import { MsgType } from './fix/msg-type.js'
import type { SessionState } from './fix/session-state.js'
import type { Logger } from './log.js'
import { secretsOf, withoutSecrets } from './redact.js'
import { checkSessionParts } from './session/check-parts.js'
import { ConnectPromise } from './session/connect-promise.js'
import type { Counters } from './session/counters.js'
import { Course } from './session/course.js'
import { completeParts } from './session/default-parts.js'
import { Entrance } from './session/entrance.js'
import type { SessionEvents } from './session/events.js'
import { Hearing } from './session/hearing.js'
import { ListenerError } from './session/listener-error.js'
import { type Emit, GuardedEmitter } from './session/listeners.js'
import { Listening } from './session/listening.js'
import type { MessageIterator } from './session/message-stream.js'
import type { SessionParts } from './session/parts.js'
import { checkMessage, checkRestState, checkSeqNum, journalFailure, notASession, notReset } from './session/refusals.js'
import { SessionRuntime } from './session/runtime.js'
import type { Connection } from './transport/transport.js'

/** How `disconnect` goes. */
export interface DisconnectOptions {
  /** Text(58) of a Logout(5) sent before the link is closed; undefined: no Logout is sent. */
  readonly logoutText?: string | undefined
  /** The state to be in afterwards, one of the three Disconnected... ones. Default: DisconnectedWConnToday. */
  readonly state?: SessionState | undefined
}

export interface SeqNums {
  /** The next MsgSeqNum(34) expected; 1 or more. */
  readonly nextNumIn?: number | undefined
  /** The next MsgSeqNum(34) to send; 1 or more. */
  readonly nextNumOut?: number | undefined
}

/**
 * A FIX session: a two-way, ordered, recoverable stream of messages with one counterparty.
 *
 * It composes a transport, a codec, a journal and a heartbeat monitor around the session core (lib/core); the runtime
 * (lib/session/runtime.ts) carries out what the core decides: journal before wire, one commit and one write a turn.
 *
 * `new FixSession<Message>(...)` with the `Message` of a version, such as `gapfill/fix44`, types what `message` listeners are
 * given: `message.msgType` tells which it is. It is for the compiler alone; what the dictionary lets in decides.
 */
export class FixSession<Message extends FixMessage = FixMessage> extends GuardedEmitter<SessionEvents<Message>> {
  /** E.g. `FIX.4.4:BUYSIDE->BROKER`; sub and location ids and the qualifier are added where they are set. */
  readonly id: string
  /** The config as it was understood: complete, checked, frozen. */
  readonly config: ParsedSessionConfig
  /** Bytes to messages and back, with the config's dictionary. */
  readonly codec: Codec
  /** What the counterparty did beside the dictionary: `summary` by message type and tag. Empty without `allowDrift`. */
  readonly drift: Drift
  private readonly emit = this.fire.bind(this) as unknown as Emit<SessionEvents>
  private readonly runtime: SessionRuntime
  private readonly logger: Logger
  private readonly entrance: Entrance
  private readonly listening: Listening
  private readonly course: Course
  /** Of a reset while logged on. */
  private readonly resetting = new ConnectPromise()
  private linkGoneAt: number
  private readonly hearing: Hearing

  /**
   * @param config What README's table of options lists; `role` is `initiator` or `acceptor`.
   * @param parts What the session is composed of; each has a default.
   * @throws FixConfigError naming every mistake. Nothing is opened.
   */
  constructor(config: SessionConfig, parts: SessionParts = {}) {
    super()
    checkSessionParts(parts)
    this.config = parseConfig(config)
    if (this.config.role === 'acceptor' && this.config.template) throw new FixConfigError('config', [notASession])
    this.id = sessionId(this.config)
    const clock = parts.clock ?? systemClock
    this.linkGoneAt = clock.monotonic()
    const complete = completeParts(this.config, parts, clock)
    this.codec = complete.codec
    this.drift = complete.drift.record
    this.logger = complete.logger
    this.runtime = new SessionRuntime(this.id, this.config, complete, {
      emit: this.emit,
      deliver: (message) => this.hearing.deliver(message),
      report: (error) => this.report(error),
      loggedOn: () => this.course.loggedOn(),
      journalFailed: (error) => {
        this.resetting.reject(journalFailure(error))
        this.course.journalFailed(error)
      },
      resetEnded: (failure) => {
        if (failure === undefined) this.resetting.resolve()
        else this.resetting.reject(notReset(this.id, failure))
      },
      linkGone: () => {
        this.linkGoneAt = clock.monotonic()
        this.course.linkGone()
      },
      probed: (alive) => this.entrance.probed(alive)
    })
    this.hearing = new Hearing(
      {
        emit: this.emit,
        suspend: () => this.runtime.input((core, now) => core.suspend(now)),
        takeUp: () => this.runtime.input((core, now) => core.takeUp(now)),
        acknowledged: (message) => this.runtime.input((core, now) => core.acknowledged(message, now)),
        unheard: () => this.logger.warn("An application message came and nobody listens to 'message'.")
      },
      this.config.ack === 'manual'
    )
    this.entrance = new Entrance(this.runtime, this.config, {
      codec: this.codec,
      clock,
      logger: this.logger,
      authenticate: complete.authenticate
    })
    this.listening = new Listening(this.config, complete, (connection, bytes, logon) =>
      this.entrance.welcome(connection, bytes, logon)
    )
    const { id, runtime, entrance, listening, hearing } = this
    const report = (error: Error): void => this.report(error)
    this.course = new Course({ id, config: this.config, runtime, entrance, listening, hearing, report })
  }

  /** Which side dials and sends the first Logon: `initiator`; the other listens. */
  get role(): 'initiator' | 'acceptor' {
    return this.config.role
  }

  /** Where the session stands, as the standard's session state matrix has it. */
  get state(): SessionState {
    return this.runtime.core.state
  }

  /** The next MsgSeqNum(34) expected; 1 until the journal has been opened. */
  get nextNumIn(): number {
    return this.runtime.core.nextNumIn
  }

  /** The next MsgSeqNum(34) to send; 1 until the journal has been opened. */
  get nextNumOut(): number {
    return this.runtime.core.nextNumOut
  }

  /** HeartBtInt(108) as negotiated, seconds. */
  get heartBtInt(): number {
    return this.runtime.core.heartBtInt
  }

  /** What has happened since this object was made. */
  get counters(): Readonly<Counters> {
    return this.runtime.counters
  }

  /** The port an acceptor listens on; undefined while it does not. */
  get listeningPort(): number | undefined {
    return this.listening.port
  }

  // ---- the link ------------------------------------------------------------------------------------------------

  /**
   * Initiator: dials, and resolves at the first logon; redials until then and ever after (`reconnectInterval`). Acceptor:
   * resolves when listening.
   *
   * Rejects with FixConnectionError: `ALREADY_CONNECTED`, `STOPPED` (when ended first, or called while `stop` is under way),
   * `PORT_IN_USE`, `LISTEN_FAILED`, `JOURNAL_FAILED` with the journal's error as its cause. A promise that nobody awaits never
   * crashes the process.
   */
  connect(): Promise<void> {
    return this.course.connect()
  }

  /**
   * Opens the journal, so that the numbers are known; `connect()` does it too.
   *
   * @throws FixConnectionError `JOURNAL_FAILED` with the journal's error as its cause.
   */
  async open(): Promise<void> {
    try {
      await this.runtime.journal.open()
    } catch (error) {
      throw journalFailure(error)
    }
  }

  /** Sends Logout(5), waits for the counterparty's (`logoutTimeout`), and resolves when the link is closed. Ends dialling. */
  async logout(text?: string): Promise<void> {
    this.runtime.input((core, now) => core.logout(text, now))
    this.course.dialEnded()
    await this.runtime.link.gone()
  }

  /**
   * Closes the link, with a Logout(5) before it where `logoutText` is given; its answer is not awaited. Ends dialling.
   *
   * @throws FixError `STATE` for a state that none without a link can be in; nothing has changed then.
   */
  async disconnect(options: DisconnectOptions = {}): Promise<void> {
    checkRestState(options.state)
    this.runtime.input((core, now) => core.disconnect(options.logoutText, options.state, now))
    this.course.dialEnded()
    await this.runtime.link.gone()
  }

  /**
   * Logs out if logged on, closes, ends dialling or listening, and closes the journal it opened. `connect()` begins again.
   *
   * @throws FixJournalError when the journal cannot be closed.
   */
  stop(): Promise<void> {
    return this.course.stop()
  }

  // ---- messages ------------------------------------------------------------------------------------------------

  /**
   * Encodes and numbers an application message; it goes out when this turn of the event loop is saved.
   *
   * While nobody is logged on it is refused or, with `sendWhileLoggedOff: 'queue'`, a copy of it waits for the next logon: in
   * memory only, at most `maxQueued` of them and each no longer than `maxMessageAge` or `maxMessageAges` say. The `sent` or
   * the `dropped` event then tells how it ended. So it is with a message whose turn has not come yet (`outboundLimit`): it gets its number
   * and is saved when it leaves, behind what waited before it; it is not in the transaction of a message that it answers.
   *
   * @returns its MsgSeqNum(34); undefined where it waits for a logon or for its turn.
   * @throws FixConnectionError `NOT_LOGGED_ON`, `QUEUE_FULL`, `THROTTLED` (`outboundLimit` with `maxMessageAge` 0), or `OUTBOUND_FULL`
   * while `maxOutboundBuffer` bytes wait for the journal or for a resend to finish; FixError `ADMIN_MESSAGE`, `NOT_A_MESSAGE`; what the
   * codec throws. No number is used then.
   */
  send(message: FixMessage): number | undefined {
    const { runtime } = this
    checkMessage(message)
    runtime.refuseWhenFull()
    try {
      const msgSeqNum = runtime.core.send(message, runtime.now())
      if (msgSeqNum !== undefined) this.emit('sent', message, msgSeqNum)
      return msgSeqNum
    } finally {
      runtime.run()
      runtime.backpressure.grown()
    }
  }

  /**
   * Whoever sends had better wait for the `drain` event: half of what may wait does, for the journal, for a counterparty that reads
   * too slowly, for a resend to finish, or for a logon (`maxOutboundBuffer`, `maxQueued`). One who goes on is refused at the limit
   * (`OUTBOUND_FULL`, `QUEUE_FULL`), or the connection is closed (`SLOW_COUNTERPARTY`) and the counterparty asks again for what it lacks.
   */
  get writableNeedDrain(): boolean {
    return this.runtime.backpressure.needsDrain
  }

  /**
   * Resolves when all sent so far is in the journal and with the socket, but for what waits for a logon or for its turn; rejects with
   * FixJournalError when a commit failed.
   */
  flush(): Promise<void> {
    return this.runtime.journal.flush()
  }

  /** @throws FixConnectionError `TEST_REQUEST_PENDING` while another is unanswered, `NOT_LOGGED_ON`. */
  sendTestRequest(): void {
    this.runtime.input((core, now) => core.testRequest(now))
  }

  /**
   * Refuses an application message: BusinessMessageReject(j), or Reject(3) before FIX 4.2.
   *
   * @returns the reject's MsgSeqNum(34).
   * @throws FixConnectionError `NOT_LOGGED_ON`, `OUTBOUND_FULL`; FixError `NOT_A_MESSAGE`.
   */
  reject(message: FixMessage, details: BusinessRejectDetails = {}): number {
    checkMessage(message)
    this.runtime.refuseWhenFull()
    try {
      return this.runtime.input((core, now) => core.businessReject(message, details, now))
    } finally {
      this.runtime.backpressure.grown()
    }
  }

  // ---- how much comes in ---------------------------------------------------------------------------------------

  /**
   * Delivers no more application messages until `resume()`, over disconnects too. While logged on the socket is not read, so that
   * TCP slows the counterparty down: at most one read of it waits here. Heartbeats are still sent, and the counterparty's silence, or
   * the age of what waited, is not held against it. A TestRequest of the counterparty waits unanswered with the rest, though, and its
   * buffers fill: it may hang up, which is seen here when reading goes on, at the latest; nothing is lost by that.
   *
   * Logging on and out go on: `logout()` and `stop()` do not wait for what was not taken, it comes again at the next logon.
   */
  pause(): void {
    this.hearing.setPaused(true)
  }

  /** Goes on after `pause()`: what waited is delivered first, in order. */
  resume(): void {
    this.hearing.setPaused(false)
  }

  /** `pause()` was called, and not `resume()` since. */
  get paused(): boolean {
    return this.hearing.paused
  }

  /**
   * The application messages from now on, one after the other, and no faster than they are asked for: what nobody has asked for
   * is not read from the socket, as with `pause()`. Call it before `connect()` to miss none. Listeners of `message` get the same
   * messages, at the same pace; of several iterators the slowest sets it. One that is not iterated over holds up the session:
   * leave it with `return()`.
   *
   * Asking for the next message, or leaving the loop, says that the one before it has been dealt with, and only then does its
   * number become durable; with `ack: 'manual'` only `message.ack()` does that. Leaving the loop by an exception is leaving it.
   *
   * The iteration goes on over disconnects and logons. It ends with `stop()`, and for an initiator with `logout()` and
   * `disconnect()`, which end its dialling.
   *
   * @throws FixConnectionError `JOURNAL_FAILED` (from the iteration), with the journal's error as its cause.
   */
  messages(): MessageIterator<Message> {
    return this.hearing.stream() as MessageIterator<FixMessage> as MessageIterator<Message>
  }

  /** Messages that were delivered and are not acknowledged; see options `ack` and `maxUnacknowledged`. */
  get unacknowledged(): number {
    return this.runtime.core.intake.size
  }

  // ---- sequence numbers ----------------------------------------------------------------------------------------

  /**
   * Both numbers back to 1. Logged off: the journal's, at once. Logged on: by a Logon with ResetSeqNumFlag(141)=Y, which
   * `signLogon` signs as the first; resolves when the counterparty has answered it.
   *
   * @throws FixConnectionError `NOT_LOGGED_ON` during a logon or logout, `RESET_UNANSWERED` when the link ends before the answer,
   * `LOGON_NOT_SIGNED` when `signLogon` failed (the session goes on with its numbers), `JOURNAL_FAILED` with the journal's error as its cause.
   */
  async resetSeqNums(): Promise<void> {
    await this.open()
    const answered = this.runtime.core.phase.connected && !this.resetting.pending ? this.resetting.begin() : undefined
    try {
      this.runtime.input((core, now) => core.resetSeqNums(now))
    } catch (error) {
      if (answered !== undefined) this.resetting.reject(error, answered)
      throw error
    }
    await answered
    await this.saveNumbers()
  }

  /**
   * For operators: sets what the journal has. Refused with FixConnectionError `LOGGED_ON` while a link exists, unless forced.
   *
   * @throws FixConnectionError `JOURNAL_FAILED` with the journal's error as its cause; FixError `SEQ_NUM` for a number that is not a whole one from 1.
   */
  async setSeqNums(numbers: SeqNums, options: { readonly force?: boolean | undefined } = {}): Promise<void> {
    const { nextNumIn, nextNumOut } = numbers
    checkSeqNum('nextNumIn', nextNumIn)
    checkSeqNum('nextNumOut', nextNumOut)
    await this.open()
    if (this.runtime.core.phase.connected && options.force !== true) {
      const advice = `Session ${this.id} is ${this.state}: disconnect first, or pass { force: true }.`
      throw new FixConnectionError('LOGGED_ON', advice)
    }
    this.runtime.input((core, now) => core.setSeqNums(nextNumIn, nextNumOut, now))
    await this.saveNumbers()
  }

  // ---- showing it ----------------------------------------------------------------------------------------------

  /** For JSON.stringify, and for loggers that are given a session: who and where it is, nothing of its inside. */
  toJSON(): object {
    const { id, role, state, nextNumIn, nextNumOut } = this
    return { id, role, state, nextNumIn, nextNumOut }
  }

  /** What console.log shows: the same. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { id, role, state, nextNumIn, nextNumOut } = this
    return `FixSession ${id} { role: '${role}', state: '${state}', nextNumIn: ${nextNumIn}, nextNumOut: ${nextNumOut} }`
  }

  // ---- inner workings ------------------------------------------------------------------------------------------

  private async saveNumbers(): Promise<void> {
    try {
      await this.runtime.journal.flush()
    } catch (error) {
      throw journalFailure(error)
    }
  }

  /** @internal Since when there is no link, by the monotonic clock; undefined: there is one. */
  get awaySince(): number | undefined {
    return this.runtime.core.phase.connected ? undefined : this.linkGoneAt
  }

  /** @internal A connection began with this Logon for this session. */
  welcome(connection: Connection, bytes: Uint8Array, logon: FixMessage): void {
    this.entrance.welcome(connection, bytes, logon)
  }

  protected failed(event: keyof SessionEvents, error: unknown, asynchronous: boolean, argument: unknown): void {
    if (event === 'error') {
      this.logger.error({ err: error }, "A listener of 'error' failed.")
      return
    }
    const fixMessage = argument instanceof FixMessage ? argument : undefined
    const told =
      fixMessage?.msgType === MsgType.Logon
        ? withoutSecrets(secretsOf(fixMessage, new Set(this.config.secretTags)), error)
        : error
    const failure = new ListenerError(event, told, fixMessage)
    this.report(failure)
    if (event !== 'message') return
    if (!asynchronous) this.hearing.listenerFailed(failure.message)
    else if (fixMessage !== undefined)
      this.runtime.input((core, now) => core.listenerFailedLate(fixMessage, failure.message, now))
  }

  private report(error: Error): void {
    if (!this.emit('error', error)) this.logger.error({ err: error }, error.message)
  }
}
