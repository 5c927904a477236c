import { isIP } from 'node:net'
import { zod } from '../packages.js'

/** The parts of an IP address or of a CIDR range; undefined for other texts. */
export function addressRange(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', digits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0 || address.includes('%')) return undefined
  const bits = version === 4 ? 32 : 128
  const prefix = digits === undefined ? bits : Number(digits)
  return prefix > bits ? undefined : { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' }
}

const most = 1000

/** IP addresses and CIDR ranges. */
export const remoteAddresses = () => {
  const error = `a list of 1 to ${most} IP addresses or ranges, such as "10.1.0.0/16"`
  const range = zod()
    .string({ error: 'an IP address or a range, such as "10.1.0.0/16"' })
    .refine((text) => addressRange(text) !== undefined, { error: 'an IP address or a range, such as "10.1.0.0/16"' })
  return zod().array(range, { error }).min(1, { error }).max(most, { error })
}
