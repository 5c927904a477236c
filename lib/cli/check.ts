import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type ParsedSessionConfig, sessionId } from '../config/config.js'
import { mapJson, positionIn } from '../config/json.js'
import { parseEngineText, readConfigText } from '../config/read.js'
import { sessionDictionary } from '../dictionary/session-dictionary.js'
import { FixConfigError, FixDictionaryError } from '../errors.js'
import { type Command, type CommandIo, UsageError } from './command.js'
import { paintFor } from './style.js'
import { formatTable } from './table.js'

export const check: Command = {
  name: 'check',
  summary: 'say what is wrong with a config file, and where',
  usage: `gapfill check FILE

Reads a config file such as sessions.json and the dictionaries that it names, and opens nothing. Each mistake is one line
  FILE:LINE:COLUMN: path: expected ..., got .... What to do.
and the exit status is 1. A file without mistakes is shown as a table of its sessions.`,

  async run(argv, io) {
    const { positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: {} })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new UsageError('expected the path of one config file')
    const path = resolve(io.cwd, file)
    const text = readConfigText(path, file)
    try {
      const { sessions } = parseEngineText(text, path, { env: io.env, source: file })
      const faults = dictionaryFaults(sessions)
      if (faults.length > 0) return tellMistakes(faults, file, io)
      io.stdout.write(tableOf(sessions, io))
      return 0
    } catch (error) {
      if (!(error instanceof FixConfigError)) throw error
      return tellMistakes(linesOf(error, text, file), file, io)
    }
  }
}

function tellMistakes(lines: readonly string[], file: string, io: CommandIo): number {
  io.stdout.write(`${lines.join('\n')}\n`)
  io.stderr.write(`gapfill check: ${lines.length} ${lines.length === 1 ? 'mistake' : 'mistakes'} in ${file}\n`)
  return 1
}

/** What keeps dictionaries from being used, each fault once: they name file, line and element themselves. */
function dictionaryFaults(sessions: readonly ParsedSessionConfig[]): string[] {
  const faults = new Set<string>()
  for (const session of sessions) {
    try {
      sessionDictionary(session)
    } catch (error) {
      if (!(error instanceof FixDictionaryError)) throw error
      faults.add(error.message)
    }
  }
  return [...faults]
}

/** The mistakes in the order of the file, each with line and column, as editors and terminals link them. */
function linesOf(error: FixConfigError, text: string, file: string): string[] {
  if (error.problems.some((problem) => problem.path === '(syntax)')) return error.message.split('\n')
  const map = mapJson(text)
  return error.problems
    .map((problem) => ({ problem, ...(positionIn(map, problem.path) ?? { line: 1, column: 1 }) }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ problem, line, column }) => new FixConfigError(`${file}:${line}:${column}`, [problem]).message)
}

function tableOf(sessions: readonly ParsedSessionConfig[], io: CommandIo): string {
  const paint = paintFor(io.stdout, io.env)
  const rows = sessions.map((session) => [
    sessionId(session),
    session.role,
    addressesOf(session),
    journalOf(session, io.cwd)
  ])
  return formatTable([['SESSION', 'ROLE', 'ADDRESS', 'JOURNAL'], ...rows], (line) => paint('bold', line))
}

function addressesOf(session: ParsedSessionConfig): string {
  const endpoints = session.role === 'initiator' ? session.hosts : [session]
  return endpoints.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(', ')
}

/** Relative where that says it shorter. */
function journalOf({ journal }: ParsedSessionConfig, cwd: string): string {
  const short = relative(cwd, journal.path)
  return journal.path !== ':memory:' && short.length < journal.path.length ? short : journal.path
}
