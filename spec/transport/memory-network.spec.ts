import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../lib/testing/virtual-clock.js'
import { MemoryNetwork, type MemoryNetworkOptions } from '../../lib/transport/memory-network.js'
import { MemoryTransport } from '../../lib/transport/memory-transport.js'
import type { CloseReason, Connection } from '../../lib/transport/transport.js'
import { Recorder } from './recorder.js'

const BROKER = { host: 'broker', port: 9878 }

/** Two connected and recorded ends on a network of their own, under a virtual clock. */
function linked(options: Omit<MemoryNetworkOptions, 'clock'> = {}) {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ ...options, clock })
  const transport = new MemoryTransport(network)
  const acceptors: Connection[] = []
  const initiators: Connection[] = []
  const failures: CloseReason[] = []
  void transport.listen(BROKER, (connection) => acceptors.push(connection))
  const dial = () =>
    transport.dial(BROKER, {
      connected: (connection) => initiators.push(connection),
      failed: (reason) => failures.push(reason)
    })
  /** Dials, and starts both ends of what comes of it. */
  const connect = () => {
    dial()
    clock.advance(1_000)
    const initiator = initiators.at(-1)
    const acceptor = acceptors.at(-1)
    if (initiator === undefined || acceptor === undefined) throw new Error('not connected')
    const atInitiator = new Recorder()
    const atAcceptor = new Recorder()
    initiator.start(atInitiator)
    acceptor.start(atAcceptor)
    return { initiator, acceptor, atInitiator, atAcceptor }
  }
  return { clock, network, transport, acceptors, initiators, failures, dial, connect }
}

const text = (content: string) => Buffer.from(content, 'latin1')

describe('MemoryNetwork', () => {
  it('joins the transports that share it, and no others', () => {
    expect(new MemoryTransport().network).toBe(new MemoryTransport().network)
    const network = new MemoryNetwork()
    expect(new MemoryTransport(network).network).toBe(network)
    expect(new MemoryTransport().network).not.toBe(network)
  })

  it('delivers at the end of the turn when there is no latency', () => {
    const { clock, connect } = linked()
    const { initiator, atAcceptor } = connect()
    initiator.write(text('one '))
    initiator.write(text('two'))
    expect(atAcceptor.text).toBe('')
    clock.settle()
    // What was written in one turn is read in one piece, as a kernel would give it.
    expect(atAcceptor.pieces).toEqual([7])
    expect(atAcceptor.text).toBe('one two')
  })

  it('lets bytes take their time, and a dial a round trip', () => {
    const { clock, connect, dial, initiators } = linked({ latency: 20 })
    const { initiator, atAcceptor } = connect()
    initiator.write(text('hello'))
    clock.advance(19)
    expect(atAcceptor.text).toBe('')
    clock.advance(1)
    expect(atAcceptor.text).toBe('hello')
    dial()
    clock.advance(39)
    expect(initiators).toHaveLength(1)
    clock.advance(1)
    expect(initiators).toHaveLength(2)
  })

  it('cuts what is written into pieces, each with a turn to itself', () => {
    const { clock, network, connect } = linked({ chunkSize: 1 })
    const { initiator, atAcceptor } = connect()
    initiator.write(text('abc'))
    clock.runTurn()
    expect(atAcceptor.text).toBe('a')
    clock.settle()
    expect(atAcceptor.pieces).toEqual([1, 1, 1])
    const offered: number[] = []
    network.chunkSize = (available) => {
      offered.push(available)
      return 4
    }
    initiator.write(text('0123456789'))
    clock.settle()
    expect(offered).toEqual([10, 6, 2])
    expect(atAcceptor.pieces.slice(3)).toEqual([4, 4, 2])
  })

  it('does not let a receiver keep bytes without a copy', () => {
    const { clock, connect } = linked()
    const { initiator, acceptor } = connect()
    let kept: Uint8Array | undefined
    acceptor.start({ data: (bytes) => (kept = bytes), drain() {}, close() {} })
    initiator.write(text('abc'))
    clock.settle()
    expect(kept).toEqual(new Uint8Array(3))
  })

  it('takes what the window holds, and corrupts a slab that is reused while bytes wait, as a socket does', () => {
    const { clock, connect } = linked({ window: 4, highWaterMark: 2 })
    const { initiator, acceptor, atInitiator, atAcceptor } = connect()
    acceptor.pause()
    const slab = text('abcdef')
    expect(initiator.write(slab)).toBe(true)
    expect(initiator.bufferedBytes).toBe(2)
    expect(initiator.write(text('g'))).toBe(false)
    slab.fill('X')
    acceptor.resume()
    clock.settle()
    expect(atAcceptor.text).toBe('abcdXXg')
    expect(atInitiator.drains).toBe(1)
    expect(initiator.bufferedBytes).toBe(0)
  })

  it('refuses or ignores dials', () => {
    const { clock, network, dial, failures, initiators } = linked()
    network.dials = 'refuse'
    dial()
    clock.settle()
    expect(failures.map(({ code }) => code)).toEqual(['CONNECT_REFUSED'])
    network.dials = 'ignore'
    dial()
    clock.advance(59_999)
    expect(failures).toHaveLength(1)
    clock.advance(1)
    expect(failures[1]).toEqual({ code: 'CONNECT_TIMEOUT', text: expect.stringContaining('broker:9878') })
    network.dials = 'accept'
    dial()
    clock.settle()
    expect(initiators).toHaveLength(1)
    expect(clock.pendingTimers).toBe(0)
  })

  it('listens on every host of a port, on a free port, and shows the dialler to the acceptor', async () => {
    const { clock, network } = linked()
    const acceptors: Connection[] = []
    const listener = await new MemoryTransport(network).listen({ host: '0.0.0.0', port: 0 }, (each) =>
      acceptors.push(each)
    )
    const initiators: Connection[] = []
    new MemoryTransport(network, { localHost: '192.0.2.7' }).dial(
      { host: 'localhost', port: listener.port },
      { connected: (each) => initiators.push(each), failed() {} }
    )
    clock.settle()
    expect(acceptors[0]?.remoteAddress).toBe('192.0.2.7')
    expect(initiators[0]?.remoteAddress).toBe('localhost')
    expect(initiators[0]?.remotePort).toBe(listener.port)
  })

  describe('faults', () => {
    it('cut: both sides are told why, and bytes on the way are lost', () => {
      const { clock, network, connect } = linked({ latency: 10 })
      const { initiator, acceptor, atInitiator, atAcceptor } = connect()
      initiator.write(text('lost'))
      acceptor.write(text('lost too'))
      network.cut()
      expect(atInitiator.closes).toEqual([])
      clock.advance(100)
      expect(atAcceptor.text + atInitiator.text).toBe('')
      expect(atInitiator.closes.map(({ code }) => code)).toEqual(['SOCKET_ERROR'])
      expect(atAcceptor.closes.map(({ code }) => code)).toEqual(['SOCKET_ERROR'])
      expect(initiator.write(text('no'))).toBe(false)
      expect(network.links).toEqual([])
    })

    it('cut: after as many of the bytes on the way as chosen, with the reason given', () => {
      const { clock, network, connect } = linked({ latency: 10, chunkSize: 2 })
      const { initiator, acceptor, atInitiator, atAcceptor } = connect()
      initiator.write(text('0123456789'))
      acceptor.write(text('abcdef'))
      const reason = { code: 'PEER_CLOSED', text: 'the operator pulled the plug' }
      network.cut({ deliver: { toAcceptor: 7, toInitiator: 100 }, reason })
      clock.settle()
      expect(atAcceptor.text).toBe('0123456')
      expect(atInitiator.text).toBe('abcdef')
      expect(atAcceptor.closes).toEqual([reason])
      expect(atInitiator.closes).toEqual([reason])
      expect(clock.monotonic()).toBe(1_000)
    })

    it('cut: does not wait for a receiver that is paused, or pauses meanwhile', () => {
      const { clock, network, connect } = linked({ chunkSize: 1 })
      const { initiator, acceptor, atInitiator } = connect()
      let heard = 0
      const closes: CloseReason[] = []
      acceptor.start({
        data() {
          heard += 1
          acceptor.pause()
        },
        drain() {},
        close: (reason) => closes.push(reason)
      })
      initiator.write(text('abc'))
      network.cut({ deliver: 3 })
      clock.settle()
      expect(heard).toBe(1)
      expect(closes).toHaveLength(1)
      expect(atInitiator.closes).toHaveLength(1)
    })

    it('cut: comes also when an end is destroyed meanwhile, and once when it is asked for twice', () => {
      const { clock, network, connect } = linked({ chunkSize: 1 })
      const { initiator, acceptor, atInitiator, atAcceptor } = connect()
      initiator.write(text('abcdef'))
      network.cut({ deliver: 5 })
      network.cut({ deliver: 2 })
      clock.runTurn()
      acceptor.destroy()
      clock.settle()
      expect(atAcceptor.closes.map(({ code }) => code)).toEqual(['LOCAL_CLOSE'])
      expect(atInitiator.closes).toHaveLength(1)
      expect(network.links).toEqual([])
    })

    it('cutAfterBytes: exactly so many arrive; armed beforehand it strikes the next connection', () => {
      const { clock, network, connect } = linked()
      network.cutAfterBytes('toAcceptor', 5)
      const first = connect()
      first.initiator.write(text('abc'))
      clock.settle()
      expect(first.atAcceptor.closes).toEqual([])
      first.initiator.write(text('defgh'))
      first.acceptor.write(text('heard'))
      clock.settle()
      expect(first.atAcceptor.text).toBe('abcde')
      expect(first.atAcceptor.closes).toHaveLength(1)
      expect(first.atInitiator.closes).toHaveLength(1)

      const second = connect()
      network.cutAfterBytes('toInitiator', 1)
      second.initiator.write(text('untouched'))
      second.acceptor.write(text('xyz'))
      clock.settle()
      expect(second.atInitiator.text).toBe('x')
      expect(second.atAcceptor.closes).toHaveLength(1)
    })

    it('stall: nothing arrives, nothing is lost, later connections stall too, until resume', () => {
      const { clock, network, connect } = linked({ window: 4 })
      const { initiator, acceptor, atInitiator, atAcceptor } = connect()
      network.stall('toAcceptor')
      initiator.write(text('order one'))
      initiator.end()
      acceptor.write(text('report'))
      const later = connect()
      later.initiator.write(text('late'))
      clock.advance(500)
      expect(atAcceptor.text).toBe('')
      expect(later.atAcceptor.text).toBe('')
      expect(initiator.bufferedBytes).toBe(5)
      expect(atInitiator.closes).toEqual([])
      network.resume('toAcceptor')
      clock.settle()
      expect(atAcceptor.text).toBe('order one')
      expect(atAcceptor.closes.map(({ code }) => code)).toEqual(['PEER_CLOSED'])
      expect(later.atAcceptor.text).toBe('late')
    })

    it('blackHole: bytes and the close are lost one way, unnoticed; later connections after resume are well', () => {
      const { clock, network, connect } = linked({ window: 4 })
      const { initiator, acceptor, atInitiator, atAcceptor } = connect()
      acceptor.pause()
      initiator.write(text('waits in the window'))
      network.blackHole('toAcceptor')
      acceptor.resume()
      clock.settle()
      expect(initiator.bufferedBytes).toBe(0)
      initiator.write(text('vanishes'))
      acceptor.write(text('arrives'))
      clock.settle()
      expect(atInitiator.text).toBe('arrives')
      expect(network.links[0]?.toAcceptor.swallowed).toBe(27)
      initiator.destroy()
      clock.settle()
      expect(atAcceptor.text).toBe('')
      expect(atAcceptor.closes).toEqual([])
      network.resume()
      const later = connect()
      later.initiator.write(text('through'))
      clock.settle()
      expect(later.atAcceptor.text).toBe('through')
      expect(atAcceptor.text).toBe('')
    })

    it('halfOpen: the initiator is gone and the acceptor never learns of it', () => {
      const { clock, network, connect } = linked()
      const { initiator, acceptor, atInitiator, atAcceptor } = connect()
      network.halfOpen()
      clock.settle()
      expect(atInitiator.closes.map(({ code }) => code)).toEqual(['SOCKET_ERROR'])
      expect(initiator.write(text('no'))).toBe(false)
      expect(acceptor.write(text('anyone?'))).toBe(true)
      clock.advance(600_000)
      expect(atAcceptor.closes).toEqual([])
      acceptor.end()
      clock.advance(2_000)
      expect(atAcceptor.closes.map(({ code }) => code)).toEqual(['LOCAL_CLOSE'])
      expect(network.links).toEqual([])
    })

    it('strike one connection alone through its link', () => {
      const { clock, network, connect } = linked()
      const one = connect()
      const two = connect()
      network.links[0]?.stall()
      one.initiator.write(text('held'))
      two.initiator.write(text('free'))
      clock.settle()
      expect(one.atAcceptor.text).toBe('')
      expect(two.atAcceptor.text).toBe('free')
      network.links[0]?.resume()
      clock.settle()
      expect(one.atAcceptor.text).toBe('held')
    })
  })

  it('gives a counterparty 2 seconds to let an orderly close finish', () => {
    const { clock, connect } = linked()
    const { initiator, acceptor, atInitiator, atAcceptor } = connect()
    acceptor.pause()
    initiator.write(text('58=bye'))
    initiator.end()
    clock.advance(1_999)
    expect(atInitiator.closes).toEqual([])
    clock.advance(1)
    expect(atInitiator.closes.map(({ code }) => code)).toEqual(['LOCAL_CLOSE'])
    acceptor.resume()
    clock.settle()
    expect(atAcceptor.text).toBe('58=bye')
    expect(atAcceptor.closes.map(({ code }) => code)).toEqual(['PEER_CLOSED'])
    expect(clock.pendingTimers).toBe(0)
  })

  it('closes as soon as the counterparty has, though it was paused', () => {
    const { clock, connect } = linked()
    const { initiator, acceptor, atInitiator, atAcceptor } = connect()
    initiator.pause()
    acceptor.write(text('unread'))
    initiator.end()
    clock.settle()
    expect(atInitiator.text).toBe('')
    expect(atInitiator.closes.map(({ code }) => code)).toEqual(['LOCAL_CLOSE'])
    expect(atAcceptor.closes.map(({ code }) => code)).toEqual(['PEER_CLOSED'])
  })

  it('law: bytes arrive all, in order and no sooner than the latency, whatever the pieces, pauses and stalls', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('write' as const), length: fc.nat(300) }),
      fc.record({ kind: fc.constant('wait' as const), length: fc.nat(30) }),
      fc.record({
        kind: fc.constantFrom('pause' as const, 'resume' as const, 'stall' as const, 'unstall' as const),
        length: fc.constant(0)
      })
    )
    const latencies = fc.array(fc.nat(20), { minLength: 1, maxLength: 5 })
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        latencies,
        sizes,
        fc.integer({ min: 300, max: 5_000 }),
        (steps, delays, chunks, window) => {
          const outcome = () => {
            let asked = 0
            const { clock, network, connect } = linked({ window })
            const { initiator, acceptor, atAcceptor, atInitiator } = connect()
            const least = Math.min(...delays)
            network.latency = () => delays[asked++ % delays.length] ?? 0
            network.chunkSize = () => chunks[asked++ % chunks.length] ?? 1
            const log: string[] = []
            const writtenAt: number[] = []
            acceptor.start({
              data(bytes) {
                expect(clock.monotonic()).toBeGreaterThanOrEqual((writtenAt[atAcceptor.text.length] ?? 0) + least)
                log.push(`${clock.monotonic()}:${bytes.length}`)
                atAcceptor.data(bytes)
              },
              drain() {},
              close: (reason) => atAcceptor.close(reason)
            })
            let written = ''
            for (const { kind, length } of steps) {
              if (kind === 'write') {
                let part = ''
                for (let index = 0; index < length; index += 1)
                  part += String.fromCharCode((written.length + index) % 256)
                for (let index = 0; index < length; index += 1) writtenAt.push(clock.monotonic())
                written += part
                initiator.write(text(part))
              } else if (kind === 'wait') clock.advance(length)
              else if (kind === 'pause') acceptor.pause()
              else if (kind === 'resume') acceptor.resume()
              else if (kind === 'stall') network.stall()
              else network.resume()
            }
            network.resume()
            acceptor.resume()
            initiator.end()
            clock.advance(1_999)
            expect(atAcceptor.text).toBe(written)
            expect(atAcceptor.closes.map(({ code }) => code)).toEqual(['PEER_CLOSED'])
            expect(atInitiator.closes.map(({ code }) => code)).toEqual(['LOCAL_CLOSE'])
            expect(clock.pendingTimers).toBe(0)
            return log
          }
          expect(outcome()).toEqual(outcome())
        }
      )
    )
  })
})
