import type { DataFields } from '../fix/data-fields.js'
import { isHeaderTag } from '../fix/header.js'
import type { FixMessage } from '../fix/message.js'
import type { MessageStructure, StructureSource } from '../fix/structure.js'
import { asEncoded } from './as-encoded.js'
import { dataFieldsOf } from './data-pairs.js'
import {
  Expansion,
  type FieldDefinition,
  groupsOf,
  type MemberDefinition,
  type MessageDefinition
} from './definitions.js'
import { type Facts, usesFixt } from './facts.js'
import { type LoadedFacts, loadFacts, loadFactsSync } from './files.js'
import { type JsonMessage, messageFromJson, messageToJson } from './people/json.js'
import { messageTree, type TreeOptions } from './people/tree.js'
import { TransportFacts } from './transport-facts.js'
import type { ValidationOptions } from './validation/options.js'
import type { Problem } from './validation/problem.js'
import { Scopes } from './validation/scope.js'
import { Validator } from './validation/validator.js'

/**
 * A data dictionary: the fields, messages, components and repeating groups of a FIX version, as built in or as a
 * counterparty's XML file states them. Immutable, and shared by all sessions that name it.
 */
export class Dictionary implements StructureSource {
  /** `FIX.4.4`, `FIXT.1.1`, `FIX.5.0SP2`. */
  readonly version: string
  /** BeginString(8) of its sessions: `FIXT.1.1` for FIX 5.0 and later. */
  readonly beginString: string
  /** The built-in version or the file that it came from. */
  readonly source: string
  /** What is odd in its file but does no harm, each with file, line and element. */
  readonly warnings: readonly string[]
  readonly #loaded: LoadedFacts
  readonly #facts: Facts
  readonly #expansion: Expansion
  readonly #messages = new Map<string, MessageDefinition>()
  readonly #structures = new Map<string, MessageStructure>()
  readonly #scopes: Scopes
  readonly #validators = new WeakMap<ValidationOptions, Validator>()
  readonly #carried = new WeakMap<Dictionary, Dictionary>()
  readonly #defaultValidator: Validator
  #header: readonly MemberDefinition[] | undefined
  #dataFields: DataFields | undefined
  #ownHeaderTags: ReadonlySet<number> | undefined
  #trailer: readonly MemberDefinition[] | undefined

  /** @internal Use `Dictionary.load`. */
  constructor(loaded: LoadedFacts) {
    const { facts } = loaded
    this.#loaded = loaded
    this.#facts = facts
    this.version = facts.version
    this.beginString = usesFixt(facts.version) ? 'FIXT.1.1' : facts.version.replace(/SP\d+$/, '')
    this.source = facts.source
    this.warnings = loaded.warnings
    this.#expansion = new Expansion(facts)
    const dictionary = this
    this.#scopes = new Scopes({
      version: this.version,
      get header() {
        return dictionary.header
      },
      get trailer() {
        return dictionary.trailer
      },
      field: (tag) => facts.field(tag),
      fieldNamed: (name) => facts.fieldNamed(name),
      message: (msgType) => this.#messageOf(msgType)
    })
    this.#defaultValidator = new Validator(this.#scopes)
  }

  /**
   * A built-in version (`FIX.4.0` to `FIX.4.4`, `FIX.5.0`, `FIX.5.0SP1`, `FIX.5.0SP2`, `FIXT.1.1`) or the path of an XML
   * file: QuickFIX XML, also `<fix extends="FIX.4.4">` which adds to another, or FIX Orchestra XML. FIX 5.0 and later
   * take header, trailer and session messages from FIXT.1.1.
   *
   * @throws FixDictionaryError naming file, line and element.
   */
  static async load(nameOrPath: string): Promise<Dictionary> {
    return dictionaryOf(await loadFacts(nameOrPath))
  }

  /** As `load`, at once. */
  static loadSync(nameOrPath: string): Dictionary {
    return dictionaryOf(loadFactsSync(nameOrPath))
  }

  /** A field by tag or by name. */
  field(tagOrName: number | string): FieldDefinition | undefined {
    if (typeof tagOrName === 'number') return this.#facts.field(tagOrName)
    return /^\d+$/.test(tagOrName) ? this.#facts.field(Number(tagOrName)) : this.#facts.fieldNamed(tagOrName)
  }

  /** A message by MsgType(35) or by name. */
  message(msgTypeOrName: string): MessageDefinition | undefined {
    const known = this.#messageOf(msgTypeOrName)
    if (known) return known
    const named = this.#facts.messageNamed(msgTypeOrName)
    return named && this.#messageOf(named.msgType)
  }

  /** Fields of the Standard Message Header. */
  get header(): readonly MemberDefinition[] {
    this.#header ??= this.#expansion.members(this.#facts.header)
    return this.#header
  }

  /** Fields of the Standard Message Trailer. */
  get trailer(): readonly MemberDefinition[] {
    this.#trailer ??= this.#expansion.members(this.#facts.trailer)
    return this.#trailer
  }

  /** Every tag, ascending. */
  get tags(): readonly number[] {
    return this.#facts.tags()
  }

  /** Every MsgType(35). */
  get msgTypes(): readonly string[] {
    return this.#facts.msgTypes()
  }

  /** Tags of the header that the standard's header does not have; undefined where there are none. */
  get ownHeaderTags(): ReadonlySet<number> | undefined {
    this.#ownHeaderTags ??= new Set(this.header.map(({ tag }) => tag).filter((tag) => !isHeaderTag(tag)))
    return this.#ownHeaderTags.size === 0 ? undefined : this.#ownHeaderTags
  }

  /** Data fields with their Length fields, those of a file of one's own among them. */
  get dataFields(): DataFields {
    this.#dataFields ??= dataFieldsOf(this.#facts)
    return this.#dataFields
  }

  /** What it states, components not expanded; for tools that compare or generate. */
  get facts(): Facts {
    return this.#facts
  }

  /** What a decoder must know of a message type, header groups included. */
  structureOf(msgType: string): MessageStructure | undefined {
    let structure = this.#structures.get(msgType)
    if (!structure) {
      const message = this.#messageOf(msgType)
      if (!message) return undefined
      const groups = new Map([...groupsOf(this.header), ...message.groups])
      const members = [...this.header, ...message.fields, ...this.trailer].map((member) => member.tag)
      structure = { msgType, groups, members }
      this.#structures.set(msgType, structure)
    }
    return structure
  }

  /**
   * Every problem of a message, the one to reject it for first; [] when it is good. Of a message that has not been encoded
   * yet, what the session sets itself (BeginString, MsgSeqNum, SendingTime, ...) is not missed.
   */
  validate(message: FixMessage, options?: ValidationOptions): Problem[] {
    return this.validator(options).validate(asEncoded(message, this))
  }

  /** The first of them, or undefined; costs less. */
  firstProblem(message: FixMessage, options?: ValidationOptions): Problem | undefined {
    return this.validator(options).firstProblem(asEncoded(message, this))
  }

  /** The message as an indented tree with the names of fields and values. Passwords are masked unless `secrets` says so. */
  describe(message: FixMessage, options?: TreeOptions): string {
    return messageTree(message, this, options)
  }

  /** The message as JSON with the names of fields, repeating groups nested; `fromJson` reads it back. */
  toJson(message: FixMessage): JsonMessage {
    return messageToJson(message, this)
  }

  /** The message that a JSON value in the form of `toJson` says. @throws FieldValueError */
  fromJson(json: unknown): FixMessage {
    return messageFromJson(json, this)
  }

  /** A validator for these options, which it keeps: the options must not be changed afterwards. */
  validator(options?: ValidationOptions): Validator {
    if (options === undefined) return this.#defaultValidator
    let validator = this.#validators.get(options)
    if (!validator) {
      validator = new Validator(this.#scopes, options)
      this.#validators.set(options, validator)
    }
    return validator
  }

  /** This one's application messages in sessions of another dictionary's transport (FIXT.1.1). */
  over(transport: Dictionary): Dictionary {
    let dictionary = this.#carried.get(transport)
    if (!dictionary) {
      const facts = new TransportFacts(this.#loaded.ownFacts, transport.#facts, 'transport')
      dictionary = new Dictionary({ facts, ownFacts: this.#loaded.ownFacts, warnings: this.warnings })
      this.#carried.set(transport, dictionary)
    }
    return dictionary
  }

  #messageOf(msgType: string): MessageDefinition | undefined {
    let message = this.#messages.get(msgType)
    if (!message) {
      const fact = this.#facts.message(msgType)
      if (!fact) return undefined
      const fields = this.#expansion.members(fact.members)
      const required = fields.filter((field) => field.required).map((field) => field.tag)
      message = { ...fact, fields, required, groups: groupsOf(fields) }
      this.#messages.set(msgType, message)
    }
    return message
  }
}

const dictionaries = new WeakMap<LoadedFacts, Dictionary>()

function dictionaryOf(loaded: LoadedFacts): Dictionary {
  let dictionary = dictionaries.get(loaded)
  if (!dictionary) {
    dictionary = new Dictionary(loaded)
    dictionaries.set(loaded, dictionary)
  }
  return dictionary
}
