import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { FixDictionaryError } from '../errors.js'
import { type BuiltInVersion, type Facts, isBuiltInVersion } from './facts.js'
import { LayeredFacts } from './layered-facts.js'
import { type Records, readRecords, TableFacts, tableHead } from './table.js'
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
  readonly facts: Facts
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

/** Facts by built-in version or path; FIX 5.0 and later completed by FIXT.1.1. Throws FixDictionaryError. */
export function loadFactsSync(nameOrPath: string): LoadedFacts {
  return isBuiltInVersion(nameOrPath)
    ? { facts: complete(builtInFacts(nameOrPath)), warnings: [] }
    : fromFile(nameOrPath)
}

/** As `loadFactsSync`, reading a user's file without blocking. Built-in tables take a few milliseconds either way. */
export async function loadFacts(nameOrPath: string): Promise<LoadedFacts> {
  if (isBuiltInVersion(nameOrPath)) return loadFactsSync(nameOrPath)
  const bytes = await readFile(nameOrPath).catch((error: unknown) => cannotRead(nameOrPath, error))
  return fromBytes(bytes, nameOrPath, [])
}

function fromFile(file: string, extending: readonly string[] = []): LoadedFacts {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return cannotRead(file, error)
  }
  return fromBytes(bytes, file, extending)
}

function fromBytes(bytes: Uint8Array, file: string, extending: readonly string[]): LoadedFacts {
  const chain = [...extending, path.resolve(file)]
  const { facts, warnings } = readDictionaryXml(bytes, file, (extended) => {
    if (isBuiltInVersion(extended)) return builtInFacts(extended)
    const next = path.resolve(path.dirname(file), extended)
    if (chain.includes(next) || chain.length > maxExtensions) {
      throw new FixDictionaryError(file, 1, 'fix', `extends: ${[...chain, next].join(' -> ')} never ends.`)
    }
    return fromFile(next, chain).facts
  })
  return { facts: complete(facts), warnings }
}

function complete(facts: Facts): Facts {
  return /^FIX\.(?:[5-9]|Latest)/.test(facts.version) ? new LayeredFacts(facts, builtInFacts('FIXT.1.1')) : facts
}

function cannotRead(file: string, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error)
  const advice = 'Give a built-in version (FIX.4.0 to FIX.5.0SP2, FIXT.1.1) or the path of an XML file.'
  throw new FixDictionaryError(file, 0, 'xml', `cannot be read: ${reason}. ${advice}`)
}
