import { nearest } from '../../config/nearest.js'
import { dataTypes } from '../data-types.js'
import type { FieldValue, Member } from '../facts.js'
import { MapFacts } from '../map-facts.js'
import { firstTag, refuseCircles } from './circles.js'
import type { Reading } from './quickfix.js'
import { XmlDictionary } from './xml-dictionary.js'
import type { XmlElement } from './xml-reader.js'

/** A repository refers by number, and may have variants ("scenarios") of one thing; the plain one is "base". */
const base = 'base'

/**
 * Reads a FIX Orchestra repository (FIX Trading Community, Orchestra technical standard 1.0): `<repository>` with
 * `<datatypes>`, `<codeSets>`, `<fields>`, `<components>`, `<groups>` and `<messages>`.
 *
 * A group of Orchestra's is a component with that one group in it, as QuickFIX files write it; StandardHeader and
 * StandardTrailer are the header and trailer. Of a message's scenarios the base counts.
 */
export function readOrchestra(root: XmlElement, file: string): Reading {
  return new OrchestraReader(root, file).read()
}

class OrchestraReader extends XmlDictionary {
  readonly #root: XmlElement
  readonly #facts: MapFacts
  readonly #types = new Map<string, string>()
  readonly #codeSets = new Map<string, XmlElement>()
  readonly #components = new Map<string, XmlElement>()
  readonly #groups = new Map<string, XmlElement>()
  readonly #lines = new Map<string, number>()

  constructor(root: XmlElement, file: string) {
    super(file)
    this.#root = root
    this.#facts = new MapFacts(this.#version(), file)
  }

  read(): Reading {
    for (const type of this.#section('datatypes', 'datatype')) {
      this.#types.set(this.required(type, 'name'), type.attribute('baseType') ?? '')
    }
    for (const set of this.#section('codeSets', 'codeSet')) this.#codeSets.set(this.#key(set, 'name'), set)
    const fields = this.#section('fields', 'field')
    if (fields.length === 0) this.fail(this.#root, 'expected <fields>, found none.')
    for (const field of fields) this.#readField(field)
    this.#collect(this.#section('components', 'component'), this.#components)
    this.#collect(this.#section('groups', 'group'), this.#groups)
    for (const component of this.#components.values()) this.#readComponent(component)
    for (const group of this.#groups.values()) this.#readGroup(group)
    this.#facts.header = this.#facts.component('StandardHeader')?.members ?? []
    this.#facts.trailer = this.#facts.component('StandardTrailer')?.members ?? []
    for (const message of this.#section('messages', 'message')) this.#readMessage(message)
    refuseCircles(this.#facts, this.file, (name) => this.#lines.get(`component ${name}`))
    for (const group of this.#groups.values()) this.#checkDelimiter(group)
    return { facts: this.#facts, warnings: this.warnings }
  }

  #version(): string {
    const name = this.#root.attribute('name') ?? ''
    const version = this.#root.attribute('version') ?? name
    if (/^FIXT/.test(name) || /^FIXT/.test(version)) return 'FIXT.1.1'
    const known = /^FIX\.(?:\d+\.\d+(?:SP\d+)?|Latest)/.exec(version)?.[0]
    return (
      known ?? this.fail(this.#root, `version: expected one like "FIX.4.4" or "FIX.5.0SP2_EP247", got "${version}".`)
    )
  }

  #section(name: string, item: string): XmlElement[] {
    const sections = this.#root.children.filter((child) => child.name === name)
    return sections.flatMap((section) => section.children.filter((child) => child.name === item))
  }

  #key(element: XmlElement, attribute: string): string {
    return `${this.required(element, attribute)} ${element.attribute('scenario') ?? base}`
  }

  #collect(elements: readonly XmlElement[], into: Map<string, XmlElement>): void {
    for (const element of elements) {
      const key = this.#key(element, 'id')
      this.#once(element, `${element.name} ${key}`, `${element.name} id ${element.attribute('id')}`)
      this.#once(element, `component ${this.#nameOf(element)}`, `component or group ${this.#nameOf(element)}`)
      into.set(key, element)
    }
  }

  #nameOf(element: XmlElement): string {
    const scenario = element.attribute('scenario') ?? base
    return this.required(element, 'name') + (scenario === base ? '' : `_${scenario}`)
  }

  #readField(element: XmlElement): void {
    const name = this.required(element, 'name')
    const id = this.required(element, 'id')
    if ((element.attribute('scenario') ?? base) !== base) {
      this.warn(element, `field ${name}: only the base scenario counts.`)
      return
    }
    if (!/^[1-9]\d{0,9}$/.test(id) || Number(id) > 2_147_483_647) {
      this.fail(element, `field ${name}: expected a positive number as id, got "${id}".`)
    }
    this.#once(element, `field ${id}`, `duplicate tag ${id} (${name})`)
    this.#once(element, `field named ${name}`, `duplicate field name ${name}`)
    const type = this.required(element, 'type')
    const set = this.#codeSets.get(`${element.attribute('codeSet') ?? type} ${base}`)
    const union = element.attribute('unionDataType')
    this.#facts.setField({
      tag: Number(id),
      name,
      type: this.#type(element, name, set ? this.required(set, 'type') : type),
      values: set ? this.#codes(set) : [],
      union: union ? this.#type(element, name, union) : undefined
    })
  }

  /** A repository may define data types of its own on those of the standard. */
  #type(element: XmlElement, field: string, written: string): string {
    let name = written
    for (let depth = 0; depth < 20; depth++) {
      const type = name.toUpperCase()
      if (dataTypes.has(type)) return type
      name = this.#types.get(name) ?? ''
    }
    const near = nearest(written, [...dataTypes.keys(), ...this.#types.keys()])
    return this.fail(element, `field ${field}: unknown type "${written}"${near ? `; did you mean "${near}"?` : '.'}`)
  }

  #codes(set: XmlElement): FieldValue[] {
    const values = new Map<string, FieldValue>()
    for (const code of set.children.filter((child) => child.name === 'code')) {
      const value = this.required(code, 'value')
      if (values.has(value)) this.warn(code, `value "${value}" is stated twice; the first counts.`)
      else values.set(value, { value, name: code.attribute('name') || value })
    }
    return [...values.values()]
  }

  #readComponent(element: XmlElement): void {
    this.#facts.setComponent({ name: this.#nameOf(element), members: this.#members(element.children) })
  }

  #readGroup(element: XmlElement): void {
    const count = element.children.find((child) => child.name === 'numInGroup')
    const tag = count
      ? this.#field(count)
      : this.fail(element, `group ${this.#nameOf(element)}: expected a <numInGroup>, found none.`)
    const members = this.#members(element.children)
    this.#facts.setComponent({
      name: this.#nameOf(element),
      members: [{ kind: 'group', tag, required: true, members }]
    })
  }

  #checkDelimiter(element: XmlElement): void {
    const group = this.#facts.component(this.#nameOf(element))?.members[0]
    if (group?.kind === 'group' && firstTag(this.#facts, group.members) === undefined) {
      this.fail(element, `group ${this.#nameOf(element)} has no field, so it is without a delimiter.`)
    }
  }

  #readMessage(element: XmlElement): void {
    const name = this.required(element, 'name')
    const msgType = this.required(element, 'msgType')
    if ((element.attribute('scenario') ?? base) !== base) {
      this.warn(element, `message ${name}: only the base scenario counts.`)
      return
    }
    this.#once(element, `msgType ${msgType}`, `duplicate msgType "${msgType}"`)
    this.#once(element, `message ${name}`, `duplicate message name ${name}`)
    const category = element.attribute('category') === 'Session' ? 'admin' : 'app'
    const structure = element.children.find((child) => child.name === 'structure')
    const members = this.#members(structure?.children ?? []).filter(
      (member) => member.kind !== 'component' || !/^Standard(?:Header|Trailer)$/.test(member.name)
    )
    this.#facts.setMessage({ msgType, name, category, members })
  }

  #members(elements: readonly XmlElement[]): Member[] {
    return elements.flatMap((element): Member[] => {
      const presence = element.attribute('presence')
      if (presence === 'forbidden') return []
      const required = presence === 'required'
      if (element.name === 'fieldRef') {
        return [{ kind: 'field', tag: this.#field(element), required, requiredWhen: this.#requiredWhen(element) }]
      }
      if (element.name === 'componentRef') {
        return [{ kind: 'component', name: this.#referred(element, this.#components), required }]
      }
      if (element.name === 'groupRef') {
        return [{ kind: 'component', name: this.#referred(element, this.#groups), required }]
      }
      return []
    })
  }

  #requiredWhen(element: XmlElement): string | undefined {
    for (const rule of element.children) {
      if (rule.name !== 'rule' || rule.attribute('presence') !== 'required') continue
      const when = rule.children.find((child) => child.name === 'when')?.text
      if (when) return when
    }
    return undefined
  }

  #field(element: XmlElement): number {
    const id = this.required(element, 'id')
    if (!this.#facts.field(Number(id))) this.fail(element, `undefined field ${id}. Define it in <fields>.`)
    return Number(id)
  }

  #referred(element: XmlElement, elements: ReadonlyMap<string, XmlElement>): string {
    const found = elements.get(this.#key(element, 'id')) ?? elements.get(`${element.attribute('id')} ${base}`)
    if (!found) return this.fail(element, `undefined id ${element.attribute('id')}.`)
    return this.#nameOf(found)
  }

  #once(element: XmlElement, key: string, what: string): void {
    const line = this.#lines.get(key)
    if (line !== undefined) this.fail(element, `${what}: it is on line ${line} already.`)
    this.#lines.set(key, element.line)
  }
}
