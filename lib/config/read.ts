import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type ConfigProblem, FixConfigError } from '../errors.js'
import type { Environment } from './environment.js'
import { type JsonMap, type JsonPosition, JsonSyntaxError, mapJson, positionIn } from './json.js'
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
 * @throws FixConfigError when it cannot be read, is no JSON or has mistakes, each of them with file, line and column.
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
  const map = mapOf(text, source)
  const repeated = map.repeated.map((member) => ({
    path: member,
    expected: 'each name once in an object',
    got: 'it again',
    advice: 'Remove all but one.'
  }))
  const { config, problems } = checkEngine(JSON.parse(text), { env: options.env, baseDir: dirname(resolve(path)) })
  if (config === undefined || repeated.length > 0) throw placedError([...repeated, ...problems], map, source)
  return config
}

/** The mistakes in the order of the file, each with line and column, as editors and terminals link them. */
function placedError(problems: readonly ConfigProblem[], map: JsonMap, source: string): FixConfigError {
  const places = new Map(problems.map((problem) => [problem, positionIn(map, problem.path) ?? start]))
  const at = (problem: ConfigProblem): JsonPosition => places.get(problem) ?? start
  const inOrder = [...problems].sort((a, b) => at(a).line - at(b).line || at(a).column - at(b).column)
  return new FixConfigError((problem) => `${source}:${at(problem).line}:${at(problem).column}`, inOrder)
}

const start: JsonPosition = { line: 1, column: 1 }

function mapOf(text: string, source: string): JsonMap {
  try {
    return mapJson(text)
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const { line, column } = error.position
    throw new FixConfigError(`${source}:${line}:${column}`, [
      { path: '(syntax)', expected: error.expected, got: error.got, advice: 'Correct the JSON there.' }
    ])
  }
}
