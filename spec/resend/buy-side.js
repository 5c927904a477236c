// The initiator: it has seen nothing of what the counterparty has sent, and asks for all of it.
import { FixMessage, FixSession } from 'gapfill'
import { watch } from './watch.js'

const [path, port] = process.argv.slice(2)
const session = new FixSession({
  role: 'initiator',
  beginString: 'FIX.4.4',
  senderCompId: 'BUYSIDE',
  targetCompId: 'BROKER',
  host: '127.0.0.1',
  port: Number(port),
  heartBtInt: 2,
  journal: { path },
  log: { level: 'error' }
})

process.on('message', async ({ count }) => {
  const found = { late: 0, lost: 0, doubled: 0, unmarked: 0, orders: 0 }
  let next = 1
  let done
  const through = new Promise((resolve) => {
    done = resolve
  })
  session.on('message', (message) => {
    if (message.msgType === 'B') {
      found.late++
      return
    }
    const number = message.msgSeqNum
    if (number > next) found.lost += number - next
    if (number < next) found.doubled++
    if (message.get(43) !== 'Y') found.unmarked++
    next = number + 1
    if (number === count) done()
  })
  session.on('disconnect', ({ code, text }) => {
    if (next <= count) throw new Error(`${code}: ${text}`)
  })
  const stopWatching = watch()
  const begin = performance.now()
  await session.connect()
  const orders = setInterval(() => {
    session.send(new FixMessage('D', { 11: 'N', 58: String(Date.now()) }))
    found.orders++
    // The answer is held like everything behind the gap: there is no second one while it lasts.
    if (found.orders === 10) session.sendTestRequest()
  }, 10)
  await through
  const seconds = (performance.now() - begin) / 1000
  clearInterval(orders)
  // What is new comes behind the resend, in order.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const watched = stopWatching()
  await session.stop()
  process.send({ ...watched, ...found, seconds })
})
