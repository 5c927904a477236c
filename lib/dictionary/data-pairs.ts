import { DataFields, dataFields, lengthTagOf, standardDataFields } from '../fix/data-fields.js'
import { Format, formatOf } from './data-types.js'
import { type Facts, type FieldFact, isBuiltInVersion, type Member } from './facts.js'

type Pair = readonly [lengthTag: number, dataTag: number]

/**
 * The data fields of dictionaries: the standard's, and those of users' files. Of a file's own data fields the Length field
 * is the one that is called like it (`VenueBlobLen`, `VenueBlobLength`), or else the field of type Length that stands
 * directly before it wherever it is listed (FIX tagvalue encoding, "data").
 */
export function dataFieldsOf(...all: readonly Facts[]): DataFields {
  const own = all.flatMap((facts) => (isBuiltInVersion(facts.source) ? [] : ownPairs(facts)))
  // Where two dictionaries differ, the first one's word counts.
  return own.length === 0 ? standardDataFields : new DataFields([...own.reverse(), ...dataFields])
}

function ownPairs(facts: Facts): Pair[] {
  const unpaired = new Map<number, FieldFact>()
  for (const tag of facts.tags()) {
    const field = facts.field(tag)
    if (field && isData(field, facts) && lengthTagOf(tag) === 0) unpaired.set(tag, field)
  }
  if (unpaired.size === 0) return []
  const pairs: Pair[] = []
  for (const [tag, { name }] of unpaired) {
    const length = facts.fieldNamed(`${name}Len`) ?? facts.fieldNamed(`${name}Length`)
    if (length === undefined || !isLength(length, facts)) continue
    pairs.push([length.tag, tag])
    unpaired.delete(tag)
  }
  for (const members of memberLists(facts)) {
    for (const [at, member] of members.entries()) {
      const before = members[at - 1]
      if (member.kind !== 'field' || before?.kind !== 'field' || !unpaired.has(member.tag)) continue
      if (facts.field(before.tag)?.type !== 'LENGTH') continue
      pairs.push([before.tag, member.tag])
      unpaired.delete(member.tag)
    }
  }
  return pairs
}

function isData({ type }: FieldFact, { version }: Facts): boolean {
  return formatOf(type, version) === Format.Data
}

function isLength({ type }: FieldFact, { version }: Facts): boolean {
  const format = formatOf(type, version)
  return format === Format.Unsigned || format === Format.Int
}

function memberLists(facts: Facts): (readonly Member[])[] {
  const components = facts.componentNames().map((name) => facts.component(name)?.members ?? [])
  const messages = facts.msgTypes().map((msgType) => facts.message(msgType)?.members ?? [])
  return [facts.header, facts.trailer, ...components, ...messages].flatMap(withGroups)
}

function withGroups(members: readonly Member[]): (readonly Member[])[] {
  return [members, ...members.flatMap((member) => (member.kind === 'group' ? withGroups(member.members) : []))]
}
