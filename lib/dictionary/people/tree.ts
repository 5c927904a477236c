import type { FieldSet } from '../../fix/field-set.js'
import type { FixMessage } from '../../fix/message.js'
import { isSecret, mask } from '../../redact.js'
import type { Dictionary } from '../dictionary.js'
import { zonesOf } from './zones.js'

export interface TreeOptions {
  /** Show passwords and signatures too. Default false: `***` stands for them. */
  readonly secrets?: boolean | undefined
}

const indent = '  '

/**
 * A message as an indented tree, a field a line with its name, tag, value and what the dictionary calls that value:
 *
 *     NewOrderSingle(D)
 *       Side(54) = 1 BUY
 *       NoPartyIDs(453) = 1
 *         [0]
 *           PartyID(448) = FIRM
 */
export function messageTree(message: FixMessage, dictionary: Dictionary, options: TreeOptions = {}): string {
  const writer = new TreeWriter(message, dictionary, options.secrets === true)
  const { header, body, trailer } = zonesOf(message, dictionary)
  writer.fields(message, [...header, ...body, ...trailer], 1)
  const name = dictionary.message(message.msgType)?.name ?? 'Unknown message'
  return [`${name}(${message.msgType})`, ...writer.lines].join('\n')
}

class TreeWriter {
  readonly lines: string[] = []
  readonly #message: FixMessage
  readonly #dictionary: Dictionary
  readonly #secrets: boolean

  constructor(message: FixMessage, dictionary: Dictionary, secrets: boolean) {
    this.#message = message
    this.#dictionary = dictionary
    this.#secrets = secrets
  }

  fields(set: FieldSet, tags: readonly number[], depth: number): void {
    for (const tag of tags) {
      const field = this.#dictionary.field(tag)
      const text = set.get(tag) ?? ''
      this.lines.push(`${indent.repeat(depth)}${field?.name ?? 'Unknown field'}(${tag}) = ${this.#value(tag, text)}`)
      if (!set.isGroup(tag)) continue
      for (const [index, entry] of set.groups(tag).entries()) {
        this.lines.push(`${indent.repeat(depth + 1)}[${index}]`)
        this.fields(entry, entry.tags(), depth + 2)
      }
    }
  }

  #value(tag: number, text: string): string {
    if (!this.#secrets && isSecret(tag, this.#message.msgType)) return mask
    const names = this.#names(tag, text)
    return names === '' ? readable(text) : `${readable(text)} ${names}`
  }

  /** What the dictionary calls a value; each of them where there are several. */
  #names(tag: number, text: string): string {
    if (tag === 35) return this.#dictionary.message(text)?.name ?? ''
    const values = this.#dictionary.field(tag)?.values ?? []
    const nameOf = (value: string) => values.find((candidate) => candidate.value === value)?.name
    const whole = nameOf(text)
    if (whole !== undefined) return whole
    const names = text.split(' ').map(nameOf)
    return names.includes(undefined) ? '' : names.join(' ')
  }
}

/** Control characters would tear the lines apart. */
function readable(text: string): string {
  const escaped = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  return text.replaceAll(/[\p{Cc}]/gu, escaped)
}
