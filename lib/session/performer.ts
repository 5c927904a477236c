import { type ParsedSessionConfig, secretTextsOf } from '../config/config.js'
import type { Instant } from '../core/deadline.js'
import type { DisconnectReason, Effect } from '../core/effect.js'
import type { SessionCore } from '../core/session-core.js'
import { FixError } from '../errors.js'
import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { redactText } from '../redact.js'
import { formatEndpoint } from '../transport/close-reason.js'
import type { SessionCounters } from './counters.js'
import type { Link } from './link.js'
import { LogLimit } from './log-limit.js'
import type { Outlet } from './outlet.js'
import type { RuntimeParts } from './parts.js'
import type { Questions } from './questions.js'
import { rejectLine } from './received-reject.js'
import type { RuntimeEvents } from './runtime-events.js'
import { withoutSecrets } from './secrets.js'
import type { SessionJournal } from './session-journal.js'

/** On whose behalf effects are carried out. */
export interface PerformerOwner {
  readonly core: SessionCore
  readonly counters: SessionCounters
  readonly link: Link
  readonly journal: SessionJournal
  readonly questions: Questions
  /** The time of the input that is being carried out. */
  readonly instant: Instant
  now(): Instant
  /** Gives the core what it has been waiting for. */
  answer(give: () => void): void
}

/** Carries out the effects of a session core, each in its way: into the journal, onto the wire, to the listeners. */
export class Performer {
  private readonly runtime: PerformerOwner
  private readonly config: ParsedSessionConfig
  private readonly parts: RuntimeParts
  private readonly events: RuntimeEvents
  readonly logLimit: LogLimit

  constructor(runtime: PerformerOwner, config: ParsedSessionConfig, parts: RuntimeParts, events: RuntimeEvents) {
    this.runtime = runtime
    this.config = config
    this.parts = parts
    this.events = events
    this.logLimit = new LogLimit(parts.logger, parts.clock)
  }

  /** What it throws is a part's, or this library's own. */
  perform(effect: Effect): void {
    switch (effect.kind) {
      case 'deliver': {
        if (effect.message.msgType === MsgType.BusinessMessageReject) this.tellReject(effect.message)
        const outcome = this.events.deliver(effect.message)
        this.runtime.core.delivered(outcome, this.runtime.now())
        return
      }
      case 'received':
        this.received(effect.msgSeqNum, effect.message)
        return
      case 'send':
        this.runtime.core.effectBytes -= effect.bytes.length
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
        this.runtime.counters.countResend(effect.message, effect.msgSeqNum)
        this.write(effect.bytes)
        return
      case 'numbers':
        this.outlet?.touchNumbers()
        return
      case 'settled':
        this.outlet?.storeSettled()
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
        this.parts.loggedOn?.(effect.message)
        this.parts.logger.info(effect.healthy ? 'Logged on.' : 'Logged on with a gap to fill.')
        this.events.loggedOn()
        this.events.emit('logon', effect.message, effect.healthy)
        return
      case 'reject':
        this.tellReject(effect.message)
        this.events.emit('reject', effect.message)
        return
      case 'sent':
        this.events.emit('sent', effect.message, effect.msgSeqNum)
        return
      case 'dropped':
        this.events.emit('dropped', effect.message, effect.reason)
        return
      case 'logout':
        this.events.emit('logout', effect.message)
        return
      case 'resetEnded':
        this.events.resetEnded(effect.failure)
        return
      case 'disconnect':
        this.events.emit('disconnect', { ...effect.reason, text: this.shown(effect.reason.text) })
        return
      case 'reconcile': {
        const { code, text } = effect.reconciliation
        if (code === 'LOGGED_ON') this.parts.logger.info({ code: 'RECONCILE' }, text)
        else this.logLimit.log('warn', 'RECONCILE', text)
        this.events.emit('reconcile', effect.reconciliation)
        return
      }
      case 'clock':
        this.parts.logger.warn(
          { code: 'CLOCK', finding: effect.finding.kind, seconds: effect.finding.seconds },
          effect.finding.text
        )
        this.events.emit('clock', effect.finding)
        return
      case 'fault':
        this.events.report(new FixError(effect.code, this.shown(effect.text)))
        return
      case 'log':
        if (effect.often !== undefined) this.logLimit.log(effect.level, effect.often, effect.text)
        else if (effect.fields === undefined) this.parts.logger[effect.level](effect.text)
        else this.parts.logger[effect.level](effect.fields, effect.text)
        return
      case 'rest':
        this.parts.clock.endOfTurn(() => this.runtime.answer(() => this.runtime.core.rested(this.runtime.now())))
        return
      case 'dial':
        this.dial(effect.endpoint)
        return
      case 'abortDial':
        this.runtime.link.abortDial()
        return
      case 'close':
        this.closeLink(effect.abrupt, effect.reason)
        return
      case 'authenticate':
        this.runtime.questions.authenticate(effect.logon)
        return
      case 'signLogon':
        this.runtime.questions.signLogon(effect.logon, effect.msgSeqNum, effect.sendingTime)
        return
      case 'readNumbers':
        this.runtime.questions.readNumbers()
        return
      case 'readJournal':
        this.runtime.questions.readJournal(effect.from, effect.to)
        return
      case 'decideReplay':
        this.runtime.questions.decideReplay(effect.messages)
        return
      case 'reportCommit':
        this.runtime.questions.reportCommit()
        return
      case 'probed':
        this.events.probed(effect.alive)
        return
      default:
        effect satisfies never
    }
  }

  /** What is told is often printed, and a counterparty's text may quote our password. */
  private shown(text: string): string {
    return redactText(text, secretTextsOf(this.config), new Set(this.config.secretTags))
  }

  /** Events are not for operators: what the counterparty refuses, and why, is in the log too. */
  private tellReject(reject: FixMessage): void {
    const { text, fields } = rejectLine(reject)
    this.logLimit.log('warn', 'REJECT_RECEIVED', text, fields)
  }

  private received(msgSeqNum: number, message: FixMessage): void {
    this.runtime.counters.received++
    this.outlet?.storeIn(msgSeqNum, this.withoutSecrets(message, bytesOf(message)), this.runtime.instant.wall)
  }

  private store(msgSeqNum: number, bytes: Uint8Array, message: FixMessage): void {
    this.runtime.counters.sent++
    if (message.msgType === MsgType.Reject) this.runtime.counters.rejected++
    if (this.config.persistMessages)
      this.outlet?.storeOut(msgSeqNum, this.withoutSecrets(message, bytes), this.runtime.instant.wall)
    else this.outlet?.touchNumbers()
  }

  private withoutSecrets(message: FixMessage, bytes: Uint8Array): Uint8Array {
    return message.msgType === MsgType.Logon ? withoutSecrets(this.parts.codec, bytes, this.config.secretTags) : bytes
  }

  private write(bytes: Uint8Array): void {
    const { connection } = this.runtime.link
    if (connection === undefined) return
    if (this.parts.logger.messages) this.parts.logger.sent(bytes)
    this.outlet?.write(connection, bytes)
  }

  private dial(endpoint: number): void {
    const address = this.config.role === 'initiator' ? this.config.hosts[endpoint] : undefined
    if (address === undefined) return
    this.parts.logger.info({ host: address.host, port: address.port }, `Dialling ${formatEndpoint(address)}.`)
    this.runtime.link.dial(address)
  }

  private closeLink(abrupt: boolean, reason: DisconnectReason): void {
    const { connection } = this.runtime.link
    if (connection === undefined) return
    this.runtime.link.shut()
    // What is abrupt has nothing more to say, and does not wait for a journal that may never answer.
    if (abrupt || this.outlet === undefined) this.runtime.link.close(connection, abrupt, reason)
    else this.outlet.afterwards(() => this.runtime.link.close(connection, abrupt, reason))
  }

  private get outlet(): Outlet | undefined {
    return this.runtime.journal.outlet
  }
}

/** A message as it was received. */
export function bytesOf(message: FixMessage): Uint8Array {
  return Buffer.from(message.bytes ?? '', 'latin1')
}
