import type { Clock } from '../clock.js'
import type { Codec } from '../codec/codec.js'
import type { ParsedSessionConfig } from '../config/config.js'
import type { FixMessage } from '../fix/message.js'
import type { Logger } from '../log.js'
import type { Connection } from '../transport/transport.js'
import type { Verdict } from './decisions.js'
import { Newcomer, type NewcomerOwner } from './newcomer.js'
import { peerOf } from './peer.js'
import type { SessionRuntime } from './runtime.js'

export interface EntranceParts {
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
  private readonly refuses: boolean
  private readonly codec: Codec
  private readonly runtime: SessionRuntime
  private newcomer: Newcomer | undefined

  constructor(runtime: SessionRuntime, config: ParsedSessionConfig, { codec, clock, logger }: EntranceParts) {
    const duplicateLogon = config.role === 'acceptor' ? config.duplicateLogon : 'refuse'
    this.runtime = runtime
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

  /** A connection began with a Logon for this session. One that lives is not disturbed by a stranger (DESIGN, law 7). */
  welcome(connection: Connection, bytes: Uint8Array, logon: FixMessage): void {
    const { core } = this.runtime
    if (this.newcomer !== undefined) {
      this.refuse(connection, 'while another second connection is being looked at')
    } else if (!this.runtime.busy) {
      this.runtime.link.attach(connection, bytes)
    } else if (this.refuses || !core.wanted || !core.phase.connected) {
      this.refuse(connection, `while the session is ${core.state}`)
    } else {
      const newcomer = new Newcomer(connection, bytes, this)
      this.newcomer = newcomer
      newcomer.begin(logon)
    }
  }

  /** Nobody is let in any more. */
  shut(why: string): void {
    this.newcomer?.dismiss(why)
  }

  linkGone(): void {
    // Not before what led to it is through.
    if (this.newcomer !== undefined) queueMicrotask(() => this.newcomer?.oldLinkGone())
  }

  probed(alive: boolean): void {
    this.newcomer?.probed(alive)
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

  gone(): void {
    this.newcomer = undefined
  }

  private refuse(connection: Connection, when: string): void {
    this.logger.warn({ peer: peerOf(connection) }, `Refused: a Logon came ${when}.`)
    connection.destroy()
  }
}
