import { instantiate, MEMORY_END, SCANNER_END } from '../../../fix/shared-memory.js'
import type { WireFields } from '../../../fix/wire-fields.js'
import type { FieldRule } from '../field-rule.js'
import type { Scope, Scopes } from '../scope.js'
import { GROUP_NOT_MADE, ScopeTable, strayRecord } from './scope-table.js'
import { soundBytes } from './sound-bytes.js'
import { WordTable } from './word-table.js'

/** Where sound.wat has its things, bytes. */
const WANTED = SCANNER_END
const ASKS = SCANNER_END + 16
const STRAY = SCANNER_END + 960
const TEXT = SCANNER_END + 1024
const TEXT_END = TEXT + 65_536
/** Values are read up to sixteen bytes beyond their end. */
const TAGS = TEXT_END + 64
/** As the scanner does: starts of values stand so many cells behind tags, and their ends behind those. */
const ROOM = 65_536
const TABLES = TAGS + 3 * ROOM * 4

/** A record's number for the plain rules: that of its scope, and its slot in it. */
const SLOT_BITS = 12
const SLOT = (1 << SLOT_BITS) - 1

type Sound = (text: number, tags: number, tagsEnd: number, scope: number, rules: number, shape: number) => number

/** Instead of a record's number: that of a field without a place. */
const NO_RECORD = -1

/**
 * What sound.wat reads: tables of scopes, which it shares with all dictionaries, and room for messages that no longer stand
 * where the scanner read them. When there is no room for another table, all are dropped and made anew as they are needed.
 */
export class SoundMemory {
  /** Goes up when all tables are dropped. */
  generation = 0
  readonly sound: Sound
  readonly #integers: Int32Array
  readonly #shorts: Uint16Array
  readonly #text: Buffer
  #used = TABLES
  #addresses = new Map<Scope, number>()
  #scopes: Scope[] = []
  /** Where the listed words of a field are; scopes that have the field share them. */
  #words = new Map<FieldRule, number>()

  static create(): SoundMemory | undefined {
    const module = instantiate(soundBytes)
    return module && new SoundMemory(module.buffer, (module.exports as { sound: Sound }).sound)
  }

  private constructor(buffer: ArrayBuffer, sound: Sound) {
    this.sound = sound
    this.#integers = new Int32Array(buffer)
    this.#shorts = new Uint16Array(buffer)
    this.#integers.set(strayRecord(NO_RECORD), STRAY >> 2)
    this.#text = Buffer.from(buffer, TEXT, TEXT_END - TEXT)
  }

  /** Where the table of a scope is; undefined where it cannot have one. */
  table(scope: Scope): number | undefined {
    const known = this.#addresses.get(scope)
    if (known !== undefined) return known
    if (!ScopeTable.isPossible(scope)) return undefined
    const table = new ScopeTable(scope)
    const words = newWords(scope, this.#words)
    let bytes = table.bytes
    for (const each of words.values()) bytes += each.bytes
    if (bytes > MEMORY_END - TABLES || this.#scopes.length >= 1 << (31 - SLOT_BITS)) return undefined
    if (this.#used + bytes > MEMORY_END) {
      this.#drop()
      return this.table(scope)
    }
    for (const [rule, each] of words) this.#words.set(rule, this.#writeWords(each))
    const address = this.#used + table.before
    const number = this.#scopes.length << SLOT_BITS
    table.write(this.#integers, this.#shorts, address, number, (rule) => this.#words.get(rule) ?? 0)
    this.#used += table.bytes
    this.#scopes.push(scope)
    this.#addresses.set(scope, address)
    return address
  }

  /** Answers its address; 0 where there are no words. */
  #writeWords(table: WordTable): number {
    if (table.bytes === 0) return 0
    const address = this.#used
    table.write(this.#integers, address)
    this.#used += table.bytes
    return address
  }

  /**
   * Makes the table of the group that the last call of `sound` met and had none of; groups are many, and messages have few. False
   * where it met none, or all tables had to be dropped for it.
   */
  makeWanted(): boolean {
    const record = (this.#integers[WANTED >> 2] as number) >> 2
    if (record === 0 || this.#integers[record + 1] !== GROUP_NOT_MADE) return false
    const { generation } = this
    const number = this.#integers[record + 3] as number
    const group = (this.#scopes[number >> SLOT_BITS] as Scope).group(number & SLOT)
    const address = group && this.table(group)
    if (address === undefined || generation !== this.generation) return false
    this.#integers[record + 1] = address
    return true
  }

  /** Whether the values, so many, that the last call of `sound` left to the plain rules are good. */
  areGood(count: number, wire: WireFields, scopes: Scopes): boolean {
    const text = wire.shared
    const { offset } = wire
    for (let at = ASKS >> 2, end = at + count * 3; at < end; at += 3) {
      const number = this.#integers[at] as number
      const start = this.#integers[at + 1] as number
      const rule =
        number === NO_RECORD
          ? scopes.ruleOf(tagOfValue(wire, start))
          : (this.#scopes[number >> SLOT_BITS] as Scope).rules[number & SLOT]
      if (rule?.isGood(text, offset + start, offset + (this.#integers[at + 2] as number)) === false) return false
    }
    return true
  }

  /** Copies a message: its bytes to `textAt`, its cells to `tagsAt`. False where it is too long. */
  copy(wire: WireFields): boolean {
    const { text, count } = wire
    if (text.length > this.#text.length || count > ROOM) return false
    this.#text.write(text, 'latin1')
    const { cells, room } = wire.index()
    const copies = this.#integers
    for (let from = wire.base, to = TAGS >> 2, end = from + count; from < end; from++, to++) {
      copies[to] = cells[from] as number
      copies[to + ROOM] = cells[from + room] as number
      copies[to + 2 * ROOM] = cells[from + 2 * room] as number
    }
    return true
  }

  get textAt(): number {
    return TEXT
  }

  get tagsAt(): number {
    return TAGS
  }

  #drop(): void {
    this.generation++
    this.#used = TABLES
    this.#addresses = new Map()
    this.#scopes = []
    this.#words = new Map()
  }
}

/** Tables of the listed words of fields that have none yet. */
function newWords(scope: Scope, known: ReadonlyMap<FieldRule, number>): Map<FieldRule, WordTable> {
  const tables = new Map<FieldRule, WordTable>()
  for (const rule of scope.rules) if (rule?.enumerated && !known.has(rule)) tables.set(rule, new WordTable(rule))
  return tables
}

/** The tag of the field whose value starts there. */
function tagOfValue(wire: WireFields, start: number): number {
  let field = 0
  while (wire.valueStart(field) !== start) field++
  return wire.tagAt(field)
}

let shared: SoundMemory | undefined
let tried = false

/** The one of the process, made when the first message comes; undefined where there can be none. */
export function soundMemory(): SoundMemory | undefined {
  if (!tried) {
    tried = true
    shared = SoundMemory.create()
  }
  return shared
}
