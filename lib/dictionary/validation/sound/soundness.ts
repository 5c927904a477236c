import type { FixMessage } from '../../../fix/message.js'
import type { WireFields } from '../../../fix/wire-fields.js'
import type { ValidationRules } from '../options.js'
import type { Scopes } from '../scope.js'
import { type SoundMemory, soundMemory } from './sound-memory.js'

/**
 * Answers one question about a message that was received, as fast as can be: is it certainly good? Of one that may
 * not be it says nothing; that is for the `Validator`, which holds the same rules and can explain.
 *
 * It holds all rules, however they are switched (but for the order of a group's fields, which many counterparties do not
 * keep): what is good by all of them is good by some. It is a walk over the message in WebAssembly; see sound.wat.
 */
export class Soundness {
  readonly #scopes: Scopes
  readonly #inOrder: 0 | 1
  #memory: SoundMemory | undefined
  /** The type of the message before, where its table is, and since when. */
  #msgType: string | undefined
  #table = 0
  #generation = -1

  constructor(scopes: Scopes, rules: ValidationRules) {
    this.#scopes = scopes
    this.#inOrder = rules.validateUnorderedGroupFields ? 1 : 0
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
      const result = memory.sound(text, tags, tagsEnd, this.#table, this.#inOrder, wire.shape)
      if (result !== 0) return result === 1 || this.#areGood(memory, wire, result - 1)
      // Each time this makes a group's table that was not there; where it drops all others for it, once, they are made again.
      if (memory.makeWanted()) continue
      if (dropped || memory.generation === this.#generation) return false
      dropped = true
      if (!this.#hasTable(this.#msgType as string, memory)) return false
    }
  }

  /** Whether the values that it left to the plain rules are good. */
  #areGood(memory: SoundMemory, wire: WireFields, count: number): boolean {
    const text = wire.shared
    const { offset } = wire
    for (let index = 0; index < count; index++) {
      const { scope, slot, start, end } = memory.ask(index)
      if (scope.rules[slot]?.isGood(text, offset + start, offset + end) !== true) return false
    }
    return true
  }
}
