import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Codec, FixMessage } from '../../lib/index.js'
import { type Ca, Certificates, type Issued } from '../support/certificates.js'
import { temporaryDirectory } from '../support/journal.js'
import { EverythingSaid, HUSH, PASSPHRASE } from './everything-said.js'

/* As whole-session.spec.ts, for the command line: whole processes, and all that they print and leave behind. */

const main = join(import.meta.dirname, '../../dist/cli/main.js')
const password = `${HUSH}-password`
const raw = `${HUSH}-raw`
const environment = { PASSWORD: password, PASSPHRASE, RAW: raw }

/** Prints all that it is given, as people do while they are looking for a mistake. */
const app = `
export default (session, engine) => {
  console.log(session, session.config, engine, JSON.stringify(session.config))
  console.error('%o', engine)
  session.on('logon', (logon) => {
    console.log(logon, JSON.stringify(logon))
    throw new Error('cannot use ' + logon)
  })
  session.on('logout', (logout) => console.log('told why'))
  session.on('disconnect', (reason) => console.log(reason))
  session.on('error', (error) => console.error(error, JSON.stringify(error), error.message, error.stack))
}
`

let certificates: Certificates
let ca: Ca
let broker: Issued
let folder: string
let everything: EverythingSaid
let servers: Server[]

beforeAll(() => {
  certificates = new Certificates()
  ca = certificates.ca('CA')
  broker = certificates.issue(ca, 'broker', { commonName: 'broker', addresses: ['127.0.0.1'] })
})

afterAll(() => certificates.remove())

beforeEach(() => {
  folder = temporaryDirectory()
  everything = new EverythingSaid(folder)
  servers = []
  writeFileSync(join(folder, 'app.mjs'), app)
})

afterEach(() => {
  for (const server of servers) server.close()
})

interface Ended {
  readonly status: number | null
  readonly text: string
}

/** Runs gapfill in the folder; once what it printed has all of `until` it is asked to end. */
function gapfill(args: readonly string[], until: readonly RegExp[] = []): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let text = ''
  let asked = false
  const take = (bytes: Buffer): void => {
    text += bytes.toString('latin1')
    if (asked || until.length === 0 || !until.every((part) => part.test(text))) return
    asked = true
    child.kill('SIGTERM')
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  return new Promise((resolve) => {
    child.on('close', (status) => {
      everything.hear(text)
      resolve({ status, text })
    })
  })
}

/** Answers every Logon by a Logout that quotes its password. */
async function unkindBroker(): Promise<number> {
  const answer = (socket: Socket): void => {
    const codec = new Codec({ beginString: 'FIX.4.4' })
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      for (const logon of codec.push(bytes)) {
        if (logon.garbled || logon.msgType !== 'A') continue
        const logout = new FixMessage('5', { 58: `no ${logon.get(554)}, no ${logon.get(96)}: 554=${logon.get(554)}` })
        const ids = { senderCompId: 'UNKIND', targetCompId: 'BUYSIDE', msgSeqNum: 1, sendingTime: new Date() }
        socket.end(codec.encode(logout, ids))
      }
    })
  }
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return portOf(server)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = portOf(server)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function configOf(secrets: Readonly<Record<keyof typeof environment, string>>, log: object) {
  const port = await freePort()
  const unkind = await unkindBroker()
  const logonFields = [
    [95, String(raw.length)],
    [96, secrets.RAW]
  ]
  const keys = { certificate: broker.certificate, key: broker.encryptedKey, passphrase: secrets.PASSPHRASE }
  return {
    defaults: {
      beginString: 'FIX.4.4',
      host: '127.0.0.1',
      reconnectInterval: 600,
      log,
      journal: { path: 'gapfill.db' }
    },
    sessions: [
      { role: 'acceptor', senderCompId: 'BROKER', targetCompId: 'BUYSIDE', port, tls: keys },
      {
        role: 'initiator',
        senderCompId: 'BUYSIDE',
        targetCompId: 'BROKER',
        port,
        username: 'trader',
        password: secrets.PASSWORD,
        logonFields,
        tls: { ca: [ca.file], ...keys }
      },
      {
        role: 'initiator',
        senderCompId: 'BUYSIDE',
        targetCompId: 'UNKIND',
        port: unkind,
        password: secrets.PASSWORD,
        logonFields
      }
    ]
  }
}

function write(config: object): void {
  writeFileSync(join(folder, 'sessions.json'), JSON.stringify(config, null, 2))
}

const reference = (name: string): string => ['$', '{', name, '}'].join('')
const fromEnvironment = { PASSWORD: reference('PASSWORD'), PASSPHRASE: reference('PASSPHRASE'), RAW: reference('RAW') }
const done = [/BUYSIDE->BROKER logged on/, /BROKER->BUYSIDE logged on/, /BUYSIDE->UNKIND disconnected/]

describe('gapfill run', () => {
  it.each([
    ['the environment', fromEnvironment, 'standard error', {}],
    ['the environment', fromEnvironment, 'a file', { file: 'gapfill.log' }],
    ['the file', environment, 'standard error', {}],
    ['the file', environment, 'a file', { file: 'gapfill.log' }]
  ])('with secrets from %s and a log to %s', async (_from, secrets, _to, log) => {
    write(await configOf(secrets, { level: 'debug', messages: true, ...log }))
    const { status, text } = await gapfill(['run', 'sessions.json', '--app', './app.mjs'], done)
    expect(status).toBe(0)
    const logged = 'file' in log ? everything.written()['gapfill.log'] : text
    expect(logged).toContain('|554=***|')
    // The journal has what the unkind broker said, as it said it.
    const kept = ['gapfill.db', 'gapfill.db-wal']
    expect(everything.leaks(...kept, 'sessions.json')).toEqual([])
    const quoted = `58=no ${password}, no ${raw}: 554=${password}`
    const journal = kept.map((name) => everything.written()[name] ?? '').join()
    expect(journal).toContain(quoted)
    expect(journal.replaceAll(quoted, '')).not.toContain(HUSH)
  })

  it('with a wrong passphrase', async () => {
    write(await configOf({ ...environment, PASSPHRASE: `${HUSH}-wrong` }, { level: 'debug' }))
    const { status, text } = await gapfill(['run', 'sessions.json'])
    expect([status, text]).toEqual([1, expect.stringContaining('passphrase')])
    expect(everything.leaks('sessions.json')).toEqual([])
  })
})

describe('gapfill check', () => {
  it('of a good file', async () => {
    write(await configOf(environment, {}))
    expect(await gapfill(['check', 'sessions.json'])).toMatchObject({ status: 0 })
    expect(everything.leaks('sessions.json')).toEqual([])
  })

  it('of a file whose mistakes are about secrets', async () => {
    const { defaults, sessions } = await configOf(environment, {})
    const password = `${HUSH}\n`
    write({
      defaults,
      sessions: [...sessions.map((session) => ({ ...session, password, tls: { passphrase: [password] } })), password]
    })
    expect(await gapfill(['check', 'sessions.json'])).toMatchObject({ status: 1 })
    expect(await gapfill(['run', 'sessions.json'])).toMatchObject({ status: 1 })
    expect(everything.leaks('sessions.json')).toEqual([])
  })

  it('of a file whose syntax is broken amid a secret', async () => {
    writeFileSync(join(folder, 'sessions.json'), `{ "sessions": [{ "password": "${HUSH}" ${HUSH}`)
    expect(await gapfill(['check', 'sessions.json'])).toMatchObject({ status: 1 })
    writeFileSync(join(folder, 'sessions.json'), `{ "sessions": [{ "password": "${HUSH}\n" }]}`)
    expect(await gapfill(['run', 'sessions.json'])).toMatchObject({ status: 1 })
    expect(everything.leaks('sessions.json')).toEqual([])
  })
})
