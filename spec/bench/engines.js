import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { Peer } from './peer/peer.js'

const here = new URL('.', import.meta.url).pathname
const jspurefixHome = `${here}jspurefix/node_modules/jspurefix`
const program = (name) => `${here}.build/quickfix-${name}`

/** QuickFIX's own FIX44.xml is in no Debian package; jspurefix brings the same file. */
export const quickfixDictionary = [
  '/usr/share/quickfix/FIX44.xml',
  '/work/shared/dictionaries/FIX44.xml',
  `${jspurefixHome}/data/FIX44.xml`
].find(existsSync)

export const hasQuickfix = existsSync(program('codec')) && existsSync(program('session'))

export function versions() {
  const versionIn = (path) => JSON.parse(readFileSync(path, 'utf8')).version
  return {
    gapfill: `gapfill ${versionIn(`${here}../../package.json`)}`,
    jspurefix: `jspurefix ${versionIn(`${jspurefixHome}/package.json`)}`,
    ...(hasQuickfix && { quickfix: `QuickFIX C++ ${quickfixVersion()}` })
  }
}

function quickfixVersion() {
  try {
    return execFileSync('dpkg-query', ['-W', '-f', '$' + '{Version}', 'libquickfix-dev'], { encoding: 'utf8' })
  } catch {
    return 'of unknown version'
  }
}

/** The engine's codec as a peer: `decode`, `checkDecode`, `encode`, `checkEncode`. */
export function startCodec(engine, corpus) {
  if (engine === 'quickfix') return Peer.start(engine, program('codec'), [corpus, quickfixDictionary])
  return Peer.start(engine, process.execPath, [`${here}${engine}/codec.js`, corpus])
}

/** Two sessions of one engine in two processes, logged on. `store` is what the engine keeps its messages in. */
export async function startPair(engine, store, directory, options = []) {
  const acceptor = await startAcceptor(engine, store, directory, options)
  const initiator = await startSession(engine, store, 'initiator', directory, acceptor.port, options)
  await initiator.ask('connect')
  return {
    acceptor: acceptor.peer,
    initiator,
    async stop() {
      await initiator.ask('stop')
      await acceptor.peer.ask('stop')
      await initiator.stop()
      await acceptor.peer.stop()
    }
  }
}

export async function startAcceptor(engine, store, directory, options = []) {
  const port = await freePort()
  const peer = await startSession(engine, store, 'acceptor', directory, port, options)
  await peer.ask('connect')
  return { peer, port }
}

function startSession(engine, store, role, directory, port, options) {
  const name = `${engine} ${role}`
  if (engine === 'quickfix') return Peer.start(name, program('session'), [role, directory, store, port])
  const script = `${here}${engine}/session.js`
  return Peer.start(name, process.execPath, [script, role, directory, store, port, ...options])
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
