import { createServer, connect as netConnect, type Server, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../lib/clock.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { TcpTransport } from '../../lib/transport/tcp-transport.js'
import type { Connection, Listener } from '../../lib/transport/transport.js'
import { Arrivals, dial, Recorder } from './recorder.js'

const HOST = '127.0.0.1'
const hasIpv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'))

describe('TcpTransport', () => {
  const cleanUps: (() => unknown)[] = []

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })

  async function listen(transport: TcpTransport, host = HOST, port = 0) {
    const arrivals = new Arrivals()
    const listener: Listener = await transport.listen({ host, port }, arrivals.accept)
    cleanUps.push(() => listener.close())
    return { port: listener.port, next: () => arrivals.next().then(tidied) }
  }

  function tidied(connection: Connection): Connection {
    cleanUps.push(() => connection.destroy())
    return connection
  }

  /** A counterparty that is nothing but a Node socket. */
  function rawClient(port: number, options: { allowHalfOpen?: boolean } = {}): Socket {
    const socket = netConnect({ host: HOST, port, ...options })
    socket.on('error', () => {})
    cleanUps.push(() => socket.destroy())
    return socket
  }

  async function rawServer(onSocket: (socket: Socket) => void): Promise<number> {
    const server: Server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      socket.on('error', () => {})
      cleanUps.push(() => socket.destroy())
      onSocket(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
    cleanUps.push(() => server.close())
    const address = server.address()
    return address !== null && typeof address === 'object' ? address.port : 0
  }

  it('is one network, however many transports there are', () => {
    expect(new TcpTransport().network).toBe(new TcpTransport({ noDelay: false }).network)
  })

  it('still sends what is written in the turn in which the counterparty shut down its side', async () => {
    const { port, next } = await listen(new TcpTransport())
    const client = rawClient(port, { allowHalfOpen: true })
    let answer = ''
    client.on('data', (bytes) => {
      answer += bytes.toString()
    })
    const ended = new Promise((resolve) => client.once('end', resolve))
    client.end('35=5')
    const acceptor = await next()
    await turn()
    await turn()
    // The bytes are read in one turn, the FIN behind them in the next, and the reply is written at the end of that.
    const reply = () => acceptor.write(Buffer.from('35=5|58=bye'))
    const closed = new Promise((close) =>
      acceptor.start({ data: () => setImmediate(() => setImmediate(reply)), drain() {}, close })
    )
    await ended
    expect(answer).toBe('35=5|58=bye')
    expect(await closed).toMatchObject({ code: 'PEER_CLOSED' })
  })

  it.each(['dialled', 'accepted'])(
    'lets others have their turn between long reads of a connection that it %s',
    async (which) => {
      // Each look at the clock is a millisecond later: every full read takes some, and a few of them make a long turn.
      let now = 0
      const clock: Clock = { ...systemClock, monotonic: () => now++ }
      const length = 2_000_000
      const turns: number[] = []
      let read = 0
      let inTurn = 0
      const events = (resolve: () => void) => ({
        data(bytes: Uint8Array) {
          if (inTurn === 0) {
            setImmediate(() => {
              turns.push(inTurn)
              inTurn = 0
            })
          }
          inTurn += bytes.length
          read += bytes.length
          if (read === length) resolve()
        },
        drain() {},
        close() {}
      })
      if (which === 'dialled') {
        const port = await rawServer((socket) => socket.write(Buffer.alloc(length)))
        const { connection } = await dial(new TcpTransport({ clock }), { host: HOST, port })
        await new Promise<void>((resolve) => connection?.start(events(resolve)))
        connection?.destroy()
      } else {
        const { port, next } = await listen(new TcpTransport({ clock }))
        rawClient(port).write(Buffer.alloc(length))
        const connection = await next()
        await new Promise<void>((resolve) => connection.start(events(resolve)))
      }
      await turn()
      expect(read).toBe(length)
      // Two reads, and one more that the stream may have taken in already; without a rest up to 32 of them.
      expect(Math.max(...turns)).toBeLessThanOrEqual(3 * 65_536)
    }
  )

  it('tells that a counterparty is gone before it reads from the connection that this one makes next', async () => {
    const { port, next } = await listen(new TcpTransport())
    for (let round = 0; round < 10; round++) {
      const client = rawClient(port)
      const first = await next()
      const recorder = new Recorder()
      first.start(recorder)
      client.destroy()
      rawClient(port).write('again')
      const second = await next()
      const closes = await new Promise((resolve) =>
        second.start({ data: () => resolve(recorder.closes), drain() {}, close: resolve })
      )
      expect(closes).toMatchObject([{ code: 'PEER_CLOSED' }])
      second.destroy()
    }
  })

  it('calls a reset what it is', async () => {
    const { port, next } = await listen(new TcpTransport())
    const client = rawClient(port)
    const recorder = new Recorder()
    const acceptor = await next()
    acceptor.start(recorder)
    client.resetAndDestroy()
    expect(await recorder.closed()).toEqual({
      code: 'SOCKET_ERROR',
      text: expect.stringContaining('ECONNRESET')
    })
  })

  it('calls a broken pipe what it is', async () => {
    let reset = () => {}
    const port = await rawServer((socket) => {
      reset = () => socket.resetAndDestroy()
    })
    const { connection } = await dial(new TcpTransport(), { host: HOST, port })
    const initiator = tidied(connection as Connection)
    const recorder = new Recorder()
    // Paused, it does not read the reset, so that the write is what finds it.
    initiator.pause()
    initiator.start(recorder)
    await turn()
    reset()
    await turn()
    initiator.write(Buffer.from('anyone?'))
    initiator.write(Buffer.from('anyone at all?'))
    expect(await recorder.closed()).toEqual({
      code: 'SOCKET_ERROR',
      text: expect.stringMatching(/write (EPIPE|ECONNRESET)/)
    })
  })

  it('gives an orderly close 2 seconds, then destroys', async () => {
    const clock = new VirtualClock()
    const port = await rawServer(() => {})
    const { connection } = await dial(new TcpTransport({ clock }), { host: HOST, port })
    const initiator = tidied(connection as Connection)
    const recorder = new Recorder()
    initiator.start(recorder)
    initiator.write(Buffer.alloc(32 * 1024 * 1024))
    initiator.end()
    expect(clock.nextTimerAt).toBe(2_000)
    clock.advance(1_999)
    expect(clock.pendingTimers).toBe(1)
    clock.advance(1)
    expect((await recorder.closed()).code).toBe('LOCAL_CLOSE')
  })

  it('closes as soon as the counterparty has, though it was paused', async () => {
    const clock = new VirtualClock()
    const port = await rawServer((socket) => socket.end('unread'))
    const { connection } = await dial(new TcpTransport({ clock }), { host: HOST, port })
    const initiator = tidied(connection as Connection)
    const recorder = new Recorder()
    initiator.pause()
    initiator.start(recorder)
    initiator.end()
    expect((await recorder.closed()).code).toBe('LOCAL_CLOSE')
    expect(recorder.text).toBe('')
    expect(clock.pendingTimers).toBe(0)
  })

  it('gives a counterparty that shut down 2 seconds to take what is pending', async () => {
    const clock = new VirtualClock()
    const port = await rawServer((socket) => socket.end('bye'))
    const { connection } = await dial(new TcpTransport({ clock }), { host: HOST, port })
    const initiator = tidied(connection as Connection)
    const recorder = new Recorder()
    initiator.write(Buffer.alloc(32 * 1024 * 1024))
    initiator.start(recorder)
    await recorder.received(3)
    while (clock.pendingTimers === 0) await turn()
    expect(clock.nextTimerAt).toBe(2_000)
    expect(recorder.closes).toEqual([])
    clock.advance(2_000)
    expect((await recorder.closed()).code).toBe('PEER_CLOSED')
  })

  it('gives a dial up after connectTimeout, 60 seconds by default', async () => {
    for (const [connectTimeout, seconds] of [
      [undefined, 60],
      [3, 3]
    ] as const) {
      const clock = new VirtualClock()
      const failed = new Promise((resolve, reject) =>
        new TcpTransport({ connectTimeout, clock }).dial(
          { host: HOST, port: 9 },
          { connected: reject, failed: resolve }
        )
      )
      // All before the event loop turns: the kernel's own answer cannot have been heard yet.
      clock.advance(seconds * 1_000 - 1)
      expect(clock.pendingTimers).toBe(1)
      clock.advance(1)
      expect(clock.pendingTimers).toBe(0)
      expect(await failed).toEqual({
        code: 'CONNECT_TIMEOUT',
        text: expect.stringContaining(`127.0.0.1:9 (within ${seconds} s)`)
      })
    }
  })

  it('leaves no timer behind', async () => {
    const clock = new VirtualClock()
    const transport = new TcpTransport({ clock })
    const { port, next } = await listen(transport)
    const { connection } = await dial(transport, { host: HOST, port })
    expect(clock.pendingTimers).toBe(0)
    const initiator = tidied(connection as Connection)
    const acceptor = await next()
    const atInitiator = new Recorder()
    const atAcceptor = new Recorder()
    initiator.start(atInitiator)
    acceptor.start(atAcceptor)
    initiator.end()
    await atInitiator.closed()
    await atAcceptor.closed()
    expect(clock.pendingTimers).toBe(0)
    transport.dial({ host: HOST, port }, { connected() {}, failed() {} }).abort()
    expect(clock.pendingTimers).toBe(0)
  })

  it('fails, not throws, where an argument is refused', async () => {
    const badLocal = await dial(new TcpTransport({ localHost: 'not an address' }), { host: HOST, port: 9 })
    expect(badLocal.reason).toEqual({ code: 'CONNECT_FAILED', text: expect.stringContaining('not an address') })
    const badPort = await dial(new TcpTransport(), { host: HOST, port: 70_000 })
    expect(badPort.reason).toEqual({ code: 'CONNECT_FAILED', text: expect.stringContaining('127.0.0.1:70000') })
  })

  it('dials from the address and port it is told', async () => {
    const transport = new TcpTransport()
    const { port, next } = await listen(transport)
    const free = await transport.listen({ host: HOST, port: 0 }, () => {})
    await free.close()
    const { connection } = await dial(new TcpTransport({ localHost: HOST, localPort: free.port }), { host: HOST, port })
    tidied(connection as Connection)
    expect((await next()).remotePort).toBe(free.port)
  })

  it('dials a name', async () => {
    const { port, next } = await listen(new TcpTransport())
    const { connection } = await dial(new TcpTransport(), { host: 'localhost', port })
    const initiator = tidied(connection as Connection)
    const recorder = new Recorder()
    initiator.start(recorder)
    const acceptor = await next()
    acceptor.write(Buffer.from('hello'))
    expect(await recorder.received(5)).toBe('hello')
    expect(initiator.remoteAddress).toBe(HOST)
  })

  it('listens and dials by IPv6, and shows IPv4 peers of both families by their IPv4 address', async () => {
    const transport = new TcpTransport()
    if (!hasIpv6) {
      // A machine without it says so.
      await expect(transport.listen({ host: '::1', port: 0 }, () => {})).rejects.toMatchObject({
        code: 'LISTEN_FAILED'
      })
      return
    }
    const six = await listen(transport, '::1')
    const bySix = await dial(transport, { host: '::1', port: six.port })
    expect(tidied(bySix.connection as Connection).remoteAddress).toBe('::1')
    expect((await six.next()).remoteAddress).toBe('::1')

    const both = await listen(transport, '::')
    const byFour = await dial(transport, { host: HOST, port: both.port })
    tidied(byFour.connection as Connection)
    expect((await both.next()).remoteAddress).toBe(HOST)

    const refused = await dial(transport, { host: '::1', port: 1 })
    expect(refused.reason).toEqual({ code: 'CONNECT_REFUSED', text: expect.stringContaining('[::1]:1') })
  })

  it('says why it cannot listen', async () => {
    // An address reserved for documentation is no machine's own.
    await expect(new TcpTransport().listen({ host: '192.0.2.1', port: 0 }, () => {})).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringMatching(/192\.0\.2\.1:0: .*EADDRNOTAVAIL.*Check that host/)
    })
    await expect(new TcpTransport().listen({ host: HOST, port: 70_000 }, () => {})).rejects.toMatchObject({
      code: 'LISTEN_FAILED'
    })
  })

  it('keeps the bytes of many connections apart', async () => {
    const transport = new TcpTransport()
    const { port, next } = await listen(transport)
    const recorders: Recorder[] = []
    for (let index = 0; index < 20; index += 1) {
      const { connection } = await dial(transport, { host: HOST, port })
      const recorder = new Recorder()
      tidied(connection as Connection).start(recorder)
      recorders.push(recorder)
      const acceptor = await next()
      const greeting = Buffer.from(`connection ${index};`)
      for (let round = 0; round < 50; round += 1) acceptor.write(greeting)
    }
    for (const [index, recorder] of recorders.entries()) {
      const expected = `connection ${index};`.repeat(50)
      expect(await recorder.received(expected.length)).toBe(expected)
    }
  })
})

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
