import type { FixMessage } from '../../../fix/message.js'
import type { WireFields } from '../../../fix/wire-fields.js'
import type { ValidationRules } from '../options.js'
import type { Scopes } from '../scope.js'
import { type SoundMemory, soundMemory } from './sound-memory.js'

const IN_ORDER = 1
const LET_IN_USER_DEFINED = 2
const LET_IN_OTHERS = 4

/**
 * Answers one question about a message that was received, as fast as can be: is it certainly good? Of one that may
 * not be it says nothing; that is for the `Validator`, which holds the same rules and can explain.
 *
 * It holds all rules, however they are switched: what is good by all of them is good by some. But many counterparties do not
 * keep the order of a group's fields, and many have tags of their own. It is a walk over the message in WebAssembly; see sound.wat.
 */
export class Soundness {
  readonly #scopes: Scopes
  /** How the rules are switched, as sound.wat has it. */
  readonly #rules: number
  #memory: SoundMemory | undefined
  /** The type of the message before, where its table is, and since when. */
  #msgType: string | undefined
  #table = 0
  #generation = -1

  constructor(scopes: Scopes, rules: ValidationRules) {
    this.#scopes = scopes
    const letsIn = rules.drift === undefined
    this.#rules =
      (rules.validateUnorderedGroupFields ? IN_ORDER : 0) |
      (letsIn && !rules.validateUserDefinedFields ? LET_IN_USER_DEFINED : 0) |
      (letsIn && rules.allowUnknownMsgFields ? LET_IN_OTHERS : 0)
  }

  holds(message: FixMessage): boolean {
    const { wire } = message
    if (wire === undefined) return false
    this.#memory ??= soundMemory()
    const memory = this.#memory
    if (memory === undefined || !this.#hasTable(message.msgType, memory)) return false
    const address = wire.address
    if (address >= 0) return this.#isSound(memory, wire, address, wire.tagsAddress)
    return memory.copy(wire) && this.#isSound(memory, wire, memory.textAt, memory.tagsAt)
  }

  #hasTable(msgType: string, memory: SoundMemory): boolean {
    if (msgType === this.#msgType && this.#generation === memory.generation) return true
    const scope = this.#scopes.message(msgType)
    const table = scope && memory.table(scope)
    if (table === undefined) return false
    this.#msgType = msgType
    this.#table = table
    this.#generation = memory.generation
    return true
  }

  #isSound(memory: SoundMemory, wire: WireFields, text: number, tags: number): boolean {
    const tagsEnd = tags + wire.count * 4
    for (let dropped = false; ; ) {
      const result = memory.sound(text, tags, tagsEnd, this.#table, this.#rules, wire.shape)
      if (result !== 0) return result === 1 || memory.areGood(result - 1, wire, this.#scopes)
      // Each time this makes a group's table that was not there; where it drops all others for it, once, they are made again.
      if (memory.makeWanted()) continue
      if (dropped || memory.generation === this.#generation) return false
      dropped = true
      if (!this.#hasTable(this.#msgType as string, memory)) return false
    }
  }
}
