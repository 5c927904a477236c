import type { FixMessage } from '../../../fix/message.js'
import type { ValidationRules } from '../options.js'
import type { Scope, Scopes } from '../scope.js'
import {
  GROUP,
  LOOK_SHIFT,
  Look,
  REQUIRED_SHIFT,
  SET_SHIFT,
  SLOT,
  type SoundGroup,
  SoundScope,
  ZONE_SHIFT
} from './sound-scope.js'
import { areDigits, areThreeCapitals, isDate, isDecimal, isInt, isUtcTime, isUtcTimestamp } from './sound-value.js'

/** Texts up to so many characters are looked at here. */
const LONGEST = 32_768
/** What is read behind a value's end. */
const SLACK = 16
const NONE = -1

/** The bytes of the text that was looked at last. */
const scratch = Buffer.alloc(LONGEST + SLACK)
const view = new DataView(scratch.buffer, scratch.byteOffset, scratch.byteLength)
let scratched = ''

const scopes = new WeakMap<Scope, SoundScope>()

/**
 * Answers one question about a message that was received, as fast as can be: is it certainly good? Of one that may
 * not be it says nothing; that is for the `Validator`, which holds the same rules and can explain.
 *
 * It holds all rules, however they are switched: what is good by all of them is good by some.
 */
export class Soundness {
  readonly #scopes: Scopes
  readonly #inOrder: boolean
  #msgType = ''
  #scope: SoundScope | undefined
  #cells: Int32Array = new Int32Array(0)
  #room = 0
  #base = 0
  #offset = 0
  #count = 0
  #text = ''

  constructor(scopes: Scopes, rules: ValidationRules) {
    this.#scopes = scopes
    this.#inOrder = rules.validateUnorderedGroupFields
  }

  holds(message: FixMessage): boolean {
    const { wire } = message
    if (wire === undefined) return false
    const scope = message.msgType === this.#msgType ? this.#scope : this.#scopeOf(message.msgType)
    if (scope === undefined) return false
    const text = wire.shared
    if (text !== scratched) {
      if (text.length > LONGEST) return false
      scratch.write(text, 0, 'latin1')
      scratched = text
    }
    this.#text = text
    const { cells, room } = wire.index()
    this.#cells = cells
    this.#room = room
    this.#base = wire.base
    this.#offset = wire.offset
    this.#count = wire.count
    return this.#isSound(scope)
  }

  #scopeOf(msgType: string): SoundScope | undefined {
    const scope = this.#scopes.message(msgType)
    if (scope === undefined) return undefined
    let sound = scopes.get(scope)
    if (sound === undefined) {
      sound = new SoundScope(scope)
      scopes.set(scope, sound)
    }
    this.#msgType = msgType
    this.#scope = sound
    return sound
  }

  #isSound(scope: SoundScope): boolean {
    const cells = this.#cells
    const room = this.#room
    const base = this.#base
    const offset = this.#offset
    const count = this.#count
    const { seen } = scope
    const pass = scope.nextPass()
    let zone = 0
    let required = 0
    for (let i = 0; i < count; ) {
      const cell = base + i
      const known = scope.find(cells[cell] as number)
      const slot = known & SLOT
      if (slot === 0 || seen[slot] === pass) return false
      seen[slot] = pass
      const own = (known >> ZONE_SHIFT) & 3
      if (own !== 0) {
        if (own < zone) return false
        zone = own
      }
      required += (known >> REQUIRED_SHIFT) & 1
      const start = offset + (cells[cell + room] as number)
      const end = offset + (cells[cell + 2 * room] as number)
      if (!this.#isGood(scope, known, start, end)) return false
      i++
      if ((known & GROUP) !== 0) {
        i = this.#group(scope.group(slot), i, this.#number(start, end))
        if (i === NONE) return false
      }
    }
    return required === scope.required
  }

  #group(group: SoundGroup, from: number, expected: number): number {
    if (expected === 0) return from
    const cells = this.#cells
    const room = this.#room
    const base = this.#base
    const offset = this.#offset
    const count = this.#count
    const { seen, delimiter } = group
    const inOrder = this.#inOrder
    let entries = 0
    let last = 0
    let pass = 0
    let required = group.required
    let i = from
    while (i < count) {
      const cell = base + i
      const tag = cells[cell] as number
      const known = group.find(tag)
      if (known === 0) break
      if (tag === delimiter) {
        if (required !== group.required) return NONE
        required = 0
        last = 0
        entries++
        if (!inOrder) pass = group.nextPass()
      } else if (entries === 0) {
        return NONE
      }
      const slot = known & SLOT
      if (inOrder) {
        if (slot <= last) return NONE
        last = slot
      } else {
        if (seen[slot] === pass) return NONE
        seen[slot] = pass
      }
      required += (known >> REQUIRED_SHIFT) & 1
      const start = offset + (cells[cell + room] as number)
      const end = offset + (cells[cell + 2 * room] as number)
      if (!this.#isGood(group, known, start, end)) return NONE
      i++
      if ((known & GROUP) !== 0) {
        i = this.#group(group.group(slot), i, this.#number(start, end))
        if (i === NONE) return NONE
      }
    }
    return entries === expected && required === group.required ? i : NONE
  }

  #isGood(scope: SoundScope, known: number, start: number, end: number): boolean {
    if (start === end) return false
    switch ((known >> LOOK_SHIFT) & 15) {
      case Look.Any:
        return true
      case Look.Listed: {
        const byte = view.getUint8(start)
        const set = ((known >>> SET_SHIFT) << 2) + (byte >> 5)
        if (byte < 128 && end - start === 1 && ((scope.sets[set] as number) & (1 << (byte & 31))) !== 0) return true
        break
      }
      case Look.Character:
        return end - start === 1
      case Look.Digits:
        return areDigits(view, start, end)
      case Look.Int:
        return isInt(view, start, end)
      case Look.Decimal:
        return isDecimal(view, start, end)
      case Look.Currency:
        if (areThreeCapitals(view, start, end)) return true
        break
      case Look.Date:
        if (end - start === 8 && isDate(view, start)) return true
        break
      case Look.UtcTimestamp:
        if (isUtcTimestamp(view, start, end)) return true
        break
      case Look.UtcTimeOnly:
        if (isUtcTime(view, start, end)) return true
        break
    }
    return this.#byRule(scope, known, start, end)
  }

  #byRule(scope: SoundScope, known: number, start: number, end: number): boolean {
    const rule = scope.rules[known & SLOT]
    return rule?.isGood(this.#text, start, end) === true
  }

  /** The number of entries that a value says, or NONE. */
  #number(start: number, end: number): number {
    if (!areDigits(view, start, end)) return NONE
    let count = 0
    for (let at = start; at < end; at++) count = count * 10 + view.getUint8(at) - 0x30
    return count
  }
}
