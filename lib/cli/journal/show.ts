import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { JournalReader, JournalSession } from '../../journal/reader.js'
import { openJournalForReading } from '../../journal/sqlite-reader.js'
import { type CommandIo, UsageError } from '../command.js'
import { paintFor } from '../style.js'
import { formatTable } from '../table.js'

export async function show(argv: readonly string[], io: CommandIo): Promise<number> {
  const { positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: {} })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('expected the path of one journal')
  const reader = openJournalForReading(resolve(io.cwd, file))
  try {
    io.stdout.write(tableOf(reader, io))
  } finally {
    reader.close()
  }
  return 0
}

function tableOf(reader: JournalReader, io: CommandIo): string {
  const paint = paintFor(io.stdout, io.env)
  const rows = reader.sessions().map((session) => rowOf(session))
  const head = ['SESSION', 'NEXT IN', 'NEXT OUT', 'NUMBERS FROM 1 SINCE', 'LAST CONNECTION']
  return formatTable([head, ...rows], (line) => paint('bold', line))
}

function rowOf({ sessionId, nextNumIn, nextNumOut, resetTime, connectTime }: JournalSession): string[] {
  const last = connectTime === undefined ? 'none' : timeText(connectTime)
  return [sessionId, String(nextNumIn), String(nextNumOut), timeText(resetTime), last]
}

/** Milliseconds since the epoch; a damaged journal may say anything. */
export function timeText(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString()
}
