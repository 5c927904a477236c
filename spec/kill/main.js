// Two firms as two processes of `gapfill run`, over real TCP, with journals in files; one, the other, or both at once
// are killed with SIGKILL at random moments while messages flow. What a killed broker has saved is looked at before it is started again;
// in the end the journals are compared, and what the listeners saw.
//
//   node spec/kill/main.js [--rounds 20] [--seed N]      (npm run test:kill -- --rounds 200)
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

if (!existsSync(fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)))) {
  process.stderr.write('dist is missing: run "npm run build" first\n')
  process.exit(1)
}
const { randomFrom } = await import('./random.js')
const { Side } = await import('./side.js')
const { atRest, judge, ReplyWatch } = await import('./judge.js')

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } })
const rounds = wholeNumber('--rounds', values.rounds ?? '20')
const seed = wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000))

function wholeNumber(name, text) {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  process.stderr.write(`${name}: expected a whole number from 1, got ${JSON.stringify(text)}\n`)
  process.exit(2)
}

const random = randomFrom(seed)

/** Milliseconds that the two may take to find each other, or to bring each other up to date in the end. */
const PATIENCE = 30_000

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function trial(folder) {
  const port = await freePort()
  const broker = new Side(folder, 'acceptor', port)
  const buySide = new Side(folder, 'initiator', port)
  const replies = new ReplyWatch(broker)
  const kills = { broker: 0, buySide: 0, both: 0 }
  try {
    broker.start()
    buySide.start()
    for (let round = 1; round <= rounds; round++) {
      // Mostly while messages flow, or as they begin to flow again; at times before the two have found each other.
      if (round === 1 || random() < 0.8) await flow(broker, buySide)
      await pass(600 * random() ** 2)
      const which = round % 5 === 0 ? 'both' : random() < 0.5 ? 'broker' : 'buySide'
      const victims = which === 'both' ? [broker, buySide] : which === 'broker' ? [broker] : [buySide]
      kills[which]++
      await Promise.all(victims.map((victim) => victim.kill()))
      const answered = victims.includes(broker) ? replies.look() : undefined
      process.stdout.write(
        `round ${round}/${rounds}: ${victims.map(({ name }) => name).join(' and ')} killed` +
          `${answered === undefined ? '' : `, ${answered} orders saved with their reports`}\n`
      )
      for (const victim of victims) victim.start()
    }
    await flow(broker, buySide)
    writeFileSync(join(folder, 'STOP'), '')
    await broughtUpToDate(broker, buySide)
    await buySide.stop()
    await broker.stop()
    replies.look()
    const account = judge(broker, buySide)
    return { ...account, kills, orders: replies.orders, faults: [...replies.faults, ...account.faults] }
  } finally {
    await broker.clear()
    await buySide.clear()
  }
}

/** Returns when both sides have been given something. */
async function flow(broker, buySide) {
  const deadline = Date.now() + PATIENCE
  for (const { deliveries } of [broker, buySide]) {
    const before = statSync(deliveries).size
    while (statSync(deliveries).size === before) {
      await pass(5)
      if (Date.now() > deadline) throw new Error(`nothing flows:\n${broker.said}\n${buySide.said}`)
    }
  }
}

async function broughtUpToDate(broker, buySide) {
  const deadline = Date.now() + PATIENCE
  for (let calm = 0; calm < 3; ) {
    await pass(100)
    calm = journalsAgree(broker, buySide) ? calm + 1 : 0
    if (Date.now() < deadline) continue
    throw new Error(`the two did not come to rest:\n${broker.said}\n${buySide.said}`)
  }
}

function journalsAgree(broker, buySide) {
  try {
    return atRest(broker, buySide)
  } catch {
    // Killed so early that it has no journal yet.
    return false
  }
}

const folder = mkdtempSync(join(tmpdir(), 'gapfill-kill-'))
process.stdout.write(`seed ${seed}\n`)
let account
try {
  account = await trial(folder)
} finally {
  if (account?.faults.length === 0) rmSync(folder, { recursive: true, force: true })
  else process.stderr.write(`journals are left in ${folder}\n`)
}
for (const fault of account.faults.slice(0, 20)) process.stderr.write(`${fault}\n`)
const { kills } = account
process.stdout.write(
  `${account.sent} application messages sent, ${account.received} received; ${rounds} rounds: ` +
    `${kills.broker} kills of the acceptor, ${kills.buySide} of the initiator, ${kills.both} of both at once\n` +
    `${account.orders} orders in what each kill of the acceptor had left behind, and in the end\n`
)
const others = Math.max(0, account.faults.length - account.lost - account.duplicated)
const more = others <= 0 ? '' : `, ${others} other differences`
process.stdout.write(`${account.lost} lost, ${account.duplicated} duplicated${more}\n`)
process.exitCode = account.faults.length === 0 && account.sent > 0 ? 0 : 1
