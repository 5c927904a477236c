import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { FixMessage, FixSession, type Peer, type SessionConfig } from '../../lib/index.js'

/** What stands in front of a session, with programs of other makers: OpenSSL, HAProxy, microsocks and tinyproxy. */

const folder = mkdtempSync(join(tmpdir(), 'gapfill-door-'))
const children: ChildProcess[] = []
const sessions: FixSession[] = []
const silent = { debug() {}, info() {}, warn() {}, error() {} }
const base = { beginString: 'FIX.4.4', host: '127.0.0.1', journal: { path: ':memory:' } } as const
const server = { pfx: 'fixtures/tls/broker.p12', passphrase: 'open sesame' }
const client = { ca: 'fixtures/tls/ca.pem' }

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.stop()))
  for (const child of children.splice(0)) {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await gone
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function acceptor(config: Partial<SessionConfig>) {
  const peers: Peer[] = []
  const session = new FixSession(
    { ...base, role: 'acceptor', senderCompId: 'BROKER', targetCompId: 'BUYSIDE', port: 0, ...config } as SessionConfig,
    { logger: silent, authenticate: (_, peer) => peers.push(peer) > 0 }
  )
  sessions.push(session)
  session.on('error', () => {})
  await session.connect()
  return { session, peers, port: session.listeningPort ?? 0 }
}

function initiator(config: Partial<SessionConfig>) {
  const session = new FixSession(
    { ...base, role: 'initiator', senderCompId: 'BUYSIDE', targetCompId: 'BROKER', ...config } as SessionConfig,
    { logger: silent }
  )
  sessions.push(session)
  session.on('error', () => {})
  const ended = new Promise<{ code: string; text: string }>((resolve) => session.on('disconnect', resolve))
  return { session, ended, loggedOn: session.connect() }
}

/** A large message gets from one to the other. */
async function talks(from: FixSession, to: FixSession): Promise<void> {
  const got = new Promise<FixMessage>((resolve) => to.on('message', resolve))
  from.send(new FixMessage('D', { 11: 'A-1', 58: 'x'.repeat(500_000) }))
  expect((await got).get(11)).toBe('A-1')
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => listener.once('listening', resolve))
  const { port } = listener.address() as { port: number }
  await new Promise((resolve) => listener.close(resolve))
  return port
}

/** Starts a program that listens on `port`, and waits until it does. */
async function start(port: number, command: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: 'ignore' })
  children.push(child)
  const failed = new Promise<never>((_, reject) => child.once('error', reject))
  const listens = async () => {
    const attempt = () =>
      new Promise<boolean>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
        socket.once('connect', () => socket.destroy())
      })
    while (!(await attempt())) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await Promise.race([failed, listens()])
  return child
}

function openssl(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', args)
    let said = ''
    child.stdout.on('data', (bytes) => {
      said += bytes
    })
    child.stderr.on('data', (bytes) => {
      said += bytes
    })
    child.once('error', reject)
    child.once('close', () => resolve(said))
    child.stdin.on('error', () => {}).end()
  })
}

it('a scanner finds TLS 1.2 and 1.3, ciphers with forward secrecy and authenticated encryption, and nothing else', async () => {
  const { port, session } = await acceptor({ tls: server })
  const shake = async (...args: string[]) => {
    const said = await openssl('s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', client.ca, ...args)
    expect(said).not.toContain('8=FIX')
    return /Cipher is (\S+)/.exec(said)?.[1] ?? 'none'
  }
  const every = 'ALL:eNULL:@SECLEVEL=0'
  expect(await shake('-tls1', '-cipher', every)).toMatch(/none/i)
  expect(await shake('-tls1_1', '-cipher', every)).toMatch(/none/i)
  expect(await shake('-tls1_2', '-cipher', every)).toMatch(/^ECDHE-.*(GCM|POLY1305)/)
  expect(await shake('-tls1_3')).toMatch(/^TLS_/)
  const known = (await openssl('ciphers', every)).trim().split(':')
  const taken: string[] = []
  for (const cipher of known.filter((name) => !name.startsWith('TLS_'))) {
    const got = await shake('-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`)
    if (!/none/i.test(got)) taken.push(got)
  }
  expect(known.length).toBeGreaterThan(100)
  expect(taken.length).toBeGreaterThan(0)
  expect(taken.filter((name) => !/^ECDHE-.*(GCM-SHA|CHACHA20-POLY1305)/.test(name))).toEqual([])
  await initiator({ port, tls: client }).loggedOn
  expect(session.state).toBe('Active')
})

it("an initiator says nothing to OpenSSL's server unless it is the right one", async () => {
  const pem = join(folder, 'broker.pem')
  await openssl('pkcs12', '-in', server.pfx, '-passin', `pass:${server.passphrase}`, '-nodes', '-out', pem)
  const against = async (tls: SessionConfig['tls'], ...args: string[]) => {
    const port = await freePort()
    await start(
      port,
      'openssl',
      's_server',
      '-accept',
      `127.0.0.1:${port}`,
      '-cert',
      pem,
      '-key',
      pem,
      '-quiet',
      ...args
    )
    return (await initiator({ port, tls, logonTimeout: 1 }).ended).text
  }
  // It came through the handshake, and its Logon is more than OpenSSL understands.
  expect(await against(client)).toMatch(/without answering the Logon|Logon was not answered/)
  expect(await against({})).toMatch(/no CA that is trusted/)
  expect(await against({ ...client, servername: 'venue.example' })).toMatch(/another host/)
  expect(await against(client, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')).toMatch(/no TLS version in common/)
  expect(await against(client, '-Verify', '1', '-verify_return_error')).toMatch(/set tls\.certificate and tls\.key/)
})

it.each(['send-proxy', 'send-proxy-v2', 'send-proxy-v2 check inter 100ms', 'send-proxy-v2 and TLS'])(
  'behind HAProxy with %s an acceptor sees who dials it',
  async (how) => {
    const tls = how.endsWith('TLS')
    const listener = { proxyProtocolFrom: ['127.0.0.1'] }
    const us = await acceptor({ listener, ...(tls ? { tls: server } : {}) })
    const port = await freePort()
    const file = join(folder, `haproxy-${port}.cfg`)
    const waits = ['connect', 'client', 'server'].map((name) => ` timeout ${name} 30s`).join('\n')
    const to = `server s 127.0.0.1:${us.port} ${how.replace(' and TLS', '')}`
    writeFileSync(file, `defaults\n mode tcp\n${waits}\nlisten l\n bind 127.0.0.1:${port}\n ${to}\n`)
    await start(port, 'haproxy', '-db', '-f', file)
    const them = initiator({ port, localHost: '127.0.0.3', ...(tls ? { tls: client } : {}) })
    await them.loggedOn
    expect(us.peers.map(({ remoteAddress }) => remoteAddress)).toEqual(['127.0.0.3'])
    await talks(them.session, us.session)
  }
)

it.each([false, true])('through microsocks and tinyproxy, with TLS: %s', async (tls) => {
  const login = { proxyUser: 'desk', proxyPassword: 'swordfish' }
  const [socks, http] = [await freePort(), await freePort()]
  await start(socks, 'microsocks', '-i', '127.0.0.1', '-p', `${socks}`, '-u', 'desk', '-P', 'swordfish')
  const file = join(folder, 'tinyproxy.conf')
  writeFileSync(file, `Port ${http}\nListen 127.0.0.1\nTimeout 60\nMaxClients 10\nBasicAuth desk swordfish\n`)
  await start(http, 'tinyproxy', '-d', '-c', file)
  for (const [proxyType, proxyPort] of [
    ['socks5', socks],
    ['http', http]
  ] as const) {
    const us = await acceptor(tls ? { tls: server } : {})
    const dial = (config: object) =>
      initiator({
        ...{ host: '127.0.0.1', port: us.port, proxyType, proxyHost: '127.0.0.1', proxyPort, ...login },
        ...(tls ? { tls: client } : {}),
        ...config
      })
    const wrong = await dial({ proxyPassword: 'guess' }).ended
    expect(wrong).toMatchObject({
      code: 'PROXY_FAILED',
      text: expect.stringMatching(/does not take proxyUser and proxyPassword/)
    })
    const nobody = await dial({ port: await freePort() }).ended
    expect(nobody).toMatchObject({ code: 'PROXY_FAILED', text: expect.stringMatching(/check host and port/) })
    const them = dial({})
    await them.loggedOn
    await talks(them.session, us.session)
  }
})
