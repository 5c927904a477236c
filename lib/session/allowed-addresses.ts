import { BlockList, isIP } from 'node:net'
import { addressRange } from '../config/config.js'

/** Whether a counterparty may come from an address: `ranges` are those of `allowedRemoteAddresses`, undefined lets all in. */
export function allowedAddresses(ranges: readonly string[] | undefined): (remoteAddress: string) => boolean {
  if (ranges === undefined) return () => true
  const allowed = new BlockList()
  for (const range of ranges.map(addressRange)) {
    if (range !== undefined) allowed.addSubnet(range.address, range.prefix, range.family)
  }
  return (remoteAddress) => {
    const [address = ''] = remoteAddress.split('%', 1)
    const version = isIP(address)
    return version !== 0 && allowed.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }
}
