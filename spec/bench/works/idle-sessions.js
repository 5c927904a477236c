import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../engines.js'
import { interleaved, summary } from '../measure.js'
import { Peer } from '../peer/peer.js'

const FEW = 10
const HEART_BT_INT = 10 // seconds
const here = new URL('..', import.meta.url).pathname

/** Many sessions that say nothing but heartbeats, and one among them that trades. */
export async function measureIdleSessions({ size, rounds, progress, done }) {
  const directory = mkdtempSync(join(tmpdir(), 'gapfill-bench-'))
  const many = size.idleSessions
  const crowds = []
  try {
    for (const count of [FEW, many]) {
      progress(`idle sessions: ${count} log on`)
      crowds.push(await startCrowd(count, mkdtempSync(join(directory, 'sessions-'))))
    }
    const [few, crowd] = crowds
    const heap = (crowd.memory.heapUsed - few.memory.heapUsed) / (many - FEW) / 1000
    progress(`idle sessions: heartbeats of ${many}`)
    const beats = await crowd.counterparties.ask('heartbeats', HEART_BT_INT * 2.5)
    if (beats.silent > 0) throw new Error(`idle sessions: ${beats.silent} of ${many} sent no heartbeat`)
    const cost = await interleaved(
      crowds.map(({ count, counterparties }) => ({
        name: `${count.toLocaleString('en')} sessions`,
        round: async () => ({ p50: (await counterparties.ask('roundTrips', size.roundTrips / 2)).p50 })
      })),
      rounds,
      (text) => progress(`idle sessions: a message among ${text}`)
    )
    const [amongFew, amongMany] = [...cost.values()]
    done({
      name: `${many.toLocaleString('en')} idle sessions in one process`,
      unit: 'KB of heap a session',
      number: 'heap',
      also: {
        late: `ms, heartbeats late, p99 of ${beats.count.toLocaleString('en')}`,
        latest: 'ms, the latest heartbeat',
        among: `us, p50 of order to report among them (${amongFew.p50.median.toFixed(0)} us among ${FEW})`
      },
      higherIsBetter: false,
      goals: [{ number: 'heap', most: 20 }],
      measured: new Map([
        [
          'gapfill',
          { heap: summary([heap]), late: summary([beats.p99]), latest: summary([beats.max]), among: amongMany.p50 }
        ]
      ])
    })
  } finally {
    for (const { acceptor, counterparties } of crowds) {
      await counterparties.stop()
      await acceptor.stop()
    }
    rmSync(directory, { recursive: true, force: true })
  }
}

async function startCrowd(count, directory) {
  const port = await freePort()
  const start = (name, script, ...args) =>
    Peer.start(name, process.execPath, ['--expose-gc', `${here}${script}`, ...args])
  const acceptor = await start(`acceptor of ${count}`, 'gapfill/acceptor.js', directory, port)
  await acceptor.ask('open', count)
  const counterparties = await start(`${count} counterparties`, 'counterparty/crowd.js')
  await counterparties.ask('logOn', port, count, HEART_BT_INT)
  const loggedOn = await acceptor.ask('loggedOn')
  if (loggedOn.count !== count) throw new Error(`idle sessions: ${loggedOn.count} of ${count} logged on`)
  return { count, acceptor, counterparties, memory: await acceptor.ask('memory') }
}
