import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type ParsedSessionConfig, sessionId } from '../config/config.js'
import { type JsonMap, mapJson, positionIn } from '../config/json.js'
import { formatPath } from '../config/mistake.js'
import { parseEngineText, readConfigText } from '../config/read.js'
import { sessionDictionary } from '../dictionary/session-dictionary.js'
import { FixConfigError, FixDictionaryError } from '../errors.js'
import { type Command, type CommandIo, UsageError } from './command.js'
import { lackingAddresses, lackingFiles } from './machine.js'
import { paintFor } from './style.js'
import { formatTable } from './table.js'

export const check: Command = {
  name: 'check',
  summary: 'say what is wrong with a config file, and where',
  usage: `gapfill check FILE [--file-only]

Reads a config file such as sessions.json and sees whether this machine has what it names: dictionaries, certificates, folders for
journals and logs, ports. Opens no session. Each mistake is one line
  FILE:LINE:COLUMN: path: expected ..., got .... What to do.
and the exit status is 1. A file without mistakes is shown as a table of its sessions. A port that is in use is only a note: it may
be these sessions that use it.
  --file-only   only the file and its dictionaries, for a machine that is not the one on which the sessions will run`,

  async run(argv, io) {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { 'file-only': { type: 'boolean', default: false } }
    })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new UsageError('expected the path of one config file')
    const path = resolve(io.cwd, file)
    const text = readConfigText(path, file)
    try {
      const { sessions } = parseEngineText(text, path, { env: io.env, source: file })
      const places = new Places(text, file)
      const faults = [
        ...(values['file-only'] ? [] : faultsOfFiles(sessions, places)),
        ...dictionaryFaults(sessions, places)
      ]
      if (!values['file-only']) faults.push(...(await faultsOfAddresses(sessions, places, io)))
      if (faults.length > 0) return tellMistakes(faults, file, io)
      io.stdout.write(tableOf(sessions, io))
      return 0
    } catch (error) {
      if (!(error instanceof FixConfigError)) throw error
      return tellMistakes(error.message.split('\n'), file, io)
    }
  }
}

function tellMistakes(lines: readonly string[], file: string, io: CommandIo): number {
  io.stdout.write(`${lines.join('\n')}\n`)
  io.stderr.write(`gapfill check: ${lines.length} ${lines.length === 1 ? 'mistake' : 'mistakes'} in ${file}\n`)
  return 1
}

/** Where options stand in the config file. */
class Places {
  private readonly map: JsonMap
  private readonly file: string

  constructor(text: string, file: string) {
    this.map = mapJson(text)
    this.file = file
  }

  /** `FILE:LINE:COLUMN: path` of an option of a session, which may stand in `defaults`. */
  of(index: number, option: string): string {
    const own = `sessions[${index}].${option}`
    const inherited = `defaults.${option}`
    const path = !this.map.positions.has(own) && this.map.positions.has(inherited) ? inherited : own
    const { line, column } = positionIn(this.map, path) ?? { line: 1, column: 1 }
    return `${this.file}:${line}:${column}: ${path}`
  }
}

/** Each fault once, however many sessions share it. */
function faultsOfFiles(sessions: readonly ParsedSessionConfig[], places: Places): string[] {
  return [
    ...new Set(
      sessions.flatMap((session, index) =>
        lackingFiles(session).map(({ path, text }) => `${places.of(index, path)}: ${text}`)
      )
    )
  ]
}

async function faultsOfAddresses(sessions: readonly ParsedSessionConfig[], places: Places, io: CommandIo) {
  const faults: string[] = []
  for (const { index, busy, text } of await lackingAddresses(sessions)) {
    const line = `${places.of(index, 'port')}: ${text}`
    if (busy) io.stderr.write(`note: ${line} It may be these sessions that use it.\n`)
    else faults.push(line)
  }
  return faults
}

/** What keeps dictionaries from being used, each fault once: what is wrong in a file is told with that file's line and element. */
function dictionaryFaults(sessions: readonly ParsedSessionConfig[], places: Places): string[] {
  const faults = new Set<string>()
  for (const [index, session] of sessions.entries()) {
    try {
      sessionDictionary(session)
    } catch (error) {
      if (!(error instanceof FixDictionaryError)) throw error
      const option = error.line === 0 ? optionNaming(session, error.file) : undefined
      faults.add(option === undefined ? error.message : `${places.of(index, option)}: ${error.message}`)
    }
  }
  return [...faults]
}

function optionNaming(session: ParsedSessionConfig, file: string): string | undefined {
  if (session.dictionary === file) return 'dictionary'
  if (session.transportDictionary === file) return 'transportDictionary'
  const [applVerId] = Object.entries(session.appDictionaries ?? {}).find(([, name]) => name === file) ?? []
  return applVerId === undefined ? undefined : formatPath(['appDictionaries', applVerId])
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
