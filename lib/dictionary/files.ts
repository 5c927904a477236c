import { readFileSync, statSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { nearest } from '../config/nearest.js'
import { FixDictionaryError } from '../errors.js'
import { type BuiltInVersion, builtInVersions, type Facts, isBuiltInVersion, usesFixt } from './facts.js'
import { StandardParts } from './standard-parts.js'
import { type Records, readRecords, TableFacts, tableHead } from './table.js'
import { TransportFacts } from './transport-facts.js'
import { readDictionaryXml } from './xml/dictionary-xml.js'

/**
 * Where dictionaries come from: the tables of the built-in versions and users' XML files. The only place in
 * `lib/dictionary` that touches the file system.
 *
 * Tables are data beside the sources; `lib` is part of the package, so the path is the same from `lib` and from `dist`.
 */
const tables = new URL('../../lib/dictionary/tables/', import.meta.url)

const records = new Map<string, Records>()
const builtIn = new Map<string, Facts>()

/** Longest chain of files that extend each other. */
const maxExtensions = 16

export interface LoadedFacts {
  /** Complete: FIX 5.0 and later with header, trailer and session messages of FIXT.1.1. */
  readonly facts: Facts
  /** What the source itself states. */
  readonly ownFacts: Facts
  readonly warnings: readonly string[]
}

/** The facts of a built-in version exactly as its own dictionary states them (FIX 5.0: without header and trailer). */
export function builtInFacts(version: BuiltInVersion): Facts {
  let facts = builtIn.get(version)
  if (!facts) {
    facts = new TableFacts(version, recordsOf(version))
    builtIn.set(version, facts)
  }
  return facts
}

function recordsOf(version: string): Records {
  let found = records.get(version)
  if (!found) {
    const text = readFileSync(new URL(`${version}.txt`, tables), 'utf8')
    const { base } = tableHead(text)
    found = readRecords(text, base === undefined ? undefined : recordsOf(base))
    records.set(version, found)
  }
  return found
}

/** Facts by built-in version or path. The same object as long as the file has not changed. Throws FixDictionaryError. */
export function loadFactsSync(nameOrPath: string): LoadedFacts {
  if (isBuiltInVersion(nameOrPath)) return builtInLoaded(nameOrPath)
  try {
    const { mtimeMs, size } = statSync(nameOrPath)
    return rememberFile(nameOrPath, `${mtimeMs} ${size}`, () => fromFile(nameOrPath))
  } catch (error) {
    return cannotRead(nameOrPath, error)
  }
}

/** As `loadFactsSync`, reading a user's file without blocking. Built-in tables take a few milliseconds either way. */
export async function loadFacts(nameOrPath: string): Promise<LoadedFacts> {
  if (isBuiltInVersion(nameOrPath)) return builtInLoaded(nameOrPath)
  try {
    const { mtimeMs, size } = await stat(nameOrPath)
    const bytes = await readFile(nameOrPath)
    return rememberFile(nameOrPath, `${mtimeMs} ${size}`, () => fromBytes(bytes, nameOrPath))
  } catch (error) {
    return cannotRead(nameOrPath, error)
  }
}

const loaded = new Map<string, LoadedFacts>()

function builtInLoaded(version: BuiltInVersion): LoadedFacts {
  let found = loaded.get(version)
  if (!found) {
    const ownFacts = builtInFacts(version)
    found = { facts: complete(ownFacts), ownFacts, warnings: [] }
    loaded.set(version, found)
  }
  return found
}

const files = new Map<string, { readonly stamp: string; readonly loaded: LoadedFacts }>()
/** Thousands of sessions may name one file; no process names many. */
const mostFiles = 64

function rememberFile(file: string, stamp: string, read: () => LoadedFacts): LoadedFacts {
  const key = path.resolve(file)
  const known = files.get(key)
  if (known?.stamp === stamp) return known.loaded
  const fresh = read()
  const oldest = files.keys().next().value
  if (files.size >= mostFiles && oldest !== undefined) files.delete(oldest)
  files.set(key, { stamp, loaded: fresh })
  return fresh
}

function fromFile(file: string, extending: readonly string[] = []): LoadedFacts {
  return fromBytes(readFileSync(file), file, extending)
}

function fromBytes(bytes: Uint8Array, file: string, extending: readonly string[] = []): LoadedFacts {
  const chain = [...extending, path.resolve(file)]
  const { facts, warnings } = readDictionaryXml(bytes, file, (extended) => {
    if (isBuiltInVersion(extended)) return builtInFacts(extended)
    const next = path.resolve(path.dirname(file), extended)
    if (chain.includes(next) || chain.length > maxExtensions) {
      throw new FixDictionaryError(file, 1, 'fix', `extends: ${[...chain, next].join(' -> ')} never ends.`)
    }
    try {
      return fromFile(next, chain).ownFacts
    } catch (error) {
      return cannotRead(next, error, ` ${file} extends it.`)
    }
  })
  return { facts: complete(facts), ownFacts: facts, warnings: [...missingParts(facts), ...warnings] }
}

/** FIX 5.0 and later are carried by FIXT.1.1; a file that leaves out header or trailer means those of its version. */
function complete(facts: Facts): Facts {
  const { version } = facts
  if (usesFixt(version) && !version.startsWith('FIXT')) {
    return new TransportFacts(facts, builtInFacts('FIXT.1.1'), 'application')
  }
  const isComplete = facts.header.length > 0 && facts.trailer.length > 0
  return isComplete || !isBuiltInVersion(version) ? facts : new StandardParts(facts, builtInFacts(version))
}

function missingParts({ version, source, header, trailer }: Facts): string[] {
  if (usesFixt(version) && !version.startsWith('FIXT')) return []
  const missing = [...(header.length > 0 ? [] : ['header']), ...(trailer.length > 0 ? [] : ['trailer'])]
  return missing.map((part) => `${source}:1: <fix>: it has no <${part}>; that of ${version} counts.`)
}

function cannotRead(file: string, error: unknown, why = ''): never {
  if (error instanceof FixDictionaryError) throw error
  const got = error instanceof Error && 'code' in error ? whyUnread[String(error.code)] : undefined
  const meant = nearestBuiltIn(path.basename(file))
  throw new FixDictionaryError(
    file,
    0,
    'xml',
    `expected a built-in version (${builtInVersions.join(', ')}) or the path of an XML file, ` +
      `got ${got ?? String(error)}.${why}${meant === undefined ? '' : ` Did you mean "${meant}"?`}`
  )
}

const whyUnread: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'a file that this user may not read'
}

/** FIX44, fix4.4 and FIX-4.4 are the same to people. */
function nearestBuiltIn(name: string): string | undefined {
  const letters = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  return builtInVersions.find((version) => letters(version) === letters(name)) ?? nearest(name, builtInVersions)
}
