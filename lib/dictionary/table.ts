import type { ComponentFact, Facts, FieldFact, FieldValue, Member, MessageCategory, MessageFact } from './facts.js'

/**
 * Our own compact form of a dictionary: a text of one record a line, `<key> <content>`.
 *
 *     h 8! 9! 35! 49! ... 627(628 629 630)          members of the header; t: of the trailer
 *     f54 Side CHAR                                 a field; a third word is its union type
 *     v54 1=BUY<tab>2=SELL                          its values
 *     mD NewOrderSingle app 11! 526 @Parties ...    a message; ! is "required", @ a component, ( ) a group's members
 *     cParties 453(448 447 452 @PtysSubGrp)         a component
 *
 * Versions of FIX share most of what they say, so a table may stand on another: it then has only the records that
 * differ, and `-<key>` for those that are gone. The first line names the version and what it stands on.
 */
export type Records = Map<string, string>

const signature = 'gapfill-table 1'

/** Splits the first line of a table from its records. */
export function tableHead(text: string): { version: string; base: string | undefined } {
  const [mark, number, version, base] = text.slice(0, text.indexOf('\n')).split(' ')
  if (`${mark} ${number}` !== signature || version === undefined) throw new Error('not a dictionary table')
  return { version, base }
}

/** Lays the records of a table over those of the table that it stands on. */
export function readRecords(text: string, base: Records | undefined): Records {
  const records: Records = new Map(base)
  for (let start = text.indexOf('\n') + 1; start < text.length; ) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    if (text.charCodeAt(start) === 45) {
      records.delete(text.slice(start + 1, end))
    } else {
      const space = text.indexOf(' ', start)
      if (space < 0 || space > end) records.set(text.slice(start, end), '')
      else records.set(text.slice(start, space), text.slice(space + 1, end))
    }
    start = end + 1
  }
  return records
}

export function writeTable(version: string, records: Records, base?: { version: string; records: Records }): string {
  const lines = [base ? `${signature} ${version} ${base.version}` : `${signature} ${version}`]
  for (const [key, content] of records) {
    if (base?.records.get(key) !== content) lines.push(content === '' ? key : `${key} ${content}`)
  }
  for (const key of base?.records.keys() ?? []) if (!records.has(key)) lines.push(`-${key}`)
  return `${lines.join('\n')}\n`
}

export function recordsOf(facts: Facts): Records {
  const records: Records = new Map()
  records.set('h', writeMembers(facts.header))
  records.set('t', writeMembers(facts.trailer))
  for (const tag of [...facts.tags()].sort((a, b) => a - b)) {
    const field = facts.field(tag)
    if (!field) continue
    records.set(`f${tag}`, `${field.name} ${field.type}${field.union ? ` ${field.union}` : ''}`)
    if (field.values.length > 0) records.set(`v${tag}`, field.values.map((v) => `${v.value}=${v.name}`).join('\t'))
  }
  for (const name of facts.componentNames()) records.set(`c${name}`, writeMembers(facts.component(name)?.members ?? []))
  for (const msgType of facts.msgTypes()) {
    const message = facts.message(msgType)
    if (message)
      records.set(`m${msgType}`, `${message.name} ${message.category} ${writeMembers(message.members)}`.trim())
  }
  return records
}

function writeMembers(members: readonly Member[]): string {
  return members.map(writeMember).join(' ')
}

function writeMember(member: Member): string {
  const mark = member.required ? '!' : ''
  if (member.kind === 'component') return `@${member.name}${mark}`
  return member.kind === 'field' ? `${member.tag}${mark}` : `${member.tag}${mark}(${writeMembers(member.members)})`
}

/** A table's facts; each is parsed when it is first asked for, so that loading costs little more than reading the file. */
export class TableFacts implements Facts {
  readonly version: string
  readonly source: string
  readonly header: readonly Member[]
  readonly trailer: readonly Member[]
  readonly #records: Records
  readonly #fields = new Map<number, FieldFact | undefined>()
  readonly #components = new Map<string, ComponentFact | undefined>()
  readonly #messages = new Map<string, MessageFact | undefined>()
  #indexed: Index | undefined

  constructor(version: string, records: Records) {
    this.version = version
    this.source = version
    this.#records = records
    this.header = readMembers(records.get('h') ?? '')
    this.trailer = readMembers(records.get('t') ?? '')
  }

  field(tag: number): FieldFact | undefined {
    return remembered(this.#fields, tag, () => {
      const [name, type, union] = this.#records.get(`f${tag}`)?.split(' ') ?? []
      if (name === undefined || type === undefined) return undefined
      return { tag, name, type, values: readValues(this.#records.get(`v${tag}`)), union }
    })
  }

  nameOf(tag: number): string | undefined {
    const content = this.#records.get(`f${tag}`)
    return content === undefined ? undefined : firstWord(content)
  }

  fieldNamed(name: string): FieldFact | undefined {
    const tag = this.#index().tagsByName.get(name)
    return tag === undefined ? undefined : this.field(tag)
  }

  component(name: string): ComponentFact | undefined {
    return remembered(this.#components, name, () => {
      const content = this.#records.get(`c${name}`)
      return content === undefined ? undefined : { name, members: readMembers(content) }
    })
  }

  message(msgType: string): MessageFact | undefined {
    return remembered(this.#messages, msgType, () => {
      const content = this.#records.get(`m${msgType}`)
      if (content === undefined) return undefined
      const [name = '', category] = content.split(' ', 2)
      const members = readMembers(content.slice(name.length + 1 + (category?.length ?? 0)))
      return { msgType, name, category: category as MessageCategory, members }
    })
  }

  messageNamed(name: string): MessageFact | undefined {
    const msgType = this.#index().msgTypesByName.get(name)
    return msgType === undefined ? undefined : this.message(msgType)
  }

  tags(): readonly number[] {
    return this.#index().tags
  }

  componentNames(): readonly string[] {
    return this.#index().components
  }

  msgTypes(): readonly string[] {
    return this.#index().msgTypes
  }

  #index(): Index {
    this.#indexed ??= indexOf(this.#records)
    return this.#indexed
  }
}

/** The keys of a table by kind, and by the names that stand first in their records. */
interface Index {
  readonly tags: number[]
  readonly components: string[]
  readonly msgTypes: string[]
  readonly tagsByName: Map<string, number>
  readonly msgTypesByName: Map<string, string>
}

function indexOf(records: Records): Index {
  const index: Index = {
    tags: [],
    components: [],
    msgTypes: [],
    tagsByName: new Map(),
    msgTypesByName: new Map()
  }
  for (const [key, content] of records) {
    const kind = key.charCodeAt(0)
    const rest = key.slice(1)
    if (kind === FIELD) {
      index.tags.push(Number(rest))
      index.tagsByName.set(firstWord(content), Number(rest))
    } else if (kind === MESSAGE) {
      index.msgTypes.push(rest)
      index.msgTypesByName.set(firstWord(content), rest)
    } else if (kind === COMPONENT_KEY) {
      index.components.push(rest)
    }
  }
  index.tags.sort((a, b) => a - b)
  return index
}

const FIELD = 0x66
const MESSAGE = 0x6d
const COMPONENT_KEY = 0x63

function remembered<K, V>(cache: Map<K, V>, key: K, make: () => V): V {
  let value = cache.get(key)
  if (value === undefined && !cache.has(key)) {
    value = make()
    // An unknown key is not kept: whoever asks for ever new ones must not fill the memory.
    if (value !== undefined) cache.set(key, value)
  }
  return value as V
}

function firstWord(content: string): string {
  return content.slice(0, content.indexOf(' '))
}

function readValues(content: string | undefined): FieldValue[] {
  if (content === undefined) return []
  return content.split('\t').map((pair) => {
    const equals = pair.lastIndexOf('=')
    return { value: pair.slice(0, equals), name: pair.slice(equals + 1) }
  })
}

/** Reads a list of members as `writeMembers` writes it. */
function readMembers(content: string): Member[] {
  const members: Member[] = []
  const open: Member[][] = [members]
  let scope = members
  for (let at = 0; at < content.length; ) {
    const first = content.charCodeAt(at)
    if (first === SPACE) {
      at += 1
      continue
    }
    if (first === CLOSE) {
      open.pop()
      scope = open[open.length - 1] as Member[]
      at += 1
      continue
    }
    let end = at + 1
    while (end < content.length && !endsName(content.charCodeAt(end))) end += 1
    const required = content.charCodeAt(end) === REQUIRED
    const behind = required ? end + 1 : end
    if (first === COMPONENT) {
      scope.push({ kind: 'component', name: content.slice(at + 1, end), required })
    } else if (content.charCodeAt(behind) === OPEN) {
      const group: Member[] = []
      scope.push({ kind: 'group', tag: Number(content.slice(at, end)), required, members: group })
      open.push(group)
      scope = group
    } else {
      scope.push({ kind: 'field', tag: Number(content.slice(at, end)), required })
    }
    at = content.charCodeAt(behind) === OPEN ? behind + 1 : behind
  }
  return members
}

const SPACE = 0x20
const REQUIRED = 0x21
const OPEN = 0x28
const CLOSE = 0x29
const COMPONENT = 0x40

function endsName(code: number): boolean {
  return code === SPACE || code === REQUIRED || code === OPEN || code === CLOSE
}
