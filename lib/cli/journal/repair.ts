import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type RepairedSession, type RepairedWay, repairJournal } from '../../journal/salvage/repair.js'
import { type CommandIo, UsageError } from '../command.js'
import { paintFor } from '../style.js'

/** Most ranges of missing numbers that are told of one way. */
const mostRanges = 10

export async function repair(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { out: { type: 'string' } }
  })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('expected the path of one journal')
  if (values.out === undefined) throw new UsageError('expected --out NEW, the path of a file that is not there yet')
  const { sessions, damagedMessages, damagedPages } = repairJournal(resolve(io.cwd, file), resolve(io.cwd, values.out))
  const paint = paintFor(io.stdout, io.env)
  for (const session of sessions) io.stdout.write(textOf(session))
  const damage = [
    ...(damagedMessages > 0 ? [`damaged messages left out: ${damagedMessages}`] : []),
    ...(damagedPages > 0 ? [`damaged pages of the log, for which older ones were taken: ${damagedPages}`] : [])
  ]
  for (const text of damage) io.stdout.write(`${paint('yellow', text)}\n`)
  const total = sessions.reduce((sum, session) => sum + session.in.messages + session.out.messages, 0)
  io.stdout.write(`${paint('green', `${total} messages saved in ${values.out}`)}\n`)
  return 0
}

function textOf(session: RepairedSession): string {
  const lines = [
    `${session.sessionId}: next in ${session.nextNumIn}, next out ${session.nextNumOut}`,
    `  in:  ${wayText(session.in)}`,
    `  out: ${wayText(session.out)}`,
    ...session.doubts.map((doubt) => `  ${doubt}: compare them with the counterparty's`)
  ]
  return `${lines.join('\n')}\n`
}

function wayText({ messages, missing }: RepairedWay): string {
  if (missing.length === 0) return `${messages} messages`
  const ranges = missing.slice(0, mostRanges).map(([from, to]) => (from === to ? String(from) : `${from}-${to}`))
  const more = missing.length > mostRanges ? ` and ${missing.length - mostRanges} more ranges` : ''
  return `${messages} messages; none under ${ranges.join(', ')}${more}`
}
