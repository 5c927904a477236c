import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { JournalSession } from '../../journal/reader.js'
import { ReadableParts } from '../../journal/salvage/readable-parts.js'
import { type CommandIo, UsageError } from '../command.js'
import { paintFor } from '../style.js'
import { formatTable } from '../table.js'
import { tellDamage } from './tell-damage.js'
import { timeText } from './time-text.js'

export async function show(argv: readonly string[], io: CommandIo): Promise<number> {
  const { positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: {} })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('expected the path of one journal')
  const parts = new ReadableParts(resolve(io.cwd, file))
  try {
    const paint = paintFor(io.stdout, io.env)
    const head = ['SESSION', 'NEXT IN', 'NEXT OUT', 'NUMBERS FROM 1 SINCE', 'LAST CONNECTION']
    io.stdout.write(formatTable([head, ...parts.sessions().map(rowOf)], (line) => paint('bold', line)))
    return tellDamage(parts, io)
  } finally {
    parts.close()
  }
}

function rowOf({ sessionId, nextNumIn, nextNumOut, resetTime, connectTime }: JournalSession): string[] {
  const last = connectTime === undefined ? 'none' : timeText(connectTime)
  return [sessionId, String(nextNumIn), String(nextNumOut), timeText(resetTime), last]
}
