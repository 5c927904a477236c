import { checkEngine } from '../parse.js'
import { mapTexts } from '../settings.js'
import { carriers } from './carriers.js'
import { engineOptions } from './engine-options.js'
import { asReferences } from './references.js'
import { moveSecrets, SecretNames } from './secrets.js'
import { type Note, readSettings, type SessionSection } from './settings-file.js'
import { type Places, Translation } from './translation.js'

export type { Note } from './settings-file.js'
export type { Places } from './translation.js'

/** What came out of a settings file. */
export interface ImportedSettings {
  /** What `sessions.json` is to hold; undefined where there are mistakes. */
  readonly config: Readonly<Record<string, unknown>> | undefined
  /** What could not be carried over, or changes, in the order of the file. */
  readonly notes: readonly Note[]
  /** Where its journals and logs will be; the folders are to be there. */
  readonly files: readonly string[]
  /** Why the settings make no config. */
  readonly mistakes: readonly string[]
}

/**
 * Turns a settings file of QuickFIX (C++, /J, /n, Go) into our config. Secrets are replaced by variables of the
 * environment. What comes out passes `parseEngineConfig`.
 */
export function importSettings(text: string, places: Places): ImportedSettings {
  const file = readSettings(text)
  const notes = [...file.notes]
  const mistakes: string[] = []
  if (file.sessions.length === 0) mistakes.push('expected at least one [SESSION], got none')
  const names = new SecretNames()
  const sessions = file.sessions.flatMap((section) => {
    const role = roleOf(section)
    if (role === undefined) {
      mistakes.push(`[SESSION] in line ${section.line}: expected ConnectionType to be initiator or acceptor`)
      return []
    }
    const session = new Translation(role, section, places)
    for (const carry of carriers) carry(session)
    referVariables(session)
    for (const { option, variable, line } of moveSecrets(session.options, names)) {
      session.notes.push({ line, text: `${option}: a secret: set ${variable} in the environment to it` })
    }
    notes.push(...session.notes)
    return [session]
  })
  const config = engineOptions(sessions)
  if (sessions.length > 0) mistakes.push(...mistakesIn(config, sessions))
  return {
    config: mistakes.length > 0 ? undefined : config,
    notes: inOrder(notes),
    files: [...new Set(sessions.flatMap(filesOf))],
    mistakes
  }
}

/** Go has no ConnectionType: who has a port to listen on is an acceptor. */
function roleOf({ settings }: SessionSection): 'initiator' | 'acceptor' | undefined {
  const written = settings.get('connectiontype')?.value.toLowerCase()
  if (written === 'initiator' || written === 'acceptor') return written
  if (written) return undefined
  const accepts = Boolean(settings.get('socketacceptport')?.value)
  const dials = Boolean(settings.get('socketconnecthost')?.value)
  if (accepts === dials) return undefined
  return accepts ? 'acceptor' : 'initiator'
}

function filesOf({ options }: Translation): string[] {
  return ['journal.path', 'log.file'].flatMap((name) => {
    const path = options.get(name)?.value
    return typeof path === 'string' && !path.includes('${') ? [path] : []
  })
}

function referVariables(session: Translation): void {
  const asked = new Map<string, number>()
  for (const [option, carried] of session.options) {
    const value = mapTexts(carried.value, (text) => {
      const { text: converted, names } = asReferences(text)
      for (const name of names) asked.set(name, carried.line)
      return converted
    })
    session.options.set(option, { ...carried, value })
  }
  for (const [name, line] of asked) session.notes.push({ line, text: `${name} is looked up in the environment` })
}

function mistakesIn(config: Readonly<Record<string, unknown>>, sessions: readonly Translation[]): string[] {
  // A variable can be anything, and is checked when the config is read.
  const env: Record<string, string> = {}
  mapTexts(config, (text) => {
    for (const [, name] of text.matchAll(/\$\{(\w+)\}/g)) if (name !== undefined) env[name] = '1'
    return text
  })
  const { problems } = checkEngine(config, { env })
  return problems.flatMap(({ path, expected, got, advice }) => {
    const index = Number(/^sessions\[(\d+)\]/.exec(path)?.[1] ?? -1)
    if (got.includes('${')) return []
    const line = sessions[index]?.line
    const where = line === undefined ? path : `[SESSION] in line ${line}: ${path.replace(/^sessions\[\d+\]\.?/, '')}`
    return [`${where}: expected ${expected}, got ${got}.${advice === '' ? '' : ` ${advice}`}`]
  })
}

/** What is inherited was met in every session, and is told once. */
function inOrder(notes: readonly Note[]): Note[] {
  const told = new Map(notes.map((note) => [`${note.line} ${note.key} ${note.text}`, note]))
  return [...told.values()].sort((a, b) => a.line - b.line)
}
