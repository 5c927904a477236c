import type { GroupStructure, MessageStructure } from './structure.js'
import type { WireFields } from './wire-fields.js'

const ZERO = 0x30

const MEMBER = 1
const COUNT = 2
const HIDDEN = 4

/** Tags below this have their traits in an array, the few above in a map. */
const ARRAY_LIMIT = 8192

/** A GroupStructure or MessageStructure made ready for fast questions about a tag. */
export class FieldLayout {
  /** All members of the message are known, so that a tag can be told to have no place in it. */
  readonly isComplete: boolean
  readonly firstFieldIsDelimiter: boolean
  readonly #structures: ReadonlyMap<number, GroupStructure>
  /** Made when they are first asked for: a type of FIX 5.0 SP2 has hundreds, and a message a few. */
  readonly #groups = new Map<number, GroupLayout>()
  protected readonly low: Uint8Array
  readonly #high: ReadonlyMap<number, number>
  /** Traits of a tag that has no place here. */
  readonly #stray: number

  constructor(
    groups: ReadonlyMap<number, GroupStructure>,
    members: readonly number[],
    isComplete: boolean,
    firstFieldIsDelimiter: boolean
  ) {
    this.isComplete = isComplete
    this.firstFieldIsDelimiter = firstFieldIsDelimiter
    this.#structures = groups
    // A tag without a place may stand in an entry: the first one found need not be that of this level.
    this.#stray = isComplete && groups.size > 0 ? HIDDEN : 0
    const low = new Uint8Array(ARRAY_LIMIT).fill(this.#stray)
    const high = new Map<number, number>()
    let size = 0
    const put = (tag: number, traits: number): void => {
      if (tag < 0 || tag >= ARRAY_LIMIT) {
        high.set(tag, traits)
        return
      }
      low[tag] = traits
      if (tag >= size) size = tag + 1
    }
    const add = (tag: number, trait: number): void => put(tag, trait | ((high.get(tag) ?? low[tag]) as number))
    for (const tag of members) put(tag, MEMBER)
    for (const [countTag, group] of groups) {
      add(countTag, COUNT)
      for (const tag of tagsIn(group)) add(tag, HIDDEN)
    }
    this.low = low.slice(0, size)
    this.#high = high
  }

  /** The repeating group directly in it that `countTag` counts. */
  group(countTag: number): GroupLayout | undefined {
    const known = this.#groups.get(countTag)
    if (known !== undefined) return known
    const structure = this.#structures.get(countTag)
    if (structure === undefined) return undefined
    const layout = new GroupLayout(structure, this)
    this.#groups.set(countTag, layout)
    return layout
  }

  /** True for the count tag of a repeating group directly in it. */
  isCount(tag: number): boolean {
    return (this.traits(tag) & COUNT) !== 0
  }

  /** True for a tag that may stand inside one of its groups, so that the first one found need not be its own. */
  hides(tag: number): boolean {
    return (this.traits(tag) & HIDDEN) !== 0
  }

  isMember(tag: number): boolean {
    return (this.traits(tag) & MEMBER) !== 0
  }

  /** True for a tag that may stand here or around it. */
  hasPlaceFor(tag: number): boolean {
    return this.isMember(tag)
  }

  /** The field after `field` at this level: behind the whole group where `field` is the count of one. */
  next(wire: WireFields, field: number, last: number): number {
    const tag = wire.tagAt(field)
    if (!this.isCount(tag)) return field + 1
    const group = this.group(tag)
    return group === undefined ? field + 1 : group.end(wire, field, last)
  }

  /** The first field of this level, from `first` to `last` (exclusive), with this tag, or -1. */
  find(wire: WireFields, tag: number, first: number, last: number): number {
    if (!this.hides(tag)) return wire.find(tag, first, last)
    for (let field = first; field < last; field = this.next(wire, field, last)) {
      if (wire.tagAt(field) === tag) return field
    }
    return -1
  }

  /** What a tag is here: a sum of MEMBER, COUNT and HIDDEN. */
  protected traits(tag: number): number {
    if (tag >= 0 && tag < this.low.length) return this.low[tag] as number
    return this.#high.size === 0 ? this.#stray : (this.#high.get(tag) ?? this.#stray)
  }
}

/** Where the entries of a group are. */
class Split {
  entries = 0
  /** Where each entry begins, and then where the group ends. What stands behind that means nothing. */
  readonly starts: number[] = []
  /** No entry has a group of its own. */
  isFlat = true
  /** What it was found in: the shape of the message, where the count stood, and the end of what that stood in. */
  shape = 0
  count = 0
  last = 0

  /**
   * True when it will be found once more. Values matter only where there are groups in the entries: whether they have a count
   * of 0.
   */
  isOf(wire: WireFields, count: number, last: number): boolean {
    return this.shape === wire.shape && this.shape !== 0 && this.isFlat && this.count === count && this.last === last
  }
}

const noEntries = new Split()

export class GroupLayout extends FieldLayout {
  readonly structure: GroupStructure
  /** The message or the entry that the group stands in. */
  readonly #around: FieldLayout
  /** Most messages have the tags of the one before. */
  readonly #split = new Split()

  constructor(structure: GroupStructure, around: FieldLayout) {
    const members = [...structure.members, structure.delimiter]
    super(structure.groups, members, around.isComplete, around.firstFieldIsDelimiter)
    this.structure = structure
    this.#around = around
  }

  /**
   * The field behind the group whose count stands at `count`.
   *
   * A group goes on as long as its members come, whatever its count says, but for a count of 0, which says that nothing
   * belongs to it. Whether the count is right is for a validator to say. Tags that have no place anywhere do not end it
   * where a member follows: a counterparty's tag of its own must not cut off the entries behind it.
   */
  end(wire: WireFields, count: number, last: number): number {
    if (isZero(wire, count)) return count + 1
    let field = count + 1
    while (field < last) {
      if (this.isMember(wire.tagAt(field))) {
        field = this.next(wire, field, last)
      } else {
        const member = this.#behindStrays(wire, field, last)
        if (member < 0) break
        field = member
      }
    }
    return field
  }

  /** Finds the entries of the group whose count stands at `count`. The answer is good until the next one. */
  split(wire: WireFields, count: number, last: number): Split {
    if (isZero(wire, count)) return noEntries
    const split = this.#split
    if (split.isOf(wire, count, last)) return split
    split.isFlat = true
    split.entries = this.#findEntries(wire, count, last)
    split.shape = wire.shape
    split.count = count
    split.last = last
    return split
  }

  /** Puts where each entry begins, and where the group ends, into `#split`; answers how many entries there are. */
  #findEntries(wire: WireFields, count: number, last: number): number {
    const { starts } = this.#split
    const { low } = this
    const { cells } = wire.index()
    const { base } = wire
    let delimiter = this.structure.delimiter
    let entries = 0
    /** No member of the group has come yet. */
    let empty = true
    let field = count + 1
    while (field < last) {
      const tag = cells[base + field] as number
      const traits = tag >= 0 && tag < low.length ? (low[tag] as number) : this.traits(tag)
      // What nearly every field is: a member amid an entry.
      if ((traits & (MEMBER | COUNT)) === MEMBER && tag !== delimiter && entries > 0) {
        empty = false
        field++
        continue
      }
      if ((traits & MEMBER) === 0) {
        const member = this.#behindStrays(wire, field, last)
        if (member < 0) break
        if (empty) starts[entries++] = field
        field = member
        continue
      }
      if (entries === 0 || (tag === delimiter && !empty)) starts[entries++] = field
      if (empty && this.firstFieldIsDelimiter) delimiter = tag
      empty = false
      if ((traits & COUNT) === 0) field++
      else {
        this.#split.isFlat = false
        field = this.next(wire, field, last)
      }
    }
    starts[entries] = field
    return entries
  }

  /** The first member behind fields that have no place anywhere, the first of them at `from`; -1 where none follows. */
  #behindStrays(wire: WireFields, from: number, last: number): number {
    if (!this.isComplete) return -1
    for (let field = from; field < last; field++) {
      const tag = wire.tagAt(field)
      if (this.isMember(tag)) return field
      if (this.#around.hasPlaceFor(tag)) return -1
    }
    return -1
  }

  override hasPlaceFor(tag: number): boolean {
    return this.isMember(tag) || this.#around.hasPlaceFor(tag)
  }
}

function isZero(wire: WireFields, count: number): boolean {
  const { shared, offset } = wire
  const end = offset + wire.valueEnd(count)
  let at = offset + wire.valueStart(count)
  if (at === end) return false
  while (at < end && shared.charCodeAt(at) === ZERO) at++
  return at === end
}

const tagSets = new WeakMap<GroupStructure, ReadonlySet<number>>()

/** Every tag in a group, its own nested groups included. */
function tagsIn(group: GroupStructure): ReadonlySet<number> {
  const known = tagSets.get(group)
  if (known !== undefined) return known
  const tags = new Set([...group.members, group.delimiter])
  for (const nested of group.groups.values()) for (const tag of tagsIn(nested)) tags.add(tag)
  tagSets.set(group, tags)
  return tags
}

const layouts = new WeakMap<MessageStructure, FieldLayout>()

/** The layout of a message type; made once for each structure. */
export function layoutOf(structure: MessageStructure): FieldLayout {
  let layout = layouts.get(structure)
  if (layout === undefined) {
    const { groups, members, firstFieldIsDelimiter } = structure
    layout = new FieldLayout(groups, members ?? [], members !== undefined, firstFieldIsDelimiter === true)
    layouts.set(structure, layout)
  }
  return layout
}
