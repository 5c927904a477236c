import { type ConfigProblem, FixConfigError } from '../errors.js'
import { checkDefaults, checkSession, inherit } from './check.js'
import { conceal } from './conceal.js'
import { conflictsAmong } from './conflicts.js'
import type { Environment } from './environment.js'
import { finish } from './finish.js'
import { formatPath, type Mistake, problemOf, shown } from './mistake.js'
import { nearest } from './nearest.js'
import type { ParsedAcceptorConfig, ParsedEngineConfig, ParsedSessionConfig } from './schema.js'
import { decides, isSettings, type Path, type Settings } from './settings.js'
import { ANY, idsFor, type LogonIds } from './template-ids.js'

export interface ParseOptions {
  /** Where `${NAME}` is looked up. Default: the environment of the process. */
  readonly env?: Environment | undefined
  /** Where relative paths start. Default: the working directory. */
  readonly baseDir?: string | undefined
  /** What errors call the config. Default: `config`. */
  readonly source?: string | undefined
}

/** Configs that came out of here: they are right, and must not have their `${` read a second time. */
const parsed = new WeakSet<object>()

/**
 * Checks the config of one session and completes it: built-in defaults, then those of its dialect, then `input`.
 * A config that was parsed already comes back as it is.
 *
 * @throws FixConfigError with every mistake; nothing was opened.
 */
export function parseConfig(input: unknown, options: ParseOptions = {}): ParsedSessionConfig {
  const source = options.source ?? 'config'
  if (isParsed(input)) return input
  if (!isSettings(input)) throw new FixConfigError(source, [problemOf(notAnObject(input))])
  const { config, mistakes } = checkSession(input, options.env ?? process.env)
  if (config === undefined)
    throw new FixConfigError(
      source,
      mistakes.map((mistake) => problemOf(mistake))
    )
  return complete(config, options)
}

/**
 * Checks what `sessions.json` holds, `{ defaults, sessions }`: each session is laid on `defaults` (objects merge deeply,
 * lists replace; what a session's role or version has no use for is left out) and read as by `parseConfig`.
 *
 * @throws FixConfigError with every mistake, also those between sessions; nothing was opened.
 */
export function parseEngineConfig(input: unknown, options: ParseOptions = {}): ParsedEngineConfig {
  const { config, problems } = checkEngine(input, options)
  if (config === undefined) throw new FixConfigError(options.source ?? 'config', problems)
  return config
}

/**
 * The config of the session that a template makes for a counterparty. Undefined where the ids of its Logon are none that a
 * session can have.
 */
export function sessionOfTemplate(template: ParsedAcceptorConfig, ids: LogonIds): ParsedAcceptorConfig | undefined {
  const found = idsFor(template, ids)
  if (found === undefined) return undefined
  const { senderSubId, senderLocationId, targetSubId, targetLocationId, ...rest } = template
  const optional = { senderSubId, senderLocationId, targetSubId, targetLocationId }
  const kept = Object.entries(optional).filter(([, id]) => id !== undefined && id !== ANY)
  const config = Object.freeze(conceal({ ...rest, ...Object.fromEntries(kept), ...found, template: false }))
  parsed.add(config)
  return config
}

/** Either a config or problems. */
export interface CheckedEngine {
  readonly config: ParsedEngineConfig | undefined
  readonly problems: readonly ConfigProblem[]
}

export function checkEngine(input: unknown, options: ParseOptions): CheckedEngine {
  if (!isSettings(input)) return { config: undefined, problems: [problemOf(notAnObject(input))] }
  const env = options.env ?? process.env
  const problems = new Problems()
  problems.add(misfits(input))

  const defaults = isSettings(input.defaults) ? input.defaults : {}
  problems.add(checkDefaults(defaults, env).map((mistake) => problemOf(mistake, ['defaults'])))

  const entries = Array.isArray(input.sessions) ? input.sessions : []
  const sessions = entries.map((entry, index) => {
    const own: Settings = isSettings(entry) ? entry : {}
    const checked = checkSession(inherit(defaults, own, env), env)
    if (isSettings(entry)) problems.add(checked.mistakes.map((mistake) => placed(mistake, index, own, checked.raw)))
    return checked
  })
  for (const { index, mistake } of conflictsAmong(sessions)) problems.add([problemOf(mistake, ['sessions', index])])

  if (problems.found.length > 0) return { config: undefined, problems: problems.found }
  const configs = sessions.flatMap(({ config }) => (config === undefined ? [] : [complete(config, options)]))
  return { config: Object.freeze({ sessions: Object.freeze(configs) }), problems: [] }
}

/** A mistake in `defaults` shows in every session that has it, and is told once. */
class Problems {
  readonly found: ConfigProblem[] = []
  private readonly told = new Set<string>()

  add(problems: readonly ConfigProblem[]): void {
    for (const problem of problems) {
      const key = `${problem.path} ${problem.expected}`
      if (this.told.has(key)) continue
      this.told.add(key)
      this.found.push(problem)
    }
  }
}

/** `all`: the session's own options and those it takes from `defaults`. */
function placed(mistake: Mistake, index: number, own: Settings, all: Settings): ConfigProblem {
  const inherited = !decides(own, mistake.path) && decides(all, mistake.path)
  return problemOf(mistake, inherited ? ['defaults'] : ['sessions', index])
}

/** What is wrong with the object around the sessions. */
function misfits(input: Settings): ConfigProblem[] {
  const problem = (path: Path, expected: string, advice = ''): ConfigProblem => ({
    path: formatPath(path),
    expected,
    got: kindOf(path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), input)),
    advice
  })
  const { defaults, sessions } = input
  const unknown = Object.keys(input).filter((name) => name !== 'defaults' && name !== 'sessions')
  const found = unknown.map((name) => {
    const meant = nearest(name, ['defaults', 'sessions'])
    const advice =
      meant === undefined ? 'Options stand in "defaults" or in one of "sessions".' : `Did you mean "${meant}"?`
    return { path: formatPath([name]), expected: '"defaults" or "sessions"', got: shown(name), advice }
  })
  if (defaults !== undefined && !isSettings(defaults)) found.push(problem(['defaults'], 'an object of options'))
  if (!Array.isArray(sessions) || sessions.length === 0) {
    found.push(problem(['sessions'], 'a list of at least 1 session'))
    return found
  }
  sessions.forEach((entry: unknown, index) => {
    if (!isSettings(entry)) found.push(problem(['sessions', index], 'an object of options'))
  })
  return found
}

/** A text that stands where options should may be anything, a password too. */
function kindOf(value: unknown): string {
  return typeof value === 'string' ? 'a text' : shown(value)
}

function notAnObject(input: unknown): Mistake {
  return { path: [], expected: 'an object of options', got: kindOf(input), advice: '' }
}

function complete(config: Parameters<typeof finish>[0], options: ParseOptions): ParsedSessionConfig {
  const completed = finish(config, options.baseDir ?? process.cwd())
  parsed.add(completed)
  return completed
}

function isParsed(input: unknown): input is ParsedSessionConfig {
  return typeof input === 'object' && input !== null && parsed.has(input)
}
