import type { z } from 'zod'
import { windowOptionNames } from '../schedule/window-plan.js'
import { type Mistake, notShown, shown } from './mistake.js'
import { nearest } from './nearest.js'
import { isGroup, type Options } from './option.js'
import { scheduleOptions } from './options/schedule.js'
import { acceptorTable, initiatorTable, optionRows } from './options.js'
import { type Path, type Settings, valueAt } from './settings.js'

type Issue = z.core.$ZodIssue

/**
 * What zod found, as mistakes. `raw` is what the user wrote: values are shown from there, so that what `${NAME}` stood
 * for is never printed.
 */
export function mistakesOf(issues: readonly Issue[], raw: Settings, role: unknown): Mistake[] {
  return issues.flatMap((issue) => {
    const path = pathOf(issue)
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownOption([...path, key], role))
    return [wrongValue(issue, path, raw)]
  })
}

/** The places that an issue is about: where a value of several kinds was expected, those within it too. */
export function pathsOf(issue: Issue): Path[] {
  const path = pathOf(issue)
  const inner = issue.code === 'invalid_union' ? issue.errors.flat().flatMap(pathsOf) : []
  return [path, ...inner.map((rest) => [...path, ...rest])]
}

function pathOf(issue: Issue): Path {
  return issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
}

function wrongValue(issue: Issue, path: Path, raw: Settings): Mistake {
  const params = issue.code === 'custom' ? issue.params : undefined
  const written = params?.atKey === true ? path.at(-1) : valueAt(raw, path)
  const candidates = issue.code === 'invalid_value' ? issue.values : params?.candidates
  const meant =
    typeof written === 'string' && Array.isArray(candidates) ? nearest(written, candidates.map(String)) : undefined
  const got =
    params?.atKey !== true && isSecret(path) && typeof written === 'string' ? notShown(written) : shown(written)
  return { path, expected: issue.message, got, advice: adviceFor(meant, written) }
}

function isSecret([name, ...rest]: Path, options: Options = allOptions): boolean {
  const entry = options[String(name)]
  if (entry === undefined) return false
  if (!isGroup(entry)) return entry.secret === true
  // What stands in the place of a whole group may be what was meant for its secret.
  return rest.length > 0
    ? isSecret(rest, entry.members)
    : Object.keys(entry.members).some((member) => isSecret([member], entry.members))
}

function adviceFor(meant: string | undefined, written: unknown): string {
  if (meant !== undefined) return `Did you mean "${meant}"?`
  return written === undefined ? 'Add it.' : ''
}

function unknownOption(path: Path, role: unknown): Mistake {
  const name = String(path.at(-1))
  if (path.length === 1 && role === 'acceptor' && Object.hasOwn(initiatorTable, name)) {
    return { path, expected: 'an option of an acceptor', got: shown(name), advice: 'Leave it out: initiators have it.' }
  }
  const meant = meantOption(name, path.slice(0, -1))
  const advice = meant === undefined ? 'Leave it out.' : `Did you mean "${meant}"?`
  return { path, expected: 'a known option', got: shown(name), advice }
}

/** By case alone, by the QuickFIX family's name (`SocketConnectHost`), or by likeness. */
function meantOption(name: string, within: Path): string | undefined {
  const known = Object.keys(optionsAt(within))
  const same = (other: string) => other.toLowerCase() === name.toLowerCase()
  const fromQuickfix = () => optionRows().find((row) => row.option.quickfix.some(same))?.name
  return known.find(same) ?? (within.length === 0 ? fromQuickfix() : undefined) ?? nearest(name, known)
}

const allOptions: Options = { ...acceptorTable, ...initiatorTable }

/** The options that stand beside each other at a place in a config. */
function optionsAt(path: Path): Options {
  let options = allOptions
  for (const [index, step] of path.entries()) {
    if (typeof step === 'number') return path[index - 1] === 'windows' ? windowOptions : endpointOptions
    const entry = Object.hasOwn(options, step) ? options[step] : undefined
    if (entry === undefined) return {}
    if (isGroup(entry)) options = entry.members
  }
  return options
}

const endpointOptions: Options = { host: initiatorTable.host, port: initiatorTable.port }
const windowOptions: Options = Object.fromEntries(windowOptionNames.map((name) => [name, scheduleOptions[name]]))
