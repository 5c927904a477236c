import { basename } from 'node:path'
import { applVerIdOf } from '../../fix/appl-ver-ids.js'
import { builtInDictionaries } from '../values.js'
import { holdsReference } from './references.js'
import type { Setting } from './settings-file.js'
import { slashed } from './slashed.js'
import type { Translation } from './translation.js'

/** The dictionaries of a session. Without UseDataDictionary=N the engines want one. */
export function dictionaries(session: Translation): void {
  const use = session.take('UseDataDictionary')
  const plain = session.take('DataDictionary')
  const application = session.take('AppDataDictionary')
  const transport = session.take('TransportDataDictionary')
  const byVersion = session.takeAll('AppDataDictionary.<ver>')
  if (use !== undefined && /^n$/i.test(use.value)) return
  const beginString = session.options.get('beginString')
  const fixt = beginString?.value === 'FIXT.1.1'
  const named = fixt ? (application ?? plain) : plain
  if (named !== undefined) session.set('dictionary', fileOf(session, named), named)
  else if (!fixt && beginString !== undefined) {
    session.assume('dictionary', beginString.value, beginString)
    if (use === undefined) noneNamed(session, String(beginString.value))
  }
  if (!fixt) return
  if (transport !== undefined) session.set('transportDictionary', fileOf(session, transport), transport)
  const versions = byVersion.flatMap((setting): [string, string][] => {
    const version = applVerIdOf(setting.key.slice('AppDataDictionary.'.length))
    if (version !== undefined) return [[version, fileOf(session, setting)]]
    session.note(setting, 'left out: its name ends in no FIX version')
    return []
  })
  if (versions.length > 0) session.set('appDictionaries', Object.fromEntries(versions), ...byVersion)
  if (named === undefined && transport === undefined && versions.length === 0) {
    session.assume('transportDictionary', 'FIXT.1.1', beginString)
    if (use === undefined) noneNamed(session, 'FIXT.1.1')
  }
}

function noneNamed(session: Translation, version: string): void {
  session.notes.push({
    line: session.line,
    text: `no dictionary is named: ${version} is taken, as QuickFIX/J does; QuickFIX/Go does without`
  })
}

/** The file where it is, or the built-in dictionary where a stock file that the engines bring along was meant. */
function fileOf(session: Translation, setting: Setting): string {
  const { value } = setting
  if (holdsReference(value)) return value
  const found = session.places.find(value) ?? session.places.find(slashed(value))
  if (found !== undefined) return found
  const stock = stockDictionary(value)
  session.note(
    setting,
    stock === undefined
      ? `there is no file ${value}: put it there, or name a built-in dictionary`
      : `there is no file ${value}: the built-in ${stock} takes its place`
  )
  return stock ?? value
}

/** `FIX44.xml`, `FIX50SP2.xml`, `FIXT11.xml`: the files of the engines. */
function stockDictionary(path: string): string | undefined {
  const name = basename(slashed(path)).toLowerCase()
  return builtInDictionaries.find((version) => name === `${version.replaceAll('.', '').toLowerCase()}.xml`)
}
