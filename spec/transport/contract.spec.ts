import { afterEach, describe, expect, it, vi } from 'vitest'
import { FixConnectionError } from '../../lib/errors.js'
import { MemoryNetwork } from '../../lib/transport/memory-network.js'
import { MemoryTransport } from '../../lib/transport/memory-transport.js'
import { TcpTransport } from '../../lib/transport/tcp-transport.js'
import type { Connection, Endpoint, Listener, Transport } from '../../lib/transport/transport.js'
import { Arrivals, dial, Recorder } from './recorder.js'

const HOST = '127.0.0.1'

/** More than what kernels or the memory network hold between a writer and a reader that does not read. */
const TOO_MUCH = 32 * 1024 * 1024

interface Subject {
  readonly name: string
  make(limits?: { highWaterMark?: number; maxBufferedBytes?: number }): Transport
}

const subjects: Subject[] = [
  { name: 'TcpTransport', make: (limits) => new TcpTransport(limits) },
  { name: 'MemoryTransport', make: (limits) => new MemoryTransport(new MemoryNetwork(limits)) },
  {
    name: 'MemoryTransport, a slow network of small pieces',
    make: (limits) => new MemoryTransport(new MemoryNetwork({ ...limits, latency: 2, chunkSize: 65_537 }))
  }
]

describe.each(subjects)('every transport keeps the contract: $name', ({ make }) => {
  const listeners: Listener[] = []
  const connections: Connection[] = []

  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.destroy()
    await Promise.all(listeners.splice(0).map((listener) => listener.close()))
    vi.restoreAllMocks()
  })

  async function listen(transport: Transport, accept: (connection: Connection) => void, endpoint?: Endpoint) {
    const listener = await transport.listen(endpoint ?? { host: HOST, port: 0 }, (connection) => {
      connections.push(connection)
      accept(connection)
    })
    listeners.push(listener)
    return listener
  }

  /** Two ends of one connection, neither started. */
  async function pair(transport: Transport = make()) {
    const arrivals = new Arrivals()
    const listener = await listen(transport, arrivals.accept)
    const { connection } = await dial(transport, { host: HOST, port: listener.port })
    if (connection === undefined) throw new Error('not connected')
    connections.push(connection)
    return { initiator: connection, acceptor: await arrivals.next(), listener }
  }

  /** The same, with both ends started and recorded. */
  async function startedPair(transport?: Transport) {
    const ends = await pair(transport)
    const atInitiator = new Recorder()
    const atAcceptor = new Recorder()
    ends.initiator.start(atInitiator)
    ends.acceptor.start(atAcceptor)
    return { ...ends, atInitiator, atAcceptor }
  }

  it('carries bytes both ways and says who the counterparty is', async () => {
    const { initiator, acceptor, atInitiator, atAcceptor, listener } = await startedPair()
    expect(initiator.write(Buffer.from('8=FIX.4.4|', 'latin1'))).toBe(true)
    expect(acceptor.write(Buffer.from('answer \xff', 'latin1'))).toBe(true)
    expect(await atAcceptor.received(10)).toBe('8=FIX.4.4|')
    expect(await atInitiator.received(8)).toBe('answer \xff')
    expect(initiator.remoteAddress).toBe(HOST)
    expect(initiator.remotePort).toBe(listener.port)
    expect(acceptor.remoteAddress).toBe(HOST)
    expect(acceptor.remotePort).toBeGreaterThan(0)
    expect(initiator.bufferedBytes).toBe(0)
  })

  it('keeps bytes that come before start', async () => {
    const { initiator, acceptor } = await pair()
    initiator.write(Buffer.from('early '))
    acceptor.write(Buffer.from('bird '))
    await turns(5)
    const atAcceptor = new Recorder()
    const atInitiator = new Recorder()
    acceptor.start(atAcceptor)
    initiator.start(atInitiator)
    initiator.write(Buffer.from('late'))
    expect(await atAcceptor.received(10)).toBe('early late')
    expect(await atInitiator.received(5)).toBe('bird ')
  })

  it('remembers a close that came before start, behind the bytes', async () => {
    const { initiator, acceptor } = await pair()
    acceptor.start(new Recorder())
    acceptor.write(Buffer.from('35=5'))
    acceptor.end()
    await turns(5)
    const atInitiator = new Recorder()
    initiator.start(atInitiator)
    expect((await atInitiator.closed()).code).toBe('PEER_CLOSED')
    expect(atInitiator.text).toBe('35=5')
  })

  it('tells a receiver that starts after the close', async () => {
    const { initiator, acceptor, atInitiator } = await startedPair()
    acceptor.destroy()
    await atInitiator.closed()
    const late = new Recorder()
    initiator.start(late)
    expect(late.closes).toEqual([])
    expect(await late.closed()).toEqual(atInitiator.closes[0])
    expect(atInitiator.closes).toHaveLength(1)
  })

  it('hands over to another receiver', async () => {
    const { initiator, acceptor, atAcceptor } = await startedPair()
    initiator.write(Buffer.from('logon'))
    await atAcceptor.received(5)
    const session = new Recorder()
    acceptor.start(session)
    initiator.write(Buffer.from('order'))
    initiator.end()
    expect(await session.received(5)).toBe('order')
    expect((await session.closed()).code).toBe('PEER_CLOSED')
    expect(atAcceptor.text).toBe('logon')
    expect(atAcceptor.closes).toEqual([])
  })

  it('keeps the receiver from reading, and lets it read on', async () => {
    const { initiator, acceptor, atAcceptor, atInitiator } = await startedPair()
    acceptor.pause()
    initiator.write(Buffer.from('held'))
    acceptor.write(Buffer.from('ping'))
    await atInitiator.received(4)
    await turns(5)
    expect(atAcceptor.text).toBe('')
    acceptor.resume()
    expect(await atAcceptor.received(4)).toBe('held')
  })

  it('stays paused through start', async () => {
    const { initiator, acceptor } = await pair()
    const atAcceptor = new Recorder()
    acceptor.pause()
    acceptor.start(atAcceptor)
    initiator.write(Buffer.from('held'))
    await turns(5)
    expect(atAcceptor.text).toBe('')
    acceptor.resume()
    expect(await atAcceptor.received(4)).toBe('held')
  })

  it('answers false when the counterparty does not read, and drains when it does', async () => {
    const { initiator, acceptor, atInitiator, atAcceptor } = await startedPair()
    acceptor.pause()
    const block = Buffer.alloc(1024 * 1024, 'x')
    let written = 0
    for (let room = true; room && written < TOO_MUCH; written += block.length) room = initiator.write(block)
    expect(written).toBeLessThan(TOO_MUCH)
    expect(initiator.bufferedBytes).toBeGreaterThan(65_536)
    expect(atInitiator.drains).toBe(0)
    acceptor.resume()
    await atInitiator.drained()
    expect(initiator.bufferedBytes).toBe(0)
    await atAcceptor.until(() => atAcceptor.text.length === written)
    expect(atInitiator.drains).toBe(1)
  })

  it('has a mark of its own, and does not speak of draining below it', async () => {
    const { initiator, acceptor, atInitiator, atAcceptor } = await startedPair(make({ highWaterMark: TOO_MUCH }))
    acceptor.pause()
    expect(initiator.write(Buffer.alloc(TOO_MUCH, 'x'))).toBe(true)
    expect(initiator.bufferedBytes).toBeGreaterThan(0)
    acceptor.resume()
    await atAcceptor.received(TOO_MUCH)
    await turns(5)
    expect(initiator.bufferedBytes).toBe(0)
    expect(atInitiator.drains).toBe(0)
  })

  it('closes when too much waits for a counterparty that does not read', async () => {
    const { initiator, acceptor, atInitiator, atAcceptor } = await startedPair(make({ maxBufferedBytes: 100_000 }))
    acceptor.pause()
    // One write may be larger than the limit; the next is refused.
    expect(initiator.write(Buffer.alloc(TOO_MUCH))).toBe(false)
    expect(initiator.write(Buffer.from('more'))).toBe(false)
    expect(atInitiator.closes).toEqual([])
    const reason = await atInitiator.closed()
    expect(reason.code).toBe('PEER_NOT_READING')
    expect(reason.text).toContain('at most 100000 may')
    acceptor.resume()
    await atAcceptor.closed()
  })

  it('writes what is pending before an orderly close', async () => {
    const { initiator, acceptor, atInitiator, atAcceptor } = await startedPair()
    acceptor.pause()
    const block = Buffer.alloc(8 * 1024 * 1024, 'y')
    initiator.write(block)
    initiator.end()
    expect(initiator.write(Buffer.from('too late'))).toBe(false)
    acceptor.resume()
    expect((await atAcceptor.closed()).code).toBe('PEER_CLOSED')
    expect(atAcceptor.text.length).toBe(block.length)
    expect((await atInitiator.closed()).code).toBe('LOCAL_CLOSE')
    expect(initiator.bufferedBytes).toBe(0)
  })

  it('discards what comes in after end', async () => {
    const { initiator, acceptor, atInitiator, atAcceptor } = await startedPair()
    initiator.end()
    acceptor.write(Buffer.from('unheard'))
    await atAcceptor.closed()
    await atInitiator.closed()
    expect(atInitiator.text).toBe('')
  })

  it('destroys at once, and tells both sides once', async () => {
    const { initiator, acceptor, atInitiator, atAcceptor } = await startedPair()
    initiator.destroy()
    initiator.destroy()
    initiator.end()
    expect(initiator.write(Buffer.from('no'))).toBe(false)
    expect(atInitiator.closes).toEqual([])
    expect((await atInitiator.closed()).code).toBe('LOCAL_CLOSE')
    expect((await atAcceptor.closed()).code).toBe('PEER_CLOSED')
    acceptor.destroy()
    acceptor.write(Buffer.from('no'))
    await turns(5)
    expect(atInitiator.closes).toHaveLength(1)
    expect(atAcceptor.closes).toHaveLength(1)
  })

  it('never calls back from inside a call', async () => {
    const { initiator, acceptor, listener } = await pair()
    let inside = false
    const broken: string[] = []
    const watch = (name: string) => () => {
      if (inside) broken.push(name)
    }
    const guarded = <T>(call: () => T): T => {
      inside = true
      try {
        return call()
      } finally {
        inside = false
      }
    }
    const events = { data: watch('data'), drain: watch('drain'), close: watch('close') }
    acceptor.write(Buffer.from('waiting'))
    await turns(5)
    guarded(() => initiator.start(events))
    guarded(() => initiator.pause())
    guarded(() => initiator.resume())
    guarded(() => initiator.write(Buffer.alloc(TOO_MUCH)))
    guarded(() => initiator.end())
    guarded(() => initiator.destroy())
    guarded(() => initiator.start(events))
    const transport = make()
    guarded(() =>
      transport.dial({ host: HOST, port: listener.port }, { connected: (c) => c.destroy(), failed: watch('failed') })
    )
    guarded(() =>
      transport.dial({ host: HOST, port: 99_999 }, { connected: (c) => c.destroy(), failed: watch('failed') })
    )
    await turns(5)
    expect(broken).toEqual([])
  })

  it('survives receivers that throw, and closes their connection', async () => {
    const { initiator, acceptor, atInitiator } = await startedPair()
    const closes: string[] = []
    const warnings = caughtWarnings()
    acceptor.start({
      data: () => {
        throw new Error('boom in data')
      },
      drain() {},
      close: (reason) => {
        closes.push(reason.code, reason.text)
        throw new Error('boom in close')
      }
    })
    initiator.write(Buffer.from('x'))
    await atInitiator.closed()
    await turns(5)
    expect(closes).toEqual(['LOCAL_CLOSE', expect.stringContaining('boom in data')])
    expect(warnings).toEqual(['boom in data', 'boom in close'])
  })

  it('survives owners that throw when they are given a connection', async () => {
    const transport = make()
    const warnings = caughtWarnings()
    const listener = await listen(transport, () => {
      throw new Error('boom in accept')
    })
    const { connection } = await dial(transport, { host: HOST, port: listener.port })
    const atInitiator = new Recorder()
    connection?.start(atInitiator)
    expect((await atInitiator.closed()).code).toBe('PEER_CLOSED')
    const called = new Promise<void>((resolve) => {
      transport.dial(
        { host: HOST, port: listener.port },
        {
          connected: () => {
            setImmediate(resolve)
            throw new Error('boom in connected')
          },
          failed() {}
        }
      )
    })
    await called
    await turns(5)
    expect(warnings.toSorted()).toEqual(['boom in accept', 'boom in accept', 'boom in connected'])
  })

  it('fails a dial to a port where nothing listens', async () => {
    const transport = make()
    const listener = await listen(transport, () => {})
    await listener.close()
    const { reason } = await dial(transport, { host: HOST, port: listener.port })
    expect(reason?.code).toBe('CONNECT_REFUSED')
    expect(reason?.text).toContain(`127.0.0.1:${listener.port}`)
  })

  it('says nothing after abort', async () => {
    const transport = make()
    const accepted: Connection[] = []
    const listener = await listen(transport, (connection) => accepted.push(connection))
    const told: string[] = []
    const events = { connected: () => told.push('connected'), failed: () => told.push('failed') }
    transport.dial({ host: HOST, port: listener.port }, events).abort()
    transport.dial({ host: HOST, port: 1 }, events).abort()
    const late = transport.dial({ host: HOST, port: listener.port }, events)
    await turns(1)
    late.abort()
    const toldBefore = told.length
    // A dial made later has come through, so the earlier ones had their chance.
    const { connection } = await dial(transport, { host: HOST, port: listener.port })
    connection?.destroy()
    await turns(5)
    expect(told.slice(toldBefore)).toEqual([])
    expect(told).not.toContain('failed')
  })

  it('leaves a connection alone when its dial is aborted afterwards', async () => {
    const transport = make()
    const arrivals = new Arrivals()
    const listener = await listen(transport, arrivals.accept)
    const { connection, dial: attempt } = await dial(transport, { host: HOST, port: listener.port })
    attempt.abort()
    const atAcceptor = new Recorder()
    const acceptor = await arrivals.next()
    acceptor.start(atAcceptor)
    connection?.write(Buffer.from('alive'))
    expect(await atAcceptor.received(5)).toBe('alive')
    connection?.destroy()
  })

  it('refuses a port in use', async () => {
    const transport = make()
    const listener = await listen(transport, () => {})
    const again = listen(transport, () => {}, { host: HOST, port: listener.port })
    await expect(again).rejects.toBeInstanceOf(FixConnectionError)
    await expect(again).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${listener.port}.*choose another port`))
    })
    const onAny = listen(transport, () => {}, { host: '0.0.0.0', port: listener.port })
    await expect(onAny).rejects.toMatchObject({ code: 'PORT_IN_USE' })
  })

  it('stops accepting on close, gives the port up, and leaves connections alone', async () => {
    const transport = make()
    const { initiator, acceptor, listener, atAcceptor } = await startedPair(transport)
    await listener.close()
    await listener.close()
    initiator.write(Buffer.from('still here'))
    expect(await atAcceptor.received(10)).toBe('still here')
    const second = await listen(transport, () => {}, { host: HOST, port: listener.port })
    expect(second.port).toBe(listener.port)
    acceptor.destroy()
  })

  it('reuses a slab as soon as nothing is buffered', async () => {
    const { initiator, atAcceptor } = await startedPair()
    const slab = Buffer.alloc(1_000)
    let expected = ''
    for (let round = 0; round < 50; round += 1) {
      slab.fill(String.fromCharCode(65 + (round % 26)))
      expected += slab.toString('latin1')
      initiator.write(slab)
      expect(initiator.bufferedBytes).toBe(0)
    }
    expect(await atAcceptor.received(expected.length)).toBe(expected)
  })
})

/** The messages of what would otherwise be printed as process warnings. */
function caughtWarnings(): string[] {
  const messages: string[] = []
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    messages.push(warning instanceof Error ? warning.message : warning)
  })
  return messages
}

/** Lets some turns of the event loop pass. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
