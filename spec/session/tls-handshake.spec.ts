import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FixSession, type SessionConfig } from '../../lib/index.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { Certificates, type Issued } from '../support/certificates.js'

/** How long somebody may be amid a TLS handshake: real sockets, under a clock that stands still. */
describe('a TLS handshake', () => {
  let files: Certificates
  let broker: Issued
  const sessions: FixSession[] = []
  const sockets: Socket[] = []

  beforeAll(() => {
    files = new Certificates()
    broker = files.issue(files.ca('Exchange CA'), 'broker', { commonName: 'broker' })
  })

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await Promise.all(sessions.splice(0).map((session) => session.stop()))
  })

  afterAll(() => files.remove())

  async function listening(config: Partial<SessionConfig>) {
    const clock = new VirtualClock()
    const warnings: string[] = []
    const warn = (...args: unknown[]) => void warnings.push(String(args.at(-1)))
    const session = new FixSession(
      {
        role: 'acceptor',
        beginString: 'FIX.4.4',
        senderCompId: 'BROKER',
        targetCompId: 'BUYSIDE',
        port: 0,
        journal: { path: ':memory:' },
        tls: { certificate: broker.certificate, key: broker.key },
        ...config
      } as SessionConfig,
      { clock, logger: { debug() {}, info() {}, warn, error() {} } }
    )
    sessions.push(session)
    await session.connect()
    const quiet = clock.pendingTimers
    /** Dials, and says `bytes`; there when the listener waits for it. */
    const dial = async (bytes?: Uint8Array) => {
      const waiting = clock.pendingTimers
      const socket = connect(session.listeningPort ?? 0, '127.0.0.1')
      sockets.push(socket)
      socket.on('error', () => {})
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      await until(() => clock.pendingTimers > waiting)
      if (bytes !== undefined) await new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
      return { socket, closed }
    }
    /** Comes through a handshake: what others said before has been read then. */
    const somebodyElse = () =>
      new Promise<void>((resolve) => {
        const to = { host: '127.0.0.1', port: session.listeningPort ?? 0, rejectUnauthorized: false }
        // With TLS 1.2 the acceptor has finished first.
        const socket = connectTls({ ...to, maxVersion: 'TLSv1.2' })
        sockets.push(socket)
        socket.on('error', () => {})
        socket.on('secureConnect', () => resolve())
      })
    return { clock, warnings, session, quiet, dial, somebodyElse }
  }

  it('that nobody begins is ended after logonTimeout, without a byte', async () => {
    const { clock, warnings, quiet, dial } = await listening({ logonTimeout: 4 })
    const { socket, closed } = await dial()
    clock.advance(3_999)
    expect(warnings).toEqual([])
    clock.advance(1)
    await closed
    expect(socket.bytesRead).toBe(0)
    expect(warnings).toEqual([
      expect.stringMatching(/^Refused 127\.0\.0\.1:\d+: its TLS handshake was not finished within 4 seconds\.$/)
    ])
    expect(clock.pendingTimers).toBe(quiet)
  })

  it('that stops halfway is ended after logonTimeout, whatever firstByteTimeout says', async () => {
    const { clock, warnings, quiet, dial, somebodyElse } = await listening({
      logonTimeout: 4,
      listener: { firstByteTimeout: 1 }
    })
    // A record of TLS, and the beginning of a ClientHello.
    const { closed } = await dial(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x80, 0x01]))
    await somebodyElse()
    clock.advance(3_999)
    expect(warnings.filter((text) => text.includes('handshake'))).toEqual([])
    clock.advance(1)
    await closed
    expect(warnings.filter((text) => text.includes('handshake'))).toEqual([
      expect.stringContaining('its TLS handshake was not finished within 4 seconds')
    ])
    expect(clock.pendingTimers).toBe(quiet)
  })

  it('whose first byte does not come is ended after firstByteTimeout', async () => {
    const { clock, warnings, quiet, dial } = await listening({ logonTimeout: 4, listener: { firstByteTimeout: 1 } })
    const { closed } = await dial()
    clock.advance(999)
    expect(warnings).toEqual([])
    clock.advance(1)
    await closed
    expect(warnings).toEqual([expect.stringContaining('no byte came within 1 seconds')])
    expect(clock.pendingTimers).toBe(quiet)
  })

  it('leaves no timer when whoever began it goes away, nor when the listener closes', async () => {
    const { clock, warnings, session, quiet, dial, somebodyElse } = await listening({})
    const silent = await dial()
    silent.socket.resetAndDestroy()
    await until(() => clock.pendingTimers === quiet)
    expect(warnings).toEqual([])
    const { socket } = await dial(Buffer.from([0x16, 0x03, 0x01]))
    await somebodyElse()
    socket.resetAndDestroy()
    await until(() => warnings.length > 0)
    expect(warnings).toEqual([
      expect.stringMatching(/^Refused 127.*: TLS failed: it closed the connection during the handshake/)
    ])
    warnings.length = 0
    const { closed } = await dial()
    await session.stop()
    await closed
    // The other two are gone: this is the one that came through its handshake.
    expect(warnings).toEqual(['Refused: nobody listens any more.'])
  })
})

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setImmediate(resolve))
}
