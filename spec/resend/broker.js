// The acceptor: its journal says that it has sent many messages, and the counterparty has seen none of them.
import { Codec, FixMessage, FixSession, SqliteJournal } from 'gapfill'
import { watch } from './watch.js'
import { watchWire } from './wire.js'

const waits = watchWire()

const [path] = process.argv.slice(2)
const identity = { beginString: 'FIX.4.4', senderCompId: 'BROKER', targetCompId: 'BUYSIDE' }
const session = new FixSession({
  ...identity,
  role: 'acceptor',
  host: '127.0.0.1',
  port: 0,
  journal: { path },
  log: { level: 'error' }
})

/** As they would have been saved, a hundred a turn. */
function fill(count) {
  const journal = new SqliteJournal({ path })
  journal.load(session.id, Date.now())
  const codec = new Codec({ beginString: 'FIX.4.4' })
  const report = new FixMessage('8', {
    6: '0',
    11: 'A',
    14: '0',
    17: 'E',
    37: 'O',
    39: '0',
    54: '1',
    55: 'MSFT',
    150: '0',
    151: '100'
  })
  for (let first = 1; first <= count; first += 100) {
    const out = []
    for (let msgSeqNum = first; msgSeqNum < first + 100 && msgSeqNum <= count; msgSeqNum++) {
      const sendingTime = new Date()
      report.set(11, `A-${msgSeqNum}`, { replace: true })
      const bytes = codec.encode(report, { ...identity, msgSeqNum, sendingTime })
      out.push({ msgSeqNum, time: sendingTime.getTime(), bytes })
    }
    const batch = { sessionId: session.id, in: [], out, nextNumIn: 1, nextNumOut: first + out.length }
    journal.commit([batch])
  }
  journal.close()
}

const seen = { orders: 0, latest: 0, news: 0, refused: 0 }
session.on('message', (order) => {
  seen.orders++
  seen.latest = Math.max(seen.latest, Date.now() - Number(order.get(58)))
})

let stopWatching
let news
session.on('logon', () => {
  stopWatching ??= watch()
  news ??= setInterval(() => {
    if (session.state !== 'ResendReqHandling') return
    try {
      session.send(new FixMessage('B', { 148: `news-${Date.now()}` }))
      seen.news++
    } catch {
      seen.refused++
    }
  }, 10)
})

process.on('message', async (question) => {
  if (question.do === 'begin') {
    fill(question.count)
    await session.connect()
    process.send({ port: session.listeningPort })
  } else {
    clearInterval(news)
    const watched = stopWatching()
    await session.stop()
    process.send({ ...watched, ...seen, latestNews: Math.max(0, ...waits.news), heartbeats: waits.heartbeats })
  }
})
