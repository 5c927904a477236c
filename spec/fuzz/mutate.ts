import { toBytes } from '../support/conversation/conversation-file.js'

/** Numbers from a seed: the same ones every time (mulberry32). */
export class Chance {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = this.state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }
}

/** Texts that have hurt parsers before; `|` stands for SOH throughout. */
const nasty = [
  '',
  '0',
  '-1',
  '+1',
  '00',
  '999999999999',
  '4294967296',
  'NaN',
  '|',
  '=',
  '8=FIX.4.4',
  '10=000',
  '|',
  '\u00ff',
  'Y'
]
const tags = [
  8, 9, 10, 34, 35, 36, 43, 49, 52, 56, 7, 16, 45, 95, 96, 98, 108, 112, 122, 123, 141, 212, 213, 453, 627, 789, 1137
]

type Mutation = (text: string, chance: Chance, corpus: readonly string[]) => string

const mutations: readonly Mutation[] = [
  (text, chance) => {
    const at = chance.below(text.length)
    return text.slice(0, at) + String.fromCharCode(chance.below(256)) + text.slice(at + 1)
  },
  (text, chance) => {
    const at = chance.below(text.length)
    return text.slice(0, at) + text.slice(at + 1 + chance.below(20))
  },
  (text, chance) => {
    const at = chance.below(text.length)
    const piece = text.slice(at, at + 1 + chance.below(40))
    return text.slice(0, at) + piece.repeat(1 + chance.below(4)) + text.slice(at)
  },
  (text, chance) => {
    const at = chance.below(text.length)
    return text.slice(0, at) + chance.one(nasty) + text.slice(at)
  },
  (text, chance, corpus) => {
    const other = chance.one(corpus)
    return text.slice(0, chance.below(text.length)) + other.slice(chance.below(other.length))
  },
  (text, chance) => onFields(text, (fields) => swap(fields, chance)),
  (text, chance) => onFields(text, (fields) => fields.splice(chance.below(fields.length), 1)),
  (text, chance) =>
    onFields(text, (fields) =>
      fields.splice(chance.below(fields.length), 0, `${chance.one(tags)}=${chance.one(nasty)}`)
    ),
  (text, chance) =>
    onFields(text, (fields) => {
      const at = chance.below(fields.length)
      fields[at] =
        `${(fields[at] ?? '').split('=')[0]}=${chance.below(2) === 0 ? chance.one(nasty) : chance.below(100)}`
    })
]

function onFields(text: string, change: (fields: string[]) => void): string {
  const fields = text.split('|')
  change(fields)
  return fields.join('|')
}

function swap(fields: string[], chance: Chance): void {
  const [a, b] = [chance.below(fields.length), chance.below(fields.length)]
  ;[fields[a], fields[b]] = [fields[b] ?? '', fields[a] ?? '']
}

/** A text of the corpus, changed in one to four ways. */
export function mutated(corpus: readonly string[], chance: Chance): string {
  let text = chance.one(corpus)
  for (let times = 1 + chance.below(4); times > 0 && text.length > 0; times--) {
    text = chance.one(mutations)(text, chance, corpus)
  }
  return text
}

/** BodyLength(9) and CheckSum(10) made right again, so that what was changed is looked at and not only refused. */
export function framed(text: string): string {
  const match = /^8=([^|]*)\|9=[^|]*\|(.*?)10=[^|]*\|?$/s.exec(text)
  if (match === null) return text
  const [, beginString = '', body = ''] = match
  const front = `8=${beginString}|9=${body.length}|${body}`
  const sum = toBytes(front).reduce((total, byte) => total + byte, 0)
  return `${front}10=${String(sum & 255).padStart(3, '0')}|`
}
