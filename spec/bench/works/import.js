import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { interleaved } from '../measure.js'

const run = promisify(execFile)
const here = new URL('..', import.meta.url).pathname
const variants = [
  { name: 'gapfill', engine: 'gapfill' },
  { name: 'jspurefix', engine: 'jspurefix' }
]

/** What a program waits for before its first line, each time in a new process. */
export async function measureImport({ engines, rounds, progress, done }) {
  const measured = await interleaved(
    variants
      .filter(({ engine }) => engines.includes(engine))
      .map(({ name, engine }) => ({
        name,
        async round() {
          const { stdout } = await run(process.execPath, [`${here}${engine}/import.js`])
          return { ms: Number(stdout) }
        }
      })),
    rounds + 2,
    (text) => progress(`import: ${text}`)
  )
  const goals = [{ number: 'ms', most: 80 }]
  done({ name: "import 'gapfill'", unit: 'ms', number: 'ms', higherIsBetter: false, goals, measured })
}
