// What `gapfill run --app` is given: the talk of spec/kill, begun, stopped and disturbed by lines on standard input; now and then it
// writes how much memory the process has.
//
//   talk | hush       send messages, or only answer
//   block MS          hold the event loop
//   reset             set the numbers to 1 by a Logon with ResetSeqNumFlag(141)
import { openSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { MsgType, Tag } from '../../dist/index.js'
import { chat, reportTo } from '../kill/chat.js'

const folder = process.env.KILL_FOLDER ?? '.'

export default function app(session) {
  // One write a delivery: what the listener saw survives SIGKILL as the journal does.
  const deliveries = openSync(join(folder, `${session.role}.deliveries`), 'a')
  session.on('message', (message) => {
    const possDup = message.get(Tag.PossDupFlag) ?? 'N'
    writeSync(deliveries, `${message.msgSeqNum} ${possDup} ${process.pid} ${message.get(Tag.Text)}\n`)
    if (message.msgType === MsgType.NewOrderSingle) session.send(reportTo(message))
  })
  let loggedOn = false
  session.on('logon', () => {
    loggedOn = true
  })
  session.on('disconnect', () => {
    loggedOn = false
  })
  let talking = true
  setInterval(() => talking && chat(session), 2).unref()
  const usage = join(folder, `${session.role}.usage`)
  setInterval(() => {
    writeFileSync(`${usage}.new`, String(process.memoryUsage.rss()))
    renameSync(`${usage}.new`, usage)
  }, 500).unref()
  const deeds = {
    talk: () => {
      talking = true
    },
    hush: () => {
      talking = false
    },
    block: (milliseconds) => block(Number(milliseconds)),
    // While nobody is logged on it would set the numbers of this side alone.
    reset: () => loggedOn && session.resetSeqNums().catch(() => {})
  }
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [name, argument] = line.split(' ')
    deeds[name]?.(argument)
  })
  process.stdin.unref()
}

function block(milliseconds) {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}
