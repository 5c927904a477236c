import type { GroupStructure, MessageStructure } from './structure.js'
import type { WireFields } from './wire-fields.js'

const MEMBER = 1
const COUNT = 2
const HIDDEN = 4

/** Tags below this have their traits in an array, the few above in a map. */
const ARRAY_LIMIT = 8192

/** A GroupStructure or MessageStructure made ready for fast questions about a tag. */
export class FieldLayout {
  /** Repeating groups directly in it, by count tag. */
  readonly groups: ReadonlyMap<number, GroupLayout>
  readonly #low: Uint8Array
  readonly #high: ReadonlyMap<number, number>

  constructor(groups: ReadonlyMap<number, GroupStructure>, members: readonly number[]) {
    const traits = new Map<number, number>()
    const add = (tag: number, trait: number): void => {
      traits.set(tag, (traits.get(tag) ?? 0) | trait)
    }
    for (const tag of members) add(tag, MEMBER)
    const layouts = new Map<number, GroupLayout>()
    for (const [countTag, group] of groups) {
      layouts.set(countTag, new GroupLayout(group))
      add(countTag, COUNT)
      for (const tag of tagsIn(group)) add(tag, HIDDEN)
    }
    this.groups = layouts
    const low = [...traits.keys()].filter((tag) => tag >= 0 && tag < ARRAY_LIMIT)
    this.#low = new Uint8Array(1 + low.reduce((largest, tag) => Math.max(largest, tag), 0))
    for (const tag of low) this.#low[tag] = traits.get(tag) ?? 0
    for (const tag of low) traits.delete(tag)
    this.#high = traits
  }

  /** True for the count tag of a repeating group directly in it. */
  isCount(tag: number): boolean {
    return (this.#traits(tag) & COUNT) !== 0
  }

  /** True for a tag that occurs inside one of its groups, so that the first one found need not be its own. */
  hides(tag: number): boolean {
    return (this.#traits(tag) & HIDDEN) !== 0
  }

  isMember(tag: number): boolean {
    return (this.#traits(tag) & MEMBER) !== 0
  }

  /** The field after `field` at this level: behind the whole group where `field` is the count of one. */
  next(wire: WireFields, field: number, last: number): number {
    const tag = wire.tagAt(field)
    if (!this.isCount(tag)) return field + 1
    const group = this.groups.get(tag)
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

  #traits(tag: number): number {
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
    let field = count + 1
    while (field < last) {
      const tag = wire.tagAt(field)
      if (!this.isMember(tag)) break
      if (tag === delimiter || starts.length === 0) starts.push(field)
      field = this.next(wire, field, last)
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

/** Every tag in a group, its own nested groups included. */
function tagsIn(group: GroupStructure): Set<number> {
  const tags = new Set([...group.members, group.delimiter])
  for (const nested of group.groups.values()) for (const tag of tagsIn(nested)) tags.add(tag)
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
