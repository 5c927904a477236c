import { builtInFacts } from '../files.js'
import { compareFacts } from './compare.js'
import { readSources } from './sources.js'

/**
 * Compares the built-in tables with the XML files that they were made from, and fails where they differ:
 *
 *     npm run check:dictionaries -- ../shared/dictionaries
 */
function main(directory: string): number {
  let total = 0
  for (const [version, facts] of readSources(directory)) {
    const differences = compareFacts(facts, builtInFacts(version))
    for (const difference of differences) console.error(difference)
    const [fields, messages] = [facts.tags().length, facts.msgTypes().length]
    const outcome = differences.length === 0 ? 'no difference' : `${differences.length} differences`
    console.log(`${version}: ${fields} fields, ${messages} messages: ${outcome}`)
    total += differences.length
  }
  return total
}

const directory = process.argv[2]
if (directory === undefined) {
  console.error('usage: npm run check:dictionaries -- DIRECTORY (of FIX40.xml ... FIX50SP2.xml, FIXT11.xml)')
  process.exitCode = 2
} else {
  try {
    if (main(directory) > 0) process.exitCode = 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
