import { nearest } from '../config/nearest.js'
import { type ConfigProblem, FixConfigError } from '../errors.js'
import type { EngineParts, SessionParts } from './parts.js'

/** A function, or an object with these methods. */
type Kind = 'function' | readonly string[]

const sessionKinds: Readonly<Record<keyof SessionParts, Kind>> = {
  shouldReplay: 'function',
  authenticate: 'function',
  signLogon: 'function',
  transport: ['dial', 'listen'],
  codec: ['push', 'decode', 'encode', 'reset'],
  journal: ['load', 'commit', 'read', 'close'],
  heartbeat: ['start', 'arm', 'stop'],
  clock: ['now', 'monotonic', 'setTimer', 'endOfTurn'],
  logger: ['debug', 'info', 'warn', 'error']
}

const engineKinds: Readonly<Record<keyof EngineParts, Kind>> = {
  ...sessionKinds,
  transport: 'function',
  codec: 'function',
  heartbeat: 'function'
}

/**
 * Parts are not part of a config, so no schema has seen them: a name that is written wrong would be a part that is not there.
 *
 * @throws FixConfigError naming every mistake.
 */
export function checkSessionParts(parts: unknown): void {
  check(parts, sessionKinds)
}

export function checkEngineParts(parts: unknown): void {
  check(parts, engineKinds)
}

function check(parts: unknown, kinds: Readonly<Record<string, Kind>>): void {
  if (typeof parts !== 'object' || parts === null) {
    const problem = { path: 'parts', expected: 'an object of parts', got: nameOf(parts), advice: 'Leave it out.' }
    throw new FixConfigError('parts', [problem])
  }
  const problems: ConfigProblem[] = []
  for (const [name, part] of Object.entries(parts)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    if (kind === undefined) problems.push(unknownPart(name, Object.keys(kinds)))
    else if (part !== undefined && !fits(part, kind)) problems.push(wrongPart(name, kind, part))
  }
  if (problems.length > 0) throw new FixConfigError('parts', problems)
}

function unknownPart(name: string, known: readonly string[]): ConfigProblem {
  const meant = nearest(name, known)
  const advice = meant === undefined ? `Known are ${known.join(', ')}.` : `Did you mean "${meant}"?`
  return { path: name, expected: 'a known part', got: JSON.stringify(name), advice }
}

function wrongPart(name: string, kind: Kind, part: unknown): ConfigProblem {
  const expected = kind === 'function' ? 'a function' : `an object with the methods ${kind.join(', ')}`
  const missing = kind === 'function' || typeof part !== 'object' ? [] : kind.filter((method) => !has(part, method))
  const got = missing.length > 0 && part !== null ? `one without ${missing.join(', ')}` : nameOf(part)
  return { path: name, expected, got, advice: 'Leave it out for the built-in one.' }
}

function fits(part: unknown, kind: Kind): boolean {
  if (kind === 'function') return typeof part === 'function'
  return kind.every((method) => has(part, method))
}

function has(part: unknown, method: string): boolean {
  if ((typeof part !== 'object' && typeof part !== 'function') || part === null) return false
  return typeof (part as Record<string, unknown>)[method] === 'function'
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
