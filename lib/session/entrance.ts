import type { Clock } from '../clock.js'
import type { Codec } from '../codec/codec.js'
import type { ParsedSessionConfig } from '../config/config.js'
import type { FixMessage } from '../fix/message.js'
import type { Logger } from '../log.js'
import { networkOf } from '../transport/remote-address.js'
import type { Connection } from '../transport/transport.js'
import type { Verdict } from './decisions.js'
import { letIn, turnAway } from './farewells.js'
import { Newcomer, type NewcomerOwner } from './newcomer.js'
import type { SessionDecisions } from './parts.js'
import { peerOf } from './peer.js'
import type { SessionRuntime } from './runtime.js'

/** Newcomers at a time. */
const MOST_NEWCOMERS = 8

export interface EntranceParts extends Pick<SessionDecisions, 'authenticate'> {
  readonly codec: Codec
  readonly clock: Clock
  readonly logger: Logger
}

/** Where an acceptor's counterparty comes in: by one connection, or, as `duplicateLogon` has it, by another in its place. */
export class Entrance implements NewcomerOwner {
  readonly clock: Clock
  readonly logger: Logger
  readonly logonTimeout: number
  readonly duplicateLogon: 'probe' | 'replace'
  readonly refuses: boolean
  private readonly asks: boolean
  private readonly codec: Codec
  private readonly runtime: SessionRuntime
  /** One of each network, so that whoever waits for an answer of `authenticate` keeps nobody else out. */
  private newcomers: Map<string, Newcomer> | undefined

  constructor(
    runtime: SessionRuntime,
    config: ParsedSessionConfig,
    { codec, clock, logger, authenticate }: EntranceParts
  ) {
    const duplicateLogon = config.role === 'acceptor' ? config.duplicateLogon : 'refuse'
    this.runtime = runtime
    this.asks = authenticate !== undefined
    this.codec = codec
    this.clock = clock
    this.logger = logger
    this.logonTimeout = config.logonTimeout
    this.refuses = duplicateLogon === 'refuse'
    this.duplicateLogon = duplicateLogon === 'probe' ? 'probe' : 'replace'
  }

  get busy(): boolean {
    return this.runtime.busy
  }

  get isJudging(): boolean {
    return this.runtime.core.isJudging
  }

  /** A connection began with a Logon for this session. One that lives is not disturbed by a stranger (DESIGN, law 7). */
  welcome(connection: Connection, bytes: Uint8Array, logon: FixMessage): void {
    // Whoever has its ids is let in, and has to be told what is wrong.
    if (!this.asks) letIn(connection)
    const network = networkOf(connection.remoteAddress)
    if (!this.runtime.busy && this.newcomers?.has(network) !== true) {
      this.runtime.link.attach(connection, bytes)
      return
    }
    const why = this.objectionTo(network)
    if (why !== undefined) {
      this.refuse(connection, why)
      return
    }
    const newcomer = new Newcomer(connection, bytes, this)
    this.newcomers ??= new Map()
    this.newcomers.set(network, newcomer)
    newcomer.begin(logon)
  }

  /** Nobody is let in any more. */
  shut(why: string): void {
    for (const newcomer of this.waiting()) newcomer.dismiss(why)
  }

  linkGone(): void {
    // Not before what led to it is through.
    for (const newcomer of this.waiting()) queueMicrotask(() => newcomer.oldLinkGone())
  }

  probed(alive: boolean): void {
    for (const newcomer of this.waiting()) newcomer.probed(alive)
  }

  faultOf(logon: FixMessage): string | undefined {
    // As the session itself will read it, with its dictionary.
    const read = this.codec.decode(Buffer.from(logon.bytes ?? '', 'latin1'))
    return read.garbled ? read.text : this.runtime.core.newcomerFault(read, this.runtime.now())
  }

  authenticate(logon: FixMessage, connection: Connection, answer: (verdict: Verdict) => void): void {
    this.runtime.questions.authenticateOn(connection, logon, answer)
  }

  lookForLife(): void {
    this.runtime.input((core, now) => core.lookForLife(now))
  }

  replace(): void {
    this.runtime.input((core, now) => core.replaced(now))
  }

  takeOver(connection: Connection, bytes: Uint8Array): void {
    this.runtime.questions.admitted = connection
    this.runtime.link.attach(connection, bytes)
  }

  gone(newcomer: Newcomer): void {
    for (const [network, one] of this.newcomers ?? []) if (one === newcomer) this.newcomers?.delete(network)
    if (this.newcomers?.size === 0) this.newcomers = undefined
  }

  private waiting(): readonly Newcomer[] {
    return [...(this.newcomers?.values() ?? [])]
  }

  /** Why a further connection cannot take the place of the link; undefined: it may be looked at. */
  private objectionTo(network: string): string | undefined {
    const { core, link } = this.runtime
    if (this.newcomers?.has(network) || (this.newcomers?.size ?? 0) >= MOST_NEWCOMERS)
      return 'while another second connection is being looked at'
    const isFirst = this.isJudging && networkOf(link.connection?.remoteAddress ?? '') !== network
    const mayGiveWay = isFirst || !this.refuses
    return core.wanted && core.phase.connected && mayGiveWay ? undefined : `while the session is ${core.state}`
  }

  private refuse(connection: Connection, when: string): void {
    this.logger.warn({ peer: peerOf(connection) }, `Refused: a Logon came ${when}.`)
    turnAway(connection)
  }
}
