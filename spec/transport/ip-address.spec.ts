import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOfBytes, bytesOfAddress } from '../../lib/transport/ip-address.js'

const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex')

describe('an IP address and its bytes', () => {
  it.each([
    ['192.0.2.7', 'c0000207', '192.0.2.7'],
    ['::', '00000000000000000000000000000000', '::'],
    ['::1', '00000000000000000000000000000001', '::1'],
    ['2001:DB8::0001:0', '20010db8000000000000000000010000', '2001:db8::1:0'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008', '1:2:3:4:5:6:7:8'],
    ['::ffff:192.0.2.7', '00000000000000000000ffffc0000207', '192.0.2.7'],
    ['64:ff9b::192.0.2.7', '0064ff9b0000000000000000c0000207', '64:ff9b::c000:207']
  ])('%s is %s, and comes back as %s', (text, bytes, back) => {
    expect(hex(bytesOfAddress(text))).toBe(bytes)
    expect(addressOfBytes(Buffer.from(bytes, 'hex'))).toBe(back)
  })

  it.each(['', 'venue.example', '1.2.3', '1.2.3.256', 'fe80::1%eth0', '1:2:3:4:5:6:7', '::1::'])('%j is none', (text) =>
    expect(bytesOfAddress(text)).toBeUndefined()
  )

  it('are the same thing', () => {
    const length = fc.constantFrom(4, 16)
    fc.assert(
      fc.property(
        length.chain((size) => fc.uint8Array({ minLength: size, maxLength: size })),
        (bytes) => {
          const text = addressOfBytes(bytes)
          const again = bytesOfAddress(text) ?? new Uint8Array(0)
          // An IPv4 address within an IPv6 one is the IPv4 one.
          expect(hex(again)).toBe(hex(bytes.subarray(bytes.length - again.length)))
          expect(addressOfBytes(again)).toBe(text)
        }
      )
    )
  })
})
