import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { FixConfigError } from '../errors.js'
import type { Environment } from './environment.js'
import { JsonSyntaxError, mapJson } from './json.js'
import { checkEngine } from './parse.js'
import type { ParsedEngineConfig } from './schema.js'

/**
 * Reads a config file such as `sessions.json`. Relative paths in it start at its folder.
 *
 * @throws FixConfigError when it cannot be read, is no JSON (file, line and column are named) or has mistakes.
 */
export function readEngineConfig(
  path: string,
  options: { readonly env?: Environment | undefined } = {}
): ParsedEngineConfig {
  return parseEngineText(readConfigText(path), path, options)
}

/** The text of a config file, without a byte order mark. */
export function readConfigText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    const got = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new FixConfigError(path, [
      { path: '(file)', expected: 'a file that can be read', got, advice: 'Check the path and its permissions.' }
    ])
  }
}

/** As `readEngineConfig`, for a text that was read from `path`. */
export function parseEngineText(
  text: string,
  path: string,
  options: { readonly env?: Environment | undefined } = {}
): ParsedEngineConfig {
  const repeated = repeatedIn(text, path)
  const { config, problems } = checkEngine(JSON.parse(text), { ...options, baseDir: dirname(resolve(path)) })
  if (config === undefined || repeated.length > 0) throw new FixConfigError(path, [...repeated, ...problems])
  return config
}

function repeatedIn(text: string, path: string) {
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
    throw new FixConfigError(`${path}:${line}:${column}`, [
      { path: '(syntax)', expected: error.expected, got: error.got, advice: 'Correct the JSON there.' }
    ])
  }
}
