import { connect as connectNet, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { FixSession, type Peer, type SessionConfig, type SessionParts } from '../../lib/index.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { Certificates } from '../support/certificates.js'

/** An acceptor behind a load balancer, which the spec plays; real sockets, nothing waits for a time. */

const cleanUps: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function acceptor(config: Partial<SessionConfig> = {}, parts: SessionParts = {}) {
  const warnings: string[] = []
  let tell: (text: string) => void = () => {}
  const warned = new Promise<string>((resolve) => {
    tell = resolve
  })
  const warn = (...args: unknown[]): void => {
    warnings.push(String(args.at(-1)))
    tell(String(args.at(-1)))
  }
  const peers: Peer[] = []
  const session = new FixSession(
    {
      role: 'acceptor',
      beginString: 'FIX.4.4',
      senderCompId: 'BROKER',
      targetCompId: 'BUYSIDE',
      port: 0,
      checkLatency: false,
      journal: { path: ':memory:' },
      listener: { proxyProtocolFrom: ['127.0.0.0/8'] },
      ...config
    } as SessionConfig,
    {
      logger: { debug() {}, info() {}, warn, error() {} },
      authenticate: (_, peer) => peers.push(peer) > 0,
      ...parts
    }
  )
  session.on('error', () => {})
  cleanUps.push(() => session.stop())
  await session.connect()
  const loggedOn = new Promise((resolve) => session.on('logon', resolve))
  return { session, port: session.listeningPort ?? 0, warnings, warned, peers, loggedOn }
}

const logon = (() => {
  const body = '35=A|34=1|49=BUYSIDE|52=20240102-00:00:00|56=BROKER|98=0|108=30|'.replaceAll('|', '\x01')
  const text = `8=FIX.4.4\x019=${body.length}\x01${body}`
  const sum = [...text].reduce((total, character) => total + character.charCodeAt(0), 0) % 256
  return `${text}10=${String(sum).padStart(3, '0')}\x01`
})()

const line = 'PROXY TCP4 192.0.2.7 192.0.2.9 40000 9878\r\n'
const binary = Buffer.concat([
  Buffer.from('\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24', 'latin1'),
  Buffer.from(`20010db8${'00'.repeat(11)}07${'20010db8'}${'00'.repeat(11)}099c402696`, 'hex')
])
const local = Buffer.from('\r\n\r\n\0\r\nQUIT\n\x20\0\0\0', 'latin1')

/** Dials, and keeps what is heard until the end. */
function dial(port: number, pieces: readonly (Buffer | string)[], from = '127.0.0.1') {
  const socket: Socket = connectNet({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
  cleanUps.push(() => socket.destroy())
  let heard = ''
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1')
  })
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(heard)))
  // Each piece goes out in a turn of its own.
  const say = async (): Promise<void> => {
    for (const piece of pieces) {
      socket.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  socket.on('connect', () => void say())
  return { socket, closed }
}

describe('the address that session and application see is the one in the header', () => {
  const ways: [string, (Buffer | string)[], object][] = [
    ['version 1', [line, logon], { remoteAddress: '192.0.2.7', remotePort: 40_000 }],
    ['version 1, with the Logon in one piece', [line + logon], { remoteAddress: '192.0.2.7', remotePort: 40_000 }],
    ['version 2', [binary, logon], { remoteAddress: '2001:db8::7', remotePort: 40_000 }],
    [
      'version 2, byte by byte',
      [...binary, ...Buffer.from(logon)].map((byte) => Buffer.of(byte)),
      { remoteAddress: '2001:db8::7' }
    ],
    ['the load balancer itself', [local, logon], { remoteAddress: '127.0.0.1' }],
    ['nobody', ['PROXY UNKNOWN\r\n', logon], { remoteAddress: '127.0.0.1' }]
  ]

  it.each(ways)('%s', async (_, pieces, peer) => {
    const { port, peers, loggedOn, warnings } = await acceptor()
    dial(port, pieces)
    await loggedOn
    expect(peers).toEqual([expect.objectContaining(peer)])
    expect(warnings).toEqual([])
  })

  it('wherever it is cut', async () => {
    const whole = Buffer.concat([binary, Buffer.from(logon)])
    for (const cut of [1, 12, 13, 15, 16, 17, 51, 52, 53, 60]) {
      const { port, peers, loggedOn, session } = await acceptor()
      dial(port, [whole.subarray(0, cut), whole.subarray(cut)])
      await loggedOn
      expect(peers[0]?.remoteAddress).toBe('2001:db8::7')
      await session.stop()
    }
  })

  it('for allow-lists and limits, too', async () => {
    const listener = { proxyProtocolFrom: ['127.0.0.1'], maxConnectionsPerAddress: 1 }
    const { port, warnings, loggedOn } = await acceptor({ listener, allowedRemoteAddresses: ['192.0.2.0/24'] })
    expect(await dial(port, [binary, logon]).closed).toBe('')
    dial(port, [line, logon])
    await loggedOn
    expect(await dial(port, [line, logon]).closed).toBe('')
    // The load balancer's own address is in no list.
    expect(await dial(port, [local, logon]).closed).toBe('')
    expect(warnings).toEqual([
      'Refused: its address is none of allowedRemoteAddresses.',
      expect.stringMatching(/^Refused: 1 connections of its address are there already/),
      'Refused: its address is none of allowedRemoteAddresses.'
    ])
  })

  it('with TLS behind the header', async () => {
    const files = new Certificates()
    cleanUps.push(() => files.remove())
    const ca = files.ca('CA')
    const { certificate, key } = files.issue(ca, 'venue', { commonName: 'venue' })
    const { port, peers, loggedOn, warnings } = await acceptor({ tls: { certificate, key } })
    const { socket } = dial(port, [line])
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.removeAllListeners('data')
    const secure = connectTls({ socket, rejectUnauthorized: false }, () => secure.write(logon))
    secure.on('error', () => {})
    await loggedOn
    expect(peers).toEqual([expect.objectContaining({ remoteAddress: '192.0.2.7', remotePort: 40_000 })])
    // Whoever fails in the handshake is named by the same address.
    expect(await dial(port, [line + logon]).closed).not.toContain('8=FIX')
    expect(warnings).toEqual([expect.stringMatching(/^Refused 192\.0\.2\.7:40000: TLS failed: /)])
  })

  it('with TLS whose first bytes come with the header', async () => {
    const files = new Certificates()
    cleanUps.push(() => files.remove())
    const { certificate, key } = files.issue(files.ca('CA'), 'venue', { commonName: 'venue' })
    const { port, peers, loggedOn } = await acceptor({ tls: { certificate, key } })
    const socket = connectNet({ port, host: '127.0.0.1' })
    cleanUps.push(() => socket.destroy())
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.cork()
    socket.write(binary)
    const secure = connectTls({ socket, rejectUnauthorized: false }, () => secure.write(logon))
    secure.on('error', () => {})
    socket.uncork()
    await loggedOn
    expect(peers[0]?.remoteAddress).toBe('2001:db8::7')
  })
})

describe('closed without a byte is', () => {
  const strangers: [string, (Buffer | string)[], string, RegExp][] = [
    [
      'who has no header',
      [logon],
      '127.0.0.1',
      /^Refused 127\.0\.0\.1:\d+: expected a PROXY header first, got something else\.$/
    ],
    ['who has a malformed one', ['PROXY TCP4 192.0.2.7\r\n', logon], '127.0.0.1', /its PROXY header is malformed/],
    [
      'who comes from elsewhere, whatever header it has',
      [line, logon],
      '127.0.0.2',
      /^Refused 127\.0\.0\.2:\d+: its address is none of listener\.proxyProtocolFrom\.$/
    ]
  ]

  it.each(strangers)('%s', async (_, pieces, from, why) => {
    const { port, warned, peers } = await acceptor({ listener: { proxyProtocolFrom: ['127.0.0.1'] } })
    expect(await dial(port, pieces, from).closed).toBe('')
    expect(await warned).toMatch(why)
    expect(peers).toEqual([])
  })

  it('who goes amid its header; who says nothing at all is not even worth a line', async () => {
    const { port, warned, warnings } = await acceptor()
    const silent = dial(port, [])
    silent.socket.on('connect', () => silent.socket.end())
    expect(await silent.closed).toBe('')
    const half = dial(port, ['PROXY TCP4 '])
    half.socket.on('connect', () => setImmediate(() => half.socket.end()))
    expect(await half.closed).toBe('')
    expect(await warned).toMatch(/it went amid its PROXY header/)
    expect(warnings).toHaveLength(1)
  })

  it('who takes longer than 5 seconds for it', async () => {
    const clock = new VirtualClock()
    const { port, warned, session } = await acceptor({}, { clock })
    const slow = dial(port, ['PROXY TCP4 '])
    await new Promise((resolve) => slow.socket.on('connect', resolve))
    while (clock.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(5000)
    expect(await slow.closed).toBe('')
    expect(await warned).toMatch(/no PROXY header came within 5 seconds/)
    await session.stop()
    expect(clock.pendingTimers).toBe(0)
  })

  it('of a crowd that holds headers back the oldest', { timeout: 60_000 }, async () => {
    const { port, loggedOn, warned } = await acceptor()
    let closed = 0
    for (let n = 0; n < 1030; n++) dial(port, ['PROXY']).socket.once('close', () => closed++)
    while (closed < 6) await new Promise((resolve) => setImmediate(resolve))
    expect(await warned).toMatch(/1024 connections wait for their PROXY header, this one the longest/)
    dial(port, [line, logon])
    await loggedOn
  })

  it('who still waits when nobody listens any more', async () => {
    const { port, session } = await acceptor()
    const waiting = dial(port, ['PROXY'])
    await new Promise((resolve) => waiting.socket.on('connect', resolve))
    await new Promise((resolve) => setImmediate(resolve))
    await session.stop()
    expect(await waiting.closed).toBe('')
  })
})
