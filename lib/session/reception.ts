import { fitsTemplate, listenHost } from '../config/config.js'
import { FixConnectionError } from '../errors.js'
import type { FixMessage } from '../fix/message.js'
import { formatEndpoint } from '../transport/close-reason.js'
import type { Connection, Endpoint, Listener, Transport } from '../transport/transport.js'
import { Door, type Refusal } from './door.js'
import { differenceOf, type Host } from './host.js'
import { idsOf, keyOf } from './logon-ids.js'

const receptions = new WeakMap<object, Map<string, Reception>>()
let freePorts = 0

/** Characters of an id that a stranger sent, in the log. */
const MAX_ID_SHOWN = 64

/**
 * A listener that several sessions share. Whoever connects has to say first who it is: the connection then goes to the session
 * that its Logon names. Strangers get no byte (DESIGN, law 7), and the log says what they said.
 */
export class Reception {
  private readonly endpoint: Endpoint
  private readonly hosts = new Map<string, Host>()
  private readonly templates = new Set<Host>()
  private readonly forget: () => void
  /** Made with the first host. */
  private door: Door | undefined
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
    this.refuseUnfit(host, key)
    if (!this.hosts.has(key)) this.admit(host, key)
    let listening: Promise<Listener> | undefined
    try {
      listening = this.listening ?? this.listen(transport)
      this.listening = listening
      const { port } = await listening
      this.port = port
      const { host: address } = this.endpoint
      host.logger.info({ host: address, port }, `Listening on ${formatEndpoint({ host: address, port })}.`)
    } catch (error) {
      if (this.listening === listening) this.listening = undefined
      if (this.hosts.get(key) === host) this.dismiss(host, key)
      if (this.hosts.size === 0) this.forget()
      throw error
    }
  }

  /** The listener closes with its last host. Never rejects. */
  async leave(host: Host): Promise<void> {
    const key = keyOf(host.identity)
    if (this.hosts.get(key) !== host) return
    this.dismiss(host, key)
    if (this.hosts.size > 0) return
    this.forget()
    this.door?.close()
    this.door = undefined
    const { listening } = this
    this.listening = undefined
    try {
      await (await listening?.catch(() => undefined))?.close()
    } catch (error) {
      host.logger.warn({ err: error }, 'The listener could not be closed.')
    }
  }

  private listen(transport: Transport): Promise<Listener> {
    return transport.listen(
      this.endpoint,
      (connection) => {
        if (this.door === undefined) connection.destroy()
        else this.door.greet(connection)
      },
      (remoteAddress) => this.door?.welcome(remoteAddress) ?? 'nobody listens any more'
    )
  }

  /** Throws FixConnectionError `LISTEN_FAILED` where two hosts could not be told apart, or want different listeners. */
  private refuseUnfit(host: Host, key: string): void {
    const where = formatEndpoint(this.endpoint)
    const other = this.hosts.get(key)
    if (other !== undefined && other !== host) {
      const { senderCompId, targetCompId } = host.identity
      throw new FixConnectionError(
        'LISTEN_FAILED',
        `Another session of this process waits for ${targetCompId} as ${senderCompId} at ` +
          `${where}, and a Logon could not tell them apart: give one another port.`
      )
    }
    const any = this.hosts.values().next().value
    const difference = any === undefined ? undefined : differenceOf(any.terms, host.terms)
    if (difference === undefined) return
    const same = difference === 'tls' ? 'options but for tls.peerCertificate' : 'ones'
    throw new FixConnectionError(
      'LISTEN_FAILED',
      `Sessions at ${where} share a listener and have different ${difference}: give them the same ${same}, or ports of their own.`
    )
  }

  private admit(host: Host, key: string): void {
    this.hosts.set(key, host)
    if (host.isTemplate === true) this.templates.add(host)
    this.door ??= new Door(host, this.hosts, (connection, bytes, logon) => this.introduce(connection, bytes, logon))
    this.door.joined(host)
  }

  private dismiss(host: Host, key: string): void {
    this.hosts.delete(key)
    this.templates.delete(host)
    this.door?.left(host)
  }

  /** Gives a connection to the session that its Logon names, or says why not. */
  private introduce(connection: Connection, bytes: Uint8Array, logon: FixMessage): Refusal | undefined {
    const host = this.hostFor(logon)
    if (host === undefined) {
      const { beginString, senderCompId, targetCompId } = idsOf(logon)
      const id = [beginString, senderCompId, targetCompId].map((text) => text.slice(0, MAX_ID_SHOWN))
      return { why: `no session ${id[0]}:${id[1]}->${id[2]} is configured here`, logger: undefined }
    }
    const why = host.objection(connection) ?? this.door?.busy(connection)
    if (why !== undefined) return { why, logger: host.logger }
    host.offer(connection, bytes, logon)
    return undefined
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
}
