import type { Clock } from '../clock.js'
import type { ParsedSessionConfig } from '../config/config.js'
import type { Logger } from '../log.js'
import type { Endpoint, Transport } from '../transport/transport.js'
import { type Host, hostFacts } from './host.js'
import { Reception } from './reception.js'

export interface ListeningParts {
  readonly transport: Transport
  readonly clock: Clock
  readonly logger: Logger
}

/** Where an acceptor waits for its counterparty, while it does. */
export class Listening {
  private readonly host: Host
  private readonly transport: Transport
  private reception: Reception | undefined

  /** `offer` is called with a connection that began with a Logon for this session. */
  constructor(config: ParsedSessionConfig, { transport, clock, logger }: ListeningParts, offer: Host['offer']) {
    this.transport = transport
    this.host = { ...hostFacts(config), logger, clock, offer }
  }

  /** The port that is listened on; undefined while none is. */
  get port(): number | undefined {
    return this.reception?.listeningPort
  }

  /** Resolves when listening. Rejects with what the transport throws when it cannot be. */
  async begin(endpoint: Endpoint): Promise<void> {
    const reception = Reception.at(this.transport, endpoint)
    this.reception = reception
    try {
      await reception.join(this.host, this.transport)
    } catch (error) {
      if (this.reception === reception) this.reception = undefined
      throw error
    }
  }

  /** Never rejects. */
  async end(): Promise<void> {
    const { reception } = this
    this.reception = undefined
    await reception?.leave(this.host)
  }
}
