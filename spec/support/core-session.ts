import { Codec } from '../../lib/codec/codec.js'
import type { Effect } from '../../lib/core/effect.js'
import type { StoredMessage } from '../../lib/core/replay.js'
import { type CoreParts, type Delivery, SessionCore } from '../../lib/core/session-core.js'
import type { CoreSettings } from '../../lib/core/settings.js'
import { FixMessage } from '../../lib/fix/message.js'
import { formatUtcTimestamp } from '../../lib/fix/timestamp.js'

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
  readonly parts?: Partial<CoreParts>
}

/**
 * A session core with a wire made of text: `|` for SOH, and no need to write the header fields that are always the same
 * (8, 9, 49, 56, 52, 10). The shell's part (journal, listeners) is played here, at once and in order.
 */
export class CoreSession {
  readonly core: SessionCore
  readonly codec: Codec
  now = { wall: START, mono: 0 }
  /** What listeners make of a message. */
  listener: (message: FixMessage) => Delivery = () => 'done'
  shouldReplay: (message: FixMessage) => boolean = () => true
  /** Effects that are asked questions wait here for the spec's answer. */
  readonly asked: Effect[] = []
  readonly delivered: string[] = []
  readonly states: string[] = []
  readonly events: string[] = []
  readonly stored = new Map<number, string>()
  closed: { code: string; text: string; abrupt: boolean } | undefined
  private wire: string[] = []

  constructor(options: CoreSessionOptions = {}) {
    const { nextNumIn = 1, nextNumOut = 1, parts, ...settings } = options
    const all = { ...defaults, ...settings }
    this.codec = new Codec({ beginString: all.beginString })
    this.core = new SessionCore(all, {
      encode: (message, header) => this.codec.encode(message, header),
      asksAuthentication: false,
      asksSignature: false,
      endpoints: 1,
      ...parts
    })
    this.core.loaded(nextNumIn, nextNumOut, false, this.now)
    this.carryOut()
  }

  /** Connects, and as an acceptor receives the counterparty's Logon; as an initiator sends ours and receives theirs. */
  logOn(counterparty = '35=A|34=1|98=0|108=30'): this {
    this.link()
    this.receive(counterparty)
    this.sent()
    this.states.length = 0
    return this
  }

  link(): this {
    this.core.connect(this.now)
    this.carryOut()
    this.core.connected(this.now)
    this.carryOut()
    return this
  }

  /** `text` begins with 35= (what is missing of the header is added), or with 8= and is taken as it stands. */
  receive(...texts: string[]): this {
    for (const text of texts) {
      for (const item of this.codec.push(this.bytes(text))) {
        if (item instanceof FixMessage) this.core.message(item, this.now)
        else this.core.garbled(item, this.now)
        this.carryOut()
      }
    }
    return this
  }

  /** Lets time pass; deadlines are kept on the way. */
  pass(seconds: number): this {
    const until = this.now.mono + seconds * 1000
    for (;;) {
      const deadline = this.core.deadline()
      if (deadline === undefined || deadline > until) break
      const step = Math.max(0, deadline - this.now.mono)
      this.now = { wall: this.now.wall + step, mono: this.now.mono + step }
      this.core.time(this.now)
      this.carryOut()
    }
    this.now = { wall: this.now.wall + (until - this.now.mono), mono: until }
    return this
  }

  do(action: (core: SessionCore, now: { wall: number; mono: number }) => void): this {
    action(this.core, this.now)
    this.carryOut()
    return this
  }

  send(msgType: string, fields: Record<number, string> = {}): number {
    const msgSeqNum = this.core.send(new FixMessage(msgType, fields), this.now)
    this.carryOut()
    return msgSeqNum
  }

  /** What was put on the wire since the last call, without the header fields that are always the same. */
  sent(): string[] {
    const sent = this.wire
    this.wire = []
    return sent.map((text) =>
      text
        .replace(/^8=[^|]*\|9=\d+\|/, '')
        .replace(/\|(49|56|52|122)=[^|]*/g, '')
        .replace(/\|10=\d{3}\|$/, '')
    )
  }

  /** The same with everything. */
  sentWhole(): string[] {
    const sent = this.wire
    this.wire = []
    return sent
  }

  bytes(text: string): Buffer {
    if (text.startsWith('8=')) return Buffer.from(text.replaceAll('|', '\x01'), 'latin1')
    const { beginString, senderCompId, targetCompId } = this.core.settings
    const fields = text.split('|')
    const has = (tag: number) => fields.some((field) => field.startsWith(`${tag}=`))
    const header = [fields[0], ...(has(34) ? fields.filter((field) => field.startsWith('34=')) : [])]
    if (!has(49)) header.push(`49=${targetCompId}`)
    if (!has(56)) header.push(`56=${senderCompId}`)
    if (!has(52)) header.push(`52=${formatUtcTimestamp(this.now.wall, 3)}`)
    const body = [...header, ...fields.slice(1).filter((field) => !field.startsWith('34='))].join('\x01')
    const framed = `8=${beginString}\x019=${body.length + 1}\x01${body}\x01`
    const sum = [...framed].reduce((total, char) => total + char.charCodeAt(0), 0) & 255
    return Buffer.from(`${framed}10=${String(sum).padStart(3, '0')}\x01`, 'latin1')
  }

  private carryOut(): void {
    const { effects } = this.core
    for (let next = 0; next < effects.length; next++) this.perform(effects[next] as Effect)
    effects.length = 0
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case 'send':
        this.stored.set(effect.msgSeqNum, Buffer.from(effect.bytes).toString('latin1'))
        this.wire.push(show(effect.bytes))
        return
      case 'store':
        this.stored.set(effect.msgSeqNum, Buffer.from(effect.bytes).toString('latin1'))
        return
      case 'write':
      case 'resend':
        this.wire.push(show(effect.bytes))
        return
      case 'reset':
        this.stored.clear()
        return
      case 'deliver':
        this.delivered.push(`${effect.message.msgSeqNum}`)
        this.core.delivered(this.listener(effect.message), this.now)
        return
      case 'readJournal':
        this.core.journalRead(this.page(effect.from, effect.to), false, this.now)
        return
      case 'decideReplay':
        this.core.replayDecided(effect.messages.map(this.shouldReplay), this.now)
        return
      case 'reportCommit':
        this.core.committed(this.now)
        return
      case 'stateChange':
        this.states.push(effect.state)
        return
      case 'close':
        this.closed = { ...effect.reason, abrupt: effect.abrupt }
        this.core.disconnected({ code: 'LOCAL_CLOSE', text: 'closed' }, this.now)
        return
      case 'logon':
        this.events.push(effect.healthy ? 'logon' : 'logon unhealthy')
        return
      case 'connect':
      case 'reject':
      case 'logout':
        this.events.push(effect.kind)
        return
      case 'disconnect':
        this.events.push(`disconnect ${effect.reason.code}`)
        return
      case 'fault':
        this.events.push(`fault ${effect.code}`)
        return
      case 'authenticate':
      case 'signLogon':
      case 'dial':
      case 'abortDial':
        this.asked.push(effect)
        return
      case 'received':
      case 'connectedToday':
      case 'log':
        return
    }
  }

  private page(from: number, to: number): StoredMessage[] {
    const page: StoredMessage[] = []
    for (const [msgSeqNum, text] of this.stored) {
      if (msgSeqNum < from || msgSeqNum > to) continue
      const message = this.codec.decode(text)
      if (message instanceof FixMessage) page.push({ msgSeqNum, message })
    }
    return page
  }
}

function show(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\x01', '|')
}
