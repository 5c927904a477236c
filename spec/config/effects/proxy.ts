import { expect } from 'vitest'
import { parseConfig, systemClock, TcpTransport } from '../../../lib/index.js'
import { tcpOptions } from '../../../lib/session/tcp-options.js'
import { SpecProxy, type SpecProxyOptions } from '../../support/proxies.js'
import { initiator } from '../problems.js'
import type { Effects } from './world.js'

/** How a dial to a listener of this machine ends, through a proxy of this machine; what the proxy was asked for. */
async function dialled(proxy: SpecProxyOptions, config: (proxyPort: number) => object): Promise<string> {
  const through = new SpecProxy(proxy)
  const proxyPort = await through.start()
  const server = new TcpTransport()
  const listener = await server.listen({ host: '127.0.0.1', port: 0 }, (connection) => connection.destroy())
  const endpoint = { host: '127.0.0.1', port: listener.port }
  const transport = new TcpTransport(tcpOptions(parseConfig({ ...initiator, ...config(proxyPort) }), systemClock))
  const end = await new Promise<string>((resolve) => {
    transport.dial(endpoint, {
      connected: (connection) => {
        connection.destroy()
        resolve('connected')
      },
      failed: ({ text }) => resolve(text)
    })
  })
  await listener.close()
  await through.stop()
  const asked = through.asked.map((one) => one.replace(`${listener.port}`, 'PORT'))
  return [...asked, end].join(', ')
}

const at = (proxyPort: number) => ({ proxyHost: '127.0.0.1', proxyPort })
const known = { proxyUser: 'desk', proxyPassword: 'secret' }

export const proxy: Effects = {
  "initiator's proxyType": async () => {
    expect(await dialled({ type: 'socks5' }, () => ({}))).toBe('connected')
    for (const proxyType of ['socks5', 'http'] as const)
      expect(await dialled({ type: proxyType }, (port) => ({ proxyType, ...at(port) }))).toBe(
        '127.0.0.1:PORT, connected'
      )
  },
  "initiator's proxyHost": async () => {
    const from = (proxyHost: string) =>
      dialled({ type: 'socks5' }, (proxyPort) => ({ proxyType: 'socks5', proxyHost, proxyPort }))
    expect(await from('localhost')).toBe('127.0.0.1:PORT, connected')
    // It listens on 127.0.0.1 alone.
    expect(await from('127.0.0.2')).toMatch(/^Cannot reach the proxy 127\.0\.0\.2/)
  },
  "initiator's proxyPort": async () => {
    const other = new SpecProxy({ type: 'socks5' })
    const free = await other.start()
    await other.stop()
    const to = (port: number) => dialled({ type: 'socks5' }, (own) => ({ proxyType: 'socks5', ...at(port || own) }))
    expect(await to(0)).toBe('127.0.0.1:PORT, connected')
    expect(await to(free)).toContain(`the proxy 127.0.0.1:${free}: nothing listens there`)
  },
  "initiator's proxyUser": async () => {
    const as = (proxyUser: string) =>
      dialled({ type: 'http', login: 'desk:secret' }, (port) => ({
        proxyType: 'http',
        ...at(port),
        ...known,
        proxyUser
      }))
    expect(await as('desk')).toBe('127.0.0.1:PORT, connected')
    expect(await as('other')).toMatch(/does not take proxyUser/)
  },
  "initiator's proxyPassword": async () => {
    const by = (proxyPassword: string) =>
      dialled({ type: 'socks5', login: 'desk:secret' }, (port) => ({
        proxyType: 'socks5',
        ...at(port),
        ...known,
        proxyPassword
      }))
    expect(await by('secret')).toBe('127.0.0.1:PORT, connected')
    expect(await by('guess')).toMatch(/does not take proxyUser and proxyPassword/)
  }
}
