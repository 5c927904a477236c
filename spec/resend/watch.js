import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Processor time of the thread that the event loop runs in, milliseconds: Linux tells it, elsewhere that of the process has to do. */
function worked() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[0]) / 1e6
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}

/**
 * Watches memory and the event loop of this process. On a busy machine the loop is also held while others compute: `longestTurn` is
 * the most processor time between two timers of a millisecond, `longestHold` the most time on the clock.
 */
export function watch() {
  const before = process.memoryUsage.rss()
  const seen = { before, most: before }
  const turns = []
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let last = worked()
  const timers = [
    setInterval(() => {
      seen.most = Math.max(seen.most, process.memoryUsage.rss())
    }, 20),
    setInterval(() => {
      const now = worked()
      turns.push(now - last)
      last = now
    }, 1)
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
    delay.disable()
    turns.sort((a, b) => a - b)
    const longestTurn = turns.at(-1) ?? 0
    const usualTurn = turns[Math.floor(turns.length * 0.99)] ?? 0
    return { ...seen, longestTurn, usualTurn, longestHold: delay.max / 1e6 }
  }
}
