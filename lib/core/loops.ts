import type { CoreContext } from './context.js'

/**
 * ResendRequests(2) with one BeginSeqNo(7) in a row that are answered on one connection, to whatever end they ask: who begins
 * there again has taken nothing of what it was sent. One is forgiven a minute. A counterparty that asks once for each message that is too high (`sendRedundantResendRequests`) may ask as often as there are messages behind the
 * missing one, up to ten times this.
 */
export const MAX_EQUAL_REQUESTS = 20

/** Resets of the numbers in session that a counterparty may ask for on one connection; one is forgiven a minute. */
export const MAX_RESETS = 10

/**
 * Connections in a row that brought nothing before it is told, and an initiator dials only once in `SLOW_REDIAL` seconds. An
 * acceptor, which cannot know what its counterparty comes for, counts only those that ended by a fault.
 */
export const MAX_FRUITLESS = 20

export const SLOW_REDIAL = 60

/** Seconds in session after which a connection has brought something, even if no application message came or went. */
const FRUITFUL_AFTER = 60

const FORGIVEN_AFTER = 60_000

/** How often something may happen before it is taken for a loop. */
class Allowance {
  private spent = 0
  private since = 0

  /** Takes one of `most`; false when there are none left. */
  take(mono: number, most: number): boolean {
    if (this.spent === 0) this.since = mono
    const forgiven = Math.min(this.spent, Math.floor((mono - this.since) / FORGIVEN_AFTER))
    this.spent -= forgiven
    this.since += forgiven * FORGIVEN_AFTER
    this.spent++
    return this.spent <= most
  }

  clear(): void {
    this.spent = 0
  }
}

/**
 * Two sides that each do what the standard says can keep each other busy for ever: one asks again and again for what the
 * other sends in a form it does not take; both insist on a reset; one logs on and is logged out, and logs on. Nothing of that
 * heals by itself, so it is counted, and ends with an error that says what goes round.
 */
export class Loops {
  private readonly requests = new Allowance()
  private readonly resets = new Allowance()
  private begin: number | undefined
  private fruitless = 0
  private loggedOnAt: number | undefined
  /** An application message came or went on this connection. */
  fruitful = false

  connected(): void {
    this.requests.clear()
    this.resets.clear()
    this.begin = undefined
    this.loggedOnAt = undefined
    this.fruitful = false
  }

  loggedOn(mono: number): void {
    this.loggedOnAt = mono
  }

  /** A ResendRequest(2) came. False when it is one too many: the session is over then. */
  mayAsk(core: CoreContext, begin: number): boolean {
    if (begin !== this.begin) this.requests.clear()
    this.begin = begin
    const most = Math.min(10 * MAX_EQUAL_REQUESTS, Math.max(MAX_EQUAL_REQUESTS, core.nextNumOut - begin))
    if (this.requests.take(core.now.mono, most)) return true
    const text = `A ResendRequest(2) from ${begin} on came more than ${most} times`
    core.giveUp('RESEND_LOOP', text, 'The counterparty does not take what it is sent: look at its log.')
    return false
  }

  /** The counterparty resets the numbers in session. False when it is one too many: the session is over then. */
  mayReset(core: CoreContext): boolean {
    if (this.resets.take(core.now.mono, MAX_RESETS)) return true
    const text = `The numbers were reset more than ${MAX_RESETS} times`
    core.giveUp('RESET_LOOP', text, 'The counterparty takes our answer for a request, or resets by a timer.')
    return false
  }

  /** A connection ended, by a `fault` or as it should: the shortest pause before an initiator's next dial, milliseconds. */
  disconnected(core: CoreContext, fault: boolean): number {
    const isAcceptor = core.settings.role === 'acceptor'
    const lasted = this.loggedOnAt === undefined ? 0 : core.now.mono - this.loggedOnAt
    if (this.fruitful || lasted >= FRUITFUL_AFTER * 1000 || (isAcceptor && !fault)) {
      this.fruitless = 0
      return 0
    }
    this.fruitless++
    if (this.fruitless < MAX_FRUITLESS) return 0
    if (this.fruitless === MAX_FRUITLESS) {
      core.fault(
        'LOGON_LOOP',
        `${MAX_FRUITLESS} connections in a row ended without an application message, the last one so: ` +
          `${core.closingReason?.text ?? 'the counterparty closed it.'} ` +
          (isAcceptor
            ? 'listener.maxLogonsPerSecond can hold the counterparty back.'
            : `Dialling goes on, once in ${SLOW_REDIAL} seconds.`)
      )
    }
    return SLOW_REDIAL * 1000
  }
}
