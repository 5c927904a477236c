import type { GroupDefinition, MemberDefinition, MessageDefinition } from '../definitions.js'
import type { FieldFact } from '../facts.js'
import { TagTable } from '../tag-table.js'
import { type Condition, parseCondition } from './condition.js'
import { FieldRule } from './field-rule.js'

/** Which part of a message a field belongs to. `Either`: the dictionary lists it in more than one. */
export const Zone = { Either: 0, Header: 1, Body: 2, Trailer: 3 } as const
export type Zone = (typeof Zone)[keyof typeof Zone]

/**
 * What validation must know of the fields that stand together: those directly in a message, or those of a group's entry.
 *
 * Each field has a slot, from 1 up in the dictionary's order, by which all else is found without a search.
 */
export class Scope {
  readonly slots = new TagTable()
  readonly tags: number[] = [0]
  readonly zones: Zone[] = [Zone.Either]
  readonly rules: (FieldRule | undefined)[] = [undefined]
  /** What groups fields count, made into scopes when the first message has them: a type of FIX 5.0 SP2 has hundreds. */
  readonly #groupDefinitions: (GroupDefinition | undefined)[] = [undefined]
  readonly #groups: (GroupScope | undefined)[] = []
  readonly #scopes: Scopes
  /** Slots of required fields, in the order in which they are missed. */
  readonly required: number[] = []
  readonly conditions: { readonly slot: number; readonly holds: Condition }[] = []
  /** The last pass (see `Scopes.pass`) in which the field was seen, by slot. */
  seen = new Float64Array(0)

  constructor(scopes: Scopes) {
    this.#scopes = scopes
  }

  /** True for a field that counts the entries of a group. */
  isCount(slot: number): boolean {
    return this.#groupDefinitions[slot] !== undefined
  }

  /** The scope of the entries that a field counts. */
  group(slot: number): GroupScope | undefined {
    const definition = this.#groupDefinitions[slot]
    if (definition === undefined) return undefined
    let group = this.#groups[slot]
    if (group === undefined) {
      group = this.#scopes.groupScope(definition)
      this.#groups[slot] = group
    }
    return group
  }

  /** @internal */
  add(members: readonly MemberDefinition[], zone: Zone): void {
    const scopes = this.#scopes
    const first = this.tags.length
    for (const member of members) {
      const present = this.slots.get(member.tag)
      if (present !== 0) {
        this.zones[present] = Zone.Either
        continue
      }
      const slot = this.tags.length
      this.slots.set(member.tag, slot)
      this.tags.push(member.tag)
      this.zones.push(zone)
      this.rules.push(scopes.ruleOf(member.tag))
      this.#groupDefinitions.push(member.group)
      if (member.required) this.required.push(slot)
      const holds = member.requiredWhen && scopes.condition(member.requiredWhen)
      if (holds) this.conditions.push({ slot, holds })
    }
    // Engines miss the lowest tag first, header before body; `required` has those of earlier zones already.
    const from = this.required.findIndex((slot) => slot >= first)
    if (from >= 0) {
      const added = this.required.splice(from).sort((a, b) => (this.tags[a] ?? 0) - (this.tags[b] ?? 0))
      this.required.push(...added)
    }
    this.seen = new Float64Array(this.tags.length)
  }
}

export class GroupScope extends Scope {
  readonly countTag: number
  readonly delimiter: number
  readonly name: string

  constructor(group: GroupDefinition, scopes: Scopes) {
    super(scopes)
    this.countTag = group.countTag
    this.delimiter = group.delimiter
    this.name = group.name
  }
}

/** What a `Dictionary` gives to make scopes from. */
export interface ScopeSource {
  readonly version: string
  readonly header: readonly MemberDefinition[]
  readonly trailer: readonly MemberDefinition[]
  field(tag: number): FieldFact | undefined
  fieldNamed(name: string): FieldFact | undefined
  message(msgType: string): MessageDefinition | undefined
}

/** The scopes of one dictionary; each is made when the first message of its kind comes. */
export class Scopes {
  readonly #source: ScopeSource
  readonly #messages = new Map<string, Scope>()
  readonly #groups = new WeakMap<GroupDefinition, GroupScope>()
  readonly #rules = new Map<number, FieldRule | undefined>()
  #bare: Scope | undefined
  /** Counts messages and group entries, so that what was seen need not be cleared. */
  pass = 0

  constructor(source: ScopeSource) {
    this.#source = source
  }

  message(msgType: string): Scope | undefined {
    let scope = this.#messages.get(msgType)
    if (scope === undefined) {
      const definition = this.#source.message(msgType)
      if (definition === undefined) return undefined
      scope = this.#withHeader(definition.fields)
      this.#messages.set(msgType, scope)
    }
    return scope
  }

  /** Header and trailer only: all that can be said of a message of unknown type. */
  get bare(): Scope {
    this.#bare ??= this.#withHeader([])
    return this.#bare
  }

  /** The rule of any field that the dictionary has. */
  ruleOf(tag: number): FieldRule | undefined {
    let rule = this.#rules.get(tag)
    if (rule === undefined) {
      const field = this.#source.field(tag)
      if (field === undefined) return undefined
      rule = new FieldRule(field, this.#source.version)
      this.#rules.set(tag, rule)
    }
    return rule
  }

  groupScope(group: GroupDefinition): GroupScope {
    let scope = this.#groups.get(group)
    if (scope === undefined) {
      scope = new GroupScope(group, this)
      scope.add(group.fields, Zone.Body)
      this.#groups.set(group, scope)
    }
    return scope
  }

  condition(text: string): Condition | undefined {
    return parseCondition(text, (name) => this.#source.fieldNamed(name))
  }

  #withHeader(body: readonly MemberDefinition[]): Scope {
    const scope = new Scope(this)
    scope.add(this.#source.header, Zone.Header)
    scope.add(body, Zone.Body)
    scope.add(this.#source.trailer, Zone.Trailer)
    return scope
  }
}
