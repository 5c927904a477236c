import { connect } from 'node:net'
import { expect } from 'vitest'
import { parseConfig, type SessionConfig, type SessionParts, systemClock, TcpTransport } from '../../../lib/index.js'
import { tcpOptions } from '../../../lib/session/tcp-options.js'
import { acceptor } from '../problems.js'
import { another, type Effects, listening, theirLogon } from './world.js'

type Limits = Extract<SessionConfig, { role: 'acceptor' }>['listener']

/** How many of `count` connections from one address, each saying `text`, are closed by a listener with `limits`. */
async function closedOf(count: number, text: string | undefined, limits: Limits, parts: SessionParts = {}) {
  const world = await listening({ listener: limits }, parts)
  const all = []
  for (let n = 0; n < count; n++) all.push(await another(world).dial())
  if (text !== undefined) for (const one of all) await one.say(text)
  return { world, closed: all.filter((one) => one.closed.length > 0).length }
}

export const listener: Effects = {
  "acceptor's listener.maxPendingConnections": async () => {
    expect((await closedOf(10, undefined, {})).closed).toBe(0)
    expect((await closedOf(10, undefined, { maxPendingConnections: 5 })).closed).toBe(3)
  },
  "acceptor's listener.maxConnectionsPerAddress": async () => {
    expect((await closedOf(10, undefined, {})).closed).toBe(0)
    expect((await closedOf(10, undefined, { maxConnectionsPerAddress: 4 })).closed).toBe(6)
  },
  "acceptor's listener.maxLogonsPerSecond": async () => {
    const asked = async (limits: Limits) => {
      let count = 0
      const authenticate = () => {
        count++
        return false
      }
      await closedOf(5, theirLogon, limits, { authenticate })
      return count
    }
    expect(await asked({})).toBe(5)
    expect(await asked({ maxLogonsPerSecond: 2 })).toBe(2)
  },
  "acceptor's listener.firstByteTimeout": async () => {
    const closed = async (limits: Limits) => {
      const { world } = await closedOf(0, undefined, limits)
      const silent = await another(world).dial()
      await world.two.pass(3)
      return silent.closed.length
    }
    expect(await closed({})).toBe(0)
    expect(await closed({ firstByteTimeout: 2 })).toBe(1)
  },
  "acceptor's listener.maxLogonLength": async () => {
    const long = `${theirLogon}|58=${'x'.repeat(400)}`
    expect((await closedOf(1, long, {})).closed).toBe(0)
    expect((await closedOf(1, long, { maxLogonLength: 400 })).closed).toBe(1)
  },
  "acceptor's listener.proxyProtocolFrom": async () => {
    const from = async (proxyProtocolFrom: string[] | undefined) => {
      const config = parseConfig({ ...acceptor, listener: { proxyProtocolFrom } })
      const transport = new TcpTransport(tcpOptions(config, systemClock))
      return new Promise<string>((resolve) => {
        const listens = transport.listen({ host: '127.0.0.1', port: 0 }, ({ remoteAddress }) => resolve(remoteAddress))
        void listens.then(({ port }) => {
          const socket = connect(port, '127.0.0.1', () => socket.write('PROXY TCP4 192.0.2.7 192.0.2.9 1 2\r\n'))
          socket.on('close', () => resolve('closed')).on('error', () => {})
          ends.push(() => socket.destroy())
        })
        ends.push(async () => (await listens).close())
      })
    }
    const ends: (() => unknown)[] = []
    expect(await from(undefined)).toBe('127.0.0.1')
    expect(await from(['127.0.0.1', '::1'])).toBe('192.0.2.7')
    expect(await from(['192.0.2.0/24'])).toBe('closed')
    for (const end of ends) await end()
  }
}
