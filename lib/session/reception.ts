import type { Clock, Timer } from '../clock.js'
import { Codec } from '../codec/codec.js'
import { fitsTemplate, type LogonIds, listenHost } from '../config/config.js'
import { FixConnectionError } from '../errors.js'
import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import type { Logger } from '../log.js'
import { formatEndpoint } from '../transport/close-reason.js'
import type { Connection, Endpoint, Listener, Transport } from '../transport/transport.js'

/** A session that waits for its counterparty at a listener. */
export interface Host {
  /** What a Logon is told by, seen from this side. */
  readonly identity: LogonIds
  readonly logonTimeout: number
  readonly logger: Logger
  readonly clock: Clock
  /** Takes whoever fits its ids and is named by no other host (`template`). */
  readonly isTemplate?: boolean
  /** What the listener has of TLS, as a text that is the same for the same. */
  readonly security: string
  /** Why whoever is there may not be the counterparty (`allowedRemoteAddresses`, `tls.peerCertificate`). */
  objection(connection: Connection): string | undefined
  /** Takes over a connection that began with a Logon for this host; `bytes` is what was read from it so far. */
  offer(connection: Connection, bytes: Uint8Array, logon: FixMessage): void
}

/** Connections that may wait at one listener for their first message, and two more for each of its sessions. */
const MAX_VISITORS = 1024

/** Longest first message, bytes: a Logon with a signature and a certificate in it fits well. */
const MAX_LOGON_LENGTH = 65_536

const receptions = new WeakMap<object, Map<string, Reception>>()
let freePorts = 0

/**
 * A listener that several sessions share. Whoever connects has to say first who it is: the connection then goes to the session
 * that its Logon names. Strangers get no byte (DESIGN, law 7), and the log says what they said.
 */
export class Reception {
  private readonly endpoint: Endpoint
  private readonly hosts = new Map<string, Host>()
  private readonly templates = new Set<Host>()
  /** Oldest first. */
  private readonly visitors = new Set<Visitor>()
  private readonly forget: () => void
  private listening: Promise<Listener> | undefined
  private port: number | undefined

  /** The one of this endpoint, made when there is none. */
  static at(transport: Transport, { host, port }: Endpoint): Reception {
    const endpoint = { host: listenHost(host), port }
    let ofNetwork = receptions.get(transport.network)
    if (ofNetwork === undefined) {
      ofNetwork = new Map()
      receptions.set(transport.network, ofNetwork)
    }
    const all = ofNetwork
    // Port 0 means "any free port": nobody can mean the same one.
    const key = port === 0 ? `free port ${++freePorts}` : formatEndpoint(endpoint)
    const known = all.get(key)
    if (known !== undefined) return known
    const reception: Reception = new Reception(endpoint, () => {
      if (all.get(key) === reception) all.delete(key)
    })
    all.set(key, reception)
    return reception
  }

  private constructor(endpoint: Endpoint, forget: () => void) {
    this.endpoint = endpoint
    this.forget = forget
  }

  /** The port listened on; undefined before `join` has resolved. */
  get listeningPort(): number | undefined {
    return this.port
  }

  /** Resolves when listening. Rejects with FixConnectionError when it cannot. */
  async join(host: Host, transport: Transport): Promise<void> {
    const key = keyOf(host.identity)
    const other = this.hosts.get(key)
    if (other !== undefined && other !== host) {
      const { senderCompId, targetCompId } = host.identity
      throw new FixConnectionError(
        'LISTEN_FAILED',
        `Another session of this process waits for ${targetCompId} as ${senderCompId} at ` +
          `${formatEndpoint(this.endpoint)}, and a Logon could not tell them apart: give one another port.`
      )
    }
    const any = this.hosts.values().next().value
    if (any !== undefined && any.security !== host.security) {
      throw new FixConnectionError(
        'LISTEN_FAILED',
        `Sessions at ${formatEndpoint(this.endpoint)} share a listener and have different tls: give them the same ` +
          'options but for tls.peerCertificate, or ports of their own.'
      )
    }
    this.hosts.set(key, host)
    if (host.isTemplate === true) this.templates.add(host)
    let listening: Promise<Listener> | undefined
    try {
      listening = this.listening ?? transport.listen(this.endpoint, (connection) => this.greet(connection))
      this.listening = listening
      const { port } = await listening
      this.port = port
      const { host: address } = this.endpoint
      host.logger.info({ host: address, port }, `Listening on ${formatEndpoint({ host: address, port })}.`)
    } catch (error) {
      if (this.listening === listening) this.listening = undefined
      if (this.hosts.get(key) === host) this.hosts.delete(key)
      this.templates.delete(host)
      if (this.hosts.size === 0) this.forget()
      throw error
    }
  }

  /** The listener closes with its last host. Never rejects. */
  async leave(host: Host): Promise<void> {
    const key = keyOf(host.identity)
    if (this.hosts.get(key) !== host) return
    this.hosts.delete(key)
    this.templates.delete(host)
    if (this.hosts.size > 0) return
    this.forget()
    for (const visitor of this.visitors) visitor.dismiss('nobody listens any more')
    const { listening } = this
    this.listening = undefined
    try {
      await (await listening?.catch(() => undefined))?.close()
    } catch (error) {
      host.logger.warn({ err: error }, 'The listener could not be closed.')
    }
  }

  /** The session that a Logon is for, or the template that it fits. */
  private hostFor(logon: FixMessage): Host | undefined {
    const ids = idsOf(logon)
    const { beginString, senderCompId, targetCompId } = ids
    // A session without sub and location ids takes any.
    const named = this.hosts.get(keyOf(ids)) ?? this.hosts.get(keyOf({ beginString, senderCompId, targetCompId }))
    if (named !== undefined && named.isTemplate !== true) return named
    for (const template of this.templates) if (fitsTemplate(template.identity, ids)) return template
    return undefined
  }

  private greet(connection: Connection): void {
    const any = this.hosts.values().next().value
    if (any === undefined) {
      connection.destroy()
      return
    }
    const most = MAX_VISITORS + 2 * this.hosts.size
    if (this.visitors.size >= most) {
      // The one that has been silent longest, so that nobody can keep the counterparties out by holding connections.
      this.visitors.values().next().value?.dismiss(`${most} connections wait for a Logon, this one the longest`)
    }
    const visitor: Visitor = new Visitor(connection, any, {
      introduced: (logon, bytes) => {
        this.visitors.delete(visitor)
        const host = this.hostFor(logon)
        const why =
          host === undefined
            ? `no session ${logon.get(Tag.BeginString)}:${logon.get(Tag.TargetCompID)}->` +
              `${logon.get(Tag.SenderCompID)} is configured here`
            : host.objection(connection)
        if (host !== undefined && why === undefined) {
          host.offer(connection, bytes, logon)
          return
        }
        ;(host ?? any).logger.warn({ peer: peerOf(connection) }, `Refused: ${why}.`)
        connection.destroy()
      },
      gone: () => this.visitors.delete(visitor)
    })
    this.visitors.add(visitor)
  }
}

interface VisitorEvents {
  introduced(logon: FixMessage, bytes: Uint8Array): void
  gone(): void
}

/** A connection that has not said yet who it is. */
class Visitor {
  private readonly connection: Connection
  private readonly host: Host
  private readonly events: VisitorEvents
  /** Reads any version: which one the session speaks is not known yet. */
  private readonly codec = new Codec({ beginString: 'FIXT.1.1', maxMessageLength: MAX_LOGON_LENGTH, maxFields: 4096 })
  private readonly timer: Timer
  private readonly chunks: Uint8Array[] = []
  private done = false

  constructor(connection: Connection, host: Host, events: VisitorEvents) {
    this.connection = connection
    this.host = host
    this.events = events
    this.timer = host.clock.setTimer(
      () => this.dismiss(`no Logon came within ${host.logonTimeout} seconds`),
      host.logonTimeout * 1000
    )
    connection.start({
      data: (bytes) => this.receive(bytes),
      drain: () => {},
      close: () => this.end()
    })
  }

  dismiss(why: string): void {
    if (this.done) return
    this.end()
    this.host.logger.warn({ peer: peerOf(this.connection) }, `Refused: ${why}.`)
    this.connection.destroy()
  }

  private receive(bytes: Uint8Array): void {
    if (this.done) return
    this.chunks.push(Uint8Array.from(bytes))
    const [first] = this.codec.push(bytes)
    if (first === undefined) return
    if (first.garbled) {
      this.dismiss(`expected a Logon first, got garbled bytes (${first.text})`)
    } else if (first.msgType !== MsgType.Logon) {
      this.dismiss(`expected a Logon first, got MsgType(35)=${first.msgType}`)
    } else {
      this.end()
      this.events.introduced(first, Buffer.concat(this.chunks))
    }
  }

  private end(): void {
    if (this.done) return
    this.done = true
    this.timer.cancel()
    this.events.gone()
  }
}

/** The ids of a Logon, seen from this side: its target is our sender. */
export function idsOf(logon: FixMessage): LogonIds {
  return {
    beginString: logon.get(Tag.BeginString) ?? '',
    senderCompId: logon.get(Tag.TargetCompID) ?? '',
    senderSubId: logon.get(Tag.TargetSubID),
    senderLocationId: logon.get(Tag.TargetLocationID),
    targetCompId: logon.get(Tag.SenderCompID) ?? '',
    targetSubId: logon.get(Tag.SenderSubID),
    targetLocationId: logon.get(Tag.SenderLocationID)
  }
}

function keyOf(identity: LogonIds): string {
  const { beginString, senderCompId, targetCompId, senderSubId, senderLocationId, targetSubId, targetLocationId } =
    identity
  const all = [beginString, senderCompId, senderSubId, senderLocationId, targetCompId, targetSubId, targetLocationId]
  return JSON.stringify(all.map((id) => id ?? ''))
}

export function peerOf(connection: Connection): string {
  return `${connection.remoteAddress}:${connection.remotePort}`
}
