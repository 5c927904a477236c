import { dataTagOf } from '../../fix/data-fields.js'
import { sessionTags } from '../../fix/header.js'
import { Format, formatOf } from '../data-types.js'
import type { Dictionary } from '../dictionary.js'
import type { FieldFact, GroupMember, Member } from '../facts.js'
import { groupPropertyName, propertyName } from '../typed/property-name.js'
import { firstTag } from '../xml/circles.js'
import { Names, valueName } from './identifiers.js'
import type { BaseModel, FieldsModel, MessageModel, Model, PropertyModel, ValuesModel } from './model-types.js'
import { typeOf } from './value-type.js'

export function modelOf(dictionary: Dictionary): Model {
  return new Modelling(dictionary).model()
}

class Modelling {
  readonly #dictionary: Dictionary
  readonly #names = new Names()
  readonly #values = new Map<number, ValuesModel>()
  readonly #properties = new Map<number, string>()
  readonly #components = new Map<string, FieldsModel>()
  readonly #componentNames = new Map<string, string>()
  readonly #entries: FieldsModel[] = []
  readonly #delimiters = new Map<number, number>()
  /** Names of entries by what is in them: the same group in two places is one interface. */
  readonly #entryNames = new Map<string, string>()

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary
  }

  model(): Model {
    const { facts, version, source } = this.#dictionary
    // Messages have the first right to their names, then listed values, then components.
    const messageNames = new Map(
      facts.msgTypes().map((type) => [type, this.#names.take(facts.message(type)?.name ?? '')] as const)
    )
    const fields = facts.tags().flatMap((tag) => facts.field(tag) ?? [])
    this.#nameProperties(fields)
    for (const field of fields) this.#addValues(field)
    for (const name of facts.componentNames()) {
      this.#componentNames.set(name, this.#names.take(name, `${name}Component`))
    }
    const header = this.#fields(
      this.#names.take('StandardHeader', 'MessageHeader'),
      '',
      'StandardHeader',
      ownHeader(facts.header)
    )
    for (const name of facts.componentNames()) this.#component(name)
    const messages = facts.msgTypes().flatMap((msgType): MessageModel[] => {
      const message = facts.message(msgType)
      if (!message) return []
      const name = messageNames.get(msgType) ?? message.name
      const comment = `${message.name}, MsgType(35)=${msgType}`
      const own = this.#fields(this.#names.take(`${name}Fields`), comment, name, message.members, header)
      return [{ name, msgType, fields: own }]
    })
    return {
      version,
      source,
      tags: fields.map((field) => [field.name, field.tag]),
      properties: fields.map((field) => [this.#properties.get(field.tag) ?? '', field.tag]),
      delimiters: [...this.#delimiters].filter(([, delimiter]) => delimiter > 0).sort(([a], [b]) => a - b),
      values: [...this.#values.values()],
      header,
      components: [...this.#components.values()],
      entries: this.#entries,
      messages
    }
  }

  /**
   * Two fields must not share a property. A field's own name stands for it too (`tagsByProperty`) and comes first, so a
   * property that is another field's name, or another field's property, is not used: the own name is.
   */
  #nameProperties(fields: readonly FieldFact[]): void {
    const groups = countTags(this.#dictionary)
    const own = new Set(fields.map((field) => field.name))
    const plain = new Set(fields.map((field) => propertyName(field.name)))
    const used = new Set<string>()
    for (const field of fields) {
      const candidates = [propertyName(field.name)]
      const short = groupPropertyName(field.name)
      if (groups.has(field.tag) && !plain.has(short)) candidates.unshift(short)
      const free = candidates.find((name) => !used.has(name) && (name === field.name || !own.has(name)))
      const property = free ?? field.name
      used.add(property)
      this.#properties.set(field.tag, property)
    }
  }

  #addValues(field: FieldFact): void {
    const format = formatOf(field.type, this.#dictionary.version)
    if (field.values.length === 0 || format === Format.Boolean) return
    const used = new Map<string, number>()
    const members = field.values.map(({ value, name }) => {
      const plain = valueName(name)
      const times = (used.get(plain) ?? 0) + 1
      used.set(plain, times)
      return { name: times === 1 ? plain : `${plain}_${times}`, value }
    })
    // MsgType(35) is made from the messages.
    const name = field.tag === 35 ? 'MsgType' : this.#names.take(field.name, `${field.name}Value`)
    if (field.tag !== 35) this.#values.set(field.tag, { name, field, members })
  }

  #component(name: string): FieldsModel {
    let model = this.#components.get(name)
    if (!model) {
      const members = this.#dictionary.facts.component(name)?.members ?? []
      model = this.#fields(this.#componentNames.get(name) ?? name, `The component ${name}`, name, members)
      this.#components.set(name, model)
    }
    return model
  }

  #fields(
    name: string,
    comment: string,
    owner: string,
    members: readonly Member[],
    header?: FieldsModel,
    delimiter?: number
  ): FieldsModel {
    const properties = new Map<string, PropertyModel>()
    for (const member of members) {
      if (member.kind === 'component' || isMeasure(this.#dictionary, member.tag)) continue
      const property = this.#property(member, owner, member.tag === delimiter)
      const present = properties.get(property.property)
      if (!present || property.required) properties.set(property.property, property)
    }
    const bases: BaseModel[] = []
    const taken = new Set(properties.keys())
    const addBase = (base: FieldsModel, required: boolean): void => {
      const all = this.#allProperties(base)
      if (all.length === 0) return
      bases.push({ name: base.name, required, omit: all.filter((property) => taken.has(property)) })
      for (const property of all) taken.add(property)
    }
    if (header) addBase(header, true)
    for (const member of members) {
      if (member.kind === 'component') addBase(this.#component(member.name), member.required)
    }
    if (delimiter !== undefined) this.#addDelimiter(properties, bases, delimiter)
    return { name, comment, bases, properties: [...properties.values()] }
  }

  /** An entry's first field may come from a component that is optional; without it there is no entry. */
  #addDelimiter(properties: Map<string, PropertyModel>, bases: BaseModel[], delimiter: number): void {
    const property = this.#properties.get(delimiter) ?? ''
    if (properties.has(property) || isMeasure(this.#dictionary, delimiter)) return
    if (this.#dictionary.field(delimiter) === undefined) return
    const index = bases.findIndex((base) => this.#allProperties(this.#named(base.name)).includes(property))
    const base = bases[index]
    if (!base || this.#isGroupCount(base.name, property)) return
    bases[index] = { ...base, omit: [...base.omit, property] }
    properties.set(property, this.#property({ kind: 'field', tag: delimiter, required: true }, '', true))
  }

  #isGroupCount(base: string, property: string): boolean {
    const model = this.#named(base)
    const own = model.properties.find((candidate) => candidate.property === property)
    if (own) return own.type.startsWith('Entries<')
    return model.bases.some((inner) => this.#isGroupCount(inner.name, property))
  }

  #named(name: string): FieldsModel {
    for (const model of this.#components.values()) if (model.name === name) return model
    return { name, comment: '', bases: [], properties: [] }
  }

  #allProperties(fields: FieldsModel): string[] {
    const inherited = fields.bases.flatMap((base) => this.#allProperties(this.#named(base.name)))
    return [...new Set([...fields.properties.map((property) => property.property), ...inherited])]
  }

  #property(member: Exclude<Member, { kind: 'component' }>, owner: string, isDelimiter: boolean): PropertyModel {
    const field = this.#dictionary.field(member.tag)
    const name = field?.name ?? String(member.tag)
    return {
      property: this.#properties.get(member.tag) ?? propertyName(name),
      type: member.kind === 'group' ? `Entries<${this.#entry(member, owner)}>` : this.#type(field),
      required: member.required || isDelimiter,
      comment: `${name}(${member.tag})`
    }
  }

  #entry(group: GroupMember, owner: string): string {
    const key = JSON.stringify(group)
    const known = this.#entryNames.get(key)
    if (known !== undefined) return known
    const plain = groupPropertyName(this.#dictionary.field(group.tag)?.name ?? '')
    const short = plain.charAt(0).toUpperCase() + plain.slice(1)
    const name = this.#names.take(`${short}Entry`, `${owner}${short}Entry`)
    this.#entryNames.set(key, name)
    const comment = `An entry of ${this.#dictionary.field(group.tag)?.name}(${group.tag})`
    const delimiter = firstTag(this.#dictionary.facts, group.members)
    const present = this.#delimiters.get(group.tag)
    // Two groups with one count tag and different first fields: no one of them can be told by the tag.
    this.#delimiters.set(group.tag, present === undefined || present === delimiter ? (delimiter ?? 0) : 0)
    this.#entries.push(this.#fields(name, comment, owner + short, group.members, undefined, delimiter))
    return name
  }

  #type(field: FieldFact | undefined): string {
    if (!field) return 'string'
    const format = formatOf(field.type, this.#dictionary.version)
    const values = this.#values.get(field.tag)
    if (values) {
      if (format === Format.MultipleChar || format === Format.MultipleString) return `readonly ${values.name}[]`
      return field.union ? `${values.name} | ${typeOf(formatOf(field.union, this.#dictionary.version))}` : values.name
    }
    return typeOf(format)
  }
}

/** Length fields are set with the data that they measure. */
function isMeasure(dictionary: Dictionary, tag: number): boolean {
  const dataTag = dataTagOf(tag)
  return dataTag !== 0 && dictionary.field(dataTag) !== undefined
}

/** The session sets its own fields itself. */
function ownHeader(members: readonly Member[]): readonly Member[] {
  return members.filter((member) => member.kind === 'component' || !sessionTags.includes(member.tag))
}

function countTags(dictionary: Dictionary): Set<number> {
  const found = new Set<number>()
  const visit = (members: readonly Member[]): void => {
    for (const member of members) {
      if (member.kind !== 'group') continue
      found.add(member.tag)
      visit(member.members)
    }
  }
  const { facts } = dictionary
  visit(facts.header)
  for (const name of facts.componentNames()) visit(facts.component(name)?.members ?? [])
  for (const msgType of facts.msgTypes()) visit(facts.message(msgType)?.members ?? [])
  return found
}
