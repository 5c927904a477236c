import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Delivery, Sent } from './account.js'

export interface PeerOptions {
  readonly role: 'acceptor' | 'initiator'
  readonly port: number
  readonly senderCompId: string
  readonly targetCompId: string
  /** A directory of its own; what is in it survives `kill`. */
  readonly store: string
  readonly beginString?: 'FIX.4.2' | 'FIX.4.4'
  /** Seconds; default 30. */
  readonly heartBtInt?: number
  /** NewOrderSingle(D) messages to send in all, counted across restarts. Default 0. */
  readonly orders?: number
  /** Orders a second; default 0: as fast as the peer can. */
  readonly rate?: number
  /** The ClOrdIDs are PREFIX-1, PREFIX-2, ... Default `q` or `j`. */
  readonly prefix?: string
  readonly echoReports?: boolean
  readonly resetOnLogon?: boolean
  /** QuickFIX only: a directory for its message and event log. */
  readonly log?: string
}

/** What a peer says on stdout. */
export type PeerEvent =
  | { readonly event: 'started'; readonly role: string; readonly port: number }
  | { readonly event: 'logon' }
  | { readonly event: 'logout'; readonly text?: string }
  | ({ readonly event: 'received' } & Delivery)
  | { readonly event: 'admin'; readonly msgType: string; readonly msgSeqNum: number; readonly text: string }
  | { readonly event: 'sent'; readonly messages: readonly [number, string, string][] }
  | { readonly event: 'state'; readonly loggedOn: boolean; readonly nextNumIn: number; readonly nextNumOut: number }
  | { readonly event: 'stopped' }
  | { readonly event: 'error'; readonly text: string }

type State = Extract<PeerEvent, { event: 'state' }>

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const INSTALL = 'run "bash spec/interop/install.sh"'

/** How each peer is started, and what must be there for it. */
const KINDS = {
  gapfill: {
    command: [process.execPath, here('gapfill/peer.js')],
    needs: here('../../dist/index.js'),
    advice: `gapfill is not built: run "npm run build", or ${INSTALL}, which does`
  },
  quickfix: {
    command: [here('.build/quickfix-peer')],
    needs: here('.build/quickfix-peer'),
    advice: `the QuickFIX peer is not built: ${INSTALL} (it needs Debian's libquickfix-dev and g++)`
  },
  jspurefix: {
    command: [process.execPath, here('jspurefix/peer.js')],
    needs: here('jspurefix/node_modules/jspurefix/package.json'),
    advice: `jspurefix is not installed: ${INSTALL} (it runs "npm ci" in spec/interop/jspurefix)`
  }
} as const

export type PeerKind = keyof typeof KINDS

/** A counterparty in a process of its own. What it received is kept over all its lives, killed or not. */
export class Peer {
  readonly received: Delivery[] = []
  /** Everything but the deliveries, in order, over all lives. */
  readonly events: PeerEvent[] = []
  /** MsgType(35) and ClOrdID(11) of what it received: how many different messages have come. */
  readonly seen = new Set<string>()
  readonly kind: PeerKind
  readonly #options: PeerOptions
  readonly #watchers = new Set<() => void>()
  #process: ChildProcessByStdio<Writable, Readable, Readable> | undefined
  #ended: Promise<void> = Promise.resolve()
  /** Resolves, with what it last said, when the process ends without having been told to. */
  readonly crash: Promise<Error>
  #crashed: (error: Error) => void = () => {}
  #endExpected = false
  #errors = ''
  #loggedOn = false
  #moreOrders = 0

  constructor(kind: PeerKind, options: PeerOptions) {
    if (!existsSync(KINDS[kind].needs)) throw new Error(KINDS[kind].advice)
    this.kind = kind
    this.#options = options
    this.crash = new Promise((resolve) => {
      this.#crashed = resolve
    })
  }

  get role(): 'acceptor' | 'initiator' {
    return this.#options.role
  }

  get alive(): boolean {
    return this.#process !== undefined
  }

  /** By what it said last. */
  get loggedOn(): boolean {
    return this.#loggedOn
  }

  /** Starts it, or starts it again on what it has stored; resolves when it listens or dials. */
  async start(): Promise<void> {
    if (this.#process) throw new Error(`${this.#name} is running already`)
    const [command, ...first] = KINDS[this.kind].command
    const child = spawn(command, [...first, ...this.#arguments()], { stdio: ['pipe', 'pipe', 'pipe'] })
    const startsSeen = this.count('started')
    this.#process = child
    this.#endExpected = false
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000)
    })
    child.stdin.on('error', () => {}) // it died while it was being told something
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => this.#hear(line))
    this.#ended = new Promise((resolve) => {
      lines.once('close', () => {
        this.#process = undefined
        this.#loggedOn = false
        if (!this.#endExpected) this.#crashed(this.#failure('ended by itself'))
        this.#wake()
        resolve()
      })
    })
    await this.until(() => this.count('started') > startsSeen, 'start')
  }

  /** That many orders more than it was started with. */
  sendMore(orders: number): void {
    this.#moreOrders += orders
    this.tell(`send ${orders}`)
  }

  /** One steering line: `logout`, `logon`, `disconnect`. */
  tell(line: string): void {
    this.#running().stdin.write(`${line}\n`)
  }

  /** SIGKILL; resolves when all it said before has been read. */
  async kill(): Promise<void> {
    this.#endExpected = true
    this.#running().kill('SIGKILL')
    await this.#ended
  }

  /** Lets it end in its own way. */
  async stop(): Promise<void> {
    if (!this.#process) return
    this.#endExpected = true
    this.tell('stop')
    await this.until(() => !this.alive, 'stop', 30_000)
  }

  /** For `afterEach`: gone in any case. */
  async dispose(): Promise<void> {
    if (this.#process) await this.kill()
  }

  /** What its own store says it has sent. */
  async sent(): Promise<Sent[]> {
    const answer = await this.#ask('sent')
    return answer.messages.map(([msgSeqNum, msgType, clOrdId]) => ({ msgSeqNum, msgType, clOrdId }))
  }

  async state(): Promise<State> {
    return await this.#ask('state')
  }

  /** Heartbeat(0) messages it was sent; gapfill itself does not say. */
  get heartbeats(): number {
    return this.events.filter((entry) => entry.event === 'admin' && entry.msgType === '0').length
  }

  count(event: PeerEvent['event']): number {
    return this.events.reduce((count, entry) => count + (entry.event === event ? 1 : 0), 0)
  }

  /** Resolves once `condition` holds, looking again at each thing the peer says. Rejects with what it last said. */
  until(condition: () => boolean, what: string, milliseconds = 60_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (condition()) finish(resolve)
        else if (!this.alive) finish(() => reject(this.#failure(`ended before: ${what}`)))
      }
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        settle()
      }
      const timer = setTimeout(
        () => finish(() => reject(this.#failure(`not within ${milliseconds} ms: ${what}`))),
        milliseconds
      )
      this.#watchers.add(look)
      look()
    })
  }

  async #ask<E extends 'sent' | 'state'>(question: E): Promise<Extract<PeerEvent, { event: E }>> {
    const seen = this.count(question)
    this.tell(question)
    await this.until(() => this.count(question) > seen, question)
    return this.events.findLast((entry): entry is Extract<PeerEvent, { event: E }> => entry.event === question)!
  }

  #hear(line: string): void {
    const event = JSON.parse(line) as PeerEvent
    if (event.event === 'received') {
      const { msgSeqNum, possDup, msgType, clOrdId } = event
      this.received.push({ msgSeqNum, possDup, msgType, clOrdId })
      this.seen.add(`${msgType} ${clOrdId}`)
    } else this.events.push(event)
    if (event.event === 'logon') this.#loggedOn = true
    if (event.event === 'logout') this.#loggedOn = false
    this.#wake()
  }

  #wake(): void {
    for (const look of [...this.#watchers]) look()
  }

  #running(): ChildProcessByStdio<Writable, Readable, Readable> {
    if (!this.#process) throw this.#failure('is not running')
    return this.#process
  }

  get #name(): string {
    return `${this.kind} ${this.#options.role}`
  }

  #failure(what: string): Error {
    const last = this.events.slice(-5).map((event) => JSON.stringify(event).slice(0, 300))
    const text = [
      `${this.#name}: ${what}`,
      `received ${this.received.length}, last events:`,
      ...last,
      this.#errors && `stderr: ${this.#errors}`
    ]
    return new Error(text.filter(Boolean).join('\n'))
  }

  #arguments(): string[] {
    const { role, port, senderCompId, targetCompId, store } = this.#options
    const { beginString, heartBtInt, rate, prefix, echoReports, resetOnLogon, log } = this.#options
    const orders = (this.#options.orders ?? 0) + this.#moreOrders
    const named: Record<string, string | number | undefined> = { role, port, sender: senderCompId }
    Object.assign(named, { target: targetCompId, store, begin: beginString, heartbeat: heartBtInt })
    Object.assign(named, { orders, rate, prefix, log })
    const words = Object.entries(named).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, String(value)]
    )
    if (echoReports) words.push('--echo-reports')
    if (resetOnLogon) words.push('--reset-on-logon')
    return words
  }
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
