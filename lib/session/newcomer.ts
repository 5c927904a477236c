import type { Clock } from '../clock.js'
import type { FixMessage } from '../fix/message.js'
import type { Logger } from '../log.js'
import type { Connection } from '../transport/transport.js'
import { Applicant } from './applicant.js'
import type { Verdict } from './decisions.js'
import { peerOf } from './peer.js'

/** The session that a newcomer wants to go on with. */
export interface NewcomerOwner {
  readonly clock: Clock
  readonly logger: Logger
  /** Seconds after which whoever logs on is no longer there. */
  readonly logonTimeout: number
  readonly duplicateLogon: 'probe' | 'replace'
  /** A link on which somebody has been let in stays (`duplicateLogon` "refuse"). */
  readonly refuses: boolean
  /** Nobody has been let in on the link there is: its Logon is still being looked at. */
  readonly isJudging: boolean
  /** The session has a link, or wants none. */
  readonly busy: boolean
  /** Why the Logon could not begin a session, whatever becomes of the old link; undefined: it could. */
  faultOf(logon: FixMessage): string | undefined
  authenticate(logon: FixMessage, connection: Connection, answer: (verdict: Verdict) => void): void
  /** Looks for life on the old link, then tells `probed`. */
  lookForLife(): void
  /** Ends the old link; `oldLinkGone` when it is. */
  replace(): void
  /** Goes on with this connection; `bytes` is what was read from it, its Logon first. */
  takeOver(connection: Connection, bytes: Uint8Array): void
  /** It will not be heard of again. */
  gone(newcomer: Newcomer): void
}

/**
 * A connection that began with the Logon of a counterparty whose session has a link already (`duplicateLogon`), or whose Logon is just
 * being looked at on another one, where it may be a stranger's. That one is not disturbed before this one has been authenticated
 * (DESIGN, law 7), nor for a Logon that would be refused afterwards.
 */
export class Newcomer {
  private readonly applicant: Applicant
  private readonly owner: NewcomerOwner
  private authenticated = false
  private letIn = false

  constructor(connection: Connection, bytes: Uint8Array, owner: NewcomerOwner) {
    this.owner = owner
    this.applicant = new Applicant(connection, bytes, owner.clock, owner.logonTimeout, (why) => {
      owner.gone(this)
      if (this.letIn) return
      owner.logger.warn({ peer: peerOf(connection) }, `Refused: a second connection of the counterparty: ${why}.`)
    })
  }

  begin(logon: FixMessage): void {
    const fault = this.owner.faultOf(logon)
    if (fault === undefined)
      this.owner.authenticate(logon, this.applicant.connection, (verdict) => this.judged(verdict))
    else this.dismiss(fault)
  }

  /** The counterparty was, or was not, at the other end of the old link. */
  probed(alive: boolean): void {
    if (!this.applicant.waiting || !this.authenticated) return
    if (alive) this.dismiss('the counterparty answers on the connection it has')
    else this.owner.replace()
  }

  oldLinkGone(): void {
    if (this.authenticated) this.takeOver()
  }

  dismiss(why: string): void {
    this.applicant.dismiss(why)
  }

  private judged({ admitted, text }: Verdict): void {
    if (!this.applicant.waiting) return
    if (!admitted) {
      this.dismiss(text)
      return
    }
    this.authenticated = true
    if (!this.owner.busy) this.takeOver()
    else if (this.owner.isJudging) this.owner.replace()
    else if (this.owner.refuses) this.dismiss('it has been let in by another connection meanwhile')
    else if (this.owner.duplicateLogon === 'replace') this.owner.replace()
    else this.owner.lookForLife()
  }

  private takeOver(): void {
    const { applicant, owner } = this
    if (!applicant.waiting) return
    if (owner.busy) {
      this.dismiss('the session is not wanted any more')
      return
    }
    this.letIn = true
    owner.takeOver(applicant.connection, applicant.release())
  }
}
