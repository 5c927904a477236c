import fc from 'fast-check'
import type { FixMessage } from '../../lib/fix/message.js'

export type Field = [tag: number, value: string]

/** The fields of a received message from MsgType(35) on, CheckSum(10) left out. */
export function fieldsOf(message: FixMessage): Field[] {
  const fields: Field[] = []
  for (let at = 2; at < message.fieldCount - 1; at++) fields.push([message.tagAt(at), message.textAt(at)])
  return fields
}

const character = fc.oneof(
  fc.constantFrom(...'0123456789.-:+ YNZwAM'),
  fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
)
const anyValue = fc.oneof(
  fc
    .array(
      character.filter((text) => text !== '\u0001'),
      { maxLength: 24 }
    )
    .map((texts) => texts.join('')),
  fc.stringMatching(/^-?[0-9]{0,12}\.?[0-9]{0,12}$/),
  fc.constantFrom(
    '',
    '0',
    '1',
    '2',
    '-',
    '.',
    '-.',
    '00',
    '20240229',
    '20230229',
    '20231231',
    '20240102-23:59:60',
    '24:00:00'
  )
)

/** One change of a message's fields: which, where, where else, and with what. */
export const change = fc.record({
  kind: fc.constantFrom(
    'drop',
    'double',
    'swap',
    'move',
    'value',
    'letter',
    'letterOff',
    'number',
    'tag',
    'insert',
    'take'
  ),
  at: fc.nat(),
  other: fc.nat(),
  tag: fc.nat(),
  value: anyValue,
  letter: character.filter((text) => text !== '\u0001')
})
export type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

/** The fields with that change; at least one is needed. */
export function changed(
  fields: readonly Field[],
  { kind, at, other, tag, value, letter }: Change,
  tags: readonly number[]
): Field[] {
  const result = fields.map(([number, text]): Field => [number, text])
  const from = at % result.length
  const to = other % result.length
  const [number, text] = result[from] as Field
  const place = text.length === 0 ? 0 : other % text.length
  const someTag = tag % 5 === 0 ? (tag % 20_000) + 1 : (tags[tag % tags.length] as number)
  switch (kind) {
    case 'drop':
      result.splice(from, 1)
      break
    case 'double':
      result.splice(to, 0, [number, text])
      break
    case 'swap':
      result[from] = result[to] as Field
      result[to] = [number, text]
      break
    case 'move':
      result.splice(from, 1)
      result.splice(to, 0, [number, text])
      break
    case 'value':
      result[from] = [number, value]
      break
    case 'letter':
      result[from] = [number, text.slice(0, place) + letter + text.slice(place + 1)]
      break
    case 'letterOff':
      result[from] = [number, text.slice(0, place) + text.slice(place + 1)]
      break
    case 'number':
      result[from] = [number, String(Number(text) + (tag % 2 === 0 ? 1 : -1))]
      break
    case 'tag':
      result[from] = [someTag, text]
      break
    case 'insert':
      result.splice(from, 0, [someTag, value])
      break
    case 'take':
      result[from] = [number, (result[to] as Field)[1]]
      break
  }
  return result
}
