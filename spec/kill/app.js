// What `gapfill run --app` is given: orders flow one way, a report to each the other way, news both ways, until the file STOP is there.
import { existsSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { MsgType, Tag } from '../../dist/index.js'
import { chat, reportTo } from './chat.js'

const folder = process.env.KILL_FOLDER ?? '.'
const stopFile = join(folder, 'STOP')

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
