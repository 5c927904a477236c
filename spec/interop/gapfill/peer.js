// gapfill as a peer like the others, so that it can be killed like the others: the same command line, steering and
// reports as ../quickfix/peer.cpp. It imports the package as it is built and uses nothing but its public surface.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Codec, FixConnectionError, FixSession, SqliteJournal } from 'gapfill'
import { parseCommandLine } from '../command-line.js'
import { pumpOrders } from '../pump.js'
import { report } from '../report.js'
import { executionReport, newOrderSingle } from './orders.js'

const PAGE = 1000

class Peer {
  constructor(options) {
    this.options = options
    mkdirSync(options.store, { recursive: true })
    this.journal = new SqliteJournal({ path: join(options.store, 'journal.db') })
    this.session = new FixSession(
      {
        role: options.role,
        beginString: options.begin,
        senderCompId: options.sender,
        targetCompId: options.target,
        host: options.host,
        port: options.port,
        heartBtInt: options.heartbeat,
        ...(options.role === 'initiator' && { reconnectInterval: 1, resetOnLogon: options.resetOnLogon })
      },
      { journal: this.journal }
    )
    this.loggedOn = false
    this.ordersWanted = options.orders
    this.ordersSent = 0
    this.answered = new Set()
  }

  async start() {
    const { session } = this
    await this.journal.load(session.id, Date.now())
    for (const sent of await this.sent()) {
      if (sent.msgType === 'D') this.ordersSent += 1
      if (sent.msgType === '8') this.answered.add(sent.clOrdId)
    }
    session.on('logon', () => {
      this.loggedOn = true
      report('logon')
    })
    session.on('disconnect', ({ code, text }) => {
      if (this.loggedOn) report('logout', { text: `${code}: ${text}` })
      this.loggedOn = false
    })
    session.on('error', (error) => report('error', { text: `${error.code}: ${error.message}` }))
    session.on('message', (message) => this.received(message))
    await this.connect()
  }

  /** Dialling ends when the peer ends it; whether it listens is known at once. */
  async connect() {
    const { role, port } = this.options
    const connected = this.session.connect()
    if (role === 'acceptor') await connected
    report('started', { role, port })
    await connected
  }

  /** A session that has logged out by itself dials no more; one whose counterparty did is at it already. */
  async logon() {
    try {
      await this.session.connect()
    } catch (error) {
      if (error.code !== 'ALREADY_CONNECTED') throw error
    }
  }

  received(message) {
    const { msgType } = message
    const clOrdId = message.get(11) ?? ''
    report('received', { msgSeqNum: message.getInt(34), possDup: message.get(43) === 'Y', msgType, clOrdId })
    if (this.options.echoReports && msgType === 'D' && !this.answered.has(clOrdId)) {
      this.answered.add(clOrdId)
      this.session.send(executionReport(this.options.begin, clOrdId))
    }
  }

  sendNext() {
    if (!this.loggedOn || this.ordersSent >= this.ordersWanted) return false
    try {
      this.session.send(newOrderSingle(`${this.options.prefix}-${this.ordersSent + 1}`))
    } catch (error) {
      if (error instanceof FixConnectionError) return false // not now: logging out, or the counterparty does not read
      throw error
    }
    this.ordersSent += 1
    return true
  }

  /** What the journal has of application messages. */
  async sent() {
    const codec = new Codec({ beginString: this.options.begin })
    const found = []
    for (let from = 1; ; ) {
      const page = await this.journal.read(this.session.id, 'out', from, Number.MAX_SAFE_INTEGER, PAGE)
      const last = page.at(-1)
      if (!last) return found
      for (const { msgSeqNum, bytes } of page) {
        const [message] = codec.push(bytes)
        if (message.has(11)) found.push({ msgSeqNum, msgType: message.msgType, clOrdId: message.get(11) })
      }
      from = last.msgSeqNum + 1
    }
  }

  async obey(line) {
    const [command, argument] = line.split(' ')
    const { session } = this
    if (command === 'send') this.ordersWanted += Number(argument)
    else if (command === 'sent') {
      await session.flush()
      const messages = (await this.sent()).map(({ msgSeqNum, msgType, clOrdId }) => [msgSeqNum, msgType, clOrdId])
      report('sent', { messages })
    } else if (command === 'state') {
      report('state', { loggedOn: this.loggedOn, nextNumIn: session.nextNumIn, nextNumOut: session.nextNumOut })
    } else if (command === 'logout') await session.logout('told to log out')
    else if (command === 'logon') await this.logon()
    else if (command === 'disconnect') await session.disconnect()
    else if (command === 'stop') {
      await session.stop()
      await this.journal.close()
      report('stopped')
      process.exit(0)
    } else report('error', { text: `unknown: ${line}` })
  }
}

const fail = (error) => {
  report('error', { text: error.stack })
  process.exit(1)
}
const peer = new Peer(parseCommandLine(process.argv.slice(2), { sender: 'GAPFILL', prefix: 'g' }))
peer.start().catch(fail)
pumpOrders(peer.options.rate, () => peer.sendNext())
createInterface({ input: process.stdin })
  .on('line', (line) => peer.obey(line).catch(fail))
  .on('close', () => process.exit(2)) // whoever steered it is gone
