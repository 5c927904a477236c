import type { ComponentFact, Facts, FieldFact, Member, MessageFact } from './facts.js'

/** Facts held in maps: what the readers of XML fill. */
export class MapFacts implements Facts {
  readonly version: string
  readonly source: string
  header: readonly Member[] = []
  trailer: readonly Member[] = []
  readonly #fields = new Map<number, FieldFact>()
  readonly #tagsByName = new Map<string, number>()
  readonly #components = new Map<string, ComponentFact>()
  readonly #messages = new Map<string, MessageFact>()
  readonly #msgTypesByName = new Map<string, string>()

  constructor(version: string, source: string) {
    this.version = version
    this.source = source
  }

  setField(field: FieldFact): void {
    this.#fields.set(field.tag, field)
    this.#tagsByName.set(field.name, field.tag)
  }

  setComponent(component: ComponentFact): void {
    this.#components.set(component.name, component)
  }

  setMessage(message: MessageFact): void {
    this.#messages.set(message.msgType, message)
    this.#msgTypesByName.set(message.name, message.msgType)
  }

  field(tag: number): FieldFact | undefined {
    return this.#fields.get(tag)
  }

  nameOf(tag: number): string | undefined {
    return this.#fields.get(tag)?.name
  }

  fieldNamed(name: string): FieldFact | undefined {
    const tag = this.#tagsByName.get(name)
    return tag === undefined ? undefined : this.#fields.get(tag)
  }

  component(name: string): ComponentFact | undefined {
    return this.#components.get(name)
  }

  message(msgType: string): MessageFact | undefined {
    return this.#messages.get(msgType)
  }

  messageNamed(name: string): MessageFact | undefined {
    const msgType = this.#msgTypesByName.get(name)
    return msgType === undefined ? undefined : this.#messages.get(msgType)
  }

  tags(): readonly number[] {
    return [...this.#fields.keys()].sort((a, b) => a - b)
  }

  componentNames(): readonly string[] {
    return [...this.#components.keys()]
  }

  msgTypes(): readonly string[] {
    return [...this.#messages.keys()]
  }
}
