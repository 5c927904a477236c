import { Format } from '../../data-types.js'
import type { FieldRule } from '../field-rule.js'
import type { GroupScope, Scope } from '../scope.js'

/** How a value is looked at first, by its bytes; what that does not find good is asked of its `FieldRule`. */
export const Look = {
  /** Anything that is not empty. */
  Any: 0,
  /** One character out of those listed. */
  Listed: 1,
  Character: 2,
  Digits: 3,
  Int: 4,
  Decimal: 5,
  /** Three capital letters. */
  Currency: 6,
  Date: 7,
  UtcTimestamp: 8,
  UtcTimeOnly: 9,
  /** The rule alone knows. */
  Rule: 10
} as const
export type Look = (typeof Look)[keyof typeof Look]

const looks: ReadonlyMap<Format, Look> = new Map<Format, Look>([
  [Format.Text, Look.Any],
  [Format.Data, Look.Any],
  [Format.Char, Look.Character],
  [Format.Unsigned, Look.Digits],
  [Format.Int, Look.Int],
  [Format.Decimal, Look.Decimal],
  [Format.Currency, Look.Currency],
  [Format.Date, Look.Date],
  [Format.UtcTimestamp, Look.UtcTimestamp],
  [Format.UtcTimeOnly, Look.UtcTimeOnly]
])

/*
 * What is to be known of a field, in one number: from the lowest bit on its slot (12), zone (2), whether it is required (1) and
 * counts a group (1), its look (4), and which of the sets of characters are its listed ones (12).
 */
const SLOTS = 4096
export const SLOT = SLOTS - 1
export const ZONE_SHIFT = 12
export const REQUIRED_SHIFT = 14
export const GROUP = 1 << 15
export const LOOK_SHIFT = 16
export const SET_SHIFT = 20

/** Tags are found in pages of so many. */
const PAGE_SHIFT = 6
const PAGE = 1 << PAGE_SHIFT
/** Tags from here up are not found: messages with them are left to the validator. */
const TAGS = 131_072

const tagOfMsgType = 35

/** No number of fields. */
const NEVER = -1

/** A `Scope` in a few arrays of numbers, so that a field costs some five reads of memory. */
export class SoundScope {
  /** Where the page of each 64 tags begins, then the pages: what is known of each tag, 0 of one without a place. */
  readonly #pages: Int32Array
  /** How many pages have their place in the beginning of `pages`. */
  readonly #pageCount: number
  /** Sets of ASCII characters, four numbers each. */
  readonly sets: Int32Array
  readonly rules: readonly (FieldRule | undefined)[]
  readonly #groups: readonly (GroupScope | undefined)[]
  readonly #soundGroups: (SoundGroup | undefined)[] = []
  /** How many fields are required; NEVER where it depends on conditions. */
  readonly required: number
  /** The last pass in which a field was seen, by its slot. */
  readonly seen: Int32Array
  #pass = 0

  constructor(scope: Scope) {
    this.rules = scope.rules
    this.#groups = scope.groups
    this.required = scope.conditions.length > 0 ? NEVER : scope.required.length
    this.seen = new Int32Array(scope.tags.length)
    const sets: number[] = []
    const known = new Map<number, number>()
    for (let slot = 1; slot < Math.min(scope.tags.length, SLOTS); slot++) {
      const tag = scope.tags[slot] as number
      if (tag > 0 && tag < TAGS) known.set(tag, knownOf(scope, slot, tag, sets))
    }
    this.sets = Int32Array.from(sets)
    this.#pageCount = (Math.max(0, ...known.keys()) >> PAGE_SHIFT) + 1
    this.#pages = pagesOf(known, this.#pageCount)
  }

  /** What is known of a tag, or 0. */
  find(tag: number): number {
    const page = tag >>> PAGE_SHIFT
    if (page >= this.#pageCount) return 0
    return this.#pages[(this.#pages[page] as number) + (tag & (PAGE - 1))] as number
  }

  group(slot: number): SoundGroup {
    let group = this.#soundGroups[slot]
    if (group === undefined) {
      group = new SoundGroup(this.#groups[slot] as GroupScope)
      this.#soundGroups[slot] = group
    }
    return group
  }

  /** A number that stands nowhere in `seen`. */
  nextPass(): number {
    if (this.#pass === 0x7fff_ffff) {
      this.seen.fill(0)
      this.#pass = 0
    }
    this.#pass += 1
    return this.#pass
  }
}

export class SoundGroup extends SoundScope {
  readonly delimiter: number

  constructor(scope: GroupScope) {
    super(scope)
    this.delimiter = scope.delimiter
  }
}

function knownOf(scope: Scope, slot: number, tag: number, sets: number[]): number {
  const rule = scope.rules[slot]
  let look: Look = rule === undefined || tag === tagOfMsgType ? Look.Any : (looks.get(rule.format) ?? Look.Rule)
  let set = 0
  if (rule !== undefined && tag !== tagOfMsgType && (rule.enumerated || rule.format === Format.Boolean)) {
    look = Look.Listed
    set = sets.length >> 2
    sets.push(...charactersOf(rule))
  }
  const required = scope.required.includes(slot) ? 1 : 0
  const group = scope.groups[slot] === undefined ? 0 : GROUP
  return (
    slot |
    ((scope.zones[slot] as number) << ZONE_SHIFT) |
    (required << REQUIRED_SHIFT) |
    group |
    (look << LOOK_SHIFT) |
    (set << SET_SHIFT)
  )
}

/** The ASCII characters that are good values by themselves, a bit each. */
function charactersOf(rule: FieldRule): number[] {
  const set = [0, 0, 0, 0]
  for (let code = 0; code < 128; code++) {
    if (rule.isGood(String.fromCharCode(code), 0, 1)) set[code >> 5]! |= 1 << (code & 31)
  }
  return set
}

function pagesOf(known: ReadonlyMap<number, number>, pageCount: number): Int32Array {
  const used = [...new Set([...known.keys()].map((tag) => tag >> PAGE_SHIFT))]
  // The first page is the one of all tags that have no place.
  const pages = new Int32Array(pageCount + (1 + used.length) * PAGE)
  pages.fill(pageCount, 0, pageCount)
  for (const [at, page] of used.entries()) pages[page] = pageCount + (1 + at) * PAGE
  for (const [tag, facts] of known) pages[(pages[tag >> PAGE_SHIFT] as number) + (tag & (PAGE - 1))] = facts
  return pages
}
