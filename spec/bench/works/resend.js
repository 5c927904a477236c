import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fieldsOf } from '../corpus/wire.js'
import { PlainSession } from '../counterparty/plain-session.js'
import { startAcceptor } from '../engines.js'
import { interleaved, requireEqual } from '../measure.js'
import { Digest } from '../peer/digest.js'

// jspurefix does not replay: it answers a ResendRequest by a gap fill, unless the application brings a store of its own.
const variants = [
  { name: 'gapfill', engine: 'gapfill', store: 'sqlite' },
  { name: 'QuickFIX, file store', engine: 'quickfix', store: 'file' }
]

/** A ResendRequest(2) for everything, from the request to the last message; the counterparty is the same for all. */
export async function measureResend({ engines, rounds, size, progress, done }) {
  const directory = mkdtempSync(join(tmpdir(), 'gapfill-bench-'))
  const senders = []
  try {
    for (const variant of variants.filter(({ engine }) => engines.includes(engine))) {
      progress(`resend: ${variant.name}, sending`)
      senders.push({ ...variant, ...(await startSender(variant, directory, size.resend)) })
    }
    const digests = {}
    const measured = await interleaved(
      senders.map(({ name, engine, peer, counterparty }) => ({
        name,
        async round() {
          if (engine === 'gapfill') await peer.ask('watch')
          const { seconds, digest } = await resend(counterparty, size.resend)
          digests[name] = digest
          requireEqual('resend: what was resent', digests)
          const held = engine === 'gapfill' ? { held: (await peer.ask('held')).longest } : {}
          return { seconds, ...held }
        }
      })),
      rounds,
      (text) => progress(`resend: ${text}`)
    )
    done({
      name: `resend of ${size.resend.toLocaleString('en')} messages`,
      unit: 's',
      number: 'seconds',
      also: { held: 'ms, longest hold of the event loop' },
      higherIsBetter: false,
      goals: [
        { against: 'QuickFIX, file store', ratio: 3 },
        { number: 'held', most: 10 }
      ],
      measured
    })
  } finally {
    for (const { counterparty, peer } of senders) {
      counterparty.close()
      await peer.stop()
    }
    rmSync(directory, { recursive: true, force: true })
  }
}

async function startSender({ engine, store }, directory, count) {
  const home = mkdtempSync(join(directory, `${engine}-`))
  const { peer, port } = await startAcceptor(engine, store, home)
  const counterparty = new PlainSession('BUYSIDE', 'BROKER')
  await counterparty.logOn(port, 3600)
  await peer.ask('send', count)
  await counterparty.received(count + 1)
  return { peer, counterparty }
}

async function resend(counterparty, count) {
  const reads = []
  counterparty.onRead = (bytes) => reads.push(bytes)
  const all = counterparty.received(counterparty.count + count)
  const start = performance.now()
  counterparty.send([
    [35, '2'],
    [7, 2],
    [16, count + 1]
  ])
  await all
  const seconds = (performance.now() - start) / 1000
  counterparty.onRead = () => {}
  return { seconds, digest: digestOf(reads) }
}

/** Numbers, ClOrdIDs and PossDupFlags of what was resent. */
function digestOf(reads) {
  const digest = new Digest()
  for (const text of Buffer.concat(reads).toString('latin1').split('\u00018=')) {
    const fields = new Map(fieldsOf(text.endsWith('\u0001') ? text : `${text}\u0001`))
    digest.add(`${fields.get(34)} ${fields.get(11)} ${fields.get(43)}`)
  }
  return digest.toJSON()
}
