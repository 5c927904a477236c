import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type ConfigProblem, FixConfigError } from '../errors.js'
import type { Environment } from './environment.js'
import { JsonSyntaxError, mapJson } from './json.js'
import { checkEngine } from './parse.js'
import type { ParsedEngineConfig } from './schema.js'

export interface ReadOptions {
  /** Where `${NAME}` is looked up. Default: the environment of the process. */
  readonly env?: Environment | undefined
  /** What errors call the file. Default: its path. */
  readonly source?: string | undefined
}

/**
 * Reads a config file such as `sessions.json`. Relative paths in it start at its folder.
 *
 * @throws FixConfigError when it cannot be read, is no JSON (file, line and column are named) or has mistakes.
 */
export function readEngineConfig(path: string, options: ReadOptions = {}): ParsedEngineConfig {
  return parseEngineText(readConfigText(path, options.source), path, options)
}

/** The text of a config file, without a byte order mark. */
export function readConfigText(path: string, source: string = path): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    const got = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new FixConfigError(source, [
      { path: '(file)', expected: 'a file that can be read', got, advice: 'Check the path and its permissions.' }
    ])
  }
}

/** As `readEngineConfig`, for a text that was read from `path`. */
export function parseEngineText(text: string, path: string, options: ReadOptions = {}): ParsedEngineConfig {
  const source = options.source ?? path
  const repeated = repeatedIn(text, source)
  const { config, problems } = checkEngine(JSON.parse(text), { env: options.env, baseDir: dirname(resolve(path)) })
  if (config === undefined || repeated.length > 0) throw new FixConfigError(source, [...repeated, ...problems])
  return config
}

function repeatedIn(text: string, source: string): ConfigProblem[] {
  try {
    return mapJson(text).repeated.map((member) => ({
      path: member,
      expected: 'each name once in an object',
      got: 'it again',
      advice: 'Remove all but one.'
    }))
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const { line, column } = error.position
    throw new FixConfigError(`${source}:${line}:${column}`, [
      { path: '(syntax)', expected: error.expected, got: error.got, advice: 'Correct the JSON there.' }
    ])
  }
}
