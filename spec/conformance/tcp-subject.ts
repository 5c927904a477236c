import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { FixError, type FixMessage, FixSession, type SessionConfig, TcpTransport } from '../../lib/index.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { START } from '../support/core-session.js'
import { silent } from '../support/two-sessions.js'
import { WireText } from '../support/wire-text.js'
import { EchoApplication } from './application.js'
import type { Subject } from './player.js'
import type { Role, Script } from './script.js'
import { Traffic, WatchedTransport } from './watched-transport.js'

/** Seconds, unless the script says something else. */
const RECONNECT = 5

/** Time moves when the script says so; turns are Node's own, since the sockets are. */
class ScriptClock extends VirtualClock {
  override endOfTurn(callback: () => void): void {
    setImmediate(callback)
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Turns of the event loop, until something holds; what never holds is said by what the script expects. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000
  while (!holds() && performance.now() < deadline) await turn()
}

/** A `FixSession` over real TCP on this machine; the script is its counterparty at the other end. */
export class TcpSubject implements Subject {
  readonly text: WireText
  private readonly clock = new ScriptClock(START)
  private readonly transport = new WatchedTransport(new TcpTransport({ clock: this.clock }))
  private readonly session: FixSession
  private readonly role: Role
  private readonly server: Server | undefined
  private readonly arrivals: Socket[] = []
  private socket: Socket | undefined
  /** How many connections the script has taken part in. */
  private taken = 0
  /** What went through the latest of them, as the session saw it. */
  private traffic = new Traffic()
  private received = ''
  private receivedBytes = 0
  private sentBytes = 0
  private wasOpen = false
  private cutting = false
  private reason: string | undefined
  private latestSecond = { said: '', closed: false }
  private readonly deliveries: number[] = []
  private readonly told: string[] = []

  static async open(script: Script, role: Role, beginString: string): Promise<TcpSubject> {
    const server = role === 'initiator' ? createServer().listen(0, '127.0.0.1') : undefined
    if (server !== undefined) await new Promise((resolve) => server.once('listening', resolve))
    const subject = new TcpSubject(script, role, beginString, server)
    const { in: nextNumIn, out: nextNumOut } = script.numbers
    await subject.session.setSeqNums({ nextNumIn, nextNumOut })
    if (role === 'acceptor') await subject.session.connect()
    return subject
  }

  private constructor(script: Script, role: Role, beginString: string, server: Server | undefined) {
    this.role = role
    this.server = server
    server?.on('connection', (socket) => this.arrivals.push(socket))
    const address = server?.address()
    const config = {
      role,
      beginString,
      senderCompId: 'US',
      targetCompId: 'THEM',
      host: '127.0.0.1',
      port: typeof address === 'object' && address !== null ? address.port : 0,
      testReqId: 'TEST',
      journal: { path: ':memory:' },
      ...(role === 'initiator' ? { reconnectInterval: RECONNECT } : {}),
      ...(beginString === 'FIXT.1.1' ? { defaultApplVerId: '9' } : {}),
      ...(script.dictionary ? { dictionary: beginString === 'FIXT.1.1' ? 'FIX.5.0SP2' : beginString } : {}),
      ...script.settings
    }
    this.text = new WireText(config)
    this.session = new FixSession(config as SessionConfig, {
      clock: this.clock,
      transport: this.transport,
      logger: silent
    })
    this.listen(script.application)
  }

  private listen(application: string): void {
    const { session, told } = this
    const echo = new EchoApplication()
    session.on('message', (message) => {
      if (application === 'fails') throw new Error('the application fails')
      if (application === 'none') this.deliveries.push(message.msgSeqNum ?? 0)
      else {
        echo.handle(message, {
          send: (answer) => session.send(answer),
          refuse: (refused, details) => session.reject(refused, details)
        })
      }
    })
    session.on('connect', () => told.push('connect'))
    session.on('logon', (_, healthy) => told.push(healthy ? 'logon' : 'logon unhealthy'))
    session.on('reject', () => told.push('reject'))
    session.on('logout', () => told.push('logout'))
    session.on('disconnect', ({ code }) => {
      told.push(`disconnect ${code}`)
      if (!this.cutting) this.reason = code
    })
    session.on('sent', (message, msgSeqNum) => told.push(`sent ${msgSeqNum} ${message.get(11)}`))
    session.on('dropped', (message, { code }) => told.push(`dropped ${code} ${message.get(11)}`))
    session.on('error', (error) => told.push(error instanceof FixError ? `fault ${error.code}` : `error ${error}`))
  }

  get wall(): number {
    return this.clock.now()
  }

  get state(): string {
    return this.session.state
  }

  get nextNumIn(): number {
    return this.session.nextNumIn
  }

  get nextNumOut(): number {
    return this.session.nextNumOut
  }

  async connect(): Promise<void> {
    if (this.role === 'initiator') {
      // The script says what is to become of it.
      this.session.connect().catch(() => {})
      // After a broken link the session dials by itself, in its own time.
      if (this.taken > 0) await this.pass(RECONNECT)
      await this.accept()
      return
    }
    await this.drop()
    const socket = dial(this.session.listeningPort ?? 0, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    await this.take(socket)
    await this.settle()
  }

  async accept(): Promise<void> {
    await this.drop()
    await until(() => this.arrivals.length > 0)
    const socket = this.arrivals.shift()
    if (socket === undefined) throw new Error('the session has not dialled')
    await this.take(socket)
    await until(() => this.traffic.sent > 0)
    await this.settle()
  }

  async receive(bytes: Buffer): Promise<void> {
    this.sentBytes += bytes.length
    this.socket?.write(bytes)
    await this.settle()
  }

  async receiveOnSecond(bytes: Buffer): Promise<void> {
    const socket = dial(this.session.listeningPort ?? 0, '127.0.0.1')
    const second = { said: '', closed: false }
    this.latestSecond = second
    socket.on('error', () => {})
    socket.on('data', (said) => {
      second.said += said.toString('latin1')
    })
    const ended = () => {
      second.closed = true
    }
    socket.once('close', ended)
    socket.write(bytes)
    await until(() => second.closed || second.said !== '')
    socket.off('close', ended).destroy()
    await this.settle()
  }

  second(): { readonly said: string; readonly closed: boolean } {
    return this.latestSecond
  }

  async pass(seconds: number): Promise<void> {
    const end = this.clock.monotonic() + seconds * 1000
    for (let next = this.clock.nextTimerAt; next !== undefined && next <= end; next = this.clock.nextTimerAt) {
      this.clock.advance(Math.max(0, next - this.clock.monotonic()))
      await this.settle()
    }
    this.clock.advance(end - this.clock.monotonic())
    await this.settle()
  }

  async cut(): Promise<void> {
    this.cutting = true
    await this.drop()
    this.cutting = false
  }

  async send(message: FixMessage): Promise<void> {
    this.session.send(message)
    await this.settle()
  }

  async logOut(text: string | undefined): Promise<void> {
    void this.session.logout(text)
    await this.settle()
  }

  async disconnect(text: string | undefined): Promise<void> {
    void this.session.disconnect({ logoutText: text })
    await this.settle()
  }

  async reset(): Promise<void> {
    // It resolves with the answer, which is the script's to give.
    this.session.resetSeqNums().catch(() => {})
    await this.settle()
  }

  async test(): Promise<void> {
    this.session.sendTestRequest()
    await this.settle()
  }

  async setNumbers(numbers: Readonly<Record<string, number>>): Promise<void> {
    await this.session.setSeqNums({ nextNumIn: numbers.in, nextNumOut: numbers.out }, { force: true })
    await this.settle()
  }

  sent(): string[] {
    const whole = this.received.replaceAll('\x01', '|')
    const messages = whole.match(/8=.*?\|10=\d{3}\|/g) ?? []
    this.received = this.received.slice(messages.join('').length)
    return messages
  }

  delivered(): number[] {
    return this.deliveries.splice(0)
  }

  /** '' where the session was not told: its counterparty did not come past the listener. */
  closed(): string | undefined {
    const { reason } = this
    this.reason = undefined
    if (reason === undefined && !(this.wasOpen && this.traffic.closed)) return undefined
    this.wasOpen = false
    return reason ?? ''
  }

  events(): string[] {
    return this.told.splice(0)
  }

  /** Ends everything that was begun. */
  async end(): Promise<void> {
    this.socket?.destroy()
    const stopped = this.session.stop()
    await this.pass(10)
    await stopped
    for (const socket of this.arrivals) socket.destroy()
    const { server } = this
    if (server !== undefined) await new Promise((resolve) => server.close(resolve))
  }

  /** The script's end of a connection; the session's may still be in the making. */
  private async take(socket: Socket): Promise<void> {
    this.socket = socket
    this.taken++
    this.received = ''
    this.receivedBytes = 0
    this.sentBytes = 0
    this.wasOpen = true
    socket.setNoDelay()
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      if (this.socket !== socket) return
      this.received += bytes.toString('latin1')
      this.receivedBytes += bytes.length
    })
    await until(() => this.transport.made >= this.taken)
    this.traffic = this.transport.traffic
  }

  /** The link that there is ends, and the session has seen it. */
  private async drop(): Promise<void> {
    const { socket, traffic } = this
    if (socket === undefined) return
    this.socket = undefined
    this.wasOpen = false
    socket.destroy()
    await until(() => traffic.closed)
    await this.settle()
  }

  /** Until what either side has written has arrived, and nothing more comes of it. */
  private async settle(): Promise<void> {
    for (let calm = 0; calm < 6; calm++) {
      const { sent } = this.traffic
      await until(() => this.arrived)
      await turn()
      if (this.traffic.sent !== sent) calm = 0
    }
  }

  private get arrived(): boolean {
    const { traffic } = this
    return traffic.closed || (traffic.received === this.sentBytes && traffic.sent === this.receivedBytes)
  }
}
