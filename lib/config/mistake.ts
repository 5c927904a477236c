import type { ConfigProblem } from '../errors.js'
import type { Path } from './settings.js'

/** A `ConfigProblem` whose place is still a list of steps within one session's options. */
export interface Mistake {
  readonly path: Path
  readonly expected: string
  readonly got: string
  readonly advice: string
}

/** A value as errors show it: short, and never with what is inside an object. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}...` : value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

/** As `shown`, for a secret: `${NAME}` alone is none. */
export function notShown(secret: string): string {
  return /^\$\{\w+\}$/.test(secret) ? shown(secret) : 'a text that is not shown here'
}

/** `sessions[1].journal.path`; names that are no identifiers in brackets and quotes. */
export function formatPath(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[A-Za-z_$][\w$]*$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${shown(step)}]`
  }
  return text === '' ? '(top level)' : text
}

export function problemOf(mistake: Mistake, within: Path = []): ConfigProblem {
  return {
    path: formatPath([...within, ...mistake.path]),
    expected: mistake.expected,
    got: mistake.got,
    advice: mistake.advice
  }
}
