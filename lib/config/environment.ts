import { type Mistake, shown } from './mistake.js'
import { mapTexts, type Path } from './settings.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** What was written, with every `${NAME}` replaced. */
export interface Expanded {
  readonly value: unknown
  readonly mistakes: readonly Mistake[]
  /** Where text came from the environment; compared by `pathKey`. */
  readonly fromEnvironment: ReadonlySet<string>
}

export const pathKey = (path: Path): string => JSON.stringify(path)

/**
 * Replaces `${NAME}` in every text by the variable of that name; `$${` stands for `${` itself. A variable that is not
 * set is a mistake, one set to nothing is empty text.
 */
export function expand(raw: unknown, env: Environment): Expanded {
  const mistakes: Mistake[] = []
  const fromEnvironment = new Set<string>()
  const value = mapTexts(raw, (text, path) => {
    if (!text.includes('${')) return text
    return text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (reference, name: string | undefined, closed: string) => {
      if (name === undefined) return '${'
      fromEnvironment.add(pathKey(path))
      const wellFormed = closed !== '' && /^[A-Za-z_]\w*$/.test(name)
      const variable = wellFormed && Object.hasOwn(env, name) ? env[name] : undefined
      if (variable === undefined)
        mistakes.push({ path, got: shown(reference), ...(wellFormed ? unset(name) : malformed) })
      return variable ?? ''
    })
  })
  return { value, mistakes, fromEnvironment }
}

const orEscape = 'write "$${" for a "${" that is meant as it stands.'

const malformed = {
  expected: `"\${NAME}" with the name of an environment variable`,
  advice: `Correct the name, or ${orEscape}`
}

function unset(name: string): Pick<Mistake, 'expected' | 'advice'> {
  return { expected: `the environment variable ${name} to be set`, advice: `Set it, or ${orEscape}` }
}

/** The number or the truth value that a text from the environment spells; undefined for other texts. */
export function spelled(text: string): number | boolean | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}
