import type { FixMessage } from '../fix/message.js'
import { isAdmin, MsgType } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import { gapFill } from './admin.js'
import type { CoreContext } from './context.js'
import { timeOf } from './fields.js'
import { agesMatter, longestWait } from './stale.js'

/** One page of a resend: how many stored messages are read, decided on and sent in one go. */
export const REPLAY_PAGE = 256

/** New messages that go on the wire after a page: they and the resend each get on. */
export const NEW_A_PAGE = 256

/** ResendRequests that may wait while one is being answered; more are dropped, since a live peer asks again. */
export const MAX_WAITING_REQUESTS = 16

interface Range {
  readonly begin: number
  readonly end: number
  /** It is over before any new message goes out. */
  readonly undivided: boolean
}

/** A new message that has its number and waits for the resend to finish. */
interface Waiting {
  readonly msgSeqNum: number
  readonly bytes: Uint8Array
  readonly message: FixMessage
}

/** An outgoing message as the journal gave it back. */
export interface StoredMessage {
  readonly msgSeqNum: number
  readonly message: FixMessage
}

/**
 * Answering a ResendRequest(2), a concern beside the phase.
 *
 * The journal is read page by page. Application messages that `shouldReplay` allows go out again under their old number with
 * PossDupFlag(43)=Y and OrigSendingTime(122); everything else (administrative messages, refused ones, numbers that were never
 * stored) becomes one SequenceReset-GapFill a run.
 *
 * New messages get their numbers and are saved meanwhile; they go on the wire between the pages, some each time, and when the resend is
 * through (`newMessagesDuringResend: 'after'`: all of them then). The counterparty holds them as too high, or drops them and asks for them
 * later. Of a short resend it sees none: all that is new comes behind it. They leave in the order of their numbers, always: what cannot
 * wait (pulse.ts, a close) takes those before it along. So does the answer to a TestRequest, as soon as the page is through: the
 * counterparty may take its absence for death.
 */
export class Replay {
  private current: Range | undefined
  private awaited: 'page' | 'decisions' | undefined
  private readonly requests: Range[] = []
  /** Next number to be accounted for. */
  private next = 0
  /** First number of the run that a GapFill will cover; 0: no run. */
  private gapFrom = 0
  private page: readonly StoredMessage[] = []
  /** The page may not be the last of the range. */
  private more = false
  /** Number up to which the page accounts for the journal. */
  private pageEnd = 0
  private waiting: Waiting[] = []
  private waitingBytes = 0
  /** A Heartbeat(0) is among those that wait. */
  private pressing = false

  get active(): boolean {
    return this.current !== undefined
  }

  /** Bytes of new messages that wait for the resend to finish. */
  get backlog(): number {
    return this.waitingBytes
  }

  clear(): void {
    this.current = undefined
    this.awaited = undefined
    this.requests.length = 0
    this.page = []
    this.gapFrom = 0
    this.forgetWaiting()
  }

  /** The numbers are reset: neither the old ones nor the new ones that wait mean anything any more. */
  abandon(core: CoreContext): void {
    const lost = this.waiting.filter(({ message }) => !isAdmin(message.msgType))
    this.clear()
    const first = lost[0]
    if (first === undefined) return
    core.fault(
      'MESSAGES_DISCARDED',
      `${lost.length} messages from MsgSeqNum(34)=${first.msgSeqNum} waited for a resend to finish when the numbers were ` +
        'reset: they will not be sent.'
    )
  }

  /**
   * Whether a request for these numbers, or for all from `begin` on, is being answered already: some of them are on their way, the others
   * follow. Who asks again at each message that is too high would be sent everything as often.
   */
  answers(begin: number, end: number, toTheLast: boolean): boolean {
    const { current } = this
    return current !== undefined && begin >= current.begin && begin <= current.end && (toTheLast || end <= current.end)
  }

  /**
   * Begins at once, or when the resend that is going on is through. `begin` and `end` are inclusive and checked. `undivided`: the
   * counterparty is to have all of it before any new message.
   */
  start(core: CoreContext, begin: number, end: number, undivided: boolean): void {
    const range = { begin, end, undivided }
    if (this.current === undefined) {
      this.begin(core, range)
      return
    }
    const known = this.requests.some((other) => other.begin <= begin && other.end >= end)
    if (known || this.requests.length >= MAX_WAITING_REQUESTS) {
      core.logOften(
        'warn',
        'RESEND_REQUEST',
        `ResendRequest(2) ${begin}-${end} dropped: the same, or too many, wait already.`
      )
      return
    }
    this.requests.push(range)
  }

  /** A new message waits its turn. */
  wait(core: CoreContext, msgSeqNum: number, bytes: Uint8Array, message: FixMessage): void {
    this.waiting.push({ msgSeqNum, bytes, message })
    this.waitingBytes += bytes.length
    if (message.msgType === MsgType.Heartbeat) this.pressing = true
    // The application is refused before it comes to this; a counterparty must not make us pile up answers either.
    if (isAdmin(message.msgType) && this.waitingBytes > core.settings.maxOutboundBuffer) this.release(core)
  }

  /** What waits goes on the wire now. */
  release(core: CoreContext): void {
    if (this.waiting.length === 0) return
    for (const { bytes, message } of this.waiting) core.effects.push({ kind: 'write', bytes, message })
    core.pulse.sent(core.now.mono)
    this.forgetWaiting()
  }

  /** Some of what waits goes on the wire now. */
  private releaseSome(core: CoreContext): void {
    if (this.current?.undivided !== false || this.waiting.length === 0) return
    if (this.waiting.length <= NEW_A_PAGE) {
      this.release(core)
      return
    }
    for (const { bytes, message } of this.waiting.splice(0, NEW_A_PAGE)) {
      this.waitingBytes -= bytes.length
      core.effects.push({ kind: 'write', bytes, message })
    }
    core.pulse.sent(core.now.mono)
  }

  /**
   * The page that was asked for. `more`: the journal may have further messages of the range. `readTo`: the number up to
   * which the page tells all that the journal has, where that is beyond its last message.
   */
  journalRead(core: CoreContext, page: readonly StoredMessage[], more: boolean, readTo: number): void {
    if (this.awaited !== 'page' || this.current === undefined) return
    this.awaited = 'decisions'
    this.page = this.fresh(core, page)
    this.pageEnd = Math.min(this.current.end, Math.max(readTo, page.at(-1)?.msgSeqNum ?? 0))
    // A page that tells nothing new would be read for ever.
    this.more = more && this.pageEnd >= this.next
    const candidates: FixMessage[] = []
    for (const stored of this.page) if (!isAdmin(stored.message.msgType)) candidates.push(stored.message)
    if (candidates.length === 0) this.replayDecided(core, [])
    else core.effects.push({ kind: 'decideReplay', messages: candidates })
  }

  /** What is too old to be sent again is a gap like any other, and nobody is asked about it. */
  private fresh(core: CoreContext, page: readonly StoredMessage[]): readonly StoredMessage[] {
    if (!agesMatter(core.settings)) return page
    const fresh = page.filter(({ message }) => {
      const sent = timeOf(message, Tag.SendingTime) ?? core.now.wall
      return isAdmin(message.msgType) || core.now.wall - sent < longestWait(core.settings, message.msgType)
    })
    const stale = page.length - fresh.length
    if (stale > 0)
      core.log('info', `${stale} messages are too old to be sent again (maxMessageAge, maxMessageAges): gap-filled.`)
    return fresh
  }

  /** One answer for each message of `decideReplay`, in its order. */
  replayDecided(core: CoreContext, decisions: readonly boolean[]): void {
    if (this.awaited !== 'decisions' || this.current === undefined) return
    this.awaited = undefined
    const { page } = this
    this.page = []
    // What came while the counterparty made room for this page.
    if (this.next > this.current.begin) this.releaseSome(core)
    let candidate = 0
    for (const { msgSeqNum, message } of page) {
      const wanted = !isAdmin(message.msgType) && decisions[candidate++] === true
      if (msgSeqNum < this.next || msgSeqNum > this.current.end) continue
      if (this.gapFrom === 0 && (!wanted || msgSeqNum > this.next)) this.gapFrom = this.next
      if (wanted) {
        this.closeRun(core, msgSeqNum)
        core.retransmit(message, msgSeqNum, message.get(Tag.SendingTime))
      }
      this.next = msgSeqNum + 1
    }
    if (this.pageEnd >= this.next) {
      if (this.gapFrom === 0) this.gapFrom = this.next
      this.next = this.pageEnd + 1
    }
    if (this.more && this.next <= this.current.end) this.readOn(core)
    else this.finish(core, this.current.end)
  }

  private begin(core: CoreContext, range: Range): void {
    this.current = range
    this.next = range.begin
    this.gapFrom = 0
    core.show()
    this.readOn(core)
  }

  private readOn(core: CoreContext): void {
    if (this.current === undefined) return
    if (this.pressing) this.release(core)
    else this.releaseSome(core)
    this.awaited = 'page'
    core.effects.push({ kind: 'readJournal', from: this.next, to: this.current.end })
  }

  private finish(core: CoreContext, end: number): void {
    if (this.gapFrom === 0 && this.next <= end) this.gapFrom = this.next
    this.closeRun(core, end + 1)
    // Before the next request is answered: that may be for the very numbers that wait, as a resend this time.
    this.release(core)
    this.current = undefined
    const request = this.requests.shift()
    if (request === undefined) core.show()
    else this.begin(core, request)
  }

  /** Ends a run of numbers that are not sent again: SequenceReset-GapFill from its first number to `newSeqNo`. */
  private closeRun(core: CoreContext, newSeqNo: number): void {
    if (this.gapFrom === 0) return
    core.retransmit(gapFill(newSeqNo), this.gapFrom, undefined)
    this.gapFrom = 0
  }

  private forgetWaiting(): void {
    this.waiting = []
    this.waitingBytes = 0
    this.pressing = false
  }
}
