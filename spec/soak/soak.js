// Two firms as two processes of `gapfill run` over a FaultProxy, with faults on all the time. In rounds: both talk while
// faults strike; then they come to rest and what the journals have, and what the listeners saw, is held against each other; then the
// numbers are reset, which empties the journals, and the next round begins.
import { readFileSync, statSync, truncateSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openJournalForReading } from '../../dist/journal/sqlite-reader.js'
import { FaultProxy } from '../../dist/testing/index.js'
import { atRest, judge, ReplyWatch } from '../kill/judge.js'
import { Side } from '../kill/side.js'
import { networkFaults, processFaults } from './faults.js'

const app = fileURLToPath(new URL('app.js', import.meta.url))

/** Milliseconds that the two may take to find each other again, or to bring each other up to date. */
const PATIENCE = 120_000

export class Soak {
  /** By kind, each after messages flowed again both ways. */
  survived = new Map()
  resets = 0
  rounds = 0
  lost = 0
  duplicated = 0
  orders = 0
  faults = []
  /** Application messages of the rounds that are over, as the journals have them. */
  sent = 0
  received = 0
  #folder
  #random
  #proxy
  #broker
  #buySide
  #replies
  #ending = false
  #accounted = false

  constructor(folder, random) {
    this.#folder = folder
    this.#random = random
  }

  /** Begins; the sessions talk and find each other. */
  async start() {
    const port = await freePort()
    this.#proxy = new FaultProxy({ targetPort: port })
    const settings = { duplicateLogon: 'probe', probeTimeout: 1, logonTimeout: 3 }
    this.#broker = new Side(this.#folder, 'acceptor', port, { app, settings })
    const { duplicateLogon, probeTimeout, ...both } = settings
    const dialling = { ...both, heartBtInt: 1, reconnectInterval: 0.1 }
    this.#buySide = new Side(this.#folder, 'initiator', await this.#proxy.start(), { app, settings: dialling })
    this.#broker.start()
    this.#buySide.start()
    this.#replies = new ReplyWatch(this.#broker)
    await this.#flow()
  }

  /** One round: faults for so many milliseconds, then rest, account and reset. */
  async round(milliseconds) {
    const end = performance.now() + milliseconds
    await Promise.all([this.#lane(networkFaults, end), this.#lane(processFaults, end)])
    this.#everybody('hush')
    await this.#rest()
    await this.#account()
    this.rounds++
  }

  /** Between two rounds. */
  async reset() {
    for (const { deliveries } of this.#sides) truncateSync(deliveries)
    const deadline = performance.now() + PATIENCE
    const before = this.#resetTimes()
    while (!this.#isReset(before)) {
      this.#buySide.tell('reset')
      await pass(1_000)
      if (performance.now() > deadline) throw this.#stuck('the numbers are not reset')
    }
    this.resets++
    this.#accounted = false
    this.#replies = new ReplyWatch(this.#broker)
    this.#everybody('talk')
    await this.#flow()
  }

  async stop() {
    await this.#buySide.stop()
    await this.#broker.stop()
  }

  /** Whatever it takes; leaves nothing behind. */
  async clear() {
    this.#ending = true
    await this.#buySide?.clear()
    await this.#broker?.clear()
    await this.#proxy?.stop()
  }

  /** Deliveries of the round that is going on; 0 when they have been accounted for. */
  get delivered() {
    let lines = 0
    if (this.#accounted) return lines
    for (const { deliveries } of this.#sides) {
      for (const byte of readFileSync(deliveries)) if (byte === 10) lines++
    }
    return lines
  }

  /** Bytes that the acceptor and the initiator have in memory. */
  get rss() {
    return ['acceptor', 'initiator'].map((role) => {
      try {
        return Number(readFileSync(join(this.#folder, `${role}.usage`), 'latin1'))
      } catch {
        return 0
      }
    })
  }

  get #sides() {
    return [this.#broker, this.#buySide].filter((side) => side !== undefined)
  }

  /** One fault after the other, until `end`. */
  async #lane(faults, end) {
    const kinds = Object.keys(faults)
    while (performance.now() < end && !this.#ending) {
      const kind = kinds[Math.floor(this.#random() * kinds.length)]
      await faults[kind]({
        proxy: this.#proxy,
        broker: this.#broker,
        buySide: this.#buySide,
        random: this.#random,
        kill: (...victims) => this.#kill(victims)
      })
      await this.#flow()
      this.survived.set(kind, (this.survived.get(kind) ?? 0) + 1)
      await pass(1_000 * this.#random() ** 2)
    }
  }

  async #kill(victims) {
    await Promise.all(victims.map((victim) => victim.kill()))
    if (victims.includes(this.#broker)) this.#replies.look()
    for (const victim of victims) victim.start()
  }

  /** Returns when both sides have been given something new. */
  async #flow() {
    const deadline = performance.now() + PATIENCE
    for (const { deliveries } of this.#sides) {
      const before = statSync(deliveries).size
      while (statSync(deliveries).size === before) {
        await pass(10)
        if (performance.now() > deadline) throw this.#stuck('nothing flows')
      }
    }
  }

  /** Returns when all that was sent has arrived. A process that was just started may have missed what it was told. */
  async #rest() {
    const deadline = performance.now() + PATIENCE
    for (let calm = 0; calm < 3; ) {
      await pass(200)
      this.#everybody('hush')
      const before = this.#sizes()
      calm = this.#agree() && before === this.#sizes() ? calm + 1 : 0
      if (performance.now() > deadline) throw this.#stuck('the two did not come to rest')
    }
  }

  #sizes() {
    return this.#sides.map(({ deliveries }) => statSync(deliveries).size).join(' ')
  }

  #agree() {
    try {
      return atRest(this.#broker, this.#buySide)
    } catch {
      // A journal that is just being opened.
      return false
    }
  }

  /** Heartbeats go on meanwhile: numbers that differ are looked at again, whatever else differs stays. */
  async #account() {
    let account = judge(this.#broker, this.#buySide)
    for (let more = 0; more < 10 && account.faults.length > 0; more++) {
      await pass(300)
      account = judge(this.#broker, this.#buySide)
    }
    this.#replies.look()
    this.#accounted = true
    this.sent += account.sent
    this.received += account.received
    this.lost += account.lost
    this.duplicated += account.duplicated
    this.orders += this.#replies.orders
    this.faults.push(...account.faults, ...this.#replies.faults)
  }

  /** Both sides have been, and are at one. To look is quick: heartbeats of a second go through this process. */
  #isReset(before) {
    try {
      return this.#resetTimes().every((time, n) => time > before[n]) && atRest(this.#broker, this.#buySide)
    } catch {
      return false
    }
  }

  #resetTimes() {
    return this.#sides.map(({ journal: path }) => {
      const journal = openJournalForReading(path)
      try {
        return journal.sessions()[0]?.resetTime ?? 0
      } finally {
        journal.close()
      }
    })
  }

  #everybody(line) {
    for (const side of this.#sides) side.tell(line)
  }

  #stuck(what) {
    return new Error(`${what}:\n${this.#broker.said}\n${this.#buySide.said}`)
  }
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}
