import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withOptionTables } from './option-tables.js'

/** Brings the tables of options in README.md up to date: `npm run docs`. */
const file = fileURLToPath(new URL('../../../README.md', import.meta.url))
const readme = withOptionTables(readFileSync(file, 'utf8'))
if (readme === undefined) {
  console.error(`${file}: expected a line <!-- options:begin --> and a line <!-- options:end -->, got none.`)
  process.exitCode = 1
} else {
  writeFileSync(file, readme)
}
