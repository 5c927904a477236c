// What `gapfill run --app` is given: orders flow one way, a report to each the other way, news both ways, until the file STOP is there.
import { existsSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { FixMessage, MsgType, Tag } from '../../dist/index.js'

const folder = process.env.KILL_FOLDER ?? '.'
const stopFile = join(folder, 'STOP')
let count = 0

export default function app(session) {
  // One write a delivery: what the listener saw survives SIGKILL as the journal does.
  const deliveries = openSync(join(folder, `${session.role}.deliveries`), 'a')
  session.on('message', (message) => {
    const possDup = message.get(Tag.PossDupFlag) ?? 'N'
    writeSync(deliveries, `${message.msgSeqNum} ${possDup} ${process.pid} ${message.get(Tag.Text)}\n`)
    if (message.msgType === MsgType.NewOrderSingle) session.send(reportTo(message))
  })
  const timer = setInterval(() => {
    if (existsSync(stopFile)) clearInterval(timer)
    else chat(session)
  }, 2)
  timer.unref()
}

function chat(session) {
  try {
    for (let n = 0; n < 1 + (count % 4); n++) {
      session.send(session.role === 'initiator' && count % 3 !== 0 ? order() : news())
    }
  } catch (error) {
    if (error.code !== 'NOT_LOGGED_ON') throw error
  }
}

function unique() {
  return `${process.pid}-${++count}`
}

function order() {
  const clOrdId = unique()
  return new FixMessage(MsgType.NewOrderSingle, [
    [Tag.ClOrdID, clOrdId],
    [Tag.Symbol, 'MSFT'],
    [Tag.Side, '1'],
    [Tag.OrderQty, 100],
    [Tag.OrdType, '2'],
    [Tag.Price, '10.25'],
    [Tag.Text, clOrdId]
  ])
}

function reportTo(message) {
  const clOrdId = message.get(Tag.ClOrdID)
  return new FixMessage(MsgType.ExecutionReport, [
    [Tag.ClOrdID, clOrdId],
    [Tag.ExecID, unique()],
    [Tag.ExecType, '0'],
    [Tag.Text, `report to ${clOrdId}`]
  ])
}

function news() {
  return new FixMessage(MsgType.News, [
    [Tag.Headline, 'still here'],
    [Tag.Text, unique()]
  ])
}
