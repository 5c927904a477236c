// What can happen to a session, by name. Each fault resolves when it is over.
import { setTimeout as pass } from 'node:timers/promises'

/** Of the network between the two. */
export const networkFaults = {
  cuts: ({ proxy }) => proxy.cut('close'),
  'TCP resets': ({ proxy }) => proxy.cut('reset'),
  'cuts amid a message': ({ proxy, random }) => proxy.cutAfterBytes(anyWay(random), Math.floor(random() * 2_000)),
  'half-open links': ({ proxy }) => proxy.halfOpen(),
  async stalls({ proxy, random }) {
    const way = random() < 0.5 ? undefined : anyWay(random)
    proxy.stall(way)
    await pass(200 + 4_000 * random())
    proxy.resume(way)
  },
  async 'one-way losses'({ proxy, random }) {
    const way = anyWay(random)
    proxy.blackHole(way)
    await pass(200 + 3_000 * random())
    proxy.resume(way)
  },
  async latencies({ proxy, random }) {
    const most = 300 * random()
    proxy.latency = () => most * random()
    await pass(2_000)
    proxy.latency = 0
  },
  async 'one-byte writes'({ proxy }) {
    proxy.chunkSize = 1
    await pass(1_500)
    proxy.chunkSize = undefined
  },
  async 'refused dials'({ proxy, random }) {
    await proxy.refuse()
    proxy.cut()
    await pass(1_000 * random())
    await proxy.accept()
  }
}

/** Of the two processes. */
export const processFaults = {
  'kills of the acceptor': ({ kill, broker }) => kill(broker),
  'kills of the initiator': ({ kill, buySide }) => kill(buySide),
  'kills of both': ({ kill, broker, buySide }) => kill(broker, buySide),
  async 'blocked event loops'({ broker, buySide, random }) {
    const milliseconds = Math.floor(500 + 3_000 * random())
    anyOf(random, broker, buySide).tell(`block ${milliseconds}`)
    await pass(milliseconds)
  },
  async 'stopped processes'({ broker, buySide, random }) {
    const victim = anyOf(random, broker, buySide)
    victim.signal('SIGSTOP')
    await pass(500 + 3_000 * random())
    victim.signal('SIGCONT')
  }
}

function anyWay(random) {
  return anyOf(random, 'toAcceptor', 'toInitiator')
}

function anyOf(random, ...choices) {
  return choices[Math.floor(random() * choices.length)]
}
