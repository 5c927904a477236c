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
}

/** Gives the structure of a MsgType(35), or undefined where it is unknown (its fields are then flat). */
export interface StructureSource {
  structureOf(msgType: string, applVerId?: string): MessageStructure | undefined
}
