import { createInterface } from 'node:readline'

/**
 * The engine's side of a measurement: obeys lines on stdin (`name argument ...`), one after the other, and answers each with
 * a JSON object on a line of its own. Whoever steered it is gone when stdin ends.
 *
 * @param {Record<string, (...args: string[]) => object | Promise<object>>} commands
 */
export function serve(commands) {
  let last = Promise.resolve()
  const obey = async (line) => {
    const [name, ...args] = line.split(' ')
    const command = commands[name]
    try {
      if (command === undefined) throw new Error(`unknown command: ${line}`)
      answer((await command(...args)) ?? {})
    } catch (error) {
      answer({ error: `${line}: ${error.stack}` })
    }
  }
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      last = last.then(() => obey(line))
    })
    .on('close', () => process.exit(0))
  answer({ ready: true })
}

function answer(members) {
  process.stdout.write(`${JSON.stringify(members)}\n`)
}
