import { isDeepStrictEqual } from 'node:util'
import { windowNames } from '../check.js'
import { type OptionRow, optionRows } from '../options.js'
import type { Carried, Translation } from './translation.js'

type Tree = Record<string, unknown>

/**
 * The sessions as our config: what they all have from [DEFAULT] stands in `defaults`, in the order of the table of
 * options.
 */
export function engineOptions(sessions: readonly Translation[]): Tree {
  const rows = optionRows()
  const names = ['role', ...new Set(rows.map((row) => row.name).filter((name) => name !== 'role'))]
  const shared = new Map<string, Carried>()
  for (const name of names) {
    const common = name === 'role' ? undefined : inherited(rows, name, sessions)
    if (common !== undefined) shared.set(name, common)
  }
  // A session that says anything about its own window takes nothing of the one in `defaults`.
  const someOwn = windowNames.some((name) => !shared.has(name) && sessions.some(({ options }) => options.has(name)))
  if (someOwn) for (const name of windowNames) shared.delete(name)
  const own = sessions.map((session) =>
    tree(names, (name) => (shared.has(name) ? undefined : session.options.get(name)))
  )
  return shared.size === 0 ? { sessions: own } : { defaults: tree(names, (name) => shared.get(name)), sessions: own }
}

/** The value that every session which can have the option has from [DEFAULT]. */
function inherited(rows: readonly OptionRow[], name: string, sessions: readonly Translation[]): Carried | undefined {
  const users = sessions.filter((session) => rows.some((row) => row.name === name && suits(row, session)))
  const [first, ...others] = users.map((session) => session.options.get(name))
  if (first?.inherited !== true) return undefined
  return others.every((other) => other?.inherited === true && isDeepStrictEqual(other.value, first.value))
    ? first
    : undefined
}

function suits({ role, option }: OptionRow, session: Translation): boolean {
  if (role !== undefined && role !== session.role) return false
  return option.only === undefined || session.options.get('beginString')?.value === option.only
}

/** `journal.path` becomes `{ journal: { path } }`. */
function tree(names: readonly string[], carriedOf: (name: string) => Carried | undefined): Tree {
  const root: Tree = {}
  for (const name of names) {
    const carried = carriedOf(name)
    if (carried === undefined) continue
    const steps = name.split('.')
    const last = steps.pop() ?? name
    let here = root
    for (const step of steps) {
      here[step] ??= {}
      here = here[step] as Tree
    }
    here[last] = carried.value
  }
  return root
}
