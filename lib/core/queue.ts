import { FixConnectionError, FixError } from '../errors.js'
import type { FixMessage } from '../fix/message.js'
import { isAdmin } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import type { CoreContext } from './context.js'
import { earlier } from './deadline.js'
import type { DisconnectReason } from './effect.js'
import { Lane, type Queued } from './lane.js'
import { longestWait } from './stale.js'

/** Messages that may wait where a config says nothing else; see option `maxQueued`. */
const MAX_QUEUED = 1000

/**
 * Messages of the application that wait, for a logon (`sendWhileLoggedOff: 'queue'`) or for their turn (`outboundLimit`), a concern beside
 * the phase.
 *
 * They have no number yet and nothing of them is saved: it is told of each how it ended, `sent` or `dropped`. They go out as soon
 * as logons have been exchanged and their turn has come, in the order in which they came and before anything of their lane that is sent
 * from then on. A gap that is still open does not hold them up, and neither does a resend that is still going on, unless there is an
 * `outboundLimit`: what waits for a resend to finish has its number and leaves with all the others at once.
 *
 * With an `outboundLimit` there are two lanes, cancels go before the rest. A cancel whose order is still waiting goes behind it: the
 * counterparty would refuse a cancel of what it does not know, and take the order afterwards.
 */
export class Queue {
  private readonly first = new Lane()
  private readonly rest = new Lane()
  /** When the first of them will have waited too long, by the monotonic clock. */
  deadline: number | undefined

  get length(): number {
    return this.first.length + this.rest.length
  }

  /** Whether a message may not go at once although logons have been exchanged: it is not its turn. */
  mustWait(core: CoreContext, message: FixMessage): boolean {
    const { outboundLimit: limit } = core
    if (limit === undefined || isAdmin(message.msgType)) return false
    const goesFirst = limit.goesFirst(message.msgType)
    if (goesFirst ? this.first.length > 0 : this.rest.length > 0) return true
    if (core.replay.active || limit.nextAt(message.msgType) > core.now.mono) return true
    // Looked for last: while nothing waits there is nothing to look through.
    return goesFirst && this.rest.length > 0 && this.isOfWaitingOrder(message)
  }

  /** Throws FixConnectionError `NOT_LOGGED_ON`, `THROTTLED`, `QUEUE_FULL`; what the encoder throws. Nothing has changed then. */
  add(core: CoreContext, message: FixMessage): void {
    const patience = longestWait(core.settings, message.msgType)
    if (patience === 0) {
      throw new FixConnectionError(
        core.phase.maySend ? 'THROTTLED' : 'NOT_LOGGED_ON',
        `MsgType(35)=${message.msgType} may not wait (maxMessageAge, maxMessageAges), ${whatFor(core)}.`
      )
    }
    const size = core.measure(message)
    if (this.isFull(core, size)) this.expire(core)
    if (this.isFull(core, size)) {
      throw new FixConnectionError(
        'QUEUE_FULL',
        `${this.length} messages, ${this.bytes} bytes, wait already, ${whatFor(core)} (maxQueued, maxOutboundBuffer): ` +
          'send again later.'
      )
    }
    const { wall, mono } = core.now
    // The application may go on with its message as it likes.
    this.keep(core, { message: message.clone(), size, patience, wall, mono })
  }

  /** When the next of them may go, by the monotonic clock; undefined: not by time alone. */
  nextAt(core: CoreContext): number | undefined {
    const { outboundLimit: limit } = core
    if (limit === undefined || !core.phase.maySend || core.replay.active) return undefined
    const [first, rest] = [this.first.head, this.rest.head]
    const next = earlier(
      first === undefined ? undefined : limit.nextAt(first.message.msgType),
      rest === undefined ? undefined : limit.nextAt(rest.message.msgType)
    )
    // Timers know whole milliseconds only.
    return next === undefined ? undefined : Math.ceil(next)
  }

  /** Those whose turn has come go out, but for those that have waited too long. */
  flush(core: CoreContext): void {
    if (!core.phase.maySend) return
    this.flushLane(core, this.first)
    this.flushLane(core, this.rest)
    if (this.length === 0) this.deadline = undefined
  }

  /** Drops what has waited too long. */
  expire(core: CoreContext): void {
    if (this.length === 0) return
    this.deadline = undefined
    for (const lane of [this.first, this.rest]) {
      for (const queued of lane.takeAll()) {
        if (isStale(core, queued)) drop(core, queued.message, stale(core, queued))
        else this.keepIn(lane, queued)
      }
    }
  }

  /** None of them will be sent. */
  abandon(core: CoreContext, reason: DisconnectReason): void {
    this.deadline = undefined
    for (const lane of [this.first, this.rest]) for (const { message } of lane.takeAll()) drop(core, message, reason)
  }

  private flushLane(core: CoreContext, lane: Lane): void {
    const { outboundLimit: limit } = core
    for (let { head } = lane; head !== undefined; head = lane.head) {
      const { message } = head
      if (isStale(core, head)) {
        lane.shift()
        drop(core, message, stale(core, head))
        continue
      }
      if (limit !== undefined && (core.replay.active || limit.nextAt(message.msgType) > core.now.mono)) return
      lane.shift()
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

  private get bytes(): number {
    return this.first.bytes + this.rest.bytes
  }

  /** How much of what may wait does, 0 to 1. */
  fullness({ settings }: CoreContext): number {
    if (this.length === 0) return 0
    const { maxQueued = MAX_QUEUED, maxOutboundBuffer } = settings
    return Math.max(this.length / maxQueued, this.bytes / maxOutboundBuffer)
  }

  private isFull({ settings }: CoreContext, size: number): boolean {
    const { maxQueued = MAX_QUEUED, maxOutboundBuffer } = settings
    return this.length >= maxQueued || this.bytes + size > maxOutboundBuffer
  }

  private keep(core: CoreContext, queued: Queued): void {
    const { message } = queued
    if (core.outboundLimit?.goesFirst(message.msgType) !== true) {
      this.keepIn(this.rest, queued)
      return
    }
    const order = message.get(Tag.OrigClOrdID)
    if (order !== undefined && this.rest.pushBehind(order, queued)) this.mind(queued)
    else this.keepIn(this.first, queued)
  }

  private keepIn(lane: Lane, queued: Queued): void {
    lane.push(queued)
    this.mind(queued)
  }

  private mind({ mono, patience }: Queued): void {
    if (patience !== Number.POSITIVE_INFINITY) this.deadline = earlier(this.deadline, mono + patience)
  }

  private isOfWaitingOrder(message: FixMessage): boolean {
    const order = message.get(Tag.OrigClOrdID)
    return order !== undefined && this.rest.isAbout(order)
  }
}

function whatFor(core: CoreContext): string {
  return core.phase.maySend ? 'and it is not its turn (outboundLimit)' : `the session is ${core.state}`
}

/** By the clock that says more: one stands still while a machine sleeps, the other may be set back. */
function waited({ now }: CoreContext, { wall, mono }: Queued): number {
  return Math.max(now.wall - wall, now.mono - mono)
}

/** In the very words of `deadline`, since sums of fractions do not take back what they added. */
function isStale({ now }: CoreContext, { wall, mono, patience }: Queued): boolean {
  return now.mono >= mono + patience || now.wall - wall >= patience
}

function stale(core: CoreContext, queued: Queued): DisconnectReason {
  return {
    code: 'STALE',
    text:
      `MsgType(35)=${queued.message.msgType} waited ${Math.round(waited(core, queued) / 1000)} seconds to be sent, ` +
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
