import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { optionTables, withOptionTables } from '../../lib/config/build/option-tables.js'
import { optionRows } from '../../lib/config/config.js'
import { leftOut } from '../../lib/config/quickfix/left-out.js'
import { acceptorSchema, initiatorSchema } from '../../lib/config/schema.js'
import { valueAt } from '../../lib/config/settings.js'
import { acceptor, initiator } from './problems.js'
import { familySettings } from './quickfix/family-settings.js'

/** The cells of each row of README's first table, without its head and the titles in it. */
function documented(): string[][] {
  const [first = ''] =
    readFileSync('README.md', 'utf8').split('<!-- options:begin -->')[1]?.split('\n\nSettings of') ?? []
  const lines = first.split('\n').filter((line) => line.startsWith('| `'))
  return lines.map((line) => line.slice(2, -2).split(' | '))
}

describe("README's tables of options", () => {
  it('are the ones that "npm run docs" writes', () => {
    const readme = readFileSync('README.md', 'utf8')
    expect(readme).toBe(withOptionTables(readme))
    expect(readme).toContain(optionTables())
  })

  it('have every option of the schema with the default that the schema fills in', () => {
    const schemas = { initiator: [initiatorSchema(), initiator], acceptor: [acceptorSchema(), acceptor] } as const
    const names = documented().map(([cell = '', written = '']) => {
      const [, name = '', role] = /^`([\w.]+)`(?: \((\w+)\))?$/.exec(cell) ?? []
      for (const [of, [schema, session]] of Object.entries(schemas)) {
        const has = optionRows().some((row) => row.name === name && (row.role ?? of) === of)
        if ((role ?? of) !== of || !has) continue
        // What the schema makes of the default as it is documented, and of a session that does not say anything.
        const path = name.split('.')
        const json = written.replace(/^`|`$/g, '')
        const parsed: unknown = schema.parse(session)
        if (json === 'required') expect(valueAt(session, path), name).toBeDefined()
        else if (json === '') expect(valueAt(parsed, path) ?? valueAt(session, path), name).toBe(valueAt(session, path))
        else {
          // A group that is not there unless it is written has its defaults as soon as it is.
          const [first = ''] = path
          const absent = path.length > 1 && valueAt(parsed, [first]) === undefined
          const without = absent ? schema.parse({ ...session, [first]: {} }) : parsed
          expect(schema.parse(nested(session, path, JSON.parse(json))), name).toEqual(without)
        }
      }
      return role === undefined ? name : `${name} (${role})`
    })
    expect(new Set(names).size).toBe(names.length)
    expect(names).toHaveLength(optionRows().length)
  })

  it('need two markers', () => {
    expect(withOptionTables('# gapfill')).toBeUndefined()
    expect(withOptionTables('<!-- options:end --> <!-- options:begin -->')).toBeUndefined()
  })
})

describe('settings of the QuickFIX family', () => {
  const ours = optionRows().flatMap(({ option }) => option.quickfix)
  const others = leftOut.flatMap(({ names }) => names)

  it.each(familySettings)('%s is an option of ours, or it is said why not', (name) => {
    expect([ours.includes(name), others.includes(name)].filter(Boolean)).toHaveLength(1)
  })

  it('that are ours or left out are known, and left out once', () => {
    expect([...ours, ...others].filter((name) => !familySettings.includes(name))).toEqual([])
    expect(new Set(others).size).toBe(others.length)
    expect(new Set(familySettings).size).toBe(familySettings.length)
  })

  it('have a reason of one line, a sentence', () => {
    for (const { why } of leftOut) expect(why).toMatch(/^[A-Za-z][^\n|]*\.$/)
  })
})

/** `session` with `value` at `path`. */
function nested(session: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  const inner = rest.length === 0 ? value : nested(Object(valueAt(session, [name])), rest, value)
  return { ...session, [name]: inner }
}
