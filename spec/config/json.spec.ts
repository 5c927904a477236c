import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonSyntaxError, mapJson, positionIn } from '../../lib/config/json.js'

function faultOf(text: string): string | undefined {
  try {
    mapJson(text)
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.message
    throw error
  }
  return undefined
}

describe('a JSON text', () => {
  it('has its members and items found by path', () => {
    const map = mapJson('{\n  "a": [1, { "b c": null }],\n  "d": { "e": "\\u0041" }\n}')
    expect([...map.positions]).toEqual([
      ['(top level)', { line: 1, column: 1 }],
      ['a', { line: 2, column: 3 }],
      ['a[0]', { line: 2, column: 9 }],
      ['a[1]', { line: 2, column: 12 }],
      ['a[1]["b c"]', { line: 2, column: 14 }],
      ['d', { line: 3, column: 3 }],
      ['d.e', { line: 3, column: 10 }]
    ])
  })

  it('has what is missing found where it would stand', () => {
    const map = mapJson('{ "sessions": [\n { "role": 1 } ] }')
    expect(positionIn(map, 'sessions[0].port')).toEqual({ line: 2, column: 2 })
    expect(positionIn(map, 'sessions[0].hosts[3].port')).toEqual({ line: 2, column: 2 })
    expect(positionIn(map, 'defaults.a["b.c"]')).toEqual({ line: 1, column: 1 })
    expect(positionIn(map, '(top level)')).toEqual({ line: 1, column: 1 })
  })

  it('has names that come twice found, however they are spelled', () => {
    expect(mapJson('{ "a": 1, "b": { "c": 1, "\\u0063": 2 }, "a": 3 }').repeated).toEqual(['b.c', 'a'])
  })

  it.each([
    ['', 'line 1, column 1: expected a value, got the end of the file'],
    ['{\n"a": 1,\n}', 'line 3, column 1: expected a name in double quotes, got "}"'],
    ['{ a: 1 }', 'line 1, column 3: expected a name in double quotes or "}", got "a"'],
    ['{ "a" 1 }', 'line 1, column 7: expected ":", got "1"'],
    ['[1 2]', 'line 1, column 4: expected "," or "]", got "2"'],
    ['[1, ]', 'line 1, column 5: expected a value, got "]"'],
    ['["a\nb"]', 'line 1, column 4: expected a double quote that ends the text, got "\\n"'],
    ['"a', 'line 1, column 3: expected a double quote that ends the text, got the end of the file'],
    [
      '"\\x"',
      'line 1, column 3: expected one of " \\ / b f n r t or u with four hexadecimal digits after a backslash, got "x"'
    ],
    ['[01]', 'line 1, column 3: expected "," or "]", got "1"'],
    ['{} // done', 'line 1, column 4: expected the end of the file, got "/"'],
    ['nul', 'line 1, column 1: expected a value, got "n"']
  ])('%j is none: %s', (text, fault) => {
    expect(faultOf(text)).toBe(fault)
  })

  it('is refused, not crashed upon, when it is too deep', () => {
    expect(faultOf('['.repeat(100_000))).toBe(
      'line 1, column 66: expected no more than 64 levels of objects and lists, got "["'
    )
  })

  it('is one exactly when JSON.parse says so', () => {
    const accepts = (text: string) => {
      try {
        JSON.parse(text)
        return true
      } catch {
        return false
      }
    }
    const edit = fc.tuple(
      fc.nat(),
      fc.constantFrom('', '"', ',', '}', ']', '{', '[', ':', '\\', '0', '-', '.', 'e', '\n', 'é')
    )
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.array(edit, { maxLength: 3 }), (json, edits) => {
        const text = edits.reduce((so, [at, by]) => {
          const index = at % (so.length + 1)
          return so.slice(0, index) + by + so.slice(index + (at % 2))
        }, json)
        expect(faultOf(text) === undefined, text).toBe(accepts(text))
      }),
      { numRuns: 2000 }
    )
  })
})
