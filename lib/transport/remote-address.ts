import { addressOfBytes, bytesOfAddress } from './ip-address.js'

/** A dual-stack listener sees IPv4 peers as `::ffff:192.0.2.1`; people and allow-lists mean `192.0.2.1`. */
export function withoutIpv4Mapping(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address
}

/**
 * What an address counts as where a limit is for each address: an IPv6 one as its /64, of which a single machine has all
 * (RFC 4291, 2.5.1; RFC 6177). A text that is no address counts as itself.
 */
export function networkOf(address: string): string {
  const bytes = bytesOfAddress(address.split('%', 1)[0] ?? '')
  if (bytes === undefined) return address
  const plain = addressOfBytes(bytes)
  return plain.includes(':') ? `${addressOfBytes(bytes.fill(0, 8))}/64` : plain
}
