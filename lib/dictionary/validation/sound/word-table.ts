import type { FieldRule } from '../field-rule.js'

/** Words longer than this are left to the plain rules. */
const LONGEST = 8
const HEAD = 8

/** The listed values of a field that are words of two to eight characters, as sound.wat finds them; see there. */
export class WordTable {
  readonly bytes: number
  readonly #words: readonly bigint[]
  /** Places are the first so many bits of a hash. */
  readonly #bits: number

  constructor(rule: FieldRule) {
    const words = rule.listedWords.filter((word) => isShort(word) && rule.isGood(word, 0, word.length))
    this.#words = words.map((word) => Buffer.from(word.padEnd(LONGEST, '\0'), 'latin1').readBigUInt64LE())
    // Half of the places stay empty, one at least.
    this.#bits = Math.ceil(Math.log2(words.length + 1)) + 1
    this.bytes = words.length === 0 ? 0 : HEAD + (1 << this.#bits) * 8
  }

  write(integers: Int32Array, address: number): void {
    const last = (1 << this.#bits) - 1
    integers.fill(0, address >> 2, (address + this.bytes) >> 2)
    integers.set([32 - this.#bits, last], address >> 2)
    for (const word of this.#words) {
      const low = Number(BigInt.asIntN(32, word))
      const high = Number(BigInt.asIntN(32, word >> 32n))
      let place = Math.imul(low ^ Math.imul(high, 31), 0x9e3779b1) >>> (32 - this.#bits)
      const at = (): number => (address + HEAD + place * 8) >> 2
      while (integers[at()] !== 0 || integers[at() + 1] !== 0) place = (place + 1) & last
      integers.set([low, high], at())
    }
  }
}

function isShort(word: string): boolean {
  return word.length >= 2 && word.length <= LONGEST && /^[\u0020-\u00ff]*$/.test(word)
}
