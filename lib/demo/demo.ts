import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readEngineConfig } from '../config/config.js'
import { FixEngine } from '../engine.js'
import { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import type { FixSession } from '../session.js'
import { FaultProxy } from '../testing/fault-proxy.js'
import { type Account, account } from './account.js'
import { deliveryOf, readBack, writeDown } from './record.js'

/** How the demo goes. */
export interface DemoPlan {
  readonly orders: number
  /** Orders a second. */
  readonly rate: number
  /** After which share of the orders the link is cut. */
  readonly cuts: readonly number[]
  /** After which share of the orders the broker is killed. */
  readonly kills: readonly number[]
}

/** Where the demo stands. */
export interface DemoProgress {
  readonly ordersSent: number
  readonly reportsReceived: number
  readonly orders: number
  /** What has just happened, when something has. */
  readonly event: string | undefined
}

const fixtures = fileURLToPath(new URL('../../fixtures/demo/', import.meta.url))
const brokerScript = fileURLToPath(new URL('../demo/broker.js', import.meta.url))

/** Milliseconds until the demo gives up on missing reports. */
const PATIENCE = 45_000

/**
 * A broker and a buy-side firm over real TCP, with SQLite journals, through a proxy that cuts the link; the broker is a process
 * of its own, and killed. Afterwards both journals and what the listeners saw are compared.
 */
export async function playDemo(plan: DemoPlan, tell: (progress: DemoProgress) => void): Promise<Account> {
  const folder = mkdtempSync(join(tmpdir(), 'gapfill-demo-'))
  const brokerPort = await freePort()
  const proxy = new FaultProxy({ targetPort: brokerPort })
  const linkPort = await proxy.start()
  const env = { DEMO_FOLDER: folder, BROKER_PORT: String(brokerPort), LINK_PORT: String(linkPort) }
  const brokerRecord = join(folder, 'broker.deliveries')
  const buySideRecord = join(folder, 'buyside.deliveries')
  let broker = await startBroker(env, brokerRecord)
  const engine = new FixEngine({ sessions: readEngineConfig(join(fixtures, 'buyside.json'), { env }).sessions })
  const [buySide] = [...engine.sessions.values()]
  if (buySide === undefined) throw new Error('fixtures/demo/buyside.json has no session')
  try {
    const desk = new Desk(buySide, plan, buySideRecord, tell)
    void buySide.connect()
    const mishaps = [
      ...plan.cuts.map((share, index) => ({
        at: Math.floor(share * plan.orders),
        async happen() {
          // In the middle of a message, now of an order, now of a report.
          proxy.cutAfterBytes(index % 2 === 0 ? 'toInitiator' : 'toAcceptor', 1000)
          desk.say('link cut in the middle of a message')
        }
      })),
      ...plan.kills.map((share) => ({
        at: Math.floor(share * plan.orders),
        async happen() {
          desk.say('broker killed with SIGKILL')
          await end(broker, 'SIGKILL')
          broker = await startBroker(env, brokerRecord)
          desk.say('broker started again')
        }
      }))
    ]
    await desk.trade(mishaps, PATIENCE)
    await buySide.logout('demo over')
    await engine.stop()
    await end(broker, 'SIGTERM')
    return account(
      plan.orders,
      { journal: join(folder, 'buyside.db'), sessionId: buySide.id, deliveries: readBack(buySideRecord) },
      { journal: join(folder, 'broker.db'), sessionId: 'FIX.4.4:BROKER->BUYSIDE', deliveries: readBack(brokerRecord) }
    )
  } finally {
    await engine.stop()
    await end(broker, 'SIGKILL')
    await proxy.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Mishap {
  readonly at: number
  happen(): Promise<void>
}

/** The buy-side's trading desk: sends orders at a steady rate and waits for a report to each. */
class Desk {
  private readonly session: FixSession
  private readonly plan: DemoPlan
  private readonly tell: (progress: DemoProgress) => void
  private sent = 0
  private readonly reported = new Set<string>()

  constructor(session: FixSession, plan: DemoPlan, record: string, tell: (progress: DemoProgress) => void) {
    this.session = session
    this.plan = plan
    this.tell = tell
    session.on('message', (message) => {
      if (message.msgType !== MsgType.ExecutionReport) return
      writeDown(record, deliveryOf(message))
      this.reported.add(message.get(Tag.ClOrdID) ?? '')
    })
    session.on('logon', (_, healthy) => this.say(healthy ? 'logged on' : 'logged on, filling a gap'))
    session.on('error', (error) => this.say(`error: ${error.message}`))
  }

  say(event: string | undefined): void {
    this.tell({ ordersSent: this.sent, reportsReceived: this.reported.size, orders: this.plan.orders, event })
  }

  async trade(mishaps: readonly Mishap[], patience: number): Promise<void> {
    const waiting = [...mishaps].sort((a, b) => a.at - b.at)
    const { orders, rate } = this.plan
    const tick = 10
    const deadline = Date.now() + patience
    while (this.reported.size < orders && Date.now() < deadline) {
      const wanted = Math.min(orders - this.sent, Math.ceil((rate * tick) / 1000))
      for (let n = 0; n < wanted && this.session.state === 'Active'; n++) {
        this.sent++
        this.session.send(orderNumber(this.sent))
      }
      if (waiting[0] !== undefined && this.sent >= waiting[0].at) await waiting.shift()?.happen()
      this.say(undefined)
      await new Promise((resolve) => setTimeout(resolve, tick))
    }
    this.say(undefined)
  }
}

function orderNumber(number: number): FixMessage {
  return new FixMessage(MsgType.NewOrderSingle, [
    [Tag.ClOrdID, `A-${number}`],
    [Tag.Symbol, number % 2 === 0 ? 'MSFT' : 'IBM'],
    [Tag.Side, number % 3 === 0 ? '2' : '1'],
    [Tag.TransactTime, new Date()],
    [Tag.OrderQty, 100 + (number % 900)],
    [Tag.OrdType, '2'],
    [Tag.Price, `${100 + (number % 50)}.25`]
  ])
}

async function startBroker(env: Record<string, string>, record: string): Promise<ChildProcess> {
  const broker = spawn(process.execPath, [brokerScript, join(fixtures, 'broker.json'), record], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  await Promise.race([
    once(broker.stdout, 'data'),
    once(broker, 'exit').then(([code]) => {
      throw new Error(`the demo's broker ended with status ${code} before it listened`)
    })
  ])
  return broker
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
