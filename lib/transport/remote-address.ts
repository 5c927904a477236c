/** A dual-stack listener sees IPv4 peers as `::ffff:192.0.2.1`; people and allow-lists mean `192.0.2.1`. */
export function withoutIpv4Mapping(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address
}
