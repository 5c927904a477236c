import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Entries } from '../../lib/journal/entries.js'

const entries = new Entries()
const number = fc.oneof(
  fc.nat(20),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31, -1, 9, 10, 99, 100)
)
const entry = fc.oneof(fc.tuple(number, number, number, number), fc.tuple(number, number, number, number, number))

it('entries are the JSON that JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 400 }), (all) => {
      entries.begin()
      for (const [first, second, third, fourth, fifth] of all) entries.add(first, second, third, fourth, fifth)
      expect(entries.finish()).toBe(JSON.stringify(all))
    }),
    { endOnFailure: true }
  )
})
