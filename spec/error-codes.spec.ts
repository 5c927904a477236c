import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** README has every code of an error or a disconnect that lib can give, and no other. */

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** Codes where an error is made, a connection is ended, or a reason is given. Garbled has a type of its own. */
const places =
  /(?:Error|super|fault|close|giveUp|refused?\w*|reason)\(\s*'([A-Z][A-Z0-9_]*[A-Z])'|\bcode: '([A-Z][A-Z0-9_]*[A-Z])'|: '(JOURNAL_[A-Z_]+)'/g

/** What only the core and its shell say to each other. */
const internal = new Set(['HOLDING'])

function codesIn(text: string): string[] {
  return [...text.matchAll(places)].map(([, made, given, other]) => made ?? given ?? other ?? '')
}

function codesOfLib(): Set<string> {
  const codes = new Set<string>()
  for (const file of readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.startsWith(`versions${sep}`) || file.startsWith(`cli${sep}log`)) continue
    for (const code of codesIn(readFileSync(join(root, 'lib', file), 'utf8'))) {
      if (!internal.has(code)) codes.add(code)
    }
  }
  return codes
}

/** Between two headings; in code marks. */
function codesOfReadme(): Set<string> {
  const from = readme.indexOf('## When a session will not log on')
  const section = readme.slice(from, readme.indexOf('\n## Options', from))
  return new Set([...section.matchAll(/`([A-Z][A-Z_]*[A-Z])`/g)].map((found) => found[1] ?? ''))
}

it('finds codes at all', () => {
  expect(codesOfLib().size).toBeGreaterThan(50)
})

it('README names every code of lib: add a row to its "Error codes" or "When a session will not log on"', () => {
  const named = codesOfReadme()
  expect([...codesOfLib()].filter((code) => !named.has(code))).toEqual([])
})

it('README names no code that lib does not have', () => {
  const text = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'lib', file), 'utf8'))
    .join('\n')
  expect([...codesOfReadme()].filter((code) => !text.includes(`'${code}'`))).toEqual([])
})
