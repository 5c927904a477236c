import type { CoreContext } from './context.js'

/** What is odd about a clock on a wall, ours or the counterparty's. */
export interface ClockFinding {
  /**
   * `counterpartyAhead`, `counterpartyBehind`: SendingTime(52) is further from our clock than half of `maxLatency`; what is behind may
   * also be late on its way. `steppedForward`, `steppedBack`: our own clock jumped.
   */
  readonly kind: 'counterpartyAhead' | 'counterpartyBehind' | 'steppedForward' | 'steppedBack'
  /** By how much, above 0. */
  readonly seconds: number
  readonly text: string
}

/** Milliseconds after which a finding of a kind is told again. */
const HOUR = 3_600_000

/** Milliseconds by which our clock may go otherwise than the monotonic one without having jumped, and the part by which it may drift. */
const JITTER = 2000
const DRIFT = 1 / 1000

/**
 * Whether the clocks on the wall agree, a concern beside the phase. Time-outs do not depend on them (deadline.ts); SendingTime(52),
 * the schedule and the age of messages do, and a session that ends for a clock is to have been warned.
 */
export class ClockWatch {
  /** Our clock less the monotonic one, when they were compared last. */
  private offset: number | undefined
  private comparedAt = 0
  /** Of each kind when it was told last. */
  private told: Partial<Record<ClockFinding['kind'], number>> | undefined
  /** The latest jump of our clock. */
  private step: { readonly at: number; readonly milliseconds: number } | undefined

  /** Compares our two clocks. */
  compare(core: CoreContext): void {
    const { wall, mono } = core.now
    const before = this.offset
    const passed = mono - this.comparedAt
    this.offset = wall - mono
    this.comparedAt = mono
    if (before === undefined) return
    const milliseconds = this.offset - before
    if (Math.abs(milliseconds) < JITTER + passed * DRIFT) return
    this.step = { at: mono, milliseconds }
    const forward = milliseconds > 0
    const why = forward
      ? 'It was set, or this machine slept: messages that wait may be stale now.'
      : 'It was set: the SendingTime(52) of what we send goes back too.'
    this.tell(core, forward ? 'steppedForward' : 'steppedBack', milliseconds, `${said(milliseconds)}. ${why}`)
  }

  /** How far SendingTime(52) of a message that came is ahead of our clock, milliseconds; below 0: behind. */
  measured(core: CoreContext, skew: number): void {
    const { maxLatency } = core.settings
    if (Math.abs(skew) <= maxLatency * 500) return
    const ahead = skew > 0
    const why = ahead
      ? "The counterparty's clock is ahead of ours"
      : "The counterparty's clock is behind ours, or its messages are late"
    this.tell(
      core,
      ahead ? 'counterpartyAhead' : 'counterpartyBehind',
      skew,
      `${why}: SendingTime(52) is off by ${seconds(skew)} seconds, more than ${maxLatency} are refused (maxLatency).`
    )
  }

  /** What to know of our own clock where another one's is found fault with. */
  ownFault(core: CoreContext): string {
    this.compare(core)
    if (this.step === undefined || core.now.mono - this.step.at > HOUR) return ''
    const ago = Math.round((core.now.mono - this.step.at) / 1000)
    return ` ${said(this.step.milliseconds)}, ${ago} seconds ago.`
  }

  private tell(core: CoreContext, kind: ClockFinding['kind'], milliseconds: number, text: string): void {
    this.told ??= {}
    const before = this.told[kind]
    if (before !== undefined && core.now.mono - before < HOUR) return
    this.told[kind] = core.now.mono
    core.effects.push({ kind: 'clock', finding: { kind, seconds: seconds(milliseconds), text } })
  }
}

/** Without a sign, to a tenth. */
function seconds(milliseconds: number): number {
  return Math.round(Math.abs(milliseconds) / 100) / 10
}

function said(milliseconds: number): string {
  return `Our own clock jumped ${milliseconds > 0 ? 'forward' : 'back'} by ${seconds(milliseconds)} seconds`
}
