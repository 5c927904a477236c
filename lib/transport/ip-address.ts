import { isIPv4, isIPv6, SocketAddress } from 'node:net'

/** The 4 or 16 bytes of an IP address without a zone; undefined for other texts. */
export function bytesOfAddress(address: string): Uint8Array | undefined {
  if (isIPv4(address)) return Uint8Array.from(address.split('.'), Number)
  if (!isIPv6(address) || address.includes('%')) return undefined
  const dotted = /\d+\.\d+\.\d+\.\d+$/.exec(address)?.[0]
  const last = dotted === undefined ? [] : dotted.split('.').map(Number)
  const text = dotted === undefined ? address : `${address.slice(0, -dotted.length)}0:0`
  const [front = '', back] = text.split('::')
  const groupsOf = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => Number(`0x${group}`)))
  const before = groupsOf(front)
  const after = groupsOf(back ?? '')
  const groups = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  const bytes = Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]))
  bytes.set(last, 16 - last.length)
  return bytes
}

/** The shortest text of an address of 4 or 16 bytes; an IPv4 address within an IPv6 one (`::ffff:0:0/96`) as that. */
export function addressOfBytes(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (mapped) return bytes.subarray(12).join('.')
  const groups = Array.from({ length: 8 }, (_, n) =>
    (((bytes[2 * n] ?? 0) << 8) | (bytes[2 * n + 1] ?? 0)).toString(16)
  )
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address
}
