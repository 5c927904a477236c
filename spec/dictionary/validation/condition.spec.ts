import { describe, expect, it } from 'vitest'
import type { FieldFact } from '../../../lib/dictionary/facts.js'
import { parseCondition } from '../../../lib/dictionary/validation/condition.js'

const fields: FieldFact[] = [
  {
    tag: 40,
    name: 'OrdType',
    type: 'CHAR',
    values: [
      { value: '2', name: 'Limit' },
      { value: '3', name: 'Stop' }
    ]
  },
  { tag: 44, name: 'Price', type: 'PRICE', values: [] },
  { tag: 99, name: 'StopPx', type: 'PRICE', values: [] },
  { tag: 15, name: 'Currency', type: 'CURRENCY', values: [] }
]

function holds(text: string, message: Record<number, string>): boolean | undefined {
  const condition = parseCondition(text, (name) => fields.find((field) => field.name === name))
  return condition?.((tag) => message[tag])
}

describe('conditions', () => {
  it.each([
    ['OrdType == "2"', true],
    ['OrdType == 2', true],
    ['OrdType == ^Limit', true],
    ['this.OrdType == ^Stop', false],
    ['$OrdType != ^Stop', true],
    ['OrdType in {^Limit, ^Stop}', true],
    ['OrdType in {"7"}', false],
    ['Price > 9.5', true],
    ['Price >= 10.0', true],
    ['Price < 9.5', false],
    ['Price <= StopPx', true],
    ['exists Currency', false],
    ['not exists Currency and OrdType == "2"', true],
    ['!exists Price || (OrdType == "2" && Price == 10)', true],
    ['Currency == "USD" or OrdType == "3"', false],
    ['Currency != "USD"', true]
  ])('%s', (text, expected) => {
    expect(holds(text, { 40: '2', 44: '10', 99: '10.50' })).toBe(expected)
  })

  it.each([
    '',
    'OrdType',
    'OrdType ==',
    'Unknown == 1',
    'OrdType == "2" and',
    '(OrdType == "2"',
    'OrdType in ^Limit',
    'OrdType in {',
    '1 == 1',
    `${'('.repeat(200)}`,
    `${'not '.repeat(500)}exists Price`
  ])('takes no part in what it cannot read: %s', (text) => {
    expect(holds(text, {})).toBeUndefined()
  })
})
