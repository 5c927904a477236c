// What saving costs. Run it after `npm run build`, on a machine that does nothing else:
//
//   node spec/journal/journal-bench.mjs [messages per row of the table, default 200000]
//
// Messages are 160 to 330 bytes; a commit is one session's turn with as many messages in as out.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteJournal } from '../../dist/journal/sqlite-journal.js'

const total = Number(process.argv[2] ?? 200_000)
const wire = Array.from({ length: 1_024 }, (_, index) => {
  const head = `8=FIX.4.4\u00019=300\u000135=8\u000134=${index}\u000149=BROKER\u000156=BUYSIDE\u000137=ORDER-${index}\u000158=`
  return Buffer.from(`${head.padEnd(150 + ((index * 37) % 171), 'x')}\u000110=123\u0001`)
})

const messagesFrom = (next, count) =>
  Array.from({ length: count }, (_, index) => ({
    msgSeqNum: next + index,
    time: 1_767_225_600_000 + next + index,
    bytes: wire[(next + index) % wire.length]
  }))

const turn = (sessionId, next, count) => ({
  sessionId,
  reset: undefined,
  in: messagesFrom(next, count),
  out: messagesFrom(next, count),
  nextNumIn: next + count,
  nextNumOut: next + count,
  connectTime: undefined
})

function withJournal(options, use) {
  const directory = mkdtempSync(join(tmpdir(), 'gapfill-bench-'))
  const path = join(directory, 'journal.db')
  const journal = new SqliteJournal({ path, ...options })
  try {
    return use(journal, path)
  } finally {
    journal.close()
    rmSync(directory, { recursive: true })
  }
}

/** Commits until `total` messages are saved; `batchesFor` gives those of the next commit. */
function measure(journal, messagesPerCommit, batchesFor) {
  const times = []
  const cpu = process.cpuUsage()
  for (let saved = 0; saved < total; saved += messagesPerCommit) {
    const batches = batchesFor()
    const start = performance.now()
    journal.commit(batches)
    times.push((performance.now() - start) * 1_000)
  }
  const { user, system } = process.cpuUsage(cpu)
  times.sort((a, b) => a - b)
  const quantile = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(0)
  return {
    'us/message': (times.reduce((sum, time) => sum + time, 0) / total).toFixed(2),
    'cpu us/message': ((user + system) / total).toFixed(2),
    'commit p50': quantile(0.5),
    p99: quantile(0.99),
    'p99.9': quantile(0.999),
    max: quantile(1)
  }
}

const rows = {}
for (const synchronous of ['normal', 'full']) {
  for (const count of [1, 10, 100]) {
    if (synchronous === 'full' && count === 1) continue
    withJournal({ synchronous }, (journal) => {
      journal.load('S', 0)
      let next = 1
      rows[`${count} in, ${count} out, ${synchronous}`] = measure(journal, count * 2, () => {
        next += count
        return [turn('S', next - count, count)]
      })
    })
  }
}
for (const sessions of [1, 100]) {
  withJournal({}, (journal) => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `FIX.4.4:ACCEPTOR->CLIENT${index}`)
    for (const id of ids) journal.load(id, 0)
    const next = new Map(ids.map((id) => [id, 1]))
    let chosen = 0
    rows[`1 in, 1 out of ${sessions} of 10,000 sessions`] = measure(journal, sessions * 2, () =>
      Array.from({ length: sessions }, () => {
        chosen = (chosen + 7_919) % ids.length
        const id = ids[chosen]
        const number = next.get(id)
        next.set(id, number + 1)
        return turn(id, number, 1)
      })
    )
  })
}
withJournal({ retention: { maxMessages: 50_000 } }, (journal, path) => {
  journal.load('S', 0)
  let next = 1
  rows['100 in, 100 out, 50,000 kept'] = measure(journal, 200, () => {
    next += 100
    return [turn('S', next - 100, 100)]
  })
  const size = (statSync(path).size / 1e6).toFixed(0)
  console.log(`50,000 messages kept of each direction: the file has ${size} MB.`)
})
console.table(rows)

withJournal({}, (journal) => {
  journal.load('S', 0)
  for (let next = 1; next <= 50_000; next += 1) journal.commit([turn('S', next, 1)])
  let longest = 0
  const start = performance.now()
  for (let next = 1; next <= 50_000; ) {
    const asked = performance.now()
    const page = journal.read('S', 'out', next, 50_000, 500)
    longest = Math.max(longest, performance.now() - asked)
    next = page.at(-1).msgSeqNum + 1
  }
  const whole = (performance.now() - start).toFixed(0)
  console.log(`50,000 messages read back in pages of 500: ${whole} ms, the longest page ${longest.toFixed(1)} ms.`)
})
