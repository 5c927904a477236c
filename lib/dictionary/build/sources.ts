import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type BuiltInVersion, builtInVersions, type Facts } from '../facts.js'
import { readDictionaryXml } from '../xml/dictionary-xml.js'

/** The QuickFIX XML files that the built-in tables are made from, by version, as `FIX44.xml` in `directory`. */
export function readSources(directory: string): Map<BuiltInVersion, Facts> {
  return new Map(
    builtInVersions.map((version) => {
      const file = path.join(directory, `${version.replaceAll('.', '')}.xml`)
      const { facts } = readDictionaryXml(readFileSync(file), file, () => {
        throw new Error(`${file}: a source extends nothing`)
      })
      if (facts.version !== version) throw new Error(`${file}: expected ${version}, got ${facts.version}`)
      return [version, facts] as const
    })
  )
}
