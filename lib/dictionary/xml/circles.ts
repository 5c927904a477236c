import { FixDictionaryError } from '../../errors.js'
import type { Facts, Member } from '../facts.js'

/** Components nest three deep in FIX 5.0 SP2; a limit because what reads them recurses. */
const maxNesting = 100

/** Throws FixDictionaryError when a component contains itself, directly or through others. */
export function refuseCircles(facts: Facts, file: string, lineOf: (component: string) => number | undefined): void {
  const sound = new Set<string>()
  const path: string[] = []
  const fail = (name: string, message: string): never => {
    throw new FixDictionaryError(file, lineOf(name) ?? 1, 'component', message)
  }
  const visitMembers = (members: readonly Member[]): void => {
    for (const member of members) {
      if (member.kind === 'component') visit(member.name)
      else if (member.kind === 'group') visitMembers(member.members)
    }
  }
  const visit = (name: string): void => {
    if (sound.has(name)) return
    const start = path.indexOf(name)
    if (start >= 0) {
      fail(name, `circular components: ${[...path.slice(start), name].join(' -> ')}. Take one of these references out.`)
    }
    if (path.length >= maxNesting) fail(path[0] ?? name, `components nest more than ${maxNesting} deep.`)
    path.push(name)
    visitMembers(facts.component(name)?.members ?? [])
    path.pop()
    sound.add(name)
  }
  for (const name of facts.componentNames()) visit(name)
}

/** Tag of the field that comes first when components are expanded; undefined where there is none. Facts without circles. */
export function firstTag(facts: Facts, members: readonly Member[]): number | undefined {
  for (const member of members) {
    if (member.kind !== 'component') return member.tag
    const tag = firstTag(facts, facts.component(member.name)?.members ?? [])
    if (tag !== undefined) return tag
  }
  return undefined
}
