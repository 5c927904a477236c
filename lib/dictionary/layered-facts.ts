import type { ComponentFact, Facts, FieldFact, Member, MessageFact } from './facts.js'

/** Facts over facts: an extension file, and below it what it extends. */
export class LayeredFacts implements Facts {
  readonly version: string
  readonly source: string
  readonly #upper: Facts
  readonly #lower: Facts

  constructor(upper: Facts, lower: Facts) {
    this.version = upper.version
    this.source = upper.source
    this.#upper = upper
    this.#lower = lower
  }

  get header(): readonly Member[] {
    return this.#upper.header.length > 0 ? this.#upper.header : this.#lower.header
  }

  get trailer(): readonly Member[] {
    return this.#upper.trailer.length > 0 ? this.#upper.trailer : this.#lower.trailer
  }

  field(tag: number): FieldFact | undefined {
    return this.#upper.field(tag) ?? this.#lower.field(tag)
  }

  nameOf(tag: number): string | undefined {
    return this.#upper.nameOf(tag) ?? this.#lower.nameOf(tag)
  }

  fieldNamed(name: string): FieldFact | undefined {
    return this.#upper.fieldNamed(name) ?? this.#lower.fieldNamed(name)
  }

  component(name: string): ComponentFact | undefined {
    return this.#upper.component(name) ?? this.#lower.component(name)
  }

  message(msgType: string): MessageFact | undefined {
    return this.#upper.message(msgType) ?? this.#lower.message(msgType)
  }

  messageNamed(name: string): MessageFact | undefined {
    return this.#upper.messageNamed(name) ?? this.#lower.messageNamed(name)
  }

  tags(): readonly number[] {
    return [...new Set([...this.#upper.tags(), ...this.#lower.tags()])].sort((a, b) => a - b)
  }

  componentNames(): readonly string[] {
    return [...new Set([...this.#lower.componentNames(), ...this.#upper.componentNames()])]
  }

  msgTypes(): readonly string[] {
    return [...new Set([...this.#lower.msgTypes(), ...this.#upper.msgTypes()])]
  }
}
