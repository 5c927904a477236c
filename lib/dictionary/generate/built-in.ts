import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Dictionary } from '../dictionary.js'
import { builtInVersions } from '../facts.js'
import { generate } from './generate.js'

/**
 * Writes the typed messages of the built-in versions into `lib/versions`, which is not kept in git: the tables say all
 * that is in it. Part of `npm run build`, between two runs of the compiler. A file that is right already is left alone.
 */
for (const version of builtInVersions) {
  const entry = version.toLowerCase().replaceAll('.', '')
  const directory = new URL(`../../../lib/versions/${entry}/`, import.meta.url)
  mkdirSync(directory, { recursive: true })
  for (const [name, text] of generate(Dictionary.loadSync(version), '../../dictionary/typed/index.js')) {
    const file = fileURLToPath(new URL(name, directory))
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
  }
}
