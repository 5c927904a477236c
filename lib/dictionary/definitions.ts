import type { GroupStructure } from '../fix/structure.js'
import type { FieldFact, GroupMember, Member, MessageCategory } from './facts.js'

export type { FieldValue } from './facts.js'

/** A field: `{ tag, name, type, values }`. */
export type FieldDefinition = FieldFact

/** A field's place in a message or in an entry of a repeating group, components expanded. */
export interface MemberDefinition {
  readonly tag: number
  readonly name: string
  /** Required wherever the message (or the entry) stands; a component's own required fields count when it is required. */
  readonly required: boolean
  /** A condition that makes it required; see `Condition`. */
  readonly requiredWhen: string | undefined
  /** The component that it came from, the innermost one; undefined where it stands in the message itself. */
  readonly component: string | undefined
  /** The repeating group that it counts. */
  readonly group: GroupDefinition | undefined
}

/** A repeating group; at the same time what a decoder must know of it. */
export interface GroupDefinition extends GroupStructure {
  /** The name of its NumInGroup field. */
  readonly name: string
  readonly fields: readonly MemberDefinition[]
  readonly groups: ReadonlyMap<number, GroupDefinition>
}

export interface MessageDefinition {
  /** MsgType(35). */
  readonly msgType: string
  readonly name: string
  readonly category: MessageCategory
  /** The fields directly in its body, in the dictionary's order; header and trailer are the dictionary's. */
  readonly fields: readonly MemberDefinition[]
  /** Tags of those that are required. */
  readonly required: readonly number[]
  /** Repeating groups directly in its body, by count tag. */
  readonly groups: ReadonlyMap<number, GroupDefinition>
  /** As the dictionary writes them: components by name, not expanded. */
  readonly members: readonly Member[]
}

/** What expansion needs to look up. */
export interface Lookup {
  nameOf(tag: number): string | undefined
  component(name: string): { readonly members: readonly Member[] } | undefined
}

/** Expands members into definitions; each group's definition is made once. */
export class Expansion {
  readonly #lookup: Lookup
  readonly #groups = new WeakMap<GroupMember, GroupDefinition>()

  constructor(lookup: Lookup) {
    this.#lookup = lookup
  }

  /** A field that is listed twice (QuickFIX's FIX43.xml and FIX50.xml do it) keeps its first place. */
  members(members: readonly Member[]): MemberDefinition[] {
    const found = new Map<number, MemberDefinition>()
    this.#expand(members, true, undefined, found, new Set())
    return [...found.values()]
  }

  #expand(
    members: readonly Member[],
    required: boolean,
    component: string | undefined,
    found: Map<number, MemberDefinition>,
    expanded: Set<string>
  ): void {
    for (const member of members) {
      if (member.kind === 'component') {
        // Expanding it once more would add nothing but, with components in components, exponential work.
        const key = `${member.name} ${required && member.required}`
        if (expanded.has(key)) continue
        expanded.add(key)
        const inner = this.#lookup.component(member.name)?.members ?? []
        this.#expand(inner, required && member.required, member.name, found, expanded)
        continue
      }
      const present = found.get(member.tag)
      found.set(member.tag, {
        tag: member.tag,
        name: this.#lookup.nameOf(member.tag) ?? String(member.tag),
        required: (required && member.required) || present?.required === true,
        requiredWhen: present?.requiredWhen ?? (member.kind === 'field' ? member.requiredWhen : undefined),
        component: present ? present.component : component,
        group: present?.group ?? (member.kind === 'group' ? this.#group(member) : undefined)
      })
    }
  }

  #group(member: GroupMember): GroupDefinition {
    let group = this.#groups.get(member)
    if (!group) {
      const fields = this.members(member.members)
      group = {
        countTag: member.tag,
        name: this.#lookup.nameOf(member.tag) ?? String(member.tag),
        delimiter: fields[0]?.tag ?? 0,
        fields,
        members: fields.map((field) => field.tag),
        order: new Map(fields.map((field, position) => [field.tag, position])),
        groups: groupsOf(fields)
      }
      this.#groups.set(member, group)
    }
    return group
  }
}

export function groupsOf(fields: readonly MemberDefinition[]): ReadonlyMap<number, GroupDefinition> {
  return new Map(fields.flatMap((field) => (field.group ? [[field.tag, field.group] as const] : [])))
}
