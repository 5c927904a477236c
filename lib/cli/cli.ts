import { readFileSync } from 'node:fs'
import { nearest } from '../config/nearest.js'
import { FixError } from '../errors.js'
import { redactMessage } from '../redact.js'
import { type Command, type CommandIo, UsageError } from './command.js'
import { commands as allCommands } from './commands.js'

const failed = 1
const misused = 2

/**
 * Carries out one command line, `argv` without node and script. Resolves to the exit status: what the command says, 1
 * when it broke, 2 when the command line was wrong. Never rejects.
 */
export async function runCli(
  argv: readonly string[],
  io: CommandIo,
  commands: readonly Command[] = allCommands
): Promise<number> {
  const [name, ...rest] = argv
  if (name === '--version' || name === '-v') return tell(io, version())
  if (name === '--help' || name === '-h') return tell(io, help(commands))
  if (name === undefined) return misuse(io, 'expected a command', help(commands))
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) return misuse(io, unknownCommand(name, commands), 'gapfill --help lists the commands.')
  if (asksForHelp(rest)) return tell(io, command.usage)
  try {
    return await command.run(rest, io)
  } catch (error) {
    return fault(error, command, io)
  }
}

function tell(io: CommandIo, text: string): number {
  io.stdout.write(`${text}\n`)
  return 0
}

function misuse(io: CommandIo, what: string, hint: string): number {
  io.stderr.write(`gapfill: ${what}\n${hint}\n`)
  return misused
}

function fault(error: unknown, command: Command, io: CommandIo): number {
  if (isMisuse(error)) {
    io.stderr.write(`gapfill ${command.name}: ${error.message}\nusage: ${command.usage}\n`)
    return misused
  }
  const text = error instanceof FixError ? error.message : error instanceof Error ? error.stack : String(error)
  io.stderr.write(`gapfill ${command.name}: ${redactMessage(text ?? 'an error without a message')}\n`)
  return failed
}

/** Our own class, or one of the errors of `parseArgs`. */
function isMisuse(error: unknown): error is Error {
  if (error instanceof UsageError) return true
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const options = end < 0 ? argv : argv.slice(0, end)
  return options.includes('--help') || options.includes('-h')
}

function help(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    'gapfill COMMAND [ARGUMENTS]',
    '',
    'FIX sessions from the command line.',
    '',
    ...lines,
    '',
    'gapfill COMMAND --help says more about one of them, gapfill --version which release this is.',
    'Exit status: 0 done, 1 what was asked for failed (standard error says why), 2 the command line is wrong.'
  ].join('\n')
}

function unknownCommand(name: string, commands: readonly Command[]): string {
  const meant = nearest(
    name,
    commands.map((command) => command.name)
  )
  return `no command ${JSON.stringify(name)}.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`
}

/** From package.json, which lies as far from `dist/cli` as from `lib/cli`. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return String(Object(JSON.parse(text)).version)
}
