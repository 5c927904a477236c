import { isIPv6, SocketAddress } from 'node:net'

/**
 * The address that a listener's `host` means, the same for every way to write it. `localhost` is 127.0.0.1 (RFC 6761, 6.3
 * leaves the choice): what the system makes of it could differ from one call to the next.
 */
export function listenHost(host: string): string {
  const name = host.toLowerCase()
  if (/^localhost\.?$/.test(name)) return '127.0.0.1'
  return isIPv6(name) && !name.includes('%') ? new SocketAddress({ address: name, family: 'ipv6' }).address : name
}
