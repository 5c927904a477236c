// A counterparty made of jspurefix, for gapfill's interop suites: the same command line, steering and reports as the
// QuickFIX peer beside it (../quickfix/peer.cpp).

import 'reflect-metadata'
import { createInterface } from 'node:readline'
import { DITokens, EmptyLogFactory, SessionLauncher } from 'jspurefix'
import { TcpAcceptor } from 'jspurefix/dist/transport/tcp/index.js'
import { parseCommandLine } from '../command-line.js'
import { pumpOrders } from '../pump.js'
import { report } from '../report.js'
import { Book, BookStore } from './book.js'
import { describeSession } from './description.js'
import { KeepingTransmitter, PeerSession } from './session.js'

/** jspurefix listens on every interface whatever its `tcp.host` says; a test peer listens where it is told. */
class LocalAcceptor extends TcpAcceptor {
  listen() {
    const { host, port } = this.config.description.application.tcp
    this.server.listen(port, host, () => report('started', { role: 'acceptor', port }))
  }
}

class Launcher extends SessionLauncher {
  constructor(description, peer) {
    const isAcceptor = description.application.type === 'acceptor'
    super(isAcceptor ? null : description, isAcceptor ? description : null, new EmptyLogFactory())
    this.peer = peer
  }

  makeFactory(config) {
    const container = config.sessionContainer
    config.sessionStoreFactory = { create: (sessionId) => new BookStore(sessionId, this.peer.book) }
    container.register(DITokens.MsgTransmitter, {
      useFactory: (scope) => new KeepingTransmitter(scope.resolve(DITokens.IJsFixConfig), this.peer)
    })
    container.register(TcpAcceptor, {
      useFactory: (scope) => new LocalAcceptor(scope.resolve(DITokens.IJsFixConfig))
    })
    return { makeSession: (sessionConfig) => new PeerSession(sessionConfig, this.peer) }
  }
}

class Peer {
  constructor(options) {
    this.options = options
    this.book = new Book(options.store)
    this.ordersWanted = options.orders
    this.session = undefined
    this.transmitter = undefined
  }

  start() {
    this.launcher = new Launcher(describeSession(this.options), this)
    this.ended = this.launcher.run().catch((error) => report('error', { text: error.message }))
    if (this.options.role === 'initiator') report('started', { role: 'initiator', port: this.options.port })
  }

  /** jspurefix's initiator is over after a Logout and has to be made anew; an acceptor goes on listening. */
  async logon() {
    if (this.options.role === 'acceptor') return
    await this.ended
    this.start()
  }

  loggedOn(session) {
    this.session = session
    this.ordersSent = this.book.orders
    report('logon')
  }

  /** Sends only what jspurefix passes on at once: what it queues is lost with the link. */
  sendNext() {
    this.session?.answerOrders()
    if (this.ordersSent >= this.ordersWanted || !this.session?.hasRoom()) return false
    this.ordersSent += 1
    this.session.sendOrder(`${this.options.prefix}-${this.ordersSent}`)
    return true
  }

  obey(line) {
    const [command, argument] = line.split(' ')
    const { book, session } = this
    if (command === 'send') this.ordersWanted += Number(argument)
    else if (command === 'sent') {
      report('sent', { messages: book.allSent().map((sent) => [sent.msgSeqNum, sent.msgType, sent.clOrdId]) })
    } else if (command === 'state') {
      const { nextNumIn, nextNumOut } = book
      report('state', { loggedOn: session?.loggedOn === true, nextNumIn, nextNumOut })
    } else if (command === 'logout') session?.done()
    else if (command === 'logon') this.logon()
    else if (command === 'disconnect') session?.disconnect()
    else if (command === 'stop') this.stop()
    else report('error', { text: `unknown: ${line}` })
  }

  stop() {
    this.launcher.stop()
    this.book.close()
    report('stopped')
    process.exit(0)
  }
}

const peer = new Peer(parseCommandLine(process.argv.slice(2), { sender: 'JSPUREFIX', prefix: 'j' }))
peer.start()
pumpOrders(peer.options.rate, () => peer.sendNext())
createInterface({ input: process.stdin })
  .on('line', (line) => peer.obey(line))
  .on('close', () => process.exit(2)) // whoever steered it is gone
