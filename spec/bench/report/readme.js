import { readFileSync, writeFileSync } from 'node:fs'
import { markdownTable } from './table.js'

const BEGIN = '<!-- bench:begin -->'
const END = '<!-- bench:end -->'

/** Puts the table and the chart of this run between the markers of the project's README. */
export function writeReadme(path, { outcomes, machine, versions }, chartPath) {
  const readme = readFileSync(path, 'utf8')
  const begin = readme.indexOf(BEGIN)
  const end = readme.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${path} has no ${BEGIN} and ${END}`)
  const section = `${BEGIN}
## How fast

![gapfill against other engines](${chartPath})

${markdownTable(outcomes)}

${machine.date.slice(0, 10)}, ${machine.cpu}, ${machine.node}, load average ${machine.loadAverage} before it began; ${Object.values(versions).join(', ')}; medians of interleaved rounds. Our
sessions save every message of both directions in SQLite before it goes on the wire; QuickFIX's and jspurefix's stores keep what they
sent. \`npm run bench\` measures it anew; [spec/bench](spec/bench/README.md) says how, and where the time goes.
`
  writeFileSync(path, `${readme.slice(0, begin)}${section}${readme.slice(end)}`)
}
