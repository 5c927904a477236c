import { parseArgs } from 'node:util'
import type { Account } from '../demo/account.js'
import { type DemoPlan, type DemoProgress, playDemo } from '../demo/demo.js'
import { type Command, type CommandIo, UsageError } from './command.js'
import { type Paint, paintFor } from './style.js'
import { formatTable } from './table.js'

export const demo: Command = {
  name: 'demo',
  summary: 'watch two firms trade over a link that breaks, and lose nothing',
  usage: `gapfill demo [--orders N] [--rate N]

Runs a broker and a buy-side firm over TCP on this machine, with SQLite journals in a temporary folder. The link is cut and the
broker killed while they trade; then both journals and what the listeners saw are compared.
  --orders N   how many orders are sent, 1 to 1000000 (default 20000)
  --rate N     orders a second, 1 to 100000 (default 2500)
Exit status 1 when a message was lost or duplicated.`,

  async run(argv, io) {
    const { values } = parseArgs({
      args: [...argv],
      options: { orders: { type: 'string', default: '20000' }, rate: { type: 'string', default: '2500' } }
    })
    const plan: DemoPlan = {
      orders: wholeNumber('--orders', values.orders, 1_000_000),
      rate: wholeNumber('--rate', values.rate, 100_000),
      cuts: [0.15, 0.3, 0.7, 0.85],
      kills: [0.5]
    }
    const screen = new Screen(io)
    screen.say(
      `A broker and a buy-side firm trade ${plan.orders.toLocaleString('en')} orders over TCP; ` +
        `the link is cut ${plan.cuts.length} times and the broker is killed once.`
    )
    const account = await playDemo(plan, (progress) => screen.show(progress))
    screen.done()
    io.stdout.write(summary(account, paintFor(io.stdout, io.env)))
    return account.lost === 0 && account.duplicated === 0 && account.complete ? 0 : 1
  }
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  throw new UsageError(`expected ${name} to be a whole number from 1 to ${most}, got ${text}`)
}

/** A bar that is redrawn on a terminal; elsewhere a line a tenth of the way. */
class Screen {
  private readonly io: CommandIo
  private readonly live: boolean
  private readonly paint: Paint
  private lastTenth = 0

  constructor(io: CommandIo) {
    this.io = io
    this.live = io.stdout.isTTY === true
    this.paint = paintFor(io.stdout, io.env)
  }

  say(text: string): void {
    this.io.stdout.write(`${this.live ? '\r\x1b[2K' : ''}${text}\n`)
  }

  show({ ordersSent, reportsReceived, orders, event }: DemoProgress): void {
    const share = reportsReceived / orders
    if (event !== undefined) this.say(this.paint('yellow', `  ${event} at order ${ordersSent.toLocaleString('en')}`))
    const counts = `${ordersSent.toLocaleString('en')} orders sent, ${reportsReceived.toLocaleString('en')} reports received`
    if (this.live) {
      const width = 30
      const filled = Math.round(share * width)
      const bar = this.paint('green', '='.repeat(filled)) + ' '.repeat(width - filled)
      this.io.stdout.write(`\r\x1b[2K[${bar}] ${counts}`)
      return
    }
    const tenth = Math.floor(share * 10)
    if (tenth === this.lastTenth) return
    this.lastTenth = tenth
    this.say(`  ${String(tenth * 10).padStart(3)} %  ${counts}`)
  }

  done(): void {
    if (this.live) this.io.stdout.write('\n')
  }
}

function summary(account: Account, paint: Paint): string {
  const count = (number: number): string => number.toLocaleString('en')
  const table = formatTable(
    [
      ['', 'ORDERS', 'REPORTS'],
      ['sent', count(account.orders.sent), count(account.reports.sent)],
      ['received', count(account.orders.received), count(account.reports.received)],
      ['resent', count(account.orders.resent), count(account.reports.resent)],
      [
        'delivered again, marked PossDupFlag(43)=Y',
        count(account.orders.redelivered),
        count(account.reports.redelivered)
      ],
      ['gap-filled', count(account.orders.gapFilled), count(account.reports.gapFilled)]
    ],
    (line) => paint('bold', line)
  )
  const good = account.lost === 0 && account.duplicated === 0 && account.complete
  const notes = [...account.findings, ...(account.complete ? [] : ['Not every order was answered in time.'])]
  const verdict = `${count(account.lost)} lost, ${count(account.duplicated)} duplicated`
  return `\n${table}${notes.map((note) => `${note}\n`).join('')}\n${paint(good ? 'green' : 'red', verdict)}\n`
}
