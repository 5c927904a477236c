import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FaultProxy, type FaultProxyOptions } from '../../lib/testing/fault-proxy.js'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'

const HOST = '127.0.0.1'

/** A Node socket that keeps what it reads, and can be awaited. */
class Peer {
  text = ''
  ended = false
  closed = false
  error: string | undefined
  readonly pieces: number[] = []
  #waiting: { readonly met: () => boolean; readonly resolve: () => void }[] = []

  constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.text += bytes.toString('latin1')
      this.pieces.push(bytes.length)
      this.#told()
    })
    socket.on('end', () => {
      this.ended = true
      this.#told()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code
    })
    socket.on('close', () => {
      this.closed = true
      this.#told()
    })
  }

  until(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ met, resolve }))
  }

  received(text: string): Promise<void> {
    return this.until(() => this.text.length >= text.length)
  }

  #told(): void {
    const waiting = this.#waiting
    this.#waiting = waiting.filter(({ met }) => !met())
    for (const { met, resolve } of waiting) if (met()) resolve()
  }
}

describe('FaultProxy', () => {
  const proxies: FaultProxy[] = []
  const peers: Peer[] = []
  const accepted: Peer[] = []
  const waiting: ((peer: Peer) => void)[] = []
  let server: Server
  let targetPort = 0

  beforeEach(async () => {
    server = createServer((socket) => {
      const peer = new Peer(socket)
      peers.push(peer)
      const waits = waiting.shift()
      if (waits === undefined) accepted.push(peer)
      else waits(peer)
    })
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
    const address = server.address()
    targetPort = address !== null && typeof address === 'object' ? address.port : 0
  })

  afterEach(async () => {
    for (const proxy of proxies.splice(0)) await proxy.stop()
    for (const peer of peers.splice(0)) peer.socket.destroy()
    accepted.length = 0
    await new Promise((resolve) => server.close(resolve))
  })

  async function started(options: Partial<FaultProxyOptions> = {}): Promise<FaultProxy> {
    const proxy = new FaultProxy({ targetPort, ...options })
    proxies.push(proxy)
    await proxy.start()
    return proxy
  }

  function nextAccepted(): Promise<Peer> {
    const peer = accepted.shift()
    if (peer !== undefined) return Promise.resolve(peer)
    return new Promise((resolve) => waiting.push(resolve))
  }

  function dial(port: number): Peer {
    const peer = new Peer(connect({ host: HOST, port }))
    peers.push(peer)
    return peer
  }

  /** Both ends of a connection through the proxy, which has carried a greeting each way. */
  async function linked(proxy: FaultProxy) {
    const initiator = dial(proxy.port)
    const acceptor = await nextAccepted()
    initiator.socket.write('hi ')
    await acceptor.received('hi ')
    acceptor.socket.write('ho ')
    await initiator.received('ho ')
    return { initiator, acceptor }
  }

  it('carries bytes and closes both ways, and counts', async () => {
    const proxy = await started()
    const { initiator, acceptor } = await linked(proxy)
    initiator.socket.end('last words')
    await acceptor.until(() => acceptor.closed)
    await initiator.until(() => initiator.closed)
    expect(acceptor.text).toBe('hi last words')
    expect(initiator.text).toBe('ho ')
    expect(initiator.error ?? acceptor.error).toBeUndefined()
    expect(proxy.connections).toBe(1)
    await settled(() => proxy.links.length === 0)
    expect(proxy.bytes('toAcceptor')).toBe(13)
    expect(proxy.bytes('toInitiator')).toBe(3)
  })

  it('carries more than its buffers hold, unchanged, to a slow reader', async () => {
    const proxy = await started()
    const { initiator, acceptor } = await linked(proxy)
    acceptor.socket.pause()
    const block = Buffer.alloc(32 * 1024 * 1024)
    for (let index = 0; index < block.length; index += 1) block[index] = index * 31
    initiator.socket.write(block)
    await quiet(() => proxy.bytes('toAcceptor'))
    expect(proxy.bytes('toAcceptor')).toBeLessThan(block.length)
    expect(proxy.links[0]?.toAcceptor.queued).toBeLessThan(1_000_000)
    acceptor.socket.resume()
    await acceptor.until(() => acceptor.text.length === block.length + 3)
    expect(Buffer.from(acceptor.text.slice(3), 'latin1').equals(block)).toBe(true)
  })

  it('cut breaks both sides, by a close or by a reset, and new dials go through', async () => {
    const proxy = await started()
    const one = await linked(proxy)
    proxy.cut()
    await one.initiator.until(() => one.initiator.closed)
    await one.acceptor.until(() => one.acceptor.closed)
    const two = await linked(proxy)
    proxy.cut('reset')
    await two.initiator.until(() => two.initiator.closed)
    await two.acceptor.until(() => two.acceptor.closed)
    expect([two.initiator.error, two.acceptor.error]).toEqual(['ECONNRESET', 'ECONNRESET'])
    await linked(proxy)
    expect(proxy.connections).toBe(3)
  })

  it('cutAfterBytes lets exactly so many bytes through', async () => {
    const proxy = await started()
    const { initiator, acceptor } = await linked(proxy)
    proxy.cutAfterBytes('toAcceptor', 4)
    initiator.socket.write('0123456789')
    await acceptor.until(() => acceptor.closed)
    await initiator.until(() => initiator.closed)
    expect(acceptor.text).toBe('hi 0123')
    expect(proxy.bytes('toAcceptor')).toBe(7)

    // Armed while there is no connection it strikes the next one.
    await settled(() => proxy.links.length === 0)
    proxy.cutAfterBytes('toInitiator', 2)
    const next = dial(proxy.port)
    const nextAcceptor = await nextAccepted()
    nextAcceptor.socket.write('abcdef')
    await next.until(() => next.closed)
    expect(next.text).toBe('ab')
  })

  it('cutAfterBytes waits for a receiver that is slow to take them', async () => {
    const proxy = await started()
    const { initiator, acceptor } = await linked(proxy)
    acceptor.socket.pause()
    initiator.socket.write(Buffer.alloc(32 * 1024 * 1024, 'x'))
    await quiet(() => proxy.bytes('toAcceptor'))
    const delivered = proxy.bytes('toAcceptor')
    proxy.cutAfterBytes('toAcceptor', 0)
    acceptor.socket.resume()
    await acceptor.until(() => acceptor.closed)
    expect(acceptor.text.length).toBe(delivered)
  })

  it('stall holds one direction until resume', async () => {
    const proxy = await started()
    const { initiator, acceptor } = await linked(proxy)
    proxy.stall('toAcceptor')
    initiator.socket.write('held')
    acceptor.socket.write('free')
    await initiator.received('ho free')
    await settled(() => proxy.links[0]?.toAcceptor.queued === 4)
    expect(acceptor.text).toBe('hi ')
    proxy.resume('toAcceptor')
    await acceptor.received('hi held')
    expect(acceptor.text).toBe('hi held')
  })

  it('blackHole loses one direction and its close, without a sign', async () => {
    const proxy = await started()
    const { initiator, acceptor } = await linked(proxy)
    proxy.blackHole('toAcceptor')
    initiator.socket.write('lost')
    await settled(() => proxy.links[0]?.toAcceptor.swallowed === 4)
    acceptor.socket.write('free')
    await initiator.received('ho free')
    initiator.socket.destroy()
    await initiator.until(() => initiator.closed)
    // The acceptor goes on talking to nobody: it is not told.
    acceptor.socket.write('anyone?')
    await settled(() => (proxy.links[0]?.toInitiator.delivered ?? 0) >= 7)
    expect(acceptor.text).toBe('hi ')
    expect(acceptor.closed).toBe(false)
    proxy.resume()
    await linked(proxy)
  })

  it('halfOpen takes the initiator away and does not tell the acceptor', async () => {
    const proxy = await started()
    const { initiator, acceptor } = await linked(proxy)
    proxy.halfOpen()
    await initiator.until(() => initiator.closed)
    acceptor.socket.write('anyone?')
    // The initiator is back on a new connection while the acceptor still has the old one.
    await linked(proxy)
    expect(acceptor.closed || acceptor.ended).toBe(false)
    expect(proxy.links).toHaveLength(2)
    acceptor.socket.end()
    await acceptor.until(() => acceptor.closed)
    await settled(() => proxy.links.length === 1)
  })

  it('refuse turns dials away and keeps connections; accept takes dials on the same port', async () => {
    const proxy = await started()
    const { initiator, acceptor } = await linked(proxy)
    const port = proxy.port
    await proxy.refuse()
    const refused = dial(port)
    await refused.until(() => refused.closed)
    expect(refused.error).toBe('ECONNREFUSED')
    initiator.socket.write('alive')
    await acceptor.received('hi alive')
    await proxy.accept()
    expect(proxy.port).toBe(port)
    await linked(proxy)
  })

  it('delivers byte by byte', async () => {
    const proxy = await started({ chunkSize: 1 })
    const { initiator, acceptor } = await linked(proxy)
    const message = '8=FIX.4.4|9=5|35=0|10=163|'
    initiator.socket.write(message)
    await acceptor.received(`hi ${message}`)
    expect(acceptor.text).toBe(`hi ${message}`)
    // Kernels may join what waits unread, but not what was read byte by byte.
    expect(acceptor.pieces.length).toBeGreaterThan(4)
    proxy.chunkSize = undefined
    acceptor.socket.write('in one piece')
    await initiator.received('ho in one piece')
    expect(initiator.pieces.at(-1)).toBe(12)
  })

  it('delays what it carries', async () => {
    const clock = new VirtualClock()
    const proxy = await started({ clock })
    const initiator = dial(proxy.port)
    const acceptor = await nextAccepted()
    proxy.latency = 250
    initiator.socket.write('late')
    await settled(() => proxy.links[0]?.toAcceptor.queued === 4)
    clock.advance(249)
    expect(proxy.bytes('toAcceptor')).toBe(0)
    clock.advance(1)
    await acceptor.received('late')
    expect(acceptor.text).toBe('late')
  })

  it('closes the initiator when the acceptor is not there', async () => {
    const proxy = await started({ targetPort: 1 })
    const initiator = dial(proxy.port)
    await initiator.until(() => initiator.ended || initiator.closed)
    await settled(() => proxy.links.length === 0)
  })

  it('says that its port is in use, and that it is started', async () => {
    const proxy = await started()
    const other = new FaultProxy({ targetPort, port: proxy.port })
    await expect(other.start()).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    await expect(proxy.start()).rejects.toMatchObject({ code: 'ALREADY_CONNECTED' })
    await other.stop()
  })

  it('leaves nothing behind after stop', async () => {
    const proxy = await started()
    const first = await linked(proxy)
    proxy.halfOpen()
    const second = await linked(proxy)
    proxy.stall()
    second.initiator.socket.write('stuck')
    await proxy.stop()
    await first.acceptor.until(() => first.acceptor.closed)
    await second.acceptor.until(() => second.acceptor.closed)
    await settled(() => proxy.links.length === 0)
    const refused = dial(proxy.port)
    await refused.until(() => refused.closed)
    expect(refused.error).toBe('ECONNREFUSED')
  })
})

/** Lets the event loop turn until it is so; the spec's own time-out is the limit. */
async function settled(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setImmediate(resolve))
}

/** Lets the event loop turn until `value` has been the same for a hundred turns. */
async function quiet(value: () => number): Promise<void> {
  let last = value()
  for (let same = 0; same < 100; same += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    if (value() !== last) same = 0
    last = value()
  }
}
