import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { FixEngine } from '../engine.js'
import { FixError } from '../errors.js'
import type { FixSession } from '../session.js'
import { UsageError } from './command.js'

/** What `--app` names: attaches listeners to each session before it starts. */
export type App = (session: FixSession, engine: FixEngine) => unknown

/**
 * Loads the module that `--app` names.
 *
 * @throws UsageError where there is no such module or it exports no function; FixError `APP_FAILED` with file and line where it
 * cannot be loaded.
 */
export async function loadApp(path: string): Promise<App> {
  if (!existsSync(path)) throw new UsageError(`expected --app to name a JavaScript module, got no such file: ${path}`)
  let loaded: { default?: unknown }
  try {
    loaded = await import(pathToFileURL(path).href)
  } catch (error) {
    throw new FixError('APP_FAILED', `cannot load ${path}: ${whyNotLoaded(path, error)}`, { cause: error })
  }
  if (typeof loaded.default === 'function') return loaded.default as App
  const exported = 'default' in loaded ? `its default export is a ${typeof loaded.default}` : 'it has no default export'
  throw new UsageError(
    `expected ${path} to have a function as its default export, but ${exported}: export default (session) => { ... }`
  )
}

/** Calls the app for one session. @throws FixError `APP_FAILED` with what it threw. */
export async function callApp(app: App, session: FixSession, engine: FixEngine): Promise<void> {
  try {
    await app(session, engine)
  } catch (error) {
    throw new FixError('APP_FAILED', `the app failed for ${session.id}: ${ownFrames(error)}`, { cause: error })
  }
}

function whyNotLoaded(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (error instanceof SyntaxError) return placeOf(path, error)
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return `expected JavaScript (.js, .mjs), got ${path}. Compile it first, or have Node load it: NODE_OPTIONS="--import tsx".`
  if (code === 'ERR_MODULE_NOT_FOUND' && error instanceof Error) return `${error.message}.`
  return ownFrames(error)
}

/** Node tells the line of a syntax error only when it ends the process: another one reads the file, and does not run it. */
function placeOf(path: string, error: SyntaxError): string {
  const place = /^file:\S+:\d+$/m.exec(String(error.stack))?.[0]
  if (place !== undefined) return `${readable(place)}: ${String(error)}`
  const { stderr } = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8', timeout: 10_000 })
  const [, where, line = ''] = /^(\S.*:\d+)\n([^\n]*)/m.exec(stderr ?? '') ?? []
  const advice = /outside a module|token 'export'/.test(error.message)
    ? '\nName it .mjs, or set "type": "module" in its package.json: it is no CommonJS.'
    : ''
  if (where !== undefined) return `${readable(where)}: ${String(error)}\n  ${line.trim()}${advice}`
  return `${String(error)}, in a module that it imports. "node --check FILE" names the line.`
}

/** The text of an error and the lines of its stack that are not of Node or of gapfill itself. */
function ownFrames(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const ours = new URL('..', import.meta.url).href
  const lines = (error.stack ?? String(error)).split('\n')
  const foreign = lines.filter((line) => !/^\s+at /.test(line) || !(line.includes('node:') || line.includes(ours)))
  return foreign.join('\n')
}

const readable = (place: string): string =>
  place.startsWith('file:') ? place.replace(/^file:\S+?(?=:\d+$)/, (url) => fileURLToPath(url)) : place
