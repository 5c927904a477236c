import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Record<string, string | { readonly types: string }>
}

/** What declarations import that is not theirs, from an entry on. */
function foreign(file: string, seen: Set<string>, found: Set<string>): Set<string> {
  if (seen.has(file)) return found
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, name = ''] of text.matchAll(/(?:from|import\()\s*'([^']+)'/g)) {
    if (name.startsWith('.')) foreign(join(file, '..', name.replace(/\.js$/, '.d.ts')), seen, found)
    else found.add(name.startsWith('node:') ? 'node' : name)
  }
  return found
}

/* Who compiles against gapfill has its dependencies and @types/node, not what gapfill itself is compiled with. */
it('the declarations of every entry need no types but those that come along', () => {
  const found = new Set<string>()
  for (const entry of Object.values(exports)) {
    if (typeof entry === 'object') foreign(join(root, entry.types), new Set(), found)
  }
  expect([...found].sort()).toEqual(['node', 'zod'])
})
