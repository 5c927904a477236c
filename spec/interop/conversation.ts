import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FaultProxy } from '../../lib/testing/fault-proxy.js'
import { logPosition, losePower } from '../support/power-loss.js'
import { type Account, account } from './account.js'
import { freePort, Peer, type PeerKind, type PeerOptions } from './peer.js'

export interface ConversationOptions {
  readonly acceptor: PeerKind
  readonly initiator: PeerKind
  readonly beginString: 'FIX.4.2' | 'FIX.4.4'
  /** Each way. */
  readonly orders: number
  /** Orders a second, each way. */
  readonly rate: number
  readonly echoReports?: boolean
  /** Seconds; default 30. */
  readonly heartBtInt?: number
  /** The initiator begins anew with each Logon(A), by ResetSeqNumFlag(141). Default: no. */
  readonly resetOnLogon?: boolean
}

const EXTRA_ORDERS = 50
/** Bytes: an order has about 145. */
const SOME_MESSAGES_AND_A_PIECE = 5001

/** Two peers with an unreliable network between them, and what can happen to them. */
export class Conversation {
  readonly acceptor: Peer
  readonly initiator: Peer
  readonly proxy: FaultProxy
  readonly #directory: string
  readonly #messagesAnOrder: number
  #expected: number

  private constructor(options: ConversationOptions, acceptorPort: number, proxy: FaultProxy, directory: string) {
    const { orders, rate, beginString, echoReports = false, heartBtInt = 30, resetOnLogon = false } = options
    const common = { orders, rate, beginString, echoReports, heartBtInt }
    this.proxy = proxy
    this.#directory = directory
    this.#messagesAnOrder = echoReports ? 2 : 1
    this.#expected = orders * this.#messagesAnOrder
    this.acceptor = new Peer(options.acceptor, {
      ...common,
      ...side('acceptor', 'BROKER', 'BUYSIDE', acceptorPort, directory)
    })
    this.initiator = new Peer(options.initiator, {
      ...common,
      resetOnLogon,
      ...side('initiator', 'BUYSIDE', 'BROKER', proxy.port, directory)
    })
  }

  static async open(options: ConversationOptions): Promise<Conversation> {
    const targetPort = await freePort()
    const proxy = new FaultProxy({ targetPort })
    await proxy.start()
    const directory = mkdtempSync(join(tmpdir(), 'gapfill-interop-'))
    try {
      const conversation = new Conversation(options, targetPort, proxy, directory)
      await conversation.acceptor.start()
      await conversation.initiator.start()
      return conversation
    } catch (error) {
      await proxy.stop()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.initiator.dispose()
    await this.acceptor.dispose()
    await this.proxy.stop()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  get peers(): readonly Peer[] {
    return [this.acceptor, this.initiator]
  }

  async bothReceived(count: number): Promise<void> {
    await this.both((peer) => peer.seen.size >= count, `${count} different messages received`)
  }

  /** Rejects with the account of both directions when messages stay out. */
  async allReceived(): Promise<void> {
    try {
      await this.bothReceived(this.#expected)
    } catch (error) {
      const accounts = JSON.stringify(await this.accounts(), null, 1)
      throw new Error(`${(error as Error).message}\nSo far: ${accounts.slice(0, 4000)}`, { cause: error })
    }
  }

  async both(condition: (peer: Peer) => boolean, what: string): Promise<void> {
    const reached = Promise.all(this.peers.map((peer) => peer.until(() => condition(peer), what)))
    const crash = Promise.race(this.peers.map((peer) => peer.crash))
    await Promise.race([reached, crash.then((error) => Promise.reject(error))])
  }

  async bothLoggedOn(): Promise<void> {
    await this.both((peer) => peer.loggedOn, 'logged on')
  }

  /** Lets both sides send into the void before the link breaks: each has something to resend then, so many messages or more. */
  async loseAndCut(atLeast = 1): Promise<void> {
    await this.bothLoggedOn()
    this.proxy.blackHole()
    const before = await this.#numbersOut()
    this.#sendMore()
    const behind = (number: number, side: number) => number < (before[side] ?? 0) + atLeast
    for (let now = before; now.some(behind); ) now = await this.#numbersOut()
    await this.#breakLink(() => this.proxy.cut())
  }

  /** Breaks the link somewhere within a message on its way in this direction. */
  async cutWithinMessage(direction: 'toAcceptor' | 'toInitiator'): Promise<void> {
    await this.#breakLink(() => {
      this.proxy.cutAfterBytes(direction, SOME_MESSAGES_AND_A_PIECE)
      this.#sendMore()
    })
  }

  /** Nothing comes through any more, and nobody is told: the silence has to be noticed. */
  async fallSilent(): Promise<void> {
    await this.#breakLink(() => {
      this.proxy.blackHole()
      this.#sendMore()
    })
  }

  async resetLink(): Promise<void> {
    await this.#breakLink(() => this.proxy.cut('reset'))
  }

  /** A fault must not have to wait for traffic that there is none of any more. */
  #sendMore(): void {
    for (const peer of this.peers) peer.sendMore(EXTRA_ORDERS)
    this.#expected += EXTRA_ORDERS * this.#messagesAnOrder
  }

  async #numbersOut(): Promise<number[]> {
    return (await Promise.all(this.peers.map((peer) => peer.state()))).map(({ nextNumOut }) => nextNumOut)
  }

  async #breakLink(doIt: () => void): Promise<void> {
    await this.bothLoggedOn()
    const noticed = this.both((peer) => !peer.loggedOn, 'noticed that the link broke')
    doIt()
    await noticed
    // A dial that was made into a black hole stays in it.
    this.proxy.cut()
    this.proxy.resume()
    await this.bothLoggedOn()
  }

  /** The machine of a gapfill peer goes down, and its journal has nothing of orders that both sides have sent and received. */
  async losePower(peer: Peer): Promise<void> {
    const path = join(this.#directory, peer.role, 'journal.db')
    const left = join(this.#directory, 'left.db')
    const { frames } = logPosition(path)
    await this.exchangeMore()
    await peer.kill()
    losePower(path, left, frames, [{ kind: 'truncated', at: 0 }])
    for (const suffix of ['', '-wal']) copyFileSync(`${left}${suffix}`, `${path}${suffix}`)
    rmSync(`${path}-shm`, { force: true })
    await peer.start()
    await this.bothLoggedOn()
  }

  async logout(by: Peer): Promise<void> {
    by.tell('logout')
    await this.both((peer) => !peer.loggedOn, 'logged out')
  }

  /** After a logout, whoever began it. */
  async logonAgain(): Promise<void> {
    for (const peer of this.peers) peer.tell('logon')
    await this.bothLoggedOn()
  }

  /** Orders both ways, until all are there. */
  async exchangeMore(): Promise<void> {
    this.#sendMore()
    await this.allReceived()
  }

  /** Both directions, once everything has been received. */
  async accounts(): Promise<{ toAcceptor: Account; toInitiator: Account }> {
    return {
      toAcceptor: account(await this.initiator.sent(), this.acceptor.received),
      toInitiator: account(await this.acceptor.sent(), this.initiator.received)
    }
  }
}

function side(
  role: 'acceptor' | 'initiator',
  senderCompId: string,
  targetCompId: string,
  port: number,
  directory: string
): Pick<PeerOptions, 'role' | 'senderCompId' | 'targetCompId' | 'port' | 'store' | 'prefix'> {
  return { role, senderCompId, targetCompId, port, store: join(directory, role), prefix: role }
}
