import type { z } from 'zod'
import { windowOptionNames } from '../schedule/window-plan.js'
import { dialectDefaults } from './dialects.js'
import { type Environment, expand, pathKey, spelled } from './environment.js'
import { mistakesOf, pathsOf } from './issues.js'
import type { Mistake } from './mistake.js'
import { acceptorTable, initiatorTable } from './options.js'
import { brokenRules, fixtOnly } from './rules.js'
import { acceptorSchema, defaultsSchema, eitherRoleSchema, initiatorSchema } from './schema.js'
import { isSettings, merge, type Path, type Settings, valueAt } from './settings.js'

type CompleteConfig = z.output<ReturnType<typeof initiatorSchema>> | z.output<ReturnType<typeof acceptorSchema>>

/** All that can be said about one session's options. */
export interface CheckedSession {
  /** Present when there is no mistake. */
  readonly config: CompleteConfig | undefined
  readonly mistakes: readonly Mistake[]
  /** The options with environment and dialect, right or wrong. */
  readonly settings: Settings
  /** The options as they were written. */
  readonly raw: Settings
}

export function checkSession(raw: Settings, env: Environment): CheckedSession {
  const { output, mistakes, settings } = checkByRole(raw, env)
  const isNew = (found: Mistake) => !mistakes.some((other) => covers(other.path, found.path))
  const all = [...mistakes, ...brokenRules(settings, raw).filter(isNew)]
  return { config: all.length === 0 ? output : undefined, mistakes: all, settings, raw }
}

function checkByRole(raw: Settings, env: Environment): Checked<CompleteConfig> {
  const dialect = dialectDefaults[word(raw, 'dialect', env) ?? ''] ?? {}
  const role = word(raw, 'role', env)
  if (role === 'initiator') return check(raw, dialect, initiatorSchema(), env)
  if (role === 'acceptor') return check(raw, dialect, acceptorSchema(), env)
  return { ...check(raw, dialect, eitherRoleSchema(), env), output: undefined }
}

/** `defaults` of an engine, by themselves: nothing need be there, but what is there must be right. */
export function checkDefaults(raw: Settings, env: Environment): readonly Mistake[] {
  return check(raw, {}, defaultsSchema(), env).mistakes
}

/**
 * A session's options on top of `defaults`, leaving out what its role or version has no use for. The window of a schedule is
 * one thing: a session that says anything about its own takes nothing of the one in `defaults`.
 */
export function inherit(defaults: Settings, session: Settings, env: Environment): Settings {
  const merged = merge(defaults, session)
  const table = word(merged, 'role', env) === 'acceptor' ? acceptorTable : initiatorTable
  const foreign = word(merged, 'beginString', env) === 'FIXT.1.1' ? [] : fixtOnly
  const replaced = windowNames.some((name) => session[name] !== undefined) ? windowNames : []
  const useless = (name: string) =>
    session[name] === undefined &&
    (foreign.includes(name) ||
      replaced.includes(name) ||
      (Object.hasOwn(initiatorTable, name) && !Object.hasOwn(table, name)))
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !useless(name)))
}

/** Of these a session has its own or those of `defaults`, never some of both. */
export const windowNames: readonly string[] = ['windows', ...windowOptionNames]

interface Checked<Output> {
  readonly output: Output | undefined
  readonly mistakes: readonly Mistake[]
  readonly settings: Settings
}

function check<Schema extends z.ZodType>(
  raw: Settings,
  dialect: Settings,
  schema: Schema,
  env: Environment
): Checked<z.output<Schema>> {
  const expanded = expand(raw, env)
  const settings = merge(dialect, isSettings(expanded.value) ? expanded.value : {})
  let parsed = schema.safeParse(settings)
  if (!parsed.success && spellOut(settings, parsed.error.issues, expanded.fromEnvironment)) {
    parsed = schema.safeParse(settings)
  }
  const found = parsed.success ? [] : mistakesOf(parsed.error.issues, raw, settings.role)
  const unsaid = found.filter((mistake) => !expanded.mistakes.some((other) => covers(other.path, mistake.path)))
  return { output: parsed.data, mistakes: [...expanded.mistakes, ...unsaid], settings }
}

/** The environment knows only texts: where an option wants a number or a truth value, the text may spell one. */
function spellOut(settings: Settings, issues: readonly z.core.$ZodIssue[], fromEnvironment: ReadonlySet<string>) {
  let changed = false
  for (const path of issues.flatMap(pathsOf)) {
    const text = valueAt(settings, path)
    const value = typeof text === 'string' && fromEnvironment.has(pathKey(path)) ? spelled(text) : undefined
    const parent = valueAt(settings, path.slice(0, -1))
    if (value === undefined || typeof parent !== 'object' || parent === null) continue
    changed = Reflect.set(parent, path.at(-1)!, value) || changed
  }
  return changed
}

function covers(path: Path, other: Path): boolean {
  return path.length <= other.length && path.every((step, index) => step === other[index])
}

function word(raw: Settings, name: string, env: Environment): string | undefined {
  const value = expand(raw[name], env).value
  return typeof value === 'string' ? value : undefined
}
