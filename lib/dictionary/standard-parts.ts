import type { ComponentFact, Facts, FieldFact, Member, MessageFact } from './facts.js'

/** A file without a header or trailer of its own: those of the standard, and of it no more than they need. */
export class StandardParts implements Facts {
  readonly version: string
  readonly source: string
  readonly header: readonly Member[]
  readonly trailer: readonly Member[]
  readonly #own: Facts
  readonly #standard: Facts
  /** What the parts taken from the standard are made of. */
  readonly #tags = new Set<number>()
  readonly #components = new Set<string>()

  constructor(own: Facts, standard: Facts) {
    this.version = own.version
    this.source = own.source
    this.#own = own
    this.#standard = standard
    this.header = own.header.length > 0 ? own.header : this.#take(standard.header)
    this.trailer = own.trailer.length > 0 ? own.trailer : this.#take(standard.trailer)
  }

  #take(members: readonly Member[]): readonly Member[] {
    for (const member of members) {
      if (member.kind === 'component') {
        this.#components.add(member.name)
        this.#take(this.#standard.component(member.name)?.members ?? [])
        continue
      }
      this.#tags.add(member.tag)
      if (member.kind === 'group') this.#take(member.members)
    }
    return members
  }

  field(tag: number): FieldFact | undefined {
    return this.#own.field(tag) ?? (this.#tags.has(tag) ? this.#standard.field(tag) : undefined)
  }

  nameOf(tag: number): string | undefined {
    return this.#own.nameOf(tag) ?? (this.#tags.has(tag) ? this.#standard.nameOf(tag) : undefined)
  }

  fieldNamed(name: string): FieldFact | undefined {
    const own = this.#own.fieldNamed(name)
    if (own !== undefined) return own
    const field = this.#standard.fieldNamed(name)
    return field !== undefined && this.#tags.has(field.tag) ? field : undefined
  }

  component(name: string): ComponentFact | undefined {
    return this.#own.component(name) ?? (this.#components.has(name) ? this.#standard.component(name) : undefined)
  }

  message(msgType: string): MessageFact | undefined {
    return this.#own.message(msgType)
  }

  messageNamed(name: string): MessageFact | undefined {
    return this.#own.messageNamed(name)
  }

  tags(): readonly number[] {
    return [...new Set([...this.#own.tags(), ...this.#tags])].sort((a, b) => a - b)
  }

  componentNames(): readonly string[] {
    return [...new Set([...this.#own.componentNames(), ...this.#components])]
  }

  msgTypes(): readonly string[] {
    return this.#own.msgTypes()
  }
}
