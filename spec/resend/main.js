// A resend of a million messages over TCP, between two processes with journals in files, while both sides send new ones: how long it
// takes, how much memory each side needs, how long either event loop is held, and how late new messages are.
//
//   node spec/resend/main.js [--count 1000000]      (npm run resend -- --count 100000)
import { fork } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

if (!existsSync(fileURLToPath(new URL('../../dist/index.js', import.meta.url)))) {
  process.stderr.write('dist is missing: run "npm run build" first\n')
  process.exit(1)
}

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000000' } } })
if (!/^[1-9]\d{0,7}$/.test(values.count)) {
  process.stderr.write(`--count: expected a whole number from 1, got ${JSON.stringify(values.count)}\n`)
  process.exit(2)
}
const count = Number(values.count)

/** A side of the session in a process of its own; answers one question at a time. */
function start(name, ...args) {
  const child = fork(fileURLToPath(new URL(`${name}.js`, import.meta.url)), args.map(String))
  const ask = (question) =>
    new Promise((resolve, reject) => {
      const gone = (code) => reject(new Error(`${name} ended with code ${code}`))
      child.once('exit', gone)
      child.once('message', (answer) => {
        child.off('exit', gone)
        resolve(answer)
      })
      child.send(question)
    })
  return { child, ask }
}

const mebibytes = (bytes) => `${Math.round(bytes / 1_048_576)} MiB`

function tell(name, { before, most, longestTurn, usualTurn, longestHold }) {
  console.log(
    `${name}: RSS ${mebibytes(before)} before, ${mebibytes(most)} at most; event loop at work for ${longestTurn.toFixed(1)} ms at most ` +
      `(99 of 100 turns: ${usualTurn.toFixed(1)} ms), held ${longestHold.toFixed(1)} ms at most with what others did on this machine`
  )
}

const folder = mkdtempSync(join(tmpdir(), 'gapfill-resend-'))
const broker = start('broker', join(folder, 'broker.db'))
let buySide
try {
  console.log(`saving ${count.toLocaleString('en')} messages that were sent and never arrived`)
  const { port } = await broker.ask({ do: 'begin', count })
  buySide = start('buy-side', join(folder, 'buy-side.db'), port)
  const received = await buySide.ask({ do: 'run', count })
  const sent = await broker.ask({ do: 'end' })
  const { seconds, lost, doubled, unmarked, late, orders } = received
  console.log(
    `resend of ${count.toLocaleString('en')} messages: ${seconds.toFixed(1)} s, ${Math.round(count / seconds).toLocaleString('en')} a second`
  )
  tell('broker, which resends', sent)
  tell('buy side, which receives', received)
  console.log(
    `new messages meanwhile: ${orders} orders to the broker, ${sent.orders} came, the latest after ${sent.latest} ms; ` +
      `${sent.news} to the buy side, on the wire after ${sent.latestNews} ms at most, ${sent.refused} refused, ` +
      `${late} delivered, when the gap was filled; a TestRequest was answered after ${sent.heartbeats.join(', ')} ms`
  )
  const good = lost === 0 && doubled === 0 && unmarked === 0 && late === sent.news && sent.orders === orders
  console.log(
    `${lost} lost, ${doubled} duplicated${unmarked === 0 ? '' : `, ${unmarked} not marked as possible duplicates`}`
  )
  if (!good) process.exitCode = 1
} finally {
  buySide?.child.kill()
  broker.child.kill()
  rmSync(folder, { recursive: true, force: true })
}
