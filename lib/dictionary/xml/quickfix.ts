import { nearest } from '../../config/nearest.js'
import { isAdmin } from '../../fix/msg-type.js'
import { dataTypes } from '../data-types.js'
import type { ComponentFact, Facts, FieldFact, FieldValue, Member, MessageCategory, MessageFact } from '../facts.js'
import { LayeredFacts } from '../layered-facts.js'
import { MapFacts } from '../map-facts.js'
import { firstTag, refuseCircles } from './circles.js'
import { extendMembers } from './extend.js'
import { XmlDictionary } from './xml-dictionary.js'
import type { XmlElement } from './xml-reader.js'

/** The facts of a file, and what is odd in it but usable: one text each, with file, line and element. */
export interface Reading {
  readonly facts: Facts
  readonly warnings: readonly string[]
}

const sections = ['header', 'trailer', 'messages', 'components', 'fields']

/** Highest tag accepted: tags are positive 32-bit integers. */
const maxTag = 2_147_483_647

/**
 * Reads a dictionary in the QuickFIX form: `<fix major minor servicepack type>` with `<header>`, `<trailer>`,
 * `<messages>`, `<components>` and `<fields>`, in any order. With `extended`, the file adds to those facts: fields,
 * values, messages and components of its own, and members appended to messages and components that are there.
 */
export function readQuickFix(root: XmlElement, file: string, extended: Facts | undefined): Reading {
  return new QuickFixReader(root, file, extended).read()
}

class QuickFixReader extends XmlDictionary {
  readonly #root: XmlElement
  readonly #facts: MapFacts
  /** What the file states over what it extends. */
  readonly #known: Facts
  readonly #extended: Facts | undefined
  readonly #lines = { fields: new Map<number, number>(), messages: new Map<string, number>() }
  readonly #componentLines = new Map<string, number>()
  readonly #groups: { element: XmlElement; members: readonly Member[] }[] = []

  constructor(root: XmlElement, file: string, extended: Facts | undefined) {
    super(file)
    this.#root = root
    this.#extended = extended
    this.#facts = new MapFacts(extended?.version ?? this.#version(), file)
    this.#known = extended ? new LayeredFacts(this.#facts, extended) : this.#facts
  }

  read(): Reading {
    for (const element of this.#root.children) this.#is(element, sections)
    if (!this.#extended && this.#section('fields').length === 0) this.fail(this.#root, 'expected <fields>, found none.')
    for (const element of this.#section('fields')) if (this.#is(element, ['field'])) this.#readField(element)
    // Components refer to each other in any order, so their names come before their contents.
    const components = this.#section('components').filter((element) => this.#is(element, ['component']))
    for (const element of components) this.#declareComponent(element)
    for (const element of components) this.#readComponent(element)
    for (const element of this.#section('messages')) if (this.#is(element, ['message'])) this.#readMessage(element)
    this.#facts.header = extendMembers(this.#extended?.header, this.#members(this.#section('header')))
    this.#facts.trailer = extendMembers(this.#extended?.trailer, this.#members(this.#section('trailer')))
    refuseCircles(this.#known, this.file, (component) => this.#componentLines.get(component))
    for (const { element, members } of this.#groups) this.#checkDelimiter(element, members)
    return { facts: this.#known, warnings: this.warnings }
  }

  #version(): string {
    const type = (this.#root.attribute('type') ?? 'FIX').toUpperCase()
    const major = this.required(this.#root, 'major')
    const minor = this.required(this.#root, 'minor')
    const servicePack = this.#root.attribute('servicepack') ?? '0'
    if (type !== 'FIX' && type !== 'FIXT') this.fail(this.#root, `expected type "FIX" or "FIXT", got "${type}".`)
    // QuickFIX/J's FIXLatest.xml.
    if (major.toLowerCase() === 'latest') return `${type}.Latest`
    for (const number of [major, minor, servicePack]) {
      if (!/^\d{1,3}$/.test(number)) {
        this.fail(this.#root, `major, minor and servicepack: expected whole numbers, got "${number}".`)
      }
    }
    return `${type}.${Number(major)}.${Number(minor)}${Number(servicePack) > 0 ? `SP${Number(servicePack)}` : ''}`
  }

  /** The children of the root's sections of that name. */
  #section(name: string): XmlElement[] {
    return this.#root.children.filter((child) => child.name === name).flatMap((child) => [...child.children])
  }

  #readField(element: XmlElement): void {
    const name = this.required(element, 'name')
    const number = this.required(element, 'number')
    const tag = Number(number)
    if (!/^\d+$/.test(number) || tag < 1 || tag > maxTag) {
      this.fail(element, `field ${name}: expected a number from 1 to ${maxTag}, got "${number}".`)
    }
    const line = this.#lines.fields.get(tag)
    if (line !== undefined) {
      this.fail(
        element,
        `duplicate tag ${tag}: ${this.#facts.field(tag)?.name} has it on line ${line}, ${name} here too.`
      )
    }
    const namesake = this.#known.fieldNamed(name)
    if (namesake && namesake.tag !== tag) {
      this.fail(element, `duplicate field name ${name}: it is tag ${namesake.tag} already, here ${tag}.`)
    }
    const previous = this.#extended?.field(tag)
    if (previous && previous.name !== name) {
      this.fail(element, `tag ${tag} is ${previous.name} in ${this.#extended?.source}: use that name, not ${name}.`)
    }
    this.#lines.fields.set(tag, line ?? element.line)
    this.#facts.setField({
      tag,
      name,
      type: this.#type(element, name, previous),
      values: this.#values(element, name, previous),
      union: isYes(element.attribute('allowOtherValues')) ? 'STRING' : previous?.union
    })
  }

  #type(element: XmlElement, name: string, previous: FieldFact | undefined): string {
    const written = element.attribute('type') ?? previous?.type ?? this.required(element, 'type')
    const type = written.toUpperCase()
    if (!dataTypes.has(type)) {
      const near = nearest(type, dataTypes.keys())
      this.fail(element, `field ${name}: unknown type "${written}"${near ? `; did you mean "${near}"?` : '.'}`)
    }
    return type
  }

  #values(element: XmlElement, name: string, previous: FieldFact | undefined): FieldValue[] {
    const values = new Map<string, FieldValue>(previous?.values.map((value) => [value.value, value]))
    const here = new Set<string>()
    // Some files put them into an element of their own.
    const children = element.children.flatMap((child) => (child.name === 'values' ? [...child.children] : [child]))
    for (const child of children) {
      if (!this.#is(child, ['value'])) continue
      const value = child.attribute('enum') ?? this.fail(child, 'attribute "enum" is missing.')
      if (value === '')
        this.warn(child, `field ${name}: a value without text, which no message can have, is passed over.`)
      else if (here.has(value)) this.warn(child, `field ${name}: value "${value}" is stated twice; the first counts.`)
      else values.set(value, { value, name: child.attribute('description') || value })
      here.add(value)
    }
    return [...values.values()]
  }

  #declareComponent(element: XmlElement): void {
    const name = this.required(element, 'name')
    const line = this.#componentLines.get(name)
    if (line !== undefined) this.fail(element, `duplicate component ${name}: it is on line ${line} already.`)
    this.#componentLines.set(name, element.line)
    if (!this.#known.component(name)) this.#facts.setComponent({ name, members: [] })
  }

  #readComponent(element: XmlElement): void {
    const name = this.required(element, 'name')
    const previous: ComponentFact | undefined = this.#extended?.component(name)
    const members = extendMembers(previous?.members, this.#members(element.children))
    this.#facts.setComponent({ name, members })
  }

  #readMessage(element: XmlElement): void {
    const name = this.required(element, 'name')
    const msgType = this.required(element, 'msgtype')
    const line = this.#lines.messages.get(msgType)
    if (line !== undefined) this.fail(element, `duplicate msgtype "${msgType}": it is on line ${line} already.`)
    const namesake = this.#known.messageNamed(name)
    if (namesake && namesake.msgType !== msgType) {
      this.fail(element, `duplicate message name ${name}: it is msgtype "${namesake.msgType}" already.`)
    }
    this.#lines.messages.set(msgType, element.line)
    const previous: MessageFact | undefined = this.#extended?.message(msgType)
    const category = this.#category(element, previous)
    const members = extendMembers(previous?.members, this.#members(element.children))
    this.#facts.setMessage({ msgType, name, category, members })
  }

  #category(element: XmlElement, previous: MessageFact | undefined): MessageCategory {
    const standard = isAdmin(element.attribute('msgtype') ?? '') ? 'admin' : 'app'
    const written = element.attribute('msgcat') || (previous?.category ?? standard)
    const category = written.toLowerCase()
    if (category !== 'admin' && category !== 'app') {
      this.fail(element, `msgcat: expected "admin" or "app", got "${written}".`)
    }
    return category as MessageCategory
  }

  #members(elements: readonly XmlElement[]): Member[] {
    const members: Member[] = []
    const seen = new Set<string>()
    for (const element of elements) {
      if (!this.#is(element, ['field', 'group', 'component'])) continue
      const name = this.required(element, 'name')
      // QuickFIX's own FIX43.xml lists a field twice in one message, so this cannot be an error.
      if (seen.has(name)) this.warn(element, `${name} is listed twice here; the first place counts.`)
      seen.add(name)
      members.push(this.#member(element, name))
    }
    return members
  }

  #member(element: XmlElement, name: string): Member {
    const required = this.#isRequired(element)
    if (element.name === 'component') {
      if (!this.#known.component(name)) this.#undefined(element, 'component', name, this.#known.componentNames())
      return { kind: 'component', name, required }
    }
    const tag = this.#known.fieldNamed(name)?.tag ?? this.#undefinedField(element, name)
    if (element.name === 'field') return { kind: 'field', tag, required }
    const members = this.#members(element.children)
    this.#groups.push({ element, members })
    return { kind: 'group', tag, required, members }
  }

  /** An extension may leave out a group's first fields, which what it extends has. */
  #checkDelimiter(element: XmlElement, members: readonly Member[]): void {
    if (firstTag(this.#known, members) !== undefined) return
    const name = element.attribute('name')
    this.fail(element, `group ${name} has no field, so it is without a delimiter: list the fields of an entry in it.`)
  }

  #undefinedField(element: XmlElement, name: string): never {
    const names = this.#known.tags().map((tag) => this.#known.field(tag)?.name ?? '')
    return this.#undefined(element, 'field', name, names)
  }

  #undefined(element: XmlElement, kind: string, name: string, names: Iterable<string>): never {
    const near = nearest(name, names)
    const advice = near ? `did you mean ${near}?` : `define it in <${kind}s>.`
    return this.fail(element, `undefined ${kind} ${name}; ${advice}`)
  }

  /** "C", conditionally required, states no condition that could be checked. */
  #isRequired(element: XmlElement): boolean {
    const text = element.attribute('required')
    if (text === undefined || /^(?:n|no|c|false|0|)$/i.test(text)) return false
    if (isYes(text)) return true
    return this.fail(element, `required: expected "Y" or "N", got "${text}".`)
  }

  /** Elements that brokers add for their own tools are passed over; one that looks misspelt is refused. */
  #is(element: XmlElement, names: readonly string[]): boolean {
    if (names.includes(element.name)) return true
    const near = nearest(element.name, names)
    if (near) this.fail(element, `unknown element; did you mean <${near}>?`)
    return false
  }
}

function isYes(text: string | undefined): boolean {
  return text !== undefined && /^(?:y|yes|true|1)$/i.test(text)
}
