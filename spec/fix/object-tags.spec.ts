import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldInput, FieldValue } from '../../lib/fix/field-value.js'
import { FixMessage } from '../../lib/fix/message.js'

/** What comes of fields: the message's text, or why there is none. */
function told(make: () => FixMessage): string {
  try {
    return make().toString()
  } catch (error) {
    return String(error)
  }
}

function inherits(from: object, fields: Record<string, unknown>): object {
  return Object.assign(Object.create(from), fields)
}

const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('11', '12', '13') },
  { weight: 1, arbitrary: fc.constantFrom('5001', '011', '1e1', '-5', '0', 'x', 'NaN') }
)
const value = fc.constantFrom<FieldValue | undefined>('a', 'a', 'b', 7, true, undefined)
const given = fc
  .tuple(
    fc.uniqueArray(fc.tuple(key, value), { selector: ([key]) => key, maxLength: 4 }),
    fc.constantFrom<object | null>(Object.prototype, Object.prototype, null, { 11: 'a' })
  )
  .map(([entries, prototype]) => inherits(prototype as object, Object.fromEntries(entries)))

describe('an object of fields', () => {
  it('means its own keys and values, ascending, whatever objects were given before', () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 20 }), (objects) => {
        for (const fields of objects) {
          const pairs = Object.entries(fields).map(([key, value]) => [Number(key), value] as const)
          const expected = told(() => new FixMessage('D', pairs))
          expect(told(() => new FixMessage('D', fields as FieldInput))).toBe(expected)
          expect(told(() => new FixMessage('D').setAll(fields as FieldInput))).toBe(expected)
        }
      }),
      { numRuns: 1000, endOnFailure: true }
    )
  })
})
