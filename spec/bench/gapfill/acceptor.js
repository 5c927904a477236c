// Many gapfill sessions at one port, through the public surface, in one journal: node --expose-gc acceptor.js <directory> <port>

import { join } from 'node:path'
import { FixEngine, FixMessage } from 'gapfill'
import { reportFields } from '../corpus/session-messages.js'
import { serve } from '../peer/serve.js'

const [directory, port] = process.argv.slice(2)
let engine

function memory() {
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapUsed, external, rss }
}

serve({
  memory,

  async open(count) {
    engine = new FixEngine({
      defaults: {
        role: 'acceptor',
        beginString: 'FIX.4.4',
        senderCompId: 'BROKER',
        host: '127.0.0.1',
        port: Number(port),
        journal: { path: join(directory, 'journal.db') },
        log: { level: 'error' }
      },
      sessions: Array.from({ length: Number(count) }, (_, n) => ({ targetCompId: `CLIENT${n}` }))
    })
    for (const session of engine.sessions.values()) {
      session.on('message', (message) => session.send(new FixMessage('8', reportFields(message.get(11)))))
      session.on('error', (error) => {
        throw error
      })
    }
    await engine.start()
  },

  loggedOn: () => ({ count: [...engine.sessions.values()].filter(({ state }) => state === 'Active').length }),

  cpu: () => process.cpuUsage(),

  async stop() {
    await engine.stop()
  }
})
