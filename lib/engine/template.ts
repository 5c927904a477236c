import type { Clock } from '../clock.js'
import { type ParsedAcceptorConfig, sessionId, sessionOfTemplate } from '../config/config.js'
import type { FixMessage } from '../fix/message.js'
import type { Journal } from '../journal/journal.js'
import type { Logger } from '../log.js'
import { Applicant } from '../session/applicant.js'
import { Decisions } from '../session/decisions.js'
import { judged, turnAway } from '../session/farewells.js'
import { type Host, hostFacts } from '../session/host.js'
import { idsOf } from '../session/logon-ids.js'
import type { SessionDecisions } from '../session/parts.js'
import { peerOf } from '../session/peer.js'
import { Reception } from '../session/reception.js'
import type { FixSession } from '../session.js'
import { networkOf } from '../transport/remote-address.js'
import type { Connection, Transport } from '../transport/transport.js'
import { WaitingRoom } from '../transport/waiting-room.js'

/** Who makes the sessions of a template. */
export interface TemplateOwner {
  find(id: string): FixSession | undefined
  /** Makes a session and tells of it; `decisions` take the place of the engine's. */
  make(config: ParsedAcceptorConfig, decisions: Pick<SessionDecisions, 'authenticate'>): FixSession
  /** Stops a session and lets go of it; what its journal has of it stays. */
  forget(session: FixSession): void
}

export interface TemplateParts extends SessionDecisions {
  readonly transport: Transport
  readonly clock: Clock
  readonly logger: Logger
  readonly journal?: Journal | undefined
}

/**
 * Waits for counterparties that are not named in a config, and has a session made for each.
 *
 * Nothing is made, and nothing of a journal touched, before `authenticate` has let the Logon in (DESIGN, law 7); where there
 * is none, everybody who fits may. At most `maxTemplateSessions` are kept: beyond it the one goes whose counterparty has been away
 * longest. Where everybody is let in, or nothing is left of a session that goes, further counterparties are refused instead.
 */
export class Template implements Host {
  readonly isTemplate = true
  readonly identity: Host['identity']
  readonly logonTimeout: number
  readonly logger: Logger
  readonly clock: Clock
  readonly objection: Host['objection']
  readonly terms: Host['terms']
  readonly allowedRemoteAddresses: Host['allowedRemoteAddresses']
  private readonly config: ParsedAcceptorConfig
  private readonly owner: TemplateOwner
  private readonly parts: TemplateParts
  private readonly decisions: Decisions
  /** By the id that their session will have and where they come from, so that a slow authenticate lets nobody keep others out. */
  private readonly applicants = new Map<string, { readonly id: string; readonly applicant: Applicant }>()
  private readonly waiting = new WaitingRoom<Applicant>()
  private readonly made = new Set<FixSession>()
  private readonly forgets: boolean
  private reception: Reception | undefined

  constructor(config: ParsedAcceptorConfig, owner: TemplateOwner, parts: TemplateParts) {
    this.config = config
    this.owner = owner
    this.parts = parts
    const { identity, logonTimeout, terms, allowedRemoteAddresses, objection } = hostFacts(config)
    this.identity = identity
    this.logonTimeout = logonTimeout
    this.terms = terms
    this.allowedRemoteAddresses = allowedRemoteAddresses
    this.objection = objection
    this.logger = parts.logger
    this.clock = parts.clock
    const keepsNumbers = parts.journal !== undefined || config.journal.path !== ':memory:'
    this.forgets = parts.authenticate !== undefined && keepsNumbers
    this.decisions = new Decisions(parts, new Set(config.secretTags), (error) =>
      this.logger.error({ err: error }, error.message)
    )
  }

  /** Resolves when listening. Rejects with FixConnectionError when it cannot. */
  async listen(): Promise<void> {
    this.reception = Reception.at(this.parts.transport, this.config)
    await this.reception.join(this, this.parts.transport)
  }

  /** Nobody new is let in. Never rejects. */
  async stop(): Promise<void> {
    for (const applicant of this.waiting.all()) applicant.dismiss()
    const { reception } = this
    this.reception = undefined
    await reception?.leave(this)
  }

  offer(connection: Connection, bytes: Uint8Array, logon: FixMessage): void {
    const config = sessionOfTemplate(this.config, idsOf(logon))
    const id = config === undefined ? undefined : sessionId(config)
    const { remoteAddress, remotePort, certificate } = connection
    const key = JSON.stringify([id, networkOf(remoteAddress)])
    const why = this.refusal(id, key)
    if (config === undefined || id === undefined || why !== undefined) {
      this.refuse(connection, why ?? '')
      return
    }
    const over = (): void => {
      this.applicants.delete(key)
      this.waiting.delete(remoteAddress, applicant)
    }
    if (this.applicants.size >= this.room()) this.giveUp(this.waiting.longestOfBusiest())
    const applicant: Applicant = new Applicant(connection, bytes, this.clock, this.logonTimeout, over)
    this.applicants.set(key, { id, applicant })
    this.waiting.add(remoteAddress, applicant)
    this.decisions.authenticate(logon, { remoteAddress, remotePort, certificate }, ({ admitted, text }) => {
      judged(connection, admitted)
      if (!applicant.waiting) return
      if (admitted) this.begin(config, applicant, logon)
      else this.dismiss(applicant, text)
    })
  }

  /** Why there is to be no session of that id. */
  private refusal(id: string | undefined, key: string): string | undefined {
    if (id === undefined)
      return 'the ids of its Logon have characters that are none of an id, or one of "/", ":", ">" and "*"'
    if (this.applicants.has(key)) return `another Logon for ${id} is being looked at`
    // Where it listened, it would have got this Logon: it was stopped, its journal failed, or it is someone else's.
    if (this.owner.find(id) !== undefined) return `session ${id} is there and does not listen`
    return this.room() > 0 ? undefined : this.full
  }

  /** How many may be looked at at a time. */
  private room(): number {
    return Math.max(this.config.maxTemplateSessions - this.made.size, this.forgets ? this.away().length : 0)
  }

  private get full(): string {
    return `${this.config.maxTemplateSessions} sessions were made of this template (maxTemplateSessions)`
  }

  private giveUp(applicant: Applicant | undefined): void {
    if (applicant === undefined) return
    const why = `${this.applicants.size} Logons are being looked at, this one the longest of the address with the most`
    this.dismiss(applicant, `${why} (maxTemplateSessions)`)
  }

  /** Those without a link, longest first; not the ones whose counterparty is being let in just now. */
  private away(): FixSession[] {
    const applying = new Set([...this.applicants.values()].map(({ id }) => id))
    const since = (session: FixSession): number => session.awaySince ?? Number.POSITIVE_INFINITY
    return [...this.made]
      .filter((session) => session.awaySince !== undefined && !applying.has(session.id))
      .sort((one, other) => since(one) - since(other))
  }

  /** Makes room for another one; false where there is none. */
  private makeRoom(): boolean {
    const most = this.config.maxTemplateSessions
    if (this.made.size < most) return true
    const [longest] = this.forgets ? this.away() : []
    if (longest === undefined) return false
    this.logger.info(
      { session: longest.id },
      `Session ${longest.id} is forgotten: ${most} were made (maxTemplateSessions), and its counterparty has been away longest.`
    )
    this.made.delete(longest)
    this.owner.forget(longest)
    return true
  }

  private begin(config: ParsedAcceptorConfig, applicant: Applicant, logon: FixMessage): void {
    const id = sessionId(config)
    if (this.owner.find(id) !== undefined) {
      this.dismiss(applicant, `session ${id} was made for another connection meanwhile`)
      return
    }
    if (!this.makeRoom()) {
      this.dismiss(applicant, this.full)
      return
    }
    let admitted = false
    const { authenticate } = this.parts
    const again: SessionDecisions['authenticate'] =
      authenticate === undefined ? undefined : (logon, peer) => admitted || authenticate(logon, peer)
    const session = this.owner.make(config, { authenticate: again })
    this.made.add(session)
    session.connect().then(
      () => {
        if (!applicant.waiting) return
        // The Logon that was let in is taken up before this is over, and no other one can be meanwhile.
        admitted = true
        session.welcome(applicant.connection, applicant.release(), logon)
        admitted = false
      },
      (error: unknown) => this.dismiss(applicant, String(error))
    )
  }

  private dismiss(applicant: Applicant, why: string): void {
    if (!applicant.waiting) return
    this.logger.warn({ peer: peerOf(applicant.connection) }, `Refused: ${why}.`)
    applicant.dismiss()
  }

  private refuse(connection: Connection, why: string): void {
    this.logger.warn({ peer: peerOf(connection) }, `Refused: ${why}.`)
    turnAway(connection)
  }
}
