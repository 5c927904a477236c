import { describe, expect, it } from 'vitest'
import { optionRows, parseConfig } from '../../lib/config/config.js'
import { acceptorSchema, initiatorSchema } from '../../lib/config/schema.js'
import { acceptor, initiator } from './problems.js'

const rows = optionRows()

/** Dotted names of a zod object's members, defaults and optional ones unwrapped. */
function namesIn(schema: { def: unknown }, prefix = ''): string[] {
  const def = Object(schema.def)
  if (def.type === 'prefault' || def.type === 'optional') return namesIn(def.innerType, prefix)
  if (def.type !== 'object') return [prefix.slice(0, -1)]
  return Object.entries<{ def: unknown }>(def.shape).flatMap(([name, member]) => namesIn(member, `${prefix}${name}.`))
}

describe('the table of options', () => {
  it('is what the schema accepts, no more and no less', () => {
    const of = (role: string) =>
      rows.filter((row) => row.role === undefined || row.role === role).map((row) => row.name)
    expect(of('initiator').sort()).toEqual(namesIn(initiatorSchema()).sort())
    expect(of('acceptor').sort()).toEqual(namesIn(acceptorSchema()).sort())
  })

  it('has each name once for a role', () => {
    const keys = rows.map((row) => `${row.role ?? 'both'} ${row.name}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it.each(rows)('says of $name what it means, in a sentence', ({ name, option }) => {
    expect(option.meaning).toMatch(/^[A-Z].*\.$/s)
    expect(name).toMatch(/^[a-z][A-Za-z\d]*(\.[a-z][A-Za-z\d]*)*$/)
  })

  it('has defaults that its own types accept', () => {
    for (const { name, option } of rows) {
      if (option.need === 'defaulted') expect(option.type().safeParse(option.default).success, name).toBe(true)
      else expect(option, name).not.toHaveProperty('default')
    }
  })

  it('has defaults that mean nothing when they are written out', () => {
    for (const session of [initiator, acceptor]) {
      const written: Record<string, unknown> = { ...session }
      for (const { name, role, option } of rows) {
        if (name.includes('.') || option.need !== 'defaulted' || (role ?? session.role) !== session.role) continue
        written[name] ??= option.default
      }
      expect(parseConfig(written)).toEqual(parseConfig(session))
    }
  })
})
