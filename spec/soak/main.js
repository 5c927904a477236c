// Two sessions over a network with every fault there is, for as long as wished; the last line is "0 lost, 0 duplicated", and the
// exit status 0, when nothing was.
//
//   node spec/soak/main.js [--minutes 15 | --seconds 30] [--seed N]      (npm run soak -- --minutes 15)
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, styleText } from 'node:util'

if (!existsSync(fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)))) {
  process.stderr.write('dist is missing: run "npm run build" first\n')
  process.exit(1)
}
const { Soak } = await import('./soak.js')
const { randomFrom } = await import('../kill/random.js')

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' } }
})
const seconds = values.seconds === undefined ? 60 * number('minutes', '15') : number('seconds', '')
const seed = Math.floor(number('seed', String(Date.now() % 1_000_000)))

/** Between two resets of the numbers. */
const ROUND_MS = 60_000
const LINE_MS = 5_000

function number(name, otherwise) {
  const value = Number(values[name] ?? otherwise)
  if (value > 0) return value
  process.stderr.write(`--${name}: expected a number above 0, got ${JSON.stringify(values[name])}\n`)
  process.exit(2)
}

const begun = performance.now()
const folder = mkdtempSync(join(tmpdir(), 'gapfill-soak-'))
const soak = new Soak(folder, randomFrom(seed))

/** Colours for a terminal, where NO_COLOR is not set (no-color.org). */
function paint(format, text) {
  const plain = process.stdout.isTTY !== true || (process.env.NO_COLOR ?? '') !== ''
  return plain ? text : styleText(format, text, { validateStream: false })
}

function clock() {
  const passed = Math.floor((performance.now() - begun) / 1000)
  return `${String(Math.floor(passed / 60)).padStart(2, '0')}:${String(passed % 60).padStart(2, '0')}`
}

function survived() {
  const kinds = [...soak.survived, ...(soak.resets > 0 ? [['resets of the numbers', soak.resets]] : [])]
  const total = kinds.reduce((sum, [, count]) => sum + count, 0)
  const named = kinds.sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${count} ${kind}`)
  return `${total} faults survived${named.length === 0 ? '' : `: ${named.join(', ')}`}`
}

function line() {
  const messages = (soak.received + soak.delivered).toLocaleString('en')
  const [broker, buySide] = soak.rss.map((bytes) => Math.round(bytes / 1e6))
  const parts = [
    paint('dim', clock()),
    paint('cyan', `${messages} messages`),
    paint('yellow', survived()),
    paint('magenta', `RSS ${broker} and ${buySide} MB`)
  ]
  process.stdout.write(`${parts.join('  ')}\n`)
}

process.stdout.write(`seed ${seed}\n`)
const timer = setInterval(line, LINE_MS)
let failed = true
try {
  await soak.start()
  const end = begun + seconds * 1000
  for (;;) {
    await soak.round(Math.min(ROUND_MS, Math.max(1_000, end - performance.now())))
    if (soak.faults.length > 0 || performance.now() >= end) break
    await soak.reset()
  }
  line()
  await soak.stop()
  failed = soak.faults.length > 0 || soak.sent === 0
} finally {
  clearInterval(timer)
  await soak.clear()
  if (failed) process.stderr.write(`journals are left in ${folder}\n`)
  else rmSync(folder, { recursive: true, force: true })
}
for (const fault of soak.faults.slice(0, 20)) process.stderr.write(`${fault}\n`)
process.stdout.write(
  `${soak.sent} application messages sent, ${soak.received} received, in ${soak.rounds} rounds; ` +
    `${soak.orders} orders, each with its report\n`
)
const others = soak.faults.length - soak.lost - soak.duplicated
const verdict = `${soak.lost} lost, ${soak.duplicated} duplicated${others > 0 ? `, ${others} other differences` : ''}`
process.stdout.write(`${paint(failed ? 'red' : 'green', verdict)}\n`)
process.exitCode = failed ? 1 : 0
