import { Codec } from '../../lib/codec/codec.js'
import type { ClockFinding } from '../../lib/core/clock-watch.js'
import type { Effect } from '../../lib/core/effect.js'
import type { StoredMessage } from '../../lib/core/replay.js'
import { type CoreParts, type Delivery, SessionCore } from '../../lib/core/session-core.js'
import type { CoreSettings } from '../../lib/core/settings.js'
import { FixMessage } from '../../lib/fix/message.js'
import type { StructureSource } from '../../lib/fix/structure.js'
import { formatUtcTimestamp } from '../../lib/fix/timestamp.js'
import { show, WireText } from './wire-text.js'

export const START = Date.UTC(2026, 0, 5, 9, 0, 0)

const defaults: CoreSettings = {
  role: 'acceptor',
  beginString: 'FIX.4.4',
  senderCompId: 'US',
  targetCompId: 'THEM',
  heartBtInt: 30,
  logonTimeout: 10,
  logoutTimeout: 2,
  testRequestDelayMultiplier: 0.2,
  heartBeatTimeoutMultiplier: 1.4,
  disableHeartBeatCheck: false,
  testReqId: 'TEST',
  resetOnLogon: false,
  resetOnLogout: false,
  resetOnDisconnect: false,
  sendNextExpectedMsgSeqNum: false,
  enableLastMsgSeqNumProcessed: false,
  validateSequenceNumbers: true,
  persistMessages: true,
  checkCompId: true,
  checkLatency: true,
  maxLatency: 120,
  requiresOrigSendingTime: true,
  rejectGarbledMessage: false,
  sendRedundantResendRequests: false,
  closedResendInterval: false,
  resendRequestChunkSize: 0,
  maxHeldMessages: 100,
  maxOutboundBuffer: 1_000_000,
  onListenerError: 'continue',
  reconnectInterval: 5,
  hostSelectionPolicy: 'roundRobin',
  dialect: 'quickfix'
}

export interface CoreSessionOptions extends Partial<CoreSettings> {
  readonly nextNumIn?: number
  readonly nextNumOut?: number
  readonly connectedToday?: boolean
  /** When both numbers were last set to 1. Default: when the session was loaded. */
  readonly resetTime?: number
  /** The first number that the journal may have lost. */
  readonly lostFrom?: number
  readonly parts?: Partial<CoreParts>
  /** Tells groups. */
  readonly dictionary?: StructureSource
}

/** Questions of the core that are answered at once, unless a spec withholds them. */
type Question = 'rest' | 'readJournal' | 'decideReplay' | 'reportCommit' | 'deliver' | 'close'

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>

/**
 * A session core with a wire made of text: `|` for SOH, and no need to write the header fields that are always the same
 * (8, 9, 49, 52, 56, 10). The shell's part (journal, listeners) is played here, at once and in order.
 */
export class CoreSession {
  readonly core: SessionCore
  readonly codec: Codec
  readonly text: WireText
  now = { wall: START, mono: 0 }
  /** What listeners make of a message. */
  listener: (message: FixMessage) => Delivery | undefined = () => undefined
  shouldReplay: (message: FixMessage) => boolean = () => true
  /** What the core asked and nobody has answered. */
  readonly asked: Effect[] = []
  /** MsgSeqNum(34) of what listeners were given. */
  readonly delivered: number[] = []
  /** The messages themselves. */
  readonly given: FixMessage[] = []
  /** Those among them that used up no number. */
  readonly uncounted = new Set<FixMessage>()
  readonly states: string[] = []
  readonly events: string[] = []
  readonly logged: string[] = []
  readonly findings: ClockFinding[] = []
  /** Answers to `lookForLife`. */
  readonly probed: boolean[] = []
  /** The journal: outgoing messages, and numbers of incoming ones. */
  readonly stored = new Map<number, string>()
  readonly received: number[] = []
  /** Most messages in a page of the journal. */
  pageSize = Number.POSITIVE_INFINITY
  closed: { code: string; text: string; abrupt: boolean } | undefined
  /** Effects of all inputs so far, by kind. */
  readonly kinds: string[] = []
  /** Sees the effects of an input and of the answers that were given at once. */
  watch: (effects: readonly Effect[]) => void = () => {}
  private readonly wire: string[] = []
  private readonly withheld = new Set<Question>()
  private carrying = false

  constructor(options: CoreSessionOptions = {}) {
    const {
      nextNumIn = 1,
      nextNumOut = 1,
      connectedToday = false,
      resetTime,
      lostFrom,
      parts,
      dictionary,
      ...settings
    } = options
    const all = { ...defaults, ...settings }
    this.codec = new Codec({ beginString: all.beginString, dictionary })
    this.text = new WireText(all)
    this.core = new SessionCore(all, {
      encode: (message, header) => this.codec.encode(message, header),
      asksAuthentication: false,
      asksSignature: false,
      endpoints: 1,
      ...parts
    })
    this.do((core, now) => core.loaded(nextNumIn, nextNumOut, connectedToday, now, resetTime, lostFrom))
  }

  /** Connects, and as an acceptor receives the counterparty's Logon; as an initiator sends ours and receives theirs. */
  logOn(counterparty = '35=A|34=1|98=0|108=30'): this {
    this.link()
    this.receive(counterparty)
    this.sent()
    this.states.length = 0
    this.events.length = 0
    return this
  }

  /** A link is made. */
  link(): this {
    this.do((core, now) => core.connect(now))
    return this.do((core, now) => core.connected(now))
  }

  /** The counterparty, or the network, ends the link. */
  cut(): this {
    return this.do((core, now) => core.disconnected({ code: 'CONNECTION_LOST', text: 'cut' }, now))
  }

  /** `text` begins with 35= (what is missing of the header is added), or with anything else and is taken as it stands. */
  receive(...texts: string[]): this {
    for (const text of texts) {
      for (const item of this.codec.push(this.text.bytes(text, this.now.wall))) {
        if (item instanceof FixMessage) this.do((core, now) => core.message(item, now))
        else this.do((core, now) => core.garbled(item, now))
      }
    }
    return this
  }

  /** Lets time pass; deadlines are kept on the way. */
  pass(seconds: number): this {
    const until = this.now.mono + seconds * 1000
    for (let stands = 0; ; ) {
      const deadline = this.core.deadline()
      if (deadline === undefined || deadline > until) break
      stands = deadline > this.now.mono ? 0 : stands + 1
      if (stands > 10_000) throw new Error(`The core asks for ${deadline} again and again.`)
      this.advance(deadline)
      this.do((core, now) => core.time(now))
    }
    this.advance(until)
    return this
  }

  do(action: (core: SessionCore, now: { wall: number; mono: number }) => void): this {
    action(this.core, this.now)
    this.carryOut()
    return this
  }

  send(msgType: string, fields: Record<number, string> = {}): number | undefined {
    const msgSeqNum = this.core.send(new FixMessage(msgType, fields), this.now)
    this.carryOut()
    return msgSeqNum
  }

  /** What was put on the wire since the last call, without the header fields that are always the same. */
  sent(): string[] {
    return this.sentWhole().map((text) => this.text.brief(text))
  }

  /** The same with everything. */
  sentWhole(): string[] {
    return this.wire.splice(0)
  }

  /** Leaves questions of these kinds to the spec. */
  withhold(...questions: Question[]): this {
    for (const question of questions) this.withheld.add(question)
    return this
  }

  /** Takes the oldest unanswered question of a kind. */
  question<Kind extends Effect['kind']>(kind: Kind): EffectOf<Kind> {
    const index = this.asked.findIndex((effect) => effect.kind === kind)
    const [effect] = index < 0 ? [] : this.asked.splice(index, 1)
    if (effect === undefined) throw new Error(`The core has not asked for ${kind}.`)
    return effect as EffectOf<Kind>
  }

  /** Answers the oldest withheld question of a kind as it would have been at once. */
  answer(question: Question): this {
    this.respond(this.question(question))
    this.carryOut()
    return this
  }

  page(from: number, to: number): StoredMessage[] {
    const page: StoredMessage[] = []
    for (const [msgSeqNum, text] of this.stored) {
      if (msgSeqNum < from || msgSeqNum > to || page.length >= this.pageSize) continue
      const message = this.codec.decode(text)
      if (message instanceof FixMessage) page.push({ msgSeqNum, message })
    }
    return page
  }

  private advance(mono: number): void {
    const step = Math.max(0, mono - this.now.mono)
    this.now = { wall: this.now.wall + step, mono: Math.max(mono, this.now.mono) }
  }

  private carryOut(): void {
    if (this.carrying) return
    this.carrying = true
    const { effects } = this.core
    for (let next = 0; next < effects.length; next++) this.perform(effects[next] as Effect)
    const performed = effects.splice(0)
    this.carrying = false
    this.watch(performed)
  }

  private perform(effect: Effect): void {
    this.kinds.push(effect.kind)
    switch (effect.kind) {
      case 'send':
      case 'store':
        this.stored.set(effect.msgSeqNum, Buffer.from(effect.bytes).toString('latin1'))
        if (effect.kind === 'send') this.wire.push(show(effect.bytes))
        return
      case 'write':
      case 'resend':
        this.wire.push(show(effect.bytes))
        return
      case 'received':
        this.received.push(effect.msgSeqNum)
        return
      case 'reset':
        this.stored.clear()
        this.received.length = 0
        return
      case 'deliver':
        if (this.given.at(-1) !== effect.message) {
          this.delivered.push(effect.message.msgSeqNum ?? 0)
          this.given.push(effect.message)
        }
        if (!this.core.deliveryCounts) this.uncounted.add(effect.message)
        this.ask(effect)
        return
      case 'close':
        this.closed = { ...effect.reason, abrupt: effect.abrupt }
        this.ask(effect)
        return
      case 'readJournal':
      case 'decideReplay':
      case 'reportCommit':
      case 'rest':
        this.ask(effect)
        return
      case 'authenticate':
      case 'signLogon':
      case 'readNumbers':
      case 'dial':
      case 'abortDial':
        this.asked.push(effect)
        return
      case 'stateChange':
        this.states.push(effect.state)
        return
      case 'logon':
        this.events.push(effect.healthy ? 'logon' : 'logon unhealthy')
        return
      case 'disconnect':
        this.events.push(`disconnect ${effect.reason.code}`)
        return
      case 'reconcile': {
        const { code, beginSeqNo, endSeqNo } = effect.reconciliation
        this.events.push(`reconcile ${code}${beginSeqNo === undefined ? '' : ` ${beginSeqNo}-${endSeqNo}`}`)
        return
      }
      case 'clock':
        this.findings.push(effect.finding)
        return
      case 'fault':
        this.events.push(`fault ${effect.code}`)
        return
      case 'connect':
      case 'reject':
      case 'logout':
        this.events.push(effect.kind)
        return
      case 'sent':
        this.events.push(`sent ${effect.msgSeqNum} ${effect.message.get(11)}`)
        return
      case 'dropped':
        this.events.push(`dropped ${effect.reason.code} ${effect.message.get(11)}`)
        return
      case 'probed':
        this.probed.push(effect.alive)
        return
      case 'log':
        this.logged.push(effect.text)
        return
      case 'numbers':
      case 'settled':
      case 'resetEnded':
      case 'connectedToday':
        return
    }
  }

  private ask(effect: EffectOf<Question>): void {
    if (this.withheld.has(effect.kind)) this.asked.push(effect)
    else this.respond(effect)
  }

  private respond(effect: EffectOf<Question>): void {
    switch (effect.kind) {
      case 'deliver':
        this.core.delivered(this.listener(effect.message) ?? 'done', this.now)
        return
      case 'readJournal': {
        const page = this.page(effect.from, effect.to)
        this.core.journalRead(page, page.length === this.pageSize, this.now)
        return
      }
      case 'decideReplay':
        this.core.replayDecided(effect.messages.map(this.shouldReplay), this.now)
        return
      case 'reportCommit':
        this.core.committed(this.now)
        return
      case 'rest':
        this.core.rested(this.now)
        return
      case 'close':
        this.core.disconnected({ code: 'CLOSED', text: 'closed' }, this.now)
    }
  }
}

/** The time as it stands on the wire. */
export function at(wall: number): string {
  return formatUtcTimestamp(wall, 3)
}
