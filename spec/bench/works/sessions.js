import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPair } from '../engines.js'
import { interleaved, requireEqual } from '../measure.js'

const variants = [
  { name: 'gapfill', engine: 'gapfill', store: 'sqlite', pace: 1 },
  { name: 'QuickFIX, file store', engine: 'quickfix', store: 'file', pace: 1 },
  { name: 'QuickFIX, memory store', engine: 'quickfix', store: 'memory', pace: 1 },
  { name: 'jspurefix, file store', engine: 'jspurefix', store: 'file', pace: 0.05 },
  { name: 'jspurefix, memory store', engine: 'jspurefix', store: 'memory', pace: 0.25 }
]

/** Two processes of one engine: order -> report, and orders as fast as they go. gapfill saves everything, both ways. */
export async function measureSessions({ engines, rounds, size, progress, done }) {
  const directory = mkdtempSync(join(tmpdir(), 'gapfill-bench-'))
  const pairs = []
  try {
    for (const variant of variants.filter(({ engine }) => engines.includes(engine))) {
      progress(`sessions: ${variant.name}, logging on`)
      const home = mkdtempSync(join(directory, `${variant.engine}-`))
      pairs.push({ ...variant, ...(await startPair(variant.engine, variant.store, home)) })
    }
    done(await measureRoundTrips(pairs, rounds, size, progress))
    done(await measureOneWay(pairs, rounds, size, progress))
  } finally {
    for (const { stop } of pairs) await stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measureRoundTrips(pairs, rounds, size, progress) {
  for (const { acceptor } of pairs) await acceptor.ask('echo')
  const shortest = Math.ceil(size.roundTrips * 0.05)
  await requireSameOutcome('round trip', pairs, async ({ initiator }) => await initiator.ask('roundTrips', shortest))
  const measured = await interleaved(
    pairs.map(({ name, pace, initiator }) => ({
      name,
      async round() {
        const count = Math.ceil(size.roundTrips * pace)
        const { p50, p99, count: returned } = await initiator.ask('roundTrips', count)
        requireEqual('round trip', { sent: count, returned })
        return { p50, p99 }
      }
    })),
    rounds,
    (text) => progress(`round trip: ${text}`)
  )
  return {
    name: 'round trip, order to report',
    unit: 'us, p50',
    number: 'p50',
    also: { p99: 'us, p99' },
    higherIsBetter: false,
    goals: [
      { against: 'QuickFIX, file store', ratio: 1 },
      { against: 'QuickFIX, memory store', ratio: 1, stretch: true },
      { against: 'QuickFIX, file store', ratio: 1, number: 'p99', stretch: true }
    ],
    measured
  }
}

async function measureOneWay(pairs, rounds, size, progress) {
  const shortest = Math.ceil(size.oneWay * 0.05)
  await requireSameOutcome('one way', pairs, (pair) => sendOneWay(pair, shortest))
  const measured = await interleaved(
    pairs.map((pair) => ({
      name: pair.name,
      async round() {
        const count = Math.ceil(size.oneWay * pair.pace)
        const { ns, count: received } = await sendOneWay(pair, count)
        requireEqual('one way', { sent: count, received })
        return { rate: (count * 1e9) / ns }
      }
    })),
    rounds,
    (text) => progress(`one way: ${text}`)
  )
  return {
    name: "one way, sender to the other application's callback",
    unit: 'messages/s',
    number: 'rate',
    higherIsBetter: true,
    goals: [
      { against: 'QuickFIX, file store', ratio: 4 },
      { against: 'QuickFIX, memory store', ratio: 1 }
    ],
    measured
  }
}

/** From the first send to the last callback, by one clock. */
export async function sendOneWay({ acceptor, initiator }, count) {
  await acceptor.ask('count', count)
  const counted = acceptor.ask('counted')
  const { start } = await initiator.ask('send', count)
  const { end, count: received, digest } = await counted
  return { ns: end - start, count: received, digest }
}

async function requireSameOutcome(what, pairs, run) {
  const outcomes = {}
  for (const pair of pairs) {
    const { count, digest } = await run(pair)
    outcomes[pair.name] = `${count} messages, ${digest}`
  }
  requireEqual(`${what}: what was received`, outcomes)
}
