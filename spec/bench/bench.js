// npm run bench: measures gapfill against jspurefix and, where it is installed, QuickFIX C++. See README.md beside this.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { hasQuickfix, quickfixDictionary, versions } from './engines.js'
import { chart } from './report/chart.js'
import { writeReadme } from './report/readme.js'
import { machine } from './report/results.js'
import { run, works } from './run.js'

const here = new URL('.', import.meta.url).pathname
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    messages: { type: 'string', default: '1000000' },
    json: { type: 'string', default: `${here}results/latest.json` },
    readme: { type: 'boolean', default: false }
  }
})
const unknown = positionals.filter((name) => works[name] === undefined)
if (unknown.length > 0) {
  console.error(`bench: expected ${Object.keys(works).join(', ')}, got ${unknown.join(', ')}`)
  process.exit(1)
}

const context = { machine: machine(), versions: versions() }
for (const [name, value] of Object.entries(context.machine)) console.log(`${name}: ${value}`)
console.log(Object.values(context.versions).join('; '))
if (hasQuickfix) console.log(`QuickFIX's dictionary: ${quickfixDictionary}`)

const outcomes = await run(positionals.length > 0 ? positionals : Object.keys(works), {
  engines: ['gapfill', ...(hasQuickfix ? ['quickfix'] : []), 'jspurefix'],
  rounds: Number(values.rounds),
  size: {
    roundTrips: 3_000,
    oneWay: 100_000,
    resend: 50_000,
    idleSessions: 10_000,
    endurance: Number(values.messages)
  }
})

const results = { ...context, outcomes }
mkdirSync(dirname(values.json), { recursive: true })
writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`)
writeFileSync(values.json.replace(/(\.json)?$/, '.svg'), chart(outcomes, context.machine))
console.log(`written: ${values.json} and the chart beside it`)
if (values.readme) {
  writeFileSync(`${here}chart.svg`, chart(outcomes, context.machine))
  writeReadme(`${here}../../README.md`, results, 'spec/bench/chart.svg')
}
const missed = outcomes.flatMap(({ name, goals }) =>
  goals.filter(({ reached, text }) => !reached && !text.startsWith('stretch')).map(({ text }) => `${name}: ${text}`)
)
if (missed.length > 0) console.log(`\ngoals missed:\n  ${missed.join('\n  ')}`)
