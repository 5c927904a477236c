import { initiatorTable } from '../options.js'
import { addressRange } from '../remote-addresses.js'
import { holdsReference } from './references.js'
import type { Setting } from './settings-file.js'
import { meant, type Translation } from './translation.js'

/** Where an initiator dials: SocketConnectHost and -Port, then those with numbers. */
export function dialAddresses(session: Translation): void {
  if (session.role !== 'initiator') return
  const plain = ['SocketConnectHost', 'SocketConnectPort'].map((key) => session.take(key))
  const hosts = session.takeAll('SocketConnectHost<n>')
  const ports = session.takeAll('SocketConnectPort<n>')
  const pairs: [host: Setting | undefined, port: Setting | undefined][] = [[plain[0], plain[1]]]
  const numberOf = ({ key }: Setting) => /\d+$/.exec(key)?.[0]
  for (const host of hosts) pairs.push([host, ports.find((port) => numberOf(port) === numberOf(host))])
  for (const port of ports) if (!hosts.some((host) => numberOf(host) === numberOf(port))) pairs.push([undefined, port])
  const endpoints = pairs.flatMap(([host, port]) => endpoint(session, host, port))
  const [first, ...more] = endpoints
  if (first === undefined) return
  session.set('host', first.host, ...first.from)
  session.set('port', first.port, ...first.from)
  if (more.length > 0) {
    const from = more.flatMap((one) => one.from)
    session.set(
      'hosts',
      more.map(({ host, port }) => ({ host, port })),
      ...from
    )
  }
}

function endpoint(session: Translation, host: Setting | undefined, port: Setting | undefined) {
  if (host === undefined || port === undefined) {
    const alone = host ?? port
    if (alone !== undefined) session.note(alone, `left out: ${host === undefined ? 'no host' : 'no port'} goes with it`)
    return []
  }
  const number = meant(initiatorTable.port, port.value)
  if (number !== undefined) return [{ host: host.value, port: number, from: [host, port] }]
  session.note(port, `left out: expected a port, got ${JSON.stringify(port.value)}`)
  return []
}

/** Where an acceptor listens. */
export function acceptAddress(session: Translation): void {
  if (session.role !== 'acceptor') return
  const host = session.take('SocketAcceptAddress') ?? session.take('SocketAcceptHost')
  const port = session.take('SocketAcceptPort')
  if (host !== undefined) session.set('host', host.value, host)
  else session.assume('host', '0.0.0.0', port)
  if (port === undefined) return
  session.carry(port)
  if (host === undefined) {
    session.note(port, 'listens on every address, as the engines do where none is given; "host" can narrow it')
  }
}

/** The networks that a counterparty may come from. */
export function remoteAddresses(session: Translation): void {
  const setting = session.role === 'acceptor' ? session.take('AllowedRemoteAddresses') : undefined
  if (setting === undefined) return
  const ranges: string[] = []
  for (const address of setting.value.split(',').map((text) => text.trim())) {
    if (addressRange(address) !== undefined || holdsReference(address)) ranges.push(address)
    else if (address !== '') session.note(setting, `${address} left out: give its IP address, names are not looked up`)
  }
  // An allow-list of nobody must not become one of everybody.
  session.set('allowedRemoteAddresses', ranges.length > 0 ? ranges : ['127.0.0.1'], setting)
  if (ranges.length === 0) session.note(setting, 'no address is left of it, so that only this machine is let in')
}

/** Only TCP is carried over; that is what the engines have where nothing is said. */
export function protocols(session: Translation): void {
  const named = ['SocketConnectProtocol', 'SocketAcceptProtocol'].map((key) => session.take(key))
  for (const setting of [...named, ...session.takeAll('SocketConnectProtocol<n>')]) {
    if (setting === undefined || /^(tcp|socket)$/i.test(setting.value)) continue
    session.note(setting, `${setting.value} not carried over: TCP takes its place`)
  }
}

/** `5;10;30`, or `2x5;30` for 5, 5, 30 seconds. */
export function reconnectInterval(session: Translation): void {
  const setting = session.role === 'initiator' ? session.take('ReconnectInterval') : undefined
  if (setting === undefined) return
  const steps = setting.value.split(';').flatMap((step) => {
    const [, times = '1', seconds] = /^\s*(?:(\d{1,4})\s*[x*]\s*)?(\d+(?:\.\d+)?)\s*$/.exec(step) ?? []
    return seconds === undefined ? [undefined] : Array.from({ length: Number(times) }, () => Number(seconds))
  })
  const value = steps.length === 1 ? steps[0] : steps
  if (holdsReference(setting.value)) session.set('reconnectInterval', setting.value, setting)
  else if (initiatorTable.reconnectInterval.type().safeParse(value).success)
    session.set('reconnectInterval', value, setting)
  else
    session.note(setting, `left out: expected seconds above 0, "5" or "2x5;30", got ${JSON.stringify(setting.value)}`)
}

export function hostSelection(session: Translation): void {
  const setting = session.role === 'initiator' ? session.take('HostSelectionPolicy') : undefined
  if (setting === undefined) return
  const policy = { roundrobin: 'roundRobin', priority: 'priority' }[setting.value.toLowerCase()]
  if (policy !== undefined) session.set('hostSelectionPolicy', policy, setting)
  else session.note(setting, `left out: expected ROUNDROBIN or PRIORITY, got ${JSON.stringify(setting.value)}`)
}
