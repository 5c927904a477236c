import { MemoryTransport } from '../../lib/index.js'
import type { MemoryNetwork } from '../../lib/transport/memory-network.js'
import type { Connection, Dial, DialEvents, Endpoint, Listener, Transport } from '../../lib/transport/transport.js'

/** A MemoryTransport that tells what is written to its connections: `write D 2, D 3` by MsgType(35) and MsgSeqNum(34). */
export class WatchedTransport implements Transport {
  readonly network: object
  readonly writes: string[] = []
  private readonly inner: MemoryTransport
  private readonly trace: string[]

  constructor(network: MemoryNetwork, trace: string[] = []) {
    this.network = network
    this.inner = new MemoryTransport(network)
    this.trace = trace
  }

  /** All that was written, `|` for SOH. */
  get wire(): string {
    return this.writes.join('')
  }

  /** How a write of these messages is told. */
  summaryOf(msgType: string, from: number, to: number): string {
    return Array.from({ length: to - from + 1 }, (_, index) => `${msgType} ${from + index}`).join(', ')
  }

  dial(endpoint: Endpoint, events: DialEvents): Dial {
    return this.inner.dial(endpoint, {
      connected: (connection) => events.connected(this.watch(connection)),
      failed: (reason) => events.failed(reason)
    })
  }

  listen(endpoint: Endpoint, accept: (connection: Connection) => void): Promise<Listener> {
    return this.inner.listen(endpoint, (connection) => accept(this.watch(connection)))
  }

  private watch(connection: Connection): Connection {
    const write = connection.write.bind(connection)
    connection.write = (bytes) => {
      const text = Buffer.from(bytes).toString('latin1').replaceAll('\u0001', '|')
      this.writes.push(text)
      this.trace.push(`write ${summary(text)}`)
      return write(bytes)
    }
    return connection
  }
}

function summary(text: string): string {
  return [...text.matchAll(/\|35=([^|]*)\|34=(\d+)/g)]
    .map(([, msgType, msgSeqNum]) => `${msgType} ${msgSeqNum}`)
    .join(', ')
}
