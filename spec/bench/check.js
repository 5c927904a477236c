// npm run bench:check: a short form of the benchmark against jspurefix alone; fails when a ratio falls under its floor in
// floors.json. Ratios only: how fast the machine is does not matter, nor, within reason, how busy.

import { readFileSync } from 'node:fs'
import { underFloors } from './floors.js'
import { run } from './run.js'

const floors = JSON.parse(readFileSync(new URL('floors.json', import.meta.url), 'utf8'))
const outcomes = await run(['codecs', 'sessions', 'import'], {
  engines: ['gapfill', 'jspurefix'],
  rounds: 3,
  roundTime: 50e6,
  size: { roundTrips: 600, oneWay: 15_000 }
})
const faults = underFloors(outcomes, floors)
for (const fault of faults) console.error(`bench:check: ${fault}`)
if (faults.length > 0) process.exit(1)
console.log('bench:check: all ratios are above their floors')
