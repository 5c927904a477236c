// What the sessions of spec/kill and spec/soak say: orders one way, a report to each the other way, news both ways.
import { FixMessage, MsgType, Tag } from '../../dist/index.js'

let count = 0

/** One to four messages, where somebody is logged on and takes them. */
export function chat(session) {
  try {
    for (let n = 0; n < 1 + (count % 4); n++) {
      session.send(session.role === 'initiator' && count % 3 !== 0 ? order() : news())
    }
  } catch (error) {
    if (error.code !== 'NOT_LOGGED_ON' && error.code !== 'OUTBOUND_FULL') throw error
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

export function reportTo(message) {
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
