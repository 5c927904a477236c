import { FixConnectionError, FixError } from '../errors.js'
import type { FixMessage } from '../fix/message.js'
import type { CoreContext } from './context.js'
import type { DisconnectReason } from './effect.js'
import { longestWait } from './stale.js'

/** Messages that may wait where a config says nothing else; see option `maxQueued`. */
const MAX_QUEUED = 1000

interface Queued {
  readonly message: FixMessage
  /** Bytes, as it would have been sent. */
  readonly size: number
  /** Milliseconds that it may wait. */
  readonly patience: number
  /** When it came, by both clocks. */
  readonly wall: number
  readonly mono: number
}

/**
 * Messages of the application that wait for a logon (`sendWhileLoggedOff: 'queue'`), a concern beside the phase.
 *
 * They have no number yet and nothing of them is saved: it is told of each how it ended, `sent` or `dropped`. They go out as soon
 * as logons have been exchanged, in the order in which they came and before anything that is sent from then on. A gap that is
 * still open, or a resend that is still going on, does not hold them up more than it would messages that are sent only then:
 * what the counterparty lacks it asks for, and numbers do not overtake each other.
 */
export class Queue {
  private waiting: Queued[] = []
  private bytes = 0
  /** When the first of them will have waited too long, by the monotonic clock. */
  deadline: number | undefined

  /** Throws FixConnectionError `NOT_LOGGED_ON`, `QUEUE_FULL`; what the encoder throws. Nothing has changed then. */
  add(core: CoreContext, message: FixMessage): void {
    const patience = longestWait(core.settings, message.msgType)
    if (patience === 0) {
      throw new FixConnectionError(
        'NOT_LOGGED_ON',
        `MsgType(35)=${message.msgType} may not wait (maxMessageAge, maxMessageAges), the session is ${core.state}.`
      )
    }
    const size = core.measure(message)
    if (this.isFull(core, size)) this.expire(core)
    if (this.isFull(core, size)) {
      throw new FixConnectionError(
        'QUEUE_FULL',
        `${this.waiting.length} messages, ${this.bytes} bytes, wait for a logon already, the session is ${core.state} ` +
          '(maxQueued, maxOutboundBuffer): send again later.'
      )
    }
    const { wall, mono } = core.now
    // The application may go on with its message as it likes.
    this.keep({ message: message.clone(), size, patience, wall, mono })
  }

  /** Drops what has waited too long. */
  expire(core: CoreContext): void {
    if (this.waiting.length === 0) return
    const { waiting } = this
    this.forget()
    for (const queued of waiting) {
      if (waited(core, queued) >= queued.patience) drop(core, queued.message, stale(core, queued))
      else this.keep(queued)
    }
  }

  /** Logons have been exchanged: all of them go out, but for those that have waited too long. */
  flush(core: CoreContext): void {
    if (this.waiting.length === 0) return
    this.expire(core)
    const { waiting } = this
    this.forget()
    for (const { message } of waiting) {
      let msgSeqNum: number
      try {
        msgSeqNum = core.transmit(message)
      } catch (error) {
        drop(core, message, reasonOf(error))
        continue
      }
      core.effects.push({ kind: 'sent', message, msgSeqNum })
    }
  }

  /** None of them will be sent. */
  abandon(core: CoreContext, reason: DisconnectReason): void {
    const { waiting } = this
    this.forget()
    for (const { message } of waiting) drop(core, message, reason)
  }

  /** How much of what may wait does, 0 to 1. */
  fullness({ settings }: CoreContext): number {
    if (this.waiting.length === 0) return 0
    const { maxQueued = MAX_QUEUED, maxOutboundBuffer } = settings
    return Math.max(this.waiting.length / maxQueued, this.bytes / maxOutboundBuffer)
  }

  private isFull({ settings }: CoreContext, size: number): boolean {
    const { maxQueued = MAX_QUEUED, maxOutboundBuffer } = settings
    return this.waiting.length >= maxQueued || this.bytes + size > maxOutboundBuffer
  }

  private keep(queued: Queued): void {
    this.waiting.push(queued)
    this.bytes += queued.size
    const end = queued.mono + queued.patience
    if (end < (this.deadline ?? Number.POSITIVE_INFINITY)) this.deadline = end
  }

  private forget(): void {
    this.waiting = []
    this.bytes = 0
    this.deadline = undefined
  }
}

/** By the clock that says more: one stands still while a machine sleeps, the other may be set back. */
function waited({ now }: CoreContext, { wall, mono }: Queued): number {
  return Math.max(now.wall - wall, now.mono - mono)
}

function stale(core: CoreContext, queued: Queued): DisconnectReason {
  return {
    code: 'STALE',
    text:
      `MsgType(35)=${queued.message.msgType} waited ${Math.round(waited(core, queued) / 1000)} seconds for a logon, ` +
      `${queued.patience / 1000} are allowed (maxMessageAge, maxMessageAges).`
  }
}

function reasonOf(error: unknown): DisconnectReason {
  if (error instanceof FixError) return { code: error.code, text: error.message }
  return { code: 'NOT_ENCODED', text: `The message could not be encoded: ${String(error)}` }
}

function drop(core: CoreContext, message: FixMessage, reason: DisconnectReason): void {
  core.effects.push({ kind: 'dropped', message, reason })
}
