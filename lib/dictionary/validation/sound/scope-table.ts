import { Format } from '../../data-types.js'
import type { FieldRule } from '../field-rule.js'
import { GroupScope, type Scope } from '../scope.js'

/** How sound.wat looks at a value; what it does not find good there is asked of the field's `FieldRule`. */
const Look = {
  /** Anything that is not empty. */
  Any: 0,
  /** One character of those in the record; others are asked of the rule. */
  Listed: 1,
  Character: 2,
  Digits: 3,
  Int: 4,
  Decimal: 5,
  /** As many letters and digits as the record says. */
  Alphanumeric: 6,
  Date: 7,
  UtcTimestamp: 8,
  UtcTimeOnly: 9,
  /** Asked of the rule always. */
  Rule: 10
} as const
type Look = (typeof Look)[keyof typeof Look]

const looks: ReadonlyMap<Format, Look> = new Map<Format, Look>([
  [Format.Text, Look.Any],
  [Format.Data, Look.Any],
  [Format.Char, Look.Character],
  [Format.Unsigned, Look.Digits],
  [Format.Int, Look.Int],
  [Format.Decimal, Look.Decimal],
  [Format.Currency, Look.Alphanumeric],
  [Format.Country, Look.Alphanumeric],
  [Format.Language, Look.Alphanumeric],
  [Format.Date, Look.Date],
  [Format.UtcTimestamp, Look.UtcTimestamp],
  [Format.UtcTimeOnly, Look.UtcTimeOnly]
])

/** Bytes of a record. */
const RECORD = 32
/** Records of one scope are no more: their numbers have to fit beside those of scopes. */
const RECORDS = 4096
/** Tags of a page, two bytes each. */
const PAGE = 64
/** Bytes before the table of a message's scope, for the plan of its last shape: two numbers each of 641 fields. */
const PLAN = 2 * 641 * 4
/** Tags are below this. */
const TAGS = 131_072

/** Instead of the address of a group's table: it has not been made yet. */
export const GROUP_NOT_MADE = 1
/** No number of required fields: where conditions say what is required, nothing is certain. */
const NEVER = -1

const tagOfMsgType = 35

/** A `Scope` as sound.wat reads it; see there. */
export class ScopeTable {
  readonly bytes: number
  /** Bytes of it that stand before its address. */
  readonly before: number
  readonly #scope: Scope
  readonly #records: number
  /** Slots by tag. */
  readonly #slots = new Map<number, number>()
  /** The tags that are found through the directory, by 64. */
  readonly #directoryEntries: number
  readonly #pages: readonly number[]

  constructor(scope: Scope) {
    this.#scope = scope
    this.#records = scope.tags.length
    for (const [slot, tag] of scope.tags.entries()) if (slot > 0) this.#slots.set(tag, slot)
    this.#pages = [...new Set([...this.#slots.keys()].map((tag) => Math.floor(tag / PAGE)))]
    this.#directoryEntries = Math.max(-1, ...this.#pages) + 1
    this.before = scope instanceof GroupScope ? 0 : PLAN
    this.bytes = this.before + this.#size
  }

  /** False for a scope that has no table: one with more fields or higher tags than there are of these. */
  static isPossible(scope: Scope): boolean {
    return scope.tags.length <= RECORDS && scope.tags.every((tag) => tag >= 0 && tag < TAGS)
  }

  get #size(): number {
    return this.#records * RECORD + align(this.#directoryEntries * 2) + (1 + this.#pages.length) * PAGE * 2
  }

  /**
   * Writes it from `address` on. `firstNumber` is that of slot 0 for the plain rules; `wordsOf` gives the address of the table of a
   * field's listed words.
   */
  write(
    integers: Int32Array,
    shorts: Uint16Array,
    address: number,
    firstNumber: number,
    wordsOf: (rule: FieldRule) => number
  ): void {
    const scope = this.#scope
    integers.fill(0, address >> 2, (address + this.#size) >> 2)
    const directory = address + this.#records * RECORD
    const pages = directory + align(this.#directoryEntries * 2)
    const required = scope.conditions.length > 0 ? NEVER : scope.required.length
    const delimiter = scope instanceof GroupScope ? scope.delimiter : 0
    integers.set([this.#directoryEntries, required, delimiter, 0, directory, pages], address >> 2)
    // Page 0 is that of all tags without a record.
    for (const [at, page] of this.#pages.entries()) shorts[(directory >> 1) + page] = 1 + at
    for (const [tag, slot] of this.#slots) {
      const page = shorts[(directory >> 1) + Math.floor(tag / PAGE)] as number
      shorts[(pages >> 1) + page * PAGE + (tag % PAGE)] = slot
      integers.set(recordOf(scope, slot, firstNumber + slot, wordsOf), (address + slot * RECORD) >> 2)
    }
  }
}

function recordOf(scope: Scope, slot: number, number: number, wordsOf: (rule: FieldRule) => number): number[] {
  const rule = scope.tags[slot] === tagOfMsgType ? undefined : scope.rules[slot]
  const listed = rule !== undefined && (rule.enumerated || rule.format === Format.Boolean)
  const look = rule === undefined ? Look.Any : listed ? Look.Listed : (looks.get(rule.format) ?? Look.Rule)
  const length = rule?.format === Format.Currency ? 3 : 2
  const zone = scope.zones[slot] as number
  const required = scope.required.includes(slot) ? 1 : 0
  const group = scope.isCount(slot) ? GROUP_NOT_MADE : 0
  const words = listed ? wordsOf(rule) : 0
  const characters = listed ? charactersOf(rule) : [0, 0, 0]
  return [look | (length << 8) | (zone << 16) | (required << 24), group, 0, number, words, ...characters]
}

/** That of a field without a place: what it may be is for its rule to say, where it has one. */
export function strayRecord(number: number): number[] {
  return [Look.Rule, 0, 0, number, 0, 0, 0, 0]
}

/** The ASCII characters from the space on that are good values by themselves, a bit each. */
function charactersOf(rule: FieldRule): number[] {
  const set = [0, 0, 0]
  for (let code = 32; code < 128; code++) {
    if (rule.mayBe(code) && rule.isGood(String.fromCharCode(code), 0, 1)) set[(code >> 5) - 1]! |= 1 << (code & 31)
  }
  return set
}

/** So that what follows begins where its numbers of four bytes may. */
function align(bytes: number): number {
  return (bytes + 3) & ~3
}
