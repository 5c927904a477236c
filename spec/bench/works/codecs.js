import { startCodec } from '../engines.js'
import { interleaved, requireEqual } from '../measure.js'

const decodeVariants = [
  { name: 'gapfill', engine: 'gapfill', mode: 'dictionary' },
  { name: 'QuickFIX', engine: 'quickfix', mode: 'dictionary' },
  { name: 'QuickFIX without dictionary', engine: 'quickfix', mode: 'flat', flat: true },
  { name: 'jspurefix', engine: 'jspurefix', mode: 'view' }
]
const validatingVariants = [
  { name: 'gapfill', engine: 'gapfill', mode: 'validating' },
  { name: 'QuickFIX', engine: 'quickfix', mode: 'validating' },
  { name: 'jspurefix', engine: 'jspurefix', mode: 'validating' }
]
const encodeVariants = [
  { name: 'gapfill', engine: 'gapfill', mode: 'plain' },
  { name: 'QuickFIX', engine: 'quickfix', mode: 'plain' },
  { name: 'jspurefix', engine: 'jspurefix', mode: 'plain' }
]

const works = [
  ...['NewOrderSingle', 'ExecutionReport', 'MarketDataSnapshot'].map((message) => ({
    name: `decode ${message}`,
    command: 'decode',
    message,
    // Without a dictionary QuickFIX sees no repeating group, and there is no entry to read.
    variants: decodeVariants.filter(({ flat }) => !flat || message !== 'MarketDataSnapshot'),
    goal: { against: 'QuickFIX', ratio: 6 }
  })),
  ...['NewOrderSingle', 'ExecutionReport', 'MarketDataSnapshot'].map((message) => ({
    name: `decode and validate ${message}`,
    command: 'decode',
    message,
    variants: validatingVariants,
    goal: { against: 'QuickFIX', ratio: 4 }
  })),
  {
    name: 'encode NewOrderSingle',
    command: 'encode',
    message: 'NewOrderSingle',
    variants: encodeVariants,
    goal: { against: 'QuickFIX', ratio: 5 }
  }
]

/**
 * Messages a second of each engine's codec, one process each, one core in use. `roundTime`: how long a round should take,
 * nanoseconds; its number of passes is set once, before the first.
 */
export async function measureCodecs({ engines, corpus, rounds, roundTime = 250e6, progress, done }) {
  const peers = {}
  try {
    for (const engine of engines) peers[engine] = await startCodec(engine, corpus)
    for (const work of works) done(await measureOne(work, peers, rounds, roundTime, progress))
  } finally {
    await Promise.all(Object.values(peers).map((peer) => peer.stop()))
  }
}

async function measureOne({ name, command, message, variants, goal }, peers, rounds, roundTime, progress) {
  const present = variants.filter(({ engine }) => peers[engine] !== undefined)
  const check = command === 'decode' ? 'checkDecode' : 'checkEncode'
  const digests = {}
  for (const { name: variant, engine, mode } of present) {
    progress(`${name}: ${variant}, checking`)
    digests[variant] = (await peers[engine].ask(check, message, mode)).digest
  }
  requireEqual(`${name}: what was ${command}d`, digests)

  const characters = {}
  const measured = await interleaved(
    present.map(({ name: variant, engine, mode }) => {
      let passes = 0
      return {
        name: variant,
        async round() {
          if (passes === 0) passes = await passesFor(peers[engine], command, message, mode, roundTime)
          const { ns, count, characters: read } = await peers[engine].ask(command, message, mode, passes)
          // BodyLength(9) may be padded: only what is read has to be the same to the character.
          if (command === 'decode') {
            characters[variant] = `${count} messages, ${read} characters`
            requireEqual(`${name}: what was read`, characters)
          }
          return { rate: (count * passes * 1e9) / ns }
        }
      }
    }),
    rounds,
    (text) => progress(`${name}: ${text}`)
  )
  return { name, unit: 'messages/s', number: 'rate', higherIsBetter: true, goals: [goal], measured }
}

async function passesFor(peer, command, message, mode, roundTime) {
  const { ns } = await peer.ask(command, message, mode, 3)
  return Math.max(1, Math.round((roundTime * 3) / ns))
}
