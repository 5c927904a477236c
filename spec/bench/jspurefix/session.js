// A jspurefix session with its own memory or file store: node session.js <acceptor|initiator> <directory> <memory|file> <port>

import 'reflect-metadata'
import { join } from 'node:path'
import { AsciiSession, DITokens, EmptyLogFactory, MsgTag, SessionLauncher } from 'jspurefix'
import { TcpAcceptor } from 'jspurefix/dist/transport/tcp/index.js'
import { orderFields, reportFields } from '../corpus/session-messages.js'
import { Digest } from '../peer/digest.js'
import { latencies } from '../peer/latency.js'
import { serve } from '../peer/serve.js'
import { describeSession } from './description.js'

/** Orders that are sent in one turn of the event loop; jspurefix has no way to say that it wants no more. */
const BURST = 100

const [role, directory, store, port] = process.argv.slice(2)
const isAcceptor = role === 'acceptor'
const now = () => Number(process.hrtime.bigint())

/** jspurefix takes objects named by the dictionary, and numbers and dates where that has them. */
const NAMES = {
  1: 'Account',
  6: 'AvgPx',
  11: 'ClOrdID',
  14: 'CumQty',
  15: 'Currency',
  17: 'ExecID',
  30: 'LastMkt',
  37: 'OrderID',
  39: 'OrdStatus'
}
Object.assign(NAMES, {
  40: 'OrdType',
  44: 'Price',
  54: 'Side',
  58: 'Text',
  59: 'TimeInForce',
  60: 'TransactTime',
  64: 'SettlDate',
  75: 'TradeDate'
})
Object.assign(NAMES, { 150: 'ExecType', 151: 'LeavesQty' })

function bodyOf(fields) {
  const body = {}
  for (const [tag, value] of fields) {
    if (tag === 55) body.Instrument = { ...body.Instrument, Symbol: value }
    else if (tag === 207) body.Instrument = { ...body.Instrument, SecurityExchange: value }
    else if (tag === 38) body.OrderQtyData = { OrderQty: value }
    else body[NAMES[tag]] = value
  }
  return body
}

let session
let ready
let onMessage = () => {}

class BenchSession extends AsciiSession {
  onLogon() {
    return true
  }

  onReady() {
    session = this
    ready?.()
  }

  onStopped() {}
  onDecoded() {}
  onEncoded() {}

  onApplicationMsg(_msgType, view) {
    onMessage(view)
  }
}

/** jspurefix listens on every interface whatever its `tcp.host` says. */
class LocalAcceptor extends TcpAcceptor {
  listen() {
    this.server.listen(this.config.description.application.tcp.port, '127.0.0.1', () => ready())
  }
}

class Launcher extends SessionLauncher {
  constructor(description) {
    super(isAcceptor ? null : description, isAcceptor ? description : null, new EmptyLogFactory())
  }

  makeFactory(config) {
    config.sessionContainer.register(TcpAcceptor, {
      useFactory: (scope) => new LocalAcceptor(scope.resolve(DITokens.IJsFixConfig))
    })
    return { makeSession: (sessionConfig) => new BenchSession(sessionConfig) }
  }
}

const launcher = new Launcher(
  describeSession({
    role,
    sender: isAcceptor ? 'BROKER' : 'BUYSIDE',
    target: isAcceptor ? 'BUYSIDE' : 'BROKER',
    port: Number(port),
    store,
    directory: join(directory, `jspurefix-${role}`)
  })
)

const sendOrder = (n) => session.send('D', bodyOf(orderFields(n)))
let counted = Promise.resolve()

serve({
  async connect() {
    const isReady = new Promise((resolve) => {
      ready = resolve
    })
    launcher.run().catch((error) => console.error(error))
    await isReady
  },

  echo() {
    onMessage = (view) => session.send('8', bodyOf(reportFields(view.getString(MsgTag.ClOrdID))))
  },

  roundTrips: (count) =>
    new Promise((resolve) => {
      const times = []
      const digest = new Digest()
      let sentAt = now()
      onMessage = (report) => {
        times.push(now() - sentAt)
        digest.add(report.getString(MsgTag.ClOrdID))
        digest.add(report.getString(MsgTag.OrderID))
        if (times.length === Number(count)) {
          resolve({ ...latencies(times), count: times.length, digest })
          return
        }
        sentAt = now()
        sendOrder(times.length + 1)
      }
      sendOrder(1)
    }),

  count(count) {
    const digest = new Digest()
    let received = 0
    counted = new Promise((resolve) => {
      onMessage = (view) => {
        digest.add(view.getString(MsgTag.ClOrdID))
        if (++received === Number(count)) resolve({ end: now(), count: received, digest })
      }
    })
  },
  counted: () => counted,

  async send(count) {
    const start = now()
    for (let n = 1; n <= Number(count); n++) {
      sendOrder(n)
      if (n % BURST === 0) await new Promise(setImmediate)
    }
    return { start }
  },

  stop() {
    launcher.stop()
  }
})
