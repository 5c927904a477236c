import type { FixMessage } from '../fix/message.js'
import { isAdmin } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import { gapFill } from './admin.js'
import type { CoreContext } from './context.js'

/** One page of a resend: how many stored messages are read, decided on and sent in one go. */
export const REPLAY_PAGE = 256

/** ResendRequests that may wait while one is being answered; more are dropped, since a live peer asks again. */
const MAX_WAITING_REQUESTS = 16

interface Range {
  readonly begin: number
  readonly end: number
}

/** Bytes of a new message that waits for the resend to finish. */
interface Waiting {
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
 * stored) becomes one SequenceReset-GapFill a run. New messages get their numbers and are saved meanwhile,
 * but their turn on the wire comes when the resend is through, so that the counterparty sees no new gap.
 */
export class Replay {
  private current: Range | undefined
  private readonly requests: Range[] = []
  /** Next number to be accounted for. */
  private next = 0
  /** First number of the run that a GapFill will cover; 0: no run. */
  private gapFrom = 0
  private page: readonly StoredMessage[] = []
  private more = false
  private waiting: Waiting[] = []
  private waitingBytes = 0

  get active(): boolean {
    return this.current !== undefined
  }

  /** Bytes of new messages that wait for the resend to finish. */
  get backlog(): number {
    return this.waitingBytes
  }

  clear(): void {
    this.current = undefined
    this.requests.length = 0
    this.page = []
    this.gapFrom = 0
    this.waiting = []
    this.waitingBytes = 0
  }

  /** Begins at once, or when the resend that is going on is through. `begin` and `end` are inclusive and checked. */
  start(core: CoreContext, begin: number, end: number): void {
    if (this.current !== undefined) {
      const known = [this.current, ...this.requests]
      if (this.requests.some((r) => r.begin === begin && r.end === end) || known.length > MAX_WAITING_REQUESTS) {
        core.log('warn', `ResendRequest(2) ${begin}-${end} dropped: the same, or too many, wait already.`)
        return
      }
      this.requests.push({ begin, end })
      return
    }
    this.current = { begin, end }
    this.next = begin
    this.gapFrom = 0
    core.show()
    this.readOn(core)
  }

  /** A new message waits its turn. */
  wait(bytes: Uint8Array, message: FixMessage): void {
    this.waiting.push({ bytes, message })
    this.waitingBytes += bytes.length
  }

  /** The page that was asked for; `more`: the journal may have further messages of the range. */
  journalRead(core: CoreContext, page: readonly StoredMessage[], more: boolean): void {
    if (this.current === undefined) return
    this.page = page
    this.more = more
    const candidates: FixMessage[] = []
    for (const stored of page) if (!isAdmin(stored.message.msgType)) candidates.push(stored.message)
    if (candidates.length === 0) this.replayDecided(core, [])
    else core.effects.push({ kind: 'decideReplay', messages: candidates })
  }

  /** One answer for each message of `decideReplay`, in its order. */
  replayDecided(core: CoreContext, decisions: readonly boolean[]): void {
    if (this.current === undefined) return
    let candidate = 0
    for (const { msgSeqNum, message } of this.page) {
      const wanted = !isAdmin(message.msgType) && decisions[candidate++] === true
      if (!wanted) {
        if (this.gapFrom === 0) this.gapFrom = this.next
      } else {
        if (this.gapFrom === 0 && msgSeqNum > this.next) this.gapFrom = this.next
        this.closeRun(core, msgSeqNum)
        core.retransmit(message, msgSeqNum, message.get(Tag.SendingTime))
      }
      this.next = msgSeqNum + 1
    }
    this.page = []
    if (this.more && this.next <= this.current.end) this.readOn(core)
    else this.finish(core)
  }

  private readOn(core: CoreContext): void {
    if (this.current === undefined) return
    core.effects.push({ kind: 'readJournal', from: this.next, to: this.current.end })
  }

  private finish(core: CoreContext): void {
    if (this.current === undefined) return
    const { end } = this.current
    if (this.gapFrom === 0 && this.next <= end) this.gapFrom = this.next
    this.closeRun(core, end + 1)
    this.current = undefined
    const request = this.requests.shift()
    if (request !== undefined) {
      this.start(core, request.begin, request.end)
      return
    }
    for (const { bytes, message } of this.waiting) core.effects.push({ kind: 'write', bytes, message })
    this.waiting = []
    this.waitingBytes = 0
    core.show()
  }

  /** Ends a run of numbers that are not sent again: SequenceReset-GapFill from its first number to `newSeqNo`. */
  private closeRun(core: CoreContext, newSeqNo: number): void {
    if (this.gapFrom === 0) return
    core.retransmit(gapFill(newSeqNo), this.gapFrom, undefined)
    this.gapFrom = 0
  }
}
