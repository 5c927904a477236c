import type { ComponentFact, Facts, FieldFact, Member, MessageFact } from './facts.js'

/** Which of the two says what a message or component is where both do. */
export type Precedence = 'application' | 'transport'

/**
 * An application dictionary on a transport dictionary: header, trailer and session messages are the transport's, the
 * rest is the application's (FIXT.1.1, "Transport independence": from FIX 5.0 on they are separate specifications).
 *
 * A FIX 5.0 file may bring a header and session messages of its own; with the precedence `application` it keeps them.
 */
export class TransportFacts implements Facts {
  readonly version: string
  readonly source: string
  readonly header: readonly Member[]
  readonly trailer: readonly Member[]
  readonly #application: Facts
  readonly #transport: Facts
  readonly #first: Facts
  readonly #second: Facts

  constructor(application: Facts, transport: Facts, precedence: Precedence) {
    this.version = application.version
    this.source = application.source
    this.#application = application
    this.#transport = transport
    this.#first = precedence === 'application' ? application : transport
    this.#second = precedence === 'application' ? transport : application
    const own = precedence === 'application'
    this.header = own && application.header.length > 0 ? application.header : transport.header
    this.trailer = own && application.trailer.length > 0 ? application.trailer : transport.trailer
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

  /** QuickFIX's FIXT11.xml has a MsgTypeGrp without contents: the other one is meant. */
  component(name: string): ComponentFact | undefined {
    const component = this.#first.component(name)
    return component && component.members.length > 0 ? component : (this.#second.component(name) ?? component)
  }

  message(msgType: string): MessageFact | undefined {
    return this.#first.message(msgType) ?? this.#second.message(msgType)
  }

  messageNamed(name: string): MessageFact | undefined {
    return this.#first.messageNamed(name) ?? this.#second.messageNamed(name)
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
