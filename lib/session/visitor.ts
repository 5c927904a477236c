import type { Clock, Timer } from '../clock.js'
import { Codec } from '../codec/codec.js'
import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import type { Connection } from '../transport/transport.js'

/** How long, and how much, a visitor may take to say who it is. */
export interface Patience {
  /** Seconds to the first byte; undefined: as long as to the Logon. */
  readonly firstByteTimeout: number | undefined
  /** Seconds to the whole Logon. */
  readonly logonTimeout: number
  /** Bytes. */
  readonly maxLogonLength: number
}

export interface VisitorEvents {
  /** `bytes` is all that was read, the Logon first. */
  introduced(logon: FixMessage, bytes: Uint8Array): void
  /** It was sent away. */
  refused(why: string): void
  /** It waits no more, however that came. */
  gone(): void
}

/** Most fields of a first message. */
const MAX_FIELDS = 4096

/** A connection that has not said yet who it is. It is told nothing. */
export class Visitor {
  readonly connection: Connection
  private readonly events: VisitorEvents
  private readonly maxLogonLength: number
  /** Reads any version: which one the session speaks is not known yet. Made for who says something. */
  private codec: Codec | undefined
  private readonly logonTimer: Timer
  private readonly firstByteTimer: Timer | undefined
  private readonly read = new Gathered()
  private done = false

  constructor(connection: Connection, clock: Clock, patience: Patience, events: VisitorEvents) {
    const { firstByteTimeout, logonTimeout, maxLogonLength } = patience
    this.connection = connection
    this.events = events
    this.maxLogonLength = maxLogonLength
    const within = (seconds: number, what: string): Timer =>
      clock.setTimer(() => this.dismiss(`no ${what} came within ${seconds} seconds`), seconds * 1000)
    this.logonTimer = within(logonTimeout, 'Logon')
    if (firstByteTimeout !== undefined && firstByteTimeout < logonTimeout)
      this.firstByteTimer = within(firstByteTimeout, 'byte')
    connection.start({
      data: (bytes) => this.receive(bytes),
      drain: () => {},
      close: () => this.end()
    })
  }

  dismiss(why: string): void {
    if (!this.end()) return
    this.events.refused(why)
    this.connection.destroy()
  }

  private receive(bytes: Uint8Array): void {
    if (this.done) return
    this.firstByteTimer?.cancel()
    this.read.append(bytes)
    this.codec ??= new Codec({
      beginString: 'FIXT.1.1',
      maxMessageLength: this.maxLogonLength,
      maxFields: MAX_FIELDS
    })
    const [first] = this.codec.push(bytes)
    if (first === undefined) return
    if (first.garbled) this.dismiss(`expected a Logon first, got garbled bytes (${first.text})`)
    else if (first.msgType !== MsgType.Logon) this.dismiss(`expected a Logon first, got MsgType(35)=${first.msgType}`)
    else if (this.end()) this.events.introduced(first, this.read.all())
  }

  private end(): boolean {
    if (this.done) return false
    this.done = true
    this.logonTimer.cancel()
    this.firstByteTimer?.cancel()
    this.events.gone()
    return true
  }
}

/** Bytes in one piece: kept in the pieces in which they came, single bytes would take a hundred times their size. */
class Gathered {
  private buffer = Buffer.alloc(0)
  private length = 0

  append(bytes: Uint8Array): void {
    const needed = this.length + bytes.length
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.buffer.length))
      this.buffer.copy(larger, 0, 0, this.length)
      this.buffer = larger
    }
    this.buffer.set(bytes, this.length)
    this.length = needed
  }

  all(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }
}
