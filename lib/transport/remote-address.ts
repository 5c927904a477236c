import { isIPv4, isIPv6, SocketAddress } from 'node:net'

/** A dual-stack listener sees IPv4 peers as `::ffff:192.0.2.1`; people and allow-lists mean `192.0.2.1`. */
export function withoutIpv4Mapping(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address
}

/**
 * What an address counts as where a limit is for each address: an IPv6 one as its /64, of which a single machine has all
 * (RFC 4291, 2.5.1; RFC 6177). A text that is no address counts as itself.
 */
export function networkOf(address: string): string {
  const plain = withoutIpv4Mapping(address.split('%', 1)[0] ?? '')
  if (isIPv4(plain) || !isIPv6(plain)) return plain
  const { address: shortest } = new SocketAddress({ address: plain, family: 'ipv6' })
  const [front = '', back] = withoutDottedEnd(shortest).split('::')
  const groups = front === '' ? [] : front.split(':')
  if (back !== undefined) {
    const last = back === '' ? [] : back.split(':')
    while (groups.length + last.length < 8) groups.push('0')
    groups.push(...last)
  }
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** The last 32 bits may be written as an IPv4 address; they are beyond the /64. */
function withoutDottedEnd(address: string): string {
  return address.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0')
}
