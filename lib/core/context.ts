import type { EncodeHeader } from '../fix/encode-header.js'
import type { FixMessage } from '../fix/message.js'
import { isAdmin, MsgType } from '../fix/msg-type.js'
import { SessionState } from '../fix/session-state.js'
import { logout, type RejectDetails, reject } from './admin.js'
import { ClockWatch } from './clock-watch.js'
import type { Instant } from './deadline.js'
import { type DialectRules, dialectRules } from './dialect.js'
import type { DisconnectReason, Effect, LogLevel } from './effect.js'
import { Gap } from './gap.js'
import { type InboundLimit, inboundLimitOf } from './inbound-limit.js'
import { Intake } from './intake.js'
import { Loops } from './loops.js'
import type { LostTail } from './lost-tail.js'
import { Probe } from './newcomer.js'
import { OutboundLimit } from './outbound-limit.js'
import type { Phase, PhaseName } from './phase.js'
import { phases } from './phases.js'
import { project } from './projection.js'
import { Pulse } from './pulse.js'
import { Queue } from './queue.js'
import { Redial } from './redial.js'
import { Replay } from './replay.js'
import { Reset } from './reset.js'
import { type SessionSchedule, SessionTime } from './session-time.js'
import type { CoreSettings } from './settings.js'
import { type VersionRules, versionRules } from './version.js'

/** The pure functions that the core is given. */
export interface CoreParts {
  /** Throws a FixError for a message that cannot be encoded; nothing has changed then. */
  readonly encode: (message: FixMessage, header: EncodeHeader) => Uint8Array
  /** The first fault of an incoming message by the dictionary, or undefined. */
  readonly validate?: ((message: FixMessage) => RejectDetails | undefined) | undefined
  /** Someone is to be asked before a Logon is let in. */
  readonly asksAuthentication: boolean
  /** Someone adds fields to our Logon. */
  readonly asksSignature: boolean
  /** How many endpoints an initiator has. */
  readonly endpoints: number
  /** When the session lives. Default: always. */
  readonly schedule?: SessionSchedule | undefined
}

/** The state of a session and what phases and concerns do with it; `SessionCore` adds the inputs. */
export class CoreContext {
  readonly settings: CoreSettings
  readonly parts: CoreParts
  readonly version: VersionRules
  readonly dialect: DialectRules
  /** What is to be done; the shell takes from its front. */
  readonly effects: Effect[] = []
  /** Bytes of new messages among them; the shell takes off what it has carried out. */
  effectBytes = 0

  now: Instant = { wall: 0, mono: 0 }
  phase: Phase = phases.unknown
  /** When the phase's patience ends, by the monotonic clock. */
  phaseDeadline: number | undefined
  state: SessionState = SessionState.Unknown
  /** What a phase shows while it passes through, instead of its own state. */
  passing: SessionState | undefined

  nextNumIn = 1
  nextNumOut = 1
  /** When both numbers were last set to 1, milliseconds since the epoch. */
  resetTime = 0
  /** Seconds, as negotiated. */
  heartBtInt: number
  /** DefaultApplVerID(1137) that we speak: the configured one, or that of the Logon that an acceptor was sent. */
  defaultApplVerId: string | undefined
  /** A connection has been made since the last sequence reset. */
  connectedToday = false
  /** The initiator keeps dialling, the acceptor keeps listening. */
  wanted = false
  /** Which disconnected state shows while there is no link. */
  restState: SessionState = SessionState.DisconnectedWConnToday
  /** How the state is to show once the link that is being closed is gone. */
  afterwards: SessionState | undefined
  /** Why the link is being closed; where a fault made us log out, that. */
  closingReason: DisconnectReason | undefined
  /** A logon was completed on this connection. */
  wasHealthy = false
  /** The counterparty was let in, or was sent our Logon: this connection has to do with the numbers. */
  numbersUsed = false

  readonly pulse = new Pulse()
  readonly gap = new Gap()
  readonly replay = new Replay()
  readonly resetting = new Reset()
  readonly loops = new Loops()
  readonly probe = new Probe()
  readonly queue = new Queue()
  readonly clockWatch = new ClockWatch()
  readonly intake = new Intake()
  /** Undefined: the journal has all that was sent. */
  lostTail: LostTail | undefined
  /** Undefined: nothing is limited. */
  readonly outboundLimit: OutboundLimit | undefined
  readonly inboundLimit: InboundLimit | undefined
  readonly redial: Redial
  readonly sessionTime: SessionTime

  /** When the shell was last told that `time` is to be called. */
  awaitedAt: number | undefined
  /** An application message is with the listeners. */
  delivering: FixMessage | undefined
  /** Its number is to be used up when they return. */
  deliveryCounts = false
  /** The journal was asked for the numbers, and the handshake waits for them (`refreshOnLogon`). */
  awaitsNumbers = false
  /** The Logon that `authenticate` or `signLogon` was asked about. */
  pendingLogon: FixMessage | undefined

  constructor(settings: CoreSettings, parts: CoreParts) {
    this.settings = settings
    this.parts = parts
    this.version = versionRules(settings.beginString)
    this.dialect = dialectRules(settings.dialect)
    this.heartBtInt = settings.heartBtInt
    this.defaultApplVerId = settings.defaultApplVerId
    const { outboundLimit, inboundLimit } = settings
    this.outboundLimit = outboundLimit === undefined ? undefined : new OutboundLimit(outboundLimit)
    this.inboundLimit = inboundLimitOf(inboundLimit)
    this.redial = new Redial(settings, Math.max(1, parts.endpoints))
    this.sessionTime = new SessionTime(parts.schedule)
  }

  /** Logons have been exchanged, and the link has not been given up. */
  get inSession(): boolean {
    return this.phase === phases.loggedOn || this.phase === phases.logoutSent
  }

  enter(name: PhaseName, patience?: number): void {
    this.become(name, patience)
    this.show()
  }

  /** As `enter`, where the state to show is not settled yet. */
  become(name: PhaseName, patience?: number): void {
    this.phase = phases[name]
    this.passing = undefined
    this.phaseDeadline = patience === undefined ? undefined : this.now.mono + patience * 1000
  }

  /** Tells of a new `SessionState`, if it is one. */
  show(): void {
    const state = project(this)
    if (state === this.state) return
    const previous = this.state
    this.state = state
    this.effects.push({ kind: 'stateChange', state, previous })
  }

  /** Shows a state that is passed through. */
  pass(state: SessionState): void {
    this.passing = state
    this.show()
  }

  /**
   * Gives a message its number and saves it. It goes on the wire now, or after the resend that is going on. Throws what the
   * encoder throws, before any change.
   */
  transmit(message: FixMessage, sendingTime: number = this.now.wall): number {
    const msgSeqNum = this.nextNumOut
    const bytes = this.parts.encode(message, this.header(msgSeqNum, sendingTime))
    this.nextNumOut = msgSeqNum + 1
    if (this.outboundLimit !== undefined) this.outboundLimit.take(message.msgType, this.now.mono)
    if (!isAdmin(message.msgType)) this.loops.fruitful = true
    if (this.replay.active) {
      this.effects.push({ kind: 'store', msgSeqNum, bytes, message })
      this.replay.wait(this, msgSeqNum, bytes, message)
    } else {
      this.pulse.sent(this.now.mono)
      this.effectBytes += bytes.length
      this.effects.push({ kind: 'send', msgSeqNum, bytes, message })
    }
    return msgSeqNum
  }

  /** How many bytes a message would be on the wire now. Throws what the encoder throws. */
  measure(message: FixMessage): number {
    return this.parts.encode(message, this.header(this.nextNumOut, this.now.wall)).length
  }

  /** As `transmit`, and what waits for a resend goes on the wire too: numbers do not overtake each other. */
  transmitNow(message: FixMessage): void {
    this.transmit(message)
    this.replay.release(this)
  }

  /** Puts a message under an old number on the wire, marked as possible duplicate. It is saved already, or needs not be. */
  retransmit(message: FixMessage, msgSeqNum: number, origSendingTime: string | undefined): void {
    const { wall } = this.now
    const bytes = this.parts.encode(message, this.header(msgSeqNum, wall, origSendingTime ?? wall))
    if (this.outboundLimit !== undefined) this.outboundLimit.take(message.msgType, this.now.mono)
    this.pulse.sent(this.now.mono)
    this.effects.push({ kind: 'resend', msgSeqNum, bytes, message })
  }

  /** Where a number stands; without `validateSequenceNumbers` every number is the expected one. */
  order(msgSeqNum: number): 'expected' | 'too high' | 'too low' {
    if (msgSeqNum === this.nextNumIn || !this.settings.validateSequenceNumbers) return 'expected'
    return msgSeqNum > this.nextNumIn ? 'too high' : 'too low'
  }

  /** Uses up the number of a message that came in turn; returns it. */
  consume(message: FixMessage): number {
    const msgSeqNum = this.settings.validateSequenceNumbers ? this.nextNumIn : (message.msgSeqNum ?? this.nextNumIn)
    this.effects.push({ kind: 'received', msgSeqNum, message })
    this.nextNumIn = Math.max(this.nextNumIn, msgSeqNum + 1)
    this.gap.advanced(this, false)
    return msgSeqNum
  }

  /** Rejects a message; its number is used up when it is the expected one (never a SequenceReset's or a Logon's). */
  rejectMessage(message: FixMessage, details: RejectDetails): void {
    this.logOften(
      'warn',
      'MESSAGE_REJECTED',
      `Rejected MsgType(35)=${message.msgType} MsgSeqNum(34)=${message.msgSeqNum}: ${details.text}` +
        (details.refTagId === undefined ? '' : ` (tag ${details.refTagId})`)
    )
    const counts = message.msgType !== MsgType.SequenceReset && message.msgType !== MsgType.Logon
    if (counts && message.msgSeqNum === this.nextNumIn) this.consume(message)
    this.transmit(reject(message, details, this))
  }

  /** Sends a Logout(5) and waits for the counterparty's. `why`: the fault that ends the session, if one does. */
  logOut(text: string | undefined, why?: DisconnectReason): void {
    this.transmit(logout(text))
    this.closingReason = why
    this.afterwards = SessionState.DisconnectedWConnToday
    this.enter('logoutSent', this.settings.logoutTimeout)
  }

  /** Nothing good can come of this session any more: the application is told, the counterparty too, and the link ends. */
  giveUp(code: string, text: string, advice: string): void {
    this.fault(code, `${text}. ${advice}`)
    this.transmitNow(logout(text))
    this.close(code, `${text}.`, false)
  }

  /** Ends the link. What waits for a resend goes out before, unless it is `abrupt`. */
  close(code: string, text: string, abrupt: boolean): void {
    if (this.phase === phases.closing || !this.phase.connected) return
    if (!abrupt) this.replay.release(this)
    this.closingReason ??= { code, text }
    this.afterwards ??= SessionState.DisconnectedWConnToday
    const shown = this.state
    this.become('closing')
    this.passing = shown
    this.forgetRecovery()
    this.effects.push({ kind: 'close', abrupt, reason: this.closingReason })
  }

  /** Both numbers are 1 again and what was kept is forgotten. */
  reset(): void {
    this.nextNumIn = 1
    this.nextNumOut = 1
    this.resetTime = this.now.wall
    this.gap.clear()
    this.replay.abandon(this)
    this.intake.clear(this)
    this.lostTail = undefined
    this.deliveryCounts = false
    this.connectedToday = false
    this.effects.push({ kind: 'reset' })
    if (this.phase.connected) this.markConnected()
  }

  /** What gap, resend and reset know is of one connection only. */
  forgetRecovery(): void {
    this.gap.clear()
    this.replay.clear()
    if (this.resetting.pending) this.effects.push({ kind: 'resetEnded', failure: this.closingReason })
    this.resetting.interrupted()
    this.probe.clear()
  }

  markConnected(): void {
    this.numbersUsed = true
    if (this.connectedToday) return
    this.connectedToday = true
    this.effects.push({ kind: 'connectedToday' })
  }

  log(level: LogLevel, text: string, fields?: object): void {
    this.effects.push({ kind: 'log', level, text, fields, often: undefined })
  }

  /** As `log`, of what a counterparty can make happen as often as it likes. */
  logOften(level: LogLevel, code: string, text: string): void {
    this.effects.push({ kind: 'log', level, text, fields: undefined, often: code })
  }

  fault(code: string, text: string): void {
    this.effects.push({ kind: 'fault', code, text })
  }

  /** With an `origSendingTime` it is that of a possible duplicate. One literal for all, so that the encoder sees one shape. */
  private header(msgSeqNum: number, sendingTime: number, origSendingTime?: string | number): EncodeHeader {
    const s = this.settings
    return {
      senderCompId: s.senderCompId,
      targetCompId: s.targetCompId,
      msgSeqNum,
      sendingTime,
      senderSubId: s.senderSubId,
      senderLocationId: s.senderLocationId,
      targetSubId: s.targetSubId,
      targetLocationId: s.targetLocationId,
      possDupFlag: origSendingTime !== undefined,
      origSendingTime,
      lastMsgSeqNumProcessed: s.enableLastMsgSeqNumProcessed ? this.lastProcessed() : undefined
    }
  }

  /** LastMsgSeqNumProcessed(369): a message that the listeners are answering counts as processed, an unacknowledged one does not. */
  private lastProcessed(): number {
    if (this.gap.detected !== 0 && this.dialect.resendRequestTellsWhatCame) return this.gap.detected
    if (this.intake.first !== undefined) return this.intake.first - 1
    return this.delivering !== undefined && this.deliveryCounts ? this.nextNumIn : this.nextNumIn - 1
  }
}
