import type { GroupStructure, MessageStructure } from './structure.js'
import type { WireFields } from './wire-fields.js'

const MEMBER = 1
const COUNT = 2
const HIDDEN = 4

/** Tags below this have their traits in an array, the few above in a map. */
const ARRAY_LIMIT = 8192

/** A GroupStructure or MessageStructure made ready for fast questions about a tag. */
export class FieldLayout {
  readonly #structures: ReadonlyMap<number, GroupStructure>
  /** Made when they are first asked for: a type of FIX 5.0 SP2 has hundreds, and a message a few. */
  readonly #groups = new Map<number, GroupLayout>()
  readonly #low: Uint8Array
  readonly #high: ReadonlyMap<number, number>

  constructor(groups: ReadonlyMap<number, GroupStructure>, members: readonly number[]) {
    this.#structures = groups
    const low = new Uint8Array(ARRAY_LIMIT)
    const high = new Map<number, number>()
    let size = 0
    const add = (tag: number, trait: number): void => {
      if (tag >= 0 && tag < ARRAY_LIMIT) {
        low[tag] = (low[tag] as number) | trait
        if (tag >= size) size = tag + 1
      } else {
        high.set(tag, (high.get(tag) ?? 0) | trait)
      }
    }
    for (const tag of members) add(tag, MEMBER)
    for (const [countTag, group] of groups) {
      add(countTag, COUNT)
      for (const tag of tagsIn(group)) add(tag, HIDDEN)
    }
    this.#low = low.slice(0, size)
    this.#high = high
  }

  /** The repeating group directly in it that `countTag` counts. */
  group(countTag: number): GroupLayout | undefined {
    const known = this.#groups.get(countTag)
    if (known !== undefined) return known
    const structure = this.#structures.get(countTag)
    if (structure === undefined) return undefined
    const layout = new GroupLayout(structure)
    this.#groups.set(countTag, layout)
    return layout
  }

  /** True for the count tag of a repeating group directly in it. */
  isCount(tag: number): boolean {
    return (this.traits(tag) & COUNT) !== 0
  }

  /** True for a tag that occurs inside one of its groups, so that the first one found need not be its own. */
  hides(tag: number): boolean {
    return (this.traits(tag) & HIDDEN) !== 0
  }

  isMember(tag: number): boolean {
    return (this.traits(tag) & MEMBER) !== 0
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
    if (tag >= 0 && tag < this.#low.length) return this.#low[tag] as number
    return this.#high.size === 0 ? 0 : (this.#high.get(tag) ?? 0)
  }
}

export class GroupLayout extends FieldLayout {
  readonly structure: GroupStructure

  constructor(structure: GroupStructure) {
    super(structure.groups, [...structure.members, structure.delimiter])
    this.structure = structure
  }

  /**
   * The field behind the group whose count stands at `count`.
   *
   * A group goes on as long as its members come, whatever its count says, but for a count of 0, which says that nothing
   * belongs to it. Whether the count is right is for a validator to say.
   */
  end(wire: WireFields, count: number, last: number): number {
    if (isZero(wire, count)) return count + 1
    let field = count + 1
    while (field < last && this.isMember(wire.tagAt(field))) field = this.next(wire, field, last)
    return field
  }

  /** Where each entry begins, and behind the last one where the group ends; empty when there are no entries. */
  split(wire: WireFields, count: number, last: number): number[] {
    const starts: number[] = []
    if (isZero(wire, count)) return starts
    const delimiter = this.structure.delimiter
    const cells = wire.cells()
    let field = count + 1
    while (field < last) {
      const tag = cells[wire.cellOf(field)] as number
      const traits = this.traits(tag)
      if ((traits & MEMBER) === 0) break
      if (tag === delimiter || starts.length === 0) starts.push(field)
      field = (traits & COUNT) === 0 ? field + 1 : this.next(wire, field, last)
    }
    if (starts.length > 0) starts.push(field)
    return starts
  }
}

function isZero(wire: WireFields, count: number): boolean {
  const end = wire.valueEnd(count)
  const start = wire.valueStart(count)
  for (let i = start; i < end; i++) if (wire.text.charCodeAt(i) !== 0x30) return false
  return end > start
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
    layout = new FieldLayout(structure.groups, [])
    layouts.set(structure, layout)
  }
  return layout
}
