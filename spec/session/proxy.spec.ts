import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { FixMessage, FixSession, type SessionConfig } from '../../lib/index.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { Certificates } from '../support/certificates.js'
import { SpecProxy, type SpecProxyOptions } from '../support/proxies.js'

/** Whole sessions through proxies of this machine, in the clear and with TLS; nothing waits for a time. */

const base = { beginString: 'FIX.4.4', heartBtInt: 30, journal: { path: ':memory:' } } as const
const cleanUps: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function proxied(options: SpecProxyOptions) {
  const proxy = new SpecProxy(options)
  const proxyPort = await proxy.start()
  cleanUps.push(() => proxy.stop())
  return { proxy, proxyPort }
}

async function acceptor(tls?: SessionConfig['tls']): Promise<FixSession & { readonly port: number }> {
  const session = new FixSession(
    { ...base, role: 'acceptor', senderCompId: 'BROKER', targetCompId: 'BUYSIDE', port: 0, tls },
    { logger: { debug() {}, info() {}, warn() {}, error() {} } }
  )
  cleanUps.push(() => session.stop())
  await session.connect()
  return Object.assign(session, { port: session.listeningPort ?? 0 })
}

function initiator(config: Partial<SessionConfig>, clock?: VirtualClock) {
  const lines: string[] = []
  const tell = (...args: unknown[]) => void lines.push(JSON.stringify(args))
  const session = new FixSession(
    {
      ...base,
      role: 'initiator',
      senderCompId: 'BUYSIDE',
      targetCompId: 'BROKER',
      host: 'venue.example',
      port: 9878,
      proxyHost: '127.0.0.1',
      reconnectInterval: 3600,
      ...config
    } as SessionConfig,
    { logger: { debug: tell, info: tell, warn: tell, error: tell }, ...(clock === undefined ? {} : { clock }) }
  )
  session.on('error', () => {})
  cleanUps.push(() => session.stop())
  const ended = new Promise<{ code: string; text: string }>((resolve) => session.on('disconnect', resolve))
  return { session, lines, ended, loggedOn: session.connect() }
}

const types = ['socks5', 'http'] as const
const login = { proxyUser: 'desk', proxyPassword: 'swordfish' }

describe.each(types)('%s', (type) => {
  it.each([
    ['as it comes', false],
    ['byte by byte', true]
  ])('carries a session to a host that only the proxy can look up, %s', async (_, bytewise) => {
    const us = await acceptor()
    const { proxy, proxyPort } = await proxied({
      type,
      bytewise,
      login: 'desk:swordfish',
      names: { 'venue.example': us.port }
    })
    const them = initiator({ proxyType: type, proxyPort, ...login })
    const got = new Promise<FixMessage>((resolve) => us.on('message', resolve))
    await them.loggedOn
    them.session.send(new FixMessage('D', { 11: 'A-1', 58: 'x'.repeat(300_000) }))
    expect((await got).get(11)).toBe('A-1')
    expect(proxy.asked).toEqual(['venue.example:9878'])
    expect(them.lines.join('\n')).toContain('"peer":"venue.example:9878"')
    await them.session.logout('bye')
    expect(await them.ended).toMatchObject({ code: 'LOGGED_OUT' })
  })

  it('carries TLS, which is with the host and not with the proxy', async () => {
    const files = new Certificates()
    cleanUps.push(() => files.remove())
    const ca = files.ca('CA')
    const { certificate, key } = files.issue(ca, 'venue', { commonName: 'venue', dnsNames: ['venue.example'] })
    const us = await acceptor({ certificate, key })
    const { proxyPort } = await proxied({
      type,
      bytewise: true,
      names: { 'venue.example': us.port, 'other.example': us.port }
    })
    await initiator({ proxyType: type, proxyPort, tls: { ca: ca.file } }).loggedOn
    expect(us.state).toBe('Active')
    await us.disconnect()
    const other = await initiator({ proxyType: type, proxyPort, host: 'other.example', tls: { ca: ca.file } }).ended
    expect(other).toMatchObject({
      code: 'TLS_FAILED',
      text: expect.stringMatching(/other\.example:9878.*another host/)
    })
  })

  const failures: [string, SpecProxyOptions, Partial<SessionConfig>, RegExp][] = [
    ['wants a login', { type, login: 'a:b' }, {}, /set proxyUser and proxyPassword/],
    ['refuses the login', { type, login: 'a:b' }, login, /does not take proxyUser and proxyPassword/],
    ['cannot reach the host', { type, names: { 'venue.example': 'nowhere' } }, {}, /check host/]
  ]

  it.each(failures)('tells that the proxy %s, and no secret', async (_, options, config, why) => {
    const { proxyPort } = await proxied(options)
    const { ended, lines } = initiator({ proxyType: type, proxyPort, ...config })
    const { code, text } = await ended
    expect(code).toBe('PROXY_FAILED')
    expect(text).toMatch(why)
    expect(text).toMatch(/^Cannot reach venue\.example:9878 through the proxy 127\.0\.0\.1:\d+: /)
    expect(lines.join('\n') + text).not.toMatch(/swordfish|c3dvcmRmaXNo/)
  })

  it('gives up a proxy that says nothing after connectTimeout', async () => {
    const clock = new VirtualClock()
    const { proxyPort } = await proxied({ type, silent: true })
    const { ended, session } = initiator({ proxyType: type, proxyPort, connectTimeout: 5 }, clock)
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(5000)
    expect(await ended).toMatchObject({
      code: 'CONNECT_TIMEOUT',
      text: expect.stringMatching(
        /^No answer from venue\.example:9878 \(within 5 s through the proxy 127\.0\.0\.1:\d+\)/
      )
    })
    await session.stop()
  })
})

it('tells that there is no proxy', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  expect(await initiator({ proxyType: 'socks5', proxyPort: port }).ended).toMatchObject({
    code: 'PROXY_FAILED',
    text: expect.stringMatching(/nothing listens there .*ECONNREFUSED.*check proxyHost and proxyPort/)
  })
})

it('tells that the other kind of proxy is there', async () => {
  const { proxyPort } = await proxied({ type: 'socks5' })
  expect(await initiator({ proxyType: 'http', proxyPort }).ended).toMatchObject({
    code: 'PROXY_FAILED',
    text: expect.stringMatching(/check proxyType/)
  })
  const server = createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as { port: number }
  expect(await initiator({ proxyType: 'socks5', proxyPort: port }).ended).toMatchObject({
    code: 'PROXY_FAILED',
    text: expect.stringMatching(/set proxyType to "http"/)
  })
})

it('tells that the proxy went away amid the handshake', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.end())).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as { port: number }
  expect(await initiator({ proxyType: 'http', proxyPort: port }).ended).toMatchObject({
    code: 'PROXY_FAILED',
    text: expect.stringMatching(/closed the connection before there was a way through/)
  })
})
