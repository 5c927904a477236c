// A gapfill session, through the public surface, everything saved: node session.js <acceptor|initiator> <directory> sqlite <port> [messages kept]

import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { FixMessage, FixSession, SqliteJournal } from 'gapfill'
import { orderFields, reportFields } from '../corpus/session-messages.js'
import { Digest } from '../peer/digest.js'
import { latencies } from '../peer/latency.js'
import { serve } from '../peer/serve.js'

/** Orders that are sent before the journal and the socket are awaited. */
const BURST = 200

const [role, directory, , port, maxMessages] = process.argv.slice(2)
const journal = new SqliteJournal({
  path: join(directory, `${role}.db`),
  ...(maxMessages && { retention: { maxMessages: Number(maxMessages) } })
})
const isAcceptor = role === 'acceptor'
const session = new FixSession(
  {
    role,
    beginString: 'FIX.4.4',
    senderCompId: isAcceptor ? 'BROKER' : 'BUYSIDE',
    targetCompId: isAcceptor ? 'BUYSIDE' : 'BROKER',
    host: '127.0.0.1',
    port: Number(port),
    heartBtInt: 3600,
    log: { level: 'warn' }
  },
  { journal }
)
session.on('error', (error) => {
  throw error
})

let onMessage = () => {}
session.on('message', (message) => onMessage(message))

const nextOrder = (n) => new FixMessage('D', orderFields(n))
const now = () => Number(process.hrtime.bigint())

let counted = Promise.resolve()
let delay

serve({
  connect: async () => {
    await session.connect()
  },

  /** An acceptor answers every order with a report. */
  echo() {
    onMessage = (message) => session.send(new FixMessage('8', reportFields(message.get(11))))
  },

  /** So many orders, each sent when the report of the one before has come. */
  roundTrips: (count) =>
    new Promise((resolve) => {
      const times = []
      const digest = new Digest()
      let sentAt = now()
      onMessage = (report) => {
        times.push(now() - sentAt)
        digest.add(report.get(11))
        digest.add(report.get(37))
        if (times.length === Number(count)) {
          resolve({ ...latencies(times), count: times.length, digest })
          return
        }
        sentAt = now()
        session.send(nextOrder(times.length + 1))
      }
      session.send(nextOrder(1))
    }),

  /** From now on so many messages are awaited; `counted` tells of them. */
  count(count) {
    const digest = new Digest()
    let received = 0
    counted = new Promise((resolve) => {
      onMessage = (message) => {
        digest.add(message.get(11))
        if (++received === Number(count)) resolve({ end: now(), count: received, digest })
      }
    })
  },
  counted: () => counted,

  /** So many orders, as fast as they go. */
  async send(count) {
    const start = now()
    for (let n = 1; n <= Number(count); n++) {
      session.send(nextOrder(n))
      if (n % BURST === 0) await session.flush()
    }
    await session.flush()
    return { start }
  },

  numbers: () => ({ nextNumOut: session.nextNumOut, nextNumIn: session.nextNumIn }),

  /** The event loop is watched until `held` is asked. */
  watch() {
    delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
  },
  held() {
    delay.disable()
    return { longest: delay.max / 1e6 }
  },

  usage: () => ({ rss: process.memoryUsage.rss(), cpu: process.cpuUsage() }),

  async stop() {
    await session.stop()
    journal.close()
  }
})
