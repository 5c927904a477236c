import type { DataFields } from './data-fields.js'

/**
 * What a decoder must know of a message type to see its repeating groups.
 *
 * Declared here, implemented by `Dictionary`, so that the codec and `FixMessage` need not know dictionaries.
 */
export interface GroupStructure {
  /** Tag of the NumInGroup field, e.g. NoPartyIDs(453). */
  readonly countTag: number
  /** The group's first field, which opens each entry. */
  readonly delimiter: number
  /** Every tag that may stand directly in an entry, in the dictionary's order; a nested group shows as its count tag. */
  readonly members: readonly number[]
  /** Position in `members` by tag; undefined for a tag that is not a member. */
  readonly order: ReadonlyMap<number, number>
  /** Nested groups by count tag. */
  readonly groups: ReadonlyMap<number, GroupStructure>
}

export interface MessageStructure {
  readonly msgType: string
  /** Groups that stand directly in the message (header groups included) by count tag. */
  readonly groups: ReadonlyMap<number, GroupStructure>
  /**
   * Every tag that may stand directly in the message, header and trailer included. Where they are known, a tag that has no
   * place anywhere belongs to the group entry amid whose fields it stands; where they are not, it ends the group.
   */
  readonly members?: readonly number[] | undefined
  /** The first field that arrives in a group opens its entries, whatever the group's delimiter is. Default false. */
  readonly firstFieldIsDelimiter?: boolean | undefined
}

/** Gives the structure of a MsgType(35), or undefined where it is unknown (its fields are then flat). */
export interface StructureSource {
  structureOf(msgType: string, applVerId?: string): MessageStructure | undefined
  /** Data fields with their Length fields, where it knows more than the standard's; the same object each time. */
  readonly dataFields?: DataFields | undefined
  /** Header fields that the standard's header does not have; undefined where there are none. */
  readonly ownHeaderTags?: ReadonlySet<number> | undefined
}

const byFirstField = new WeakMap<MessageStructure, MessageStructure>()

/** The same structures, but for what opens an entry of a group: the first field that arrives, see `firstFieldIsDelimiter`. */
export function splitByFirstField(source: StructureSource): StructureSource {
  return {
    dataFields: source.dataFields,
    ownHeaderTags: source.ownHeaderTags,
    structureOf(msgType, applVerId) {
      const structure = source.structureOf(msgType, applVerId)
      if (structure === undefined) return undefined
      let split = byFirstField.get(structure)
      if (split === undefined) {
        split = { ...structure, firstFieldIsDelimiter: true }
        byFirstField.set(structure, split)
      }
      return split
    }
  }
}
