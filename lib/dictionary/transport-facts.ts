import type { ComponentFact, Facts, FieldFact, Member, MessageFact } from './facts.js'

/**
 * An application dictionary on a transport dictionary: header, trailer and session messages are the transport's, the
 * rest is the application's (FIXT.1.1, "Transport independence": from FIX 5.0 on they are separate specifications).
 */
export class TransportFacts implements Facts {
  readonly version: string
  readonly source: string
  readonly header: readonly Member[]
  readonly trailer: readonly Member[]
  readonly #application: Facts
  readonly #transport: Facts

  /** `ownHeader`: a FIX 5.0 file that brings a header and trailer of its own keeps them. */
  constructor(application: Facts, transport: Facts, { ownHeader = false } = {}) {
    this.version = application.version
    this.source = application.source
    this.#application = application
    this.#transport = transport
    this.header = ownHeader && application.header.length > 0 ? application.header : transport.header
    this.trailer = ownHeader && application.trailer.length > 0 ? application.trailer : transport.trailer
  }

  field(tag: number): FieldFact | undefined {
    return this.#application.field(tag) ?? this.#transport.field(tag)
  }

  nameOf(tag: number): string | undefined {
    return this.#application.nameOf(tag) ?? this.#transport.nameOf(tag)
  }

  fieldNamed(name: string): FieldFact | undefined {
    return this.#application.fieldNamed(name) ?? this.#transport.fieldNamed(name)
  }

  /** QuickFIX's FIXT11.xml has a MsgTypeGrp without contents: the application's is meant. */
  component(name: string): ComponentFact | undefined {
    const component = this.#transport.component(name)
    return component && component.members.length > 0 ? component : (this.#application.component(name) ?? component)
  }

  message(msgType: string): MessageFact | undefined {
    return this.#transport.message(msgType) ?? this.#application.message(msgType)
  }

  messageNamed(name: string): MessageFact | undefined {
    return this.#transport.messageNamed(name) ?? this.#application.messageNamed(name)
  }

  tags(): readonly number[] {
    return [...new Set([...this.#application.tags(), ...this.#transport.tags()])].sort((a, b) => a - b)
  }

  componentNames(): readonly string[] {
    return [...new Set([...this.#transport.componentNames(), ...this.#application.componentNames()])]
  }

  msgTypes(): readonly string[] {
    return [...new Set([...this.#transport.msgTypes(), ...this.#application.msgTypes()])]
  }
}
