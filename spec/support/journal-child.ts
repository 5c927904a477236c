import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

const script = fileURLToPath(new URL('journal-child.mjs', import.meta.url))
const built = fileURLToPath(new URL('../../dist/journal/sqlite-journal.js', import.meta.url))

const children: ChildProcess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) await kill(child)
})

export interface JournalChild {
  readonly pid: number
  /** The next line that it says; undefined when it has ended. */
  line(): Promise<string | undefined>
  /** Resolves when a SIGSTOP has reached it. */
  stopped(): Promise<void>
  /** SIGKILL; returns the lines that nobody has read when it is gone. */
  kill(): Promise<readonly string[]>
}

/** Another process that owns the journal at `path`. */
export function journalChild(
  action: 'hold' | 'commit' | 'commit-full' | 'commit-thread',
  path: string,
  seed = 1
): JournalChild {
  if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run build" before this spec`)
  const child = spawn(process.execPath, [script, action, path, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => {
    const next = await lines.next()
    return next.done === true ? undefined : next.value
  }
  return {
    pid: child.pid ?? 0,
    line,
    async stopped() {
      // The third field of proc(5)'s stat is T when it stands still; the name before it has no parenthesis.
      while (!/\) T /.test(readFileSync(`/proc/${child.pid}/stat`, 'latin1'))) await new Promise(setImmediate)
    },
    async kill() {
      await kill(child)
      const rest: string[] = []
      for (let next = await line(); next !== undefined; next = await line()) rest.push(next)
      return rest
    }
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
