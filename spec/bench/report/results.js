import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'

/** The engine that all others are compared with. */
export const ours = 'gapfill'

/** What a reader has to know of where the numbers come from. */
export function machine() {
  const [cpu] = cpus()
  return {
    cpu: `${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    loadAverage: Number(loadavg()[0].toFixed(2)),
    date: new Date().toISOString(),
    commit: commit()
  }
}

function commit() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore']
    }).trim()
  } catch {
    return 'unknown'
  }
}

/** One measured work as it is printed and kept. */
export function outcome({ name, unit, number, also = {}, higherIsBetter, goals, measured }) {
  const ownRow = measured.get(ours)
  const rows = [...measured].map(([engine, numbers]) => ({
    engine,
    ...numbers[number],
    /** How many times better gapfill is; below 1: worse. */
    ratio: engine === ours ? undefined : ratio(ownRow[number], numbers[number], higherIsBetter),
    also: Object.fromEntries(
      Object.entries(also)
        .filter(([key]) => numbers[key] !== undefined)
        .map(([key, unit]) => [key, { unit, ...numbers[key] }])
    )
  }))
  return {
    name,
    unit,
    higherIsBetter,
    rows,
    goals: goals.flatMap((goal) => judge(goal, measured, number, higherIsBetter))
  }
}

function ratio(own, other, higherIsBetter) {
  return higherIsBetter ? own.median / other.median : other.median / own.median
}

/** Whether a goal is reached; none where what it is measured against is not there. */
function judge(goal, measured, mainNumber, higherIsBetter) {
  const key = goal.number ?? mainNumber
  const own = measured.get(ours)[key]
  const stretch = goal.stretch ? 'stretch: ' : ''
  if (goal.most !== undefined) {
    return [{ text: `${stretch}at most ${goal.most}`, got: own.median, reached: own.median <= goal.most }]
  }
  const other = measured.get(goal.against)?.[key]
  if (other === undefined) return []
  const got = ratio(own, other, higherIsBetter)
  const what = goal.number === undefined ? '' : `${goal.number} `
  return [{ text: `${stretch}${what}${goal.ratio}x ${goal.against}`, got, reached: got >= goal.ratio }]
}
