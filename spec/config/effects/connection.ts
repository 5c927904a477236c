import { createServer } from 'node:net'
import { expect } from 'vitest'
import { FixEngine, FixSession, MemoryTransport, parseConfig, systemClock, TcpTransport } from '../../../lib/index.js'
import { tcpOptions } from '../../../lib/session/tcp-options.js'
import { VirtualClock } from '../../../lib/testing/virtual-clock.js'
import { Counterparty } from '../../support/counterparty.js'
import { order, silent, TwoSessions } from '../../support/two-sessions.js'
import { accepted, another, dialled, type Effects, listening, ourLogon, theirLogon } from './world.js'

/** Where an initiator dials, one after the other, until `seconds` have passed and nobody has answered. */
async function dialsOf(config: object, seconds: number): Promise<string[]> {
  const two = new TwoSessions()
  const dials: string[] = []
  const { network } = two
  const dial = network.dial.bind(network)
  network.dial = (endpoint, ...rest) => {
    dials.push(`${Math.floor(two.clock.monotonic() / 1000)} ${endpoint.host}:${endpoint.port}`)
    return dial(endpoint, ...rest)
  }
  void two.initiator({ reconnectInterval: 10, ...config }).connect()
  await two.pass(seconds)
  return dials
}

const identity = { beginString: 'FIX.4.4', senderCompId: 'BUYSIDE', targetCompId: 'BROKER' } as const

const hosts = [
  { host: 'b', port: 2 },
  { host: 'c', port: 3 }
]

type SeenDial = { from?: string; port?: number; failed?: string }

function whenSeen() {
  let resolve: (seen: SeenDial) => void = () => {}
  const promise = new Promise<SeenDial>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

const anyone = { ...identity, role: 'acceptor', targetCompId: '*', port: 9878, journal: { path: ':memory:' } } as const

/** How many sessions are made when two firms log on. */
async function sessionsMade(config: object): Promise<number> {
  const two = new TwoSessions()
  const transport = () => new MemoryTransport(two.network)
  const engine = new FixEngine(
    { sessions: [{ ...anyone, ...config }] },
    { transport, clock: two.clock, logger: silent }
  )
  await engine.start()
  for (const targetCompId of ['ALPHA', 'BETA']) {
    await (await new Counterparty(two, { ...identity, targetCompId }).dial()).say(theirLogon)
  }
  return [...engine.sessions.values()].filter(({ state }) => state === 'Active').length
}

/** Dials a listener of this machine by TCP, as the session would, and says whom that saw. */
async function dialFrom(config: object): Promise<SeenDial> {
  const parsed = parseConfig({ ...identity, role: 'initiator', host: '127.0.0.1', port: 1, ...config })
  const transport = new TcpTransport(tcpOptions(parsed, systemClock))
  const seen = whenSeen()
  const listener = await transport.listen({ host: '127.0.0.1', port: 0 }, (connection) => {
    seen.resolve({ from: connection.remoteAddress, port: connection.remotePort })
    connection.destroy()
  })
  transport.dial(
    { host: '127.0.0.1', port: listener.port },
    { connected: (connection) => connection.destroy(), failed: ({ code }) => seen.resolve({ failed: code }) }
  )
  const result = await seen.promise
  await listener.close()
  return result
}

const socket = (config: object) =>
  tcpOptions(parseConfig({ ...identity, role: 'acceptor', port: 1, ...config }), systemClock)

export const connection: Effects = {
  // What the two do to a socket is the operating system's; that they get there is ours.
  noDelay: () => {
    expect(socket({}).noDelay).toBe(true)
    expect(socket({ noDelay: false }).noDelay).toBe(false)
  },
  keepAlive: () => {
    expect(socket({}).keepAlive).toBe(true)
    expect(socket({ keepAlive: false }).keepAlive).toBe(false)
  },
  busyPoll: () => {
    expect(socket({}).busyPoll).toBe(150)
    expect(socket({ busyPoll: 0 }).busyPoll).toBe(0)
  },
  "initiator's role": async () => {
    const { us, them } = await dialled()
    expect(us.role).toBe('initiator')
    expect(them.connections).toHaveLength(1)
  },
  "initiator's host": async () => {
    expect(await dialsOf({ host: 'venue.example', port: 1 }, 0)).toEqual(['0 venue.example:1'])
  },
  "initiator's port": async () => {
    expect(await dialsOf({ host: 'a', port: 4321 }, 0)).toEqual(['0 a:4321'])
  },
  "initiator's hosts": async () => {
    expect(await dialsOf({ host: 'a', port: 1, hosts }, 0)).toEqual(['0 a:1', '0 b:2', '0 c:3'])
    expect(await dialsOf({ host: 'a', port: 1 }, 0)).toEqual(['0 a:1'])
  },
  "initiator's hostSelectionPolicy": async () => {
    // The first host refuses, the second takes us: where to when that link breaks?
    const next = async (hostSelectionPolicy: 'roundRobin' | 'priority') => {
      const two = new TwoSessions()
      const us = two.initiator({ host: 'a', port: 1, hosts, hostSelectionPolicy, reconnectInterval: 1 })
      const second = await new Counterparty(two, us.config).listen('b', 2)
      void us.connect()
      await two.settle()
      await second.say('35=A|34=1|98=0|108=30')
      expect(us.state).toBe('Active')
      const first = await new Counterparty(two, us.config).listen('a', 1)
      second.connections[0]?.destroy()
      await two.pass(1)
      return [first.connections.length, second.connections.length]
    }
    expect(await next('roundRobin')).toEqual([0, 2])
    expect(await next('priority')).toEqual([1, 1])
  },
  "initiator's reconnectInterval": async () => {
    const seconds = async (reconnectInterval: number | number[]) =>
      (await dialsOf({ host: 'a', port: 1, reconnectInterval }, 30)).map((dial) => Number.parseInt(dial, 10))
    expect(await seconds(7)).toEqual([0, 7, 14, 21, 28])
    expect(await seconds([1, 5, 20])).toEqual([0, 1, 6, 26])
  },
  "initiator's connectTimeout": async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const failures = async (connectTimeout: number) => {
      const clock = new VirtualClock()
      const us = new FixSession(
        { ...identity, role: 'initiator', host: '127.0.0.1', port, connectTimeout, journal: { path: ':memory:' } },
        { clock, logger: silent }
      )
      const codes: string[] = []
      us.on('disconnect', ({ code }) => codes.push(code))
      void us.connect()
      // Continuations only: no turn of the event loop, so that the kernel's answer is not heard before time has passed.
      for (let step = 0; step < 50; step++) await Promise.resolve()
      clock.advance(5000)
      await us.stop()
      return codes
    }
    expect(await failures(4)).toEqual(['CONNECT_TIMEOUT'])
    expect(await failures(6)).toEqual([])
    await new Promise((resolve) => server.close(resolve))
  },
  "initiator's localHost": async () => {
    expect((await dialFrom({ localHost: '127.0.0.1' })).from).toBe('127.0.0.1')
    // An address for documentation, which no machine has.
    expect((await dialFrom({ localHost: '192.0.2.1' })).failed).toBe('CONNECT_FAILED')
  },
  "initiator's localPort": async () => {
    // A port that was free may not be any more: others on this machine dial, too.
    const used: boolean[] = []
    for (let tries = 0; tries < 20 && !used.includes(true); tries++) {
      const { port } = await dialFrom({})
      used.push((await dialFrom({ localPort: port })).port === port)
    }
    expect(used).toContain(true)
  },
  "initiator's username": async () => {
    expect(await ourLogon({ username: 'desk' })).toContain('|108=30|553=desk|10=')
  },
  "initiator's password": async () => {
    const { two, us, them } = await dialled({ password: 'secret' })
    expect(them.heard()).toEqual(['35=A|34=1|98=0|108=30|554=secret'])
    await them.say('35=A|34=1|98=0|108=30')
    us.send(order('A'))
    await two.settle()
    expect(us.state).toBe('Active')
  },
  "acceptor's role": async () => {
    const { us } = await listening()
    expect(us.role).toBe('acceptor')
    expect(us.state).toBe('AwaitingConnection')
  },
  "acceptor's host": async () => {
    const reached = async (host: string | undefined) => {
      const { two, us } = await listening(host === undefined ? {} : { host })
      const them = await new Counterparty(two, us.config).dial('10.0.0.1', 9878)
      return them.connections.length
    }
    expect(await reached('10.0.0.1')).toBe(1)
    expect(await reached('0.0.0.0')).toBe(1)
    expect(await reached(undefined)).toBe(0)
  },
  "acceptor's port": async () => {
    const { us } = await listening({ port: 4321 })
    expect(us.listeningPort).toBe(4321)
  },
  "acceptor's allowedRemoteAddresses": async () => {
    const from = async (address: string, allowedRemoteAddresses?: string[]) => {
      const world = await listening(allowedRemoteAddresses === undefined ? {} : { allowedRemoteAddresses })
      const them = await world.them.dial('127.0.0.1', 9878, address)
      await them.say(theirLogon)
      return [...them.heard(), ...them.closed, ...world.warnings].map((text) => text.slice(0, 8))
    }
    expect(await from('10.1.2.3', ['10.1.0.0/16', '::1'])).toEqual(['35=A|34='])
    expect(await from('10.2.2.3', ['10.1.0.0/16', '::1'])).toEqual(['PEER_CLO', 'Refused:'])
    expect(await from('::1', ['10.1.0.0/16', '::1'])).toEqual(['35=A|34='])
    expect(await from('fe80::1%eth0', ['fe80::/10'])).toEqual(['35=A|34='])
    expect(await from('not an address', ['0.0.0.0/0', '::/0'])).toEqual(['PEER_CLO', 'Refused:'])
    expect(await from('10.2.2.3')).toEqual(['35=A|34='])
  },
  "acceptor's template": async () => {
    expect(await sessionsMade({ template: true })).toBe(2)
    expect(() => new FixEngine({ sessions: [{ ...anyone, template: false }] })).toThrow('targetCompId: expected an id')
  },
  "acceptor's maxTemplateSessions": async () => {
    expect(await sessionsMade({ template: true, maxTemplateSessions: 1 })).toBe(1)
  },
  "acceptor's duplicateLogon": async () => {
    const secondLogon = async (duplicateLogon?: 'refuse' | 'probe' | 'replace') => {
      const world = await accepted(duplicateLogon === undefined ? {} : { duplicateLogon })
      const second = await (await another(world).dial()).say('35=A|34=2|98=0|108=30')
      return [...second.heard(), ...second.closed]
    }
    expect(await secondLogon()).toEqual(['PEER_CLOSED'])
    expect(await secondLogon('probe')).toEqual([])
    expect(await secondLogon('replace')).toEqual(['35=A|34=2|98=0|108=30'])
  },
  "acceptor's probeTimeout": async () => {
    const letInAfter = async (probeTimeout: number) => {
      const world = await accepted({ duplicateLogon: 'probe', probeTimeout })
      const second = await (await another(world).dial()).say('35=A|34=2|98=0|108=30')
      await world.two.pass(5)
      return second.heard().length
    }
    expect(await letInAfter(4)).toBe(1)
    expect(await letInAfter(6)).toBe(0)
  }
}
