import { describe, expect, it } from 'vitest'
import { MemoryTransport, type SessionConfig } from '../../lib/index.js'
import type { Endpoint } from '../../lib/transport/transport.js'
import { outcome, type SeenSession, TwoSessions } from '../support/two-sessions.js'

const both = { hosts: [{ host: '127.0.0.1', port: 9879 }] }

/** Several endpoints, and when each is dialled: [seconds, port]. */
interface Dials {
  readonly two: TwoSessions
  readonly dials: [number, number][]
  buySide(config?: Partial<SessionConfig>): SeenSession
}

function dialler(): Dials {
  const two = new TwoSessions()
  const dials: [number, number][] = []
  return {
    two,
    dials,
    buySide: (config = {}) => {
      const transport = new MemoryTransport(two.network, { connectTimeout: 3 })
      const dial = transport.dial.bind(transport)
      transport.dial = (endpoint: Endpoint, events) => {
        dials.push([two.clock.monotonic() / 1000, endpoint.port])
        return dial(endpoint, events)
      }
      return two.initiator({ reconnectInterval: 10, ...config }, { transport })
    }
  }
}

describe('several endpoints', () => {
  it('are tried one after the other, then again after reconnectInterval', async () => {
    const { two, dials, buySide } = dialler()
    void buySide(both).connect()
    await two.pass(25)
    expect(dials).toEqual([
      [0, 9878],
      [0, 9879],
      [10, 9878],
      [10, 9879],
      [20, 9878],
      [20, 9879]
    ])
  })

  it('end at the first that logs on, which is dialled first when the link breaks', async () => {
    const { two, dials, buySide } = dialler()
    await two.acceptor({ port: 9879 }).connect()
    const session = buySide(both)
    const connected = outcome(session.connect())
    await two.settle()
    expect(connected.state).toBe('resolved')
    two.network.cut()
    await two.pass(11)
    expect(session.state).toBe('Active')
    expect(dials).toEqual([
      [0, 9878],
      [0, 9879],
      [10, 9879]
    ])
  })

  it('begin with the first again by hostSelectionPolicy "priority"', async () => {
    const { two, dials, buySide } = dialler()
    await two.acceptor({ port: 9879 }).connect()
    const session = buySide({ ...both, hostSelectionPolicy: 'priority' })
    void session.connect()
    await two.settle()
    two.network.cut()
    await two.pass(11)
    expect(dials).toEqual([
      [0, 9878],
      [0, 9879],
      [10, 9878],
      [10, 9879]
    ])
    expect(session.state).toBe('Active')
  })
})

describe('a host has failed', () => {
  it('that takes the connection and never answers the Logon', async () => {
    const { two, dials, buySide } = dialler()
    await new MemoryTransport(two.network).listen({ host: '127.0.0.1', port: 9878 }, (connection) =>
      connection.start({ data: () => {}, drain: () => {}, close: () => {} })
    )
    await two.acceptor({ port: 9879 }).connect()
    const session = buySide({ ...both, logonTimeout: 5 })
    const connected = outcome(session.connect())
    await two.pass(4.9)
    expect(connected.state).toBe('pending')
    await two.pass(0.2)
    expect(connected.state).toBe('resolved')
    expect(session.seen.events).toContain('disconnect LOGON_TIMEOUT')
    expect(dials).toEqual([
      [0, 9878],
      [5, 9879]
    ])
  })

  it('that hangs up on the Logon', async () => {
    const { two, dials, buySide } = dialler()
    await two.acceptor({ port: 9878 }, { authenticate: () => false }).connect()
    await two.acceptor({ port: 9879 }).connect()
    const session = buySide(both)
    void session.connect()
    await two.pass(1)
    expect(session.state).toBe('Active')
    expect(dials.map(([, port]) => port)).toEqual([9878, 9879])
  })

  it('that lets the dial time out', async () => {
    const { two, dials, buySide } = dialler()
    two.network.dials = 'ignore'
    const session = buySide(both)
    void session.connect()
    await two.pass(7)
    expect(dials).toEqual([
      [0, 9878],
      [3, 9879]
    ])
    expect(session.seen.events.filter((event) => event === 'disconnect CONNECT_TIMEOUT')).toHaveLength(2)
  })
})

describe('reconnectInterval', () => {
  it('as a list is a backoff whose last step repeats, and begins anew after a logon', async () => {
    const { two, dials, buySide } = dialler()
    const session = buySide({ reconnectInterval: [1, 2, 5] })
    void session.connect()
    await two.pass(20)
    expect(dials.map(([second]) => second)).toEqual([0, 1, 3, 8, 13, 18])
    await two.acceptor().connect()
    await two.pass(4)
    expect(session.state).toBe('Active')
    dials.length = 0
    const from = two.clock.monotonic() / 1000
    two.network.dials = 'refuse'
    two.network.cut()
    await two.pass(9)
    expect(dials.map(([second]) => second - from)).toEqual([1, 3, 8])
  })
})
