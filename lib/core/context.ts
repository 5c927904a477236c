import type { EncodeHeader } from '../fix/encode-header.js'
import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { SessionState } from '../fix/session-state.js'
import { logout, type RejectDetails, reject } from './admin.js'
import type { Instant } from './deadline.js'
import type { DisconnectReason, Effect, LogLevel } from './effect.js'
import { Gap } from './gap.js'
import type { Phase, PhaseName } from './phase.js'
import { phases } from './phases.js'
import { project } from './projection.js'
import { Pulse } from './pulse.js'
import { Redial } from './redial.js'
import { Replay } from './replay.js'
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
}

/** The state of a session and what phases and concerns do with it; `SessionCore` adds the inputs. */
export class CoreContext {
  readonly settings: CoreSettings
  readonly parts: CoreParts
  readonly version: VersionRules
  /** What is to be done; the shell takes from its front. */
  readonly effects: Effect[] = []

  now: Instant = { wall: 0, mono: 0 }
  phase: Phase = phases.unknown
  /** When the phase's patience ends, by the monotonic clock. */
  phaseDeadline: number | undefined
  state: SessionState = SessionState.Unknown
  /** What a phase shows while it passes through, instead of its own state. */
  passing: SessionState | undefined

  nextNumIn = 1
  nextNumOut = 1
  /** Seconds, as negotiated. */
  heartBtInt: number
  /** A connection has been made since the last sequence reset. */
  connectedToday = false
  /** The initiator keeps dialling, the acceptor keeps listening. */
  wanted = false
  /** Which disconnected state shows while there is no link. */
  restState: SessionState = SessionState.DisconnectedWConnToday
  /** How the state is to show once the link that is being closed is gone. */
  afterwards: SessionState | undefined
  closingReason: DisconnectReason | undefined

  readonly pulse = new Pulse()
  readonly gap = new Gap()
  readonly replay = new Replay()
  readonly redial: Redial

  /** An application message is with the listeners. */
  delivering: FixMessage | undefined
  /** A Logon with ResetSeqNumFlag(141)=Y is out in session: the number expected of messages still under way. */
  resetPending: number | undefined
  /** Our Logon of this connection asked for a reset. */
  sentReset = false
  /** The Logon that `authenticate` or `signLogon` was asked about. */
  pendingLogon: FixMessage | undefined

  constructor(settings: CoreSettings, parts: CoreParts) {
    this.settings = settings
    this.parts = parts
    this.version = versionRules(settings.beginString)
    this.heartBtInt = settings.heartBtInt
    this.redial = new Redial(settings, Math.max(1, parts.endpoints))
  }

  /** A logon was completed on this connection. */
  wasHealthy = false

  enter(name: PhaseName, patience?: number): void {
    this.phase = phases[name]
    this.passing = undefined
    this.phaseDeadline = patience === undefined ? undefined : this.now.mono + patience * 1000
    this.show()
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

  /** Gives a message its number, saves it and puts it on the wire. Throws what the encoder throws, before any change. */
  transmit(message: FixMessage, sendingTime: number = this.now.wall): number {
    const msgSeqNum = this.nextNumOut
    const bytes = this.parts.encode(message, this.header(msgSeqNum, sendingTime))
    this.nextNumOut = msgSeqNum + 1
    this.pulse.sent(this.now.mono)
    if (this.replay.active && !overtakesReplay(message.msgType)) {
      this.effects.push({ kind: 'store', msgSeqNum, bytes, message })
      this.replay.wait(bytes, message)
    } else {
      this.effects.push({ kind: 'send', msgSeqNum, bytes, message })
    }
    return msgSeqNum
  }

  /** Puts a message under an old number on the wire, marked as possible duplicate. It is saved already, or needs not be. */
  retransmit(message: FixMessage, msgSeqNum: number, origSendingTime: string | undefined): void {
    const header = this.header(msgSeqNum, this.now.wall)
    const bytes = this.parts.encode(message, {
      ...header,
      possDupFlag: true,
      origSendingTime: origSendingTime ?? this.now.wall
    })
    this.pulse.sent(this.now.mono)
    this.effects.push({ kind: 'resend', msgSeqNum, bytes, message })
  }

  /** Uses up the number of a message that came in turn. */
  consume(message: FixMessage): void {
    this.effects.push({ kind: 'received', msgSeqNum: this.nextNumIn, message })
    this.nextNumIn++
    this.gap.advanced(this, false)
  }

  /** Rejects a message; its number is used up when it is the expected one (never a SequenceReset's or a Logon's). */
  rejectMessage(message: FixMessage, details: RejectDetails): void {
    this.log(
      'warn',
      `Rejected MsgType(35)=${message.msgType} MsgSeqNum(34)=${message.msgSeqNum}: ${details.text}` +
        (details.refTagId === undefined ? '' : ` (tag ${details.refTagId})`)
    )
    const counts = message.msgType !== MsgType.SequenceReset && message.msgType !== MsgType.Logon
    if (counts && message.msgSeqNum === this.nextNumIn) this.consume(message)
    this.transmit(reject(message, details, this.version))
  }

  /** Sends a Logout(5) and waits for the counterparty's. */
  logOut(text: string | undefined): void {
    this.transmit(logout(text))
    this.enter('logoutSent', this.settings.logoutTimeout)
  }

  /** Ends the link. `afterwards` has to be set before when it is not a broken connection. */
  close(code: string, text: string, abrupt: boolean): void {
    if (this.phase === phases.closing || !this.phase.connected) return
    const reason = { code, text }
    this.closingReason = reason
    const shown = this.state
    this.phase = phases.closing
    this.phaseDeadline = undefined
    this.passing = shown
    this.effects.push({ kind: 'close', abrupt, reason })
  }

  /** Both numbers are 1 again and what was kept is forgotten. */
  reset(): void {
    this.nextNumIn = 1
    this.nextNumOut = 1
    this.gap.clear()
    this.connectedToday = false
    this.effects.push({ kind: 'reset' })
    if (this.phase.connected) this.markConnected()
  }

  markConnected(): void {
    if (this.connectedToday) return
    this.connectedToday = true
    this.effects.push({ kind: 'connectedToday' })
  }

  log(level: LogLevel, text: string): void {
    this.effects.push({ kind: 'log', level, text })
  }

  fault(code: string, text: string): void {
    this.effects.push({ kind: 'fault', code, text })
  }

  // ---- inner workings ------------------------------------------------------------------------------------------

  private header(msgSeqNum: number, sendingTime: number): EncodeHeader {
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
      lastMsgSeqNumProcessed: s.enableLastMsgSeqNumProcessed ? this.lastProcessed() : undefined
    }
  }

  /** LastMsgSeqNumProcessed(369): a message that the listeners are answering counts as processed. */
  private lastProcessed(): number {
    return this.delivering === undefined ? this.nextNumIn - 1 : this.nextNumIn
  }

  /** Without a link: rest, then go on after `pause` milliseconds if that is wanted. */
  rest(pause = 0): void {
    this.enter('disconnected')
    this.afterwards = undefined
    if (this.wanted) this.goOn(pause)
  }

  goOn(pause: number): void {
    if (this.settings.role === 'acceptor') this.enter('awaitingConnection')
    else if (pause > 0) this.phaseDeadline = this.now.mono + pause
    else this.dial()
  }

  /** Dials the next endpoint. */
  dial(): void {
    this.enter('connecting')
    this.effects.push({ kind: 'dial', endpoint: this.redial.endpoint })
  }

  stopDialling(): void {
    if (this.phase === phases.connecting) this.effects.push({ kind: 'abortDial' })
    if (this.phase === phases.unknown || this.wanted) return
    this.enter('disconnected')
  }
}

/** Signs of life and the farewell do not wait for a resend to finish: the counterparty may be waiting for just them. */
function overtakesReplay(msgType: string): boolean {
  return msgType === MsgType.Heartbeat || msgType === MsgType.TestRequest || msgType === MsgType.Logout
}
