import { Format, formatOf } from '../data-types.js'
import type { FieldFact } from '../facts.js'
import { hasFormat } from './lexical.js'

/** What a field's value must be: its data type, and the values that a dictionary lists for it. */
export class FieldRule {
  readonly name: string
  readonly format: Format
  /** Whether its values are listed. */
  readonly enumerated: boolean
  readonly #union: Format | undefined
  /** Listed values of one ASCII character, a bit each. */
  readonly #characters = new Int32Array(4)
  /** Longer listed values by their hash. */
  readonly #words: Map<number, string[]> | undefined
  readonly #severalWords: boolean

  constructor(field: FieldFact, version: string) {
    this.name = field.name
    this.format = formatOf(field.type, version)
    this.enumerated = field.values.length > 0
    this.#union = field.union === undefined ? undefined : formatOf(field.union, version)
    this.#severalWords = this.format === Format.MultipleChar || this.format === Format.MultipleString
    const words = new Map<number, string[]>()
    for (const { value } of field.values) {
      const code = value.charCodeAt(0)
      if (value.length === 1 && code < 128) this.#characters[code >> 5]! |= 1 << (code & 31)
      else words.set(hash(value, 0, value.length), [...(words.get(hash(value, 0, value.length)) ?? []), value])
    }
    this.#words = words.size > 0 ? words : undefined
  }

  /** False of an ASCII character that is no value by itself; a quick look. */
  mayBe(code: number): boolean {
    if (!this.enumerated || this.#union !== undefined) return true
    return ((this.#characters[code >> 5] as number) & (1 << (code & 31))) !== 0
  }

  /** Listed values of several characters, each of which is a value by itself. */
  get listedWords(): string[] {
    return this.#severalWords ? [] : [...(this.#words?.values() ?? [])].flat()
  }

  /** True when it has the type and is listed where values are. */
  isGood(text: string, start: number, end: number): boolean {
    return this.hasType(text, start, end) && (!this.enumerated || this.isListed(text, start, end))
  }

  hasType(text: string, start: number, end: number): boolean {
    return this.format === Format.Text || hasFormat(this.format, text, start, end)
  }

  /** True when the value is listed, or each of its words where the type is one of several values. */
  isListed(text: string, start: number, end: number): boolean {
    if (!this.#severalWords) return this.#has(text, start, end)
    for (let word = start; word <= end; ) {
      const space = text.indexOf(' ', word)
      const next = space < 0 || space > end ? end : space
      if (!this.#has(text, word, next)) return false
      word = next + 1
    }
    return true
  }

  #has(text: string, start: number, end: number): boolean {
    if (end - start === 1) {
      const code = text.charCodeAt(start)
      if (code < 128 && ((this.#characters[code >> 5] as number) & (1 << (code & 31))) !== 0) return true
    }
    const words = this.#words?.get(hash(text, start, end))
    if (words !== undefined) {
      for (const word of words) if (word.length === end - start && text.startsWith(word, start)) return true
    }
    return this.#union !== undefined && hasFormat(this.#union, text, start, end)
  }
}

function hash(text: string, start: number, end: number): number {
  let value = end - start
  for (let i = start; i < end; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) | 0
  return value
}
