import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { builtInVersions } from '../facts.js'
import { type Records, recordsOf, writeTable } from '../table.js'
import { readSources } from './sources.js'

/**
 * Writes the built-in tables anew from a directory of QuickFIX XML files:
 *
 *     npm run build:dictionaries -- ../shared/dictionaries
 */

/**
 * What the standard says and the sources have no form for: values that are good beside the enumerated ones.
 * IOIQty(27) is a size word or a quantity (FIX 4.0 onward); SettlLocation(166) a depository or a country (FIX 4.1, 4.2);
 * SettlType(63) may be a tenor where it is a string (FIX 5.0 onward).
 */
const unions: readonly { field: string; type?: string; union: string }[] = [
  { field: 'f27', union: 'QTY' },
  { field: 'f166', union: 'COUNTRY' },
  { field: 'f63', type: 'STRING', union: 'TENOR' }
]

/** FIXT.1.1 holds session messages only and shares little with its neighbours. */
const standsAlone = 'FIXT.1.1'

function main(directory: string): void {
  const sources = readSources(directory)
  let base: { version: string; records: Records } | undefined
  for (const version of builtInVersions) {
    const facts = sources.get(version)
    if (!facts) continue
    const records = recordsOf(facts)
    for (const { field, type, union } of unions) {
      const content = records.get(field)
      const enumerated = records.has(field.replace('f', 'v'))
      if (content && enumerated && (!type || content.endsWith(` ${type}`))) records.set(field, `${content} ${union}`)
    }
    const text = writeTable(version, records, version === standsAlone ? undefined : base)
    const file = fileURLToPath(new URL(`../../../lib/dictionary/tables/${version}.txt`, import.meta.url))
    writeFileSync(file, text)
    console.log(`${version}: ${records.size} records, ${text.length} bytes`)
    if (version !== standsAlone) base = { version, records }
  }
}

const directory = process.argv[2]
if (directory === undefined) {
  console.error('usage: npm run build:dictionaries -- DIRECTORY (of FIX40.xml ... FIX50SP2.xml, FIXT11.xml)')
  process.exitCode = 2
} else {
  main(directory)
}
