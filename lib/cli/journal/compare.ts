import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { compareJournals, type JournalComparison, type WayComparison } from '../../journal/compare.js'
import { openJournalForReading } from '../../journal/sqlite-reader.js'
import { redactMessage } from '../../redact.js'
import { type CommandIo, UsageError } from '../command.js'
import { paintFor } from '../style.js'

export async function compare(argv: readonly string[], io: CommandIo): Promise<number> {
  const { positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: {} })
  const [file, other, ...more] = positionals
  if (file === undefined || other === undefined || more.length > 0)
    throw new UsageError('expected the paths of two journals')
  const one = openJournalForReading(resolve(io.cwd, file))
  try {
    const two = openJournalForReading(resolve(io.cwd, other))
    try {
      const theirs = new Set(two.sessions().map(({ sessionId }) => sessionId))
      const pairs = one
        .sessions()
        .map(({ sessionId }) => [sessionId, mirrored(sessionId)] as const)
        .filter(([, mirror]) => theirs.has(mirror))
      if (pairs.length === 0) {
        io.stderr.write('gapfill journal compare: expected two sides of a session, found none\n')
        return 1
      }
      const results = pairs.map(([a, b]) => tell(a, b, compareJournals(one, two, a, b), io))
      return results.every((equal) => equal) ? 0 : 1
    } finally {
      two.close()
    }
  } finally {
    one.close()
  }
}

/** The id that the counterparty gives to the same session. */
function mirrored(sessionId: string): string {
  return sessionId.replace(/^([^:]*:)(.*)->(.*)$/, '$1$3->$2')
}

function tell(a: string, b: string, { equal, aToB, bToA, differences }: JournalComparison, io: CommandIo): boolean {
  const paint = paintFor(io.stdout, io.env)
  io.stdout.write(`${a}: ${wayText(aToB)}\n${b}: ${wayText(bToA)}\n`)
  for (const { text, sender } of differences) {
    const named = text.replace(`from ${sender} is`, `from ${sender === 'a' ? a : b} is`)
    io.stdout.write(`${paint('red', redactMessage(named))}\n`)
  }
  io.stdout.write(`${equal ? paint('green', 'equal') : paint('red', 'not equal')}\n`)
  return equal
}

function wayText({ sent, received, gapFilled, missing, unexpected, different }: WayComparison): string {
  const counts = `${sent} application messages sent, ${received} received`
  const others = { 'gap-filled': gapFilled, missing, unexpected, different }
  const told = Object.entries(others).filter(([, count]) => count > 0)
  return [counts, ...told.map(([name, count]) => `${count} ${name}`)].join(', ')
}
