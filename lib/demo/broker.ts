import { FixEngine } from '../engine.js'
import { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { Tag } from '../fix/tag.js'
import { deliveryOf, writeDown } from './record.js'

/*
 * The demo's broker, a process of its own so that it can be killed: fills every order it is given.
 *
 *   node broker.js CONFIG RECORD
 *
 * The report is sent by the listener of the order: both are saved in one commit, or neither is (DESIGN, law 2).
 */

const [config = '', record = ''] = process.argv.slice(2)
const engine = new FixEngine(config)

for (const session of engine.sessions.values()) {
  session.on('message', (order) => {
    if (order.msgType !== MsgType.NewOrderSingle) return
    writeDown(record, deliveryOf(order))
    session.send(reportFor(order))
  })
  session.on('error', (error) => process.stderr.write(`broker: ${error.message}\n`))
}

function reportFor(order: FixMessage): FixMessage {
  const clOrdId = order.get(Tag.ClOrdID) ?? ''
  const quantity = order.get(Tag.OrderQty) ?? '0'
  return new FixMessage(MsgType.ExecutionReport, [
    [Tag.OrderID, `O-${clOrdId}`],
    [Tag.ClOrdID, clOrdId],
    [Tag.ExecID, `E-${clOrdId}`],
    [Tag.ExecType, 'F'],
    [Tag.OrdStatus, '2'],
    [Tag.Symbol, order.get(Tag.Symbol) ?? ''],
    [Tag.Side, order.get(Tag.Side) ?? ''],
    [Tag.LeavesQty, '0'],
    [Tag.CumQty, quantity],
    [Tag.AvgPx, order.get(Tag.Price) ?? '0'],
    [Tag.LastQty, quantity],
    [Tag.LastPx, order.get(Tag.Price) ?? '0']
  ])
}

process.once('SIGTERM', () => {
  void engine.stop()
})

// A broker that cannot start says so and ends; one that was killed finds its journal and goes on from there.
try {
  await engine.start()
  process.stdout.write('listening\n')
} catch (error) {
  process.stderr.write(`broker: ${(error as Error).message}\n`)
  process.exitCode = 1
}
