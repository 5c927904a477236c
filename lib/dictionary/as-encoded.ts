import type { FieldSet } from '../fix/field-set.js'
import { isHeaderTag } from '../fix/header.js'
import { inDictionaryOrder } from '../fix/member-order.js'
import { FixMessage } from '../fix/message.js'
import type { GroupStructure, StructureSource } from '../fix/structure.js'

type Groups = ReadonlyMap<number, GroupStructure> | undefined

/**
 * A message as it will stand on the wire: what was built has its fields and group members in any order, and the encoder puts
 * header fields first and members in the dictionary's order. One that was received, or stands so already, is itself.
 */
export function asEncoded(message: FixMessage, source: StructureSource): FixMessage {
  if (message.wire !== undefined) return message
  const given = message.tags()
  const inHeader = (tag: number): boolean => isHeaderTag(tag) || source.ownHeaderTags?.has(tag) === true
  const tags = [...given.filter(inHeader), ...given.filter((tag) => !inHeader(tag))]
  if (tags.every((tag, at) => tag === given[at]) && !tags.some((tag) => message.isGroup(tag))) return message
  const copy = new FixMessage(message.msgType)
  const groups = source.structureOf(message.msgType, message.get(1128))?.groups
  copyFields(message, copy, tags, groups)
  return copy
}

function copyFields(from: FieldSet, to: FieldSet, tags: readonly number[], groups: Groups): void {
  for (const tag of tags) {
    if (tag === 35) continue
    const entries = from.isGroup(tag) ? from.groups(tag) : []
    if (entries.length === 0) {
      to.setAll([[tag, Buffer.from(from.get(tag) ?? '', 'latin1')]], { replace: true, allowEmpty: true })
      continue
    }
    const structure = groups?.get(tag)
    for (const entry of entries) {
      const members = entry.tags()
      const order = structure === undefined ? undefined : inDictionaryOrder(members, structure)
      const ordered = order === undefined ? members : order.map((at) => members[at] as number)
      copyFields(entry, to.addGroup(tag, []), ordered, structure?.groups)
    }
  }
}
