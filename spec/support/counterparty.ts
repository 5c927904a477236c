import { formatUtcTimestamp } from '../../lib/fix/timestamp.js'
import { Codec, type Connection, MemoryTransport, type SessionConfig } from '../../lib/index.js'
import type { TwoSessions } from './two-sessions.js'

/**
 * The other end of a FixSession, played by the spec in wire text: `|` for SOH. What every message has (8, 9, 49, 56, 52,
 * 10) is added to what it says and taken off what it hears.
 */
export class Counterparty {
  readonly beginString: string
  /** Our CompID, as SenderCompID(49). */
  readonly us: string
  readonly them: string
  /** Every connection there was, oldest first. */
  readonly connections: Connection[] = []
  /** Codes of why connections ended. */
  readonly closed: string[] = []
  private readonly two: TwoSessions
  private readonly codec = new Codec({ beginString: 'FIX.4.4' })
  private whole: string[] = []

  constructor(two: TwoSessions, session: Pick<SessionConfig, 'beginString' | 'senderCompId' | 'targetCompId'>) {
    this.two = two
    this.beginString = session.beginString
    this.us = session.targetCompId
    this.them = session.senderCompId
  }

  async listen(host = '127.0.0.1', port = 9878): Promise<this> {
    await new MemoryTransport(this.two.network).listen({ host, port }, (connection) => this.take(connection))
    return this
  }

  async dial(host = '127.0.0.1', port = 9878, localHost = '127.0.0.1'): Promise<this> {
    new MemoryTransport(this.two.network, { localHost }).dial(
      { host, port },
      { connected: (connection) => this.take(connection), failed: ({ code }) => this.closed.push(code) }
    )
    await this.two.settle()
    return this
  }

  /** Says each of `texts` on the newest connection and lets the session answer. */
  async say(...texts: string[]): Promise<this> {
    for (const text of texts) this.connections.at(-1)?.write(this.bytes(text))
    await this.two.settle()
    return this
  }

  /** What the session said since the last call, without the fields that every message has. */
  heard(): string[] {
    return this.heardWhole().map((text) =>
      text
        .replace(/^8=[^|]*\|9=\d+\|/, '')
        .replace(/\|(49|56|52)=[^|]*/g, '')
        .replace(/\|10=\d{3}\|$/, '')
    )
  }

  heardWhole(): string[] {
    const { whole } = this
    this.whole = []
    return whole
  }

  /** `text` begins with 35=, or with 8= and is taken as it stands. */
  bytes(text: string): Buffer {
    if (text.startsWith('8=')) return Buffer.from(text.replaceAll('|', '\x01'), 'latin1')
    const [msgType, ...rest] = text.split('|')
    const has = (tag: number) => rest.some((field) => field.startsWith(`${tag}=`))
    const header = [msgType]
    if (!has(49)) header.push(`49=${this.us}`)
    if (!has(56)) header.push(`56=${this.them}`)
    if (!has(52)) header.push(`52=${formatUtcTimestamp(this.two.clock.now(), 3)}`)
    const body = `${[...header, ...rest].join('\x01')}\x01`
    const framed = `8=${this.beginString}\x019=${body.length}\x01${body}`
    const sum = [...framed].reduce((total, char) => total + char.charCodeAt(0), 0) & 255
    return Buffer.from(`${framed}10=${String(sum).padStart(3, '0')}\x01`, 'latin1')
  }

  private take(connection: Connection): void {
    this.connections.push(connection)
    this.codec.reset()
    connection.start({
      data: (bytes) => {
        for (const message of this.codec.push(bytes)) {
          this.whole.push(message.garbled ? `garbled: ${message.text}` : (message.bytes ?? '').replaceAll('\x01', '|'))
        }
      },
      drain: () => {},
      close: ({ code }) => this.closed.push(code)
    })
  }
}
