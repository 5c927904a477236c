import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../../lib/transport/remote-address.js'
import { WaitingRoom } from '../../lib/transport/waiting-room.js'

describe('networkOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:0000:0000:0000:0009', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
    ['::', '::/64'],
    ['1::', '1::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b::/64'],
    ['', ''],
    ['not an address', 'not an address']
  ])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network))

  it('is the same for all of a /64, and another one for the next', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))
    const half = fc.array(group, { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(half, half, half, (front, back, other) => {
        const network = networkOf([...front, ...back].join(':'))
        expect(networkOf([...front, ...other].join(':'))).toBe(network)
        const same = front.join() === other.join()
        expect(networkOf([...other, ...back].join(':')) === network).toBe(same)
      })
    )
  })
})

describe('WaitingRoom', () => {
  function room(...items: [address: string, item: number][]): WaitingRoom<number> {
    const made = new WaitingRoom<number>()
    for (const [address, item] of items) made.add(address, item)
    return made
  }

  it('gives the oldest of the address with the most', () => {
    const crowd = room(['10.0.0.1', 1], ['10.0.0.2', 2], ['10.0.0.2', 3], ['10.0.0.3', 4])
    expect(crowd.longestOfBusiest()).toBe(2)
    crowd.delete('10.0.0.2', 2)
    expect(crowd.longestOfBusiest()).toBe(1)
    crowd.delete('10.0.0.1', 1)
    crowd.add('10.0.0.1', 5)
    expect(crowd.longestOfBusiest()).toBe(3)
    expect(crowd.size).toBe(3)
    expect(crowd.all()).toEqual([3, 4, 5])
  })

  it('is empty when all have left, whoever is taken out twice or was never there', () => {
    const crowd = room(['::1', 1], ['::1', 1])
    expect(crowd.size).toBe(1)
    crowd.delete('10.0.0.1', 1)
    crowd.delete('::1', 2)
    expect(crowd.size).toBe(1)
    crowd.delete('::1', 1)
    crowd.delete('::1', 1)
    expect(crowd.size).toBe(0)
    expect(crowd.longestOfBusiest()).toBeUndefined()
  })
})
