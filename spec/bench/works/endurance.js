import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPair } from '../engines.js'
import { requireEqual, summary } from '../measure.js'
import { sendOneWay } from './sessions.js'

const STRETCHES = 10
/** Messages of each direction that the journal keeps. */
const KEPT = 50_000

/** One session, message after message: neither memory nor the cost of a message may grow. */
export async function measureEndurance({ size, progress, done }) {
  const directory = mkdtempSync(join(tmpdir(), 'gapfill-bench-'))
  const pair = await startPair('gapfill', 'sqlite', directory, [KEPT])
  try {
    const stretch = Math.ceil(size.endurance / STRETCHES)
    const costs = []
    const sizes = []
    for (let n = 1; n <= STRETCHES; n++) {
      progress(
        `endurance: ${((n - 1) * stretch).toLocaleString('en')} of ${size.endurance.toLocaleString('en')} messages`
      )
      const { ns, count } = await sendOneWay(pair, stretch)
      requireEqual('endurance', { sent: stretch, received: count })
      const { rss } = await pair.acceptor.ask('usage')
      costs.push(ns / 1000 / stretch)
      sizes.push(rss / 1e6)
    }
    // The first stretches fill the heap, the page cache and the compiler's caches.
    const settled = Math.floor(STRETCHES / 3)
    done({
      name: `${size.endurance.toLocaleString('en')} messages of one session`,
      unit: 'MB resident at the end',
      number: 'rss',
      also: {
        growth: `MB more than after the first ${(settled * stretch).toLocaleString('en')}`,
        cost: 'us a message',
        slowing: 'times the cost, last stretch against the third'
      },
      higherIsBetter: false,
      goals: [],
      measured: new Map([
        [
          'gapfill',
          {
            rss: summary([sizes.at(-1)]),
            growth: summary([sizes.at(-1) - sizes[settled - 1]]),
            cost: summary(costs.slice(1)),
            slowing: summary([costs.at(-1) / costs[settled - 1]])
          }
        ]
      ])
    })
  } finally {
    await pair.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
