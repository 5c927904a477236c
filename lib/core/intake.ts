import type { FixMessage } from '../fix/message.js'
import type { CoreContext } from './context.js'

/** Messages that the application may have without acknowledging them, where a config says nothing else. */
const MAX_UNACKNOWLEDGED = 1000

/** Held messages that are used in one turn of the event loop when a gap has been filled; there may be `maxHeldMessages` of them. */
const HELD_IN_A_TURN = 256

/**
 * Milliseconds for which reading may stop without anything being late by it: who consumes as it reads stops at every read, and
 * the buffers of two operating systems hold no more than some hundred reads.
 */
const SHORT_STOP = 100

/**
 * How much the application takes, a concern beside the phase: whether it wants messages now, and which of those that it was
 * given it has not acknowledged.
 *
 * Numbers of unacknowledged messages are used up, but not durable: the journal is told the number of the first of them, so that a
 * later life of the session asks for it again (DESIGN, law 3). While the intake is shut nothing is delivered, and what comes stays
 * with the shell, in the order in which it came: a session that is logged on reads no further.
 */
export class Intake {
  /** In the order of their numbers. */
  private readonly unacknowledged = new Map<FixMessage, number>()
  /** The application wants nothing until `takeUp`. */
  suspended = false
  /** That there are too many has been said, and they have not become much fewer since. */
  private told = false
  /** A message that is to be delivered (`core.delivering`) waits for `takeUp`. */
  postponed = false
  /** Held messages are used on in the next turn of the event loop, and nothing that comes overtakes them. */
  resting = false
  private inARow = 0
  /** Nothing is delivered now. */
  shut = false
  /** The number of the first unacknowledged message. */
  first: number | undefined
  /** What the counterparty sends is being read: only then does its silence mean anything. */
  reading = true
  /** When reading stopped, and when it went on after it had stopped for long, by the monotonic clock. */
  private stoppedAt = 0
  private readOnAt: number | undefined

  /** How many messages are not acknowledged. */
  get size(): number {
    return this.unacknowledged.size
  }

  suspend(): void {
    this.suspended = true
    this.shut = true
  }

  takeUp(core: CoreContext): void {
    this.suspended = false
    this.weigh(core)
  }

  /** A held message is about to be used, or there was none whose turn it is. */
  heldTaken(core: CoreContext, taken: boolean): void {
    if (!taken) {
      this.inARow = 0
      return
    }
    if (++this.inARow < HELD_IN_A_TURN) return
    this.inARow = 0
    this.resting = true
    core.effects.push({ kind: 'rest' })
  }

  /** A message used up its number, and its acknowledgement will come later. */
  await(core: CoreContext, message: FixMessage, msgSeqNum: number): void {
    this.unacknowledged.set(message, msgSeqNum)
    this.first ??= msgSeqNum
    this.weigh(core)
    if (this.told || this.unacknowledged.size < most(core)) return
    this.told = true
    core.log(
      'warn',
      `${this.unacknowledged.size} messages are not acknowledged, MsgSeqNum(34)=${this.first} the first of them ` +
        '(maxUnacknowledged): nothing more is read until some are.'
    )
  }

  /** Of one that is not awaited, or not any more, nothing comes. */
  acknowledged(core: CoreContext, message: FixMessage): void {
    const msgSeqNum = this.unacknowledged.get(message)
    if (msgSeqNum === undefined) return
    this.unacknowledged.delete(message)
    this.weigh(core)
    if (this.unacknowledged.size <= most(core) / 2) this.told = false
    if (msgSeqNum !== this.first) return
    this.first = this.unacknowledged.values().next().value
    core.effects.push({ kind: 'numbers' })
  }

  /** The numbers are others now: what comes of the old messages counts for nothing. */
  clear(core: CoreContext): void {
    this.unacknowledged.clear()
    this.first = undefined
    this.weigh(core)
  }

  /** A link is there, and what comes by it is read. */
  begin(): void {
    this.reading = true
    this.readOnAt = undefined
    this.resting = false
    this.inARow = 0
  }

  /** The shell reads no more for now, whatever the reason: the counterparty cannot be heard. */
  stopReading({ now }: CoreContext): void {
    if (!this.reading) return
    this.reading = false
    this.stoppedAt = now.mono
  }

  /** The shell reads again: the counterparty has all its time from now on, for what it sent meanwhile is still to be read. */
  readOn(core: CoreContext): void {
    if (this.reading) return
    this.reading = true
    if (core.now.mono - this.stoppedAt >= SHORT_STOP) {
      this.readOnAt = core.now.mono
      core.inboundLimit?.catchUp(core, this.stoppedAt)
    }
    core.pulse.hearAgain(core)
    core.gap.hearAgain(core)
    core.resetting.hearAgain(core)
    core.probe.hearAgain(core)
  }

  /**
   * Whether what comes now may have waited here, unread: its SendingTime(52) says nothing of the counterparty then. What comes
   * maxLatency after reading has gone on, and is late all the same, was sent late or was held up on its way.
   */
  mayHaveWaited({ now, settings, awaitedAt }: CoreContext): boolean {
    if (!this.reading && now.mono - this.stoppedAt >= SHORT_STOP) return true
    if (awaitedAt !== undefined && now.mono - awaitedAt >= SHORT_STOP) {
      // Nobody has kept our own deadline: this process was held up, and what came meanwhile is read only now.
      this.readOnAt = now.mono
    }
    return this.readOnAt !== undefined && now.mono - this.readOnAt <= settings.maxLatency * 1000
  }

  private weigh(core: CoreContext): void {
    this.shut = this.suspended || this.unacknowledged.size >= most(core)
  }
}

function most({ settings }: CoreContext): number {
  return settings.maxUnacknowledged ?? MAX_UNACKNOWLEDGED
}
