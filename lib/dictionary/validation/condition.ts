import type { FieldFact } from '../facts.js'

/** The text of a field of the message (or group entry) that a condition is asked about; undefined where it is absent. */
export type TextOf = (tag: number) => string | undefined

export type Condition = (textOf: TextOf) => boolean

/**
 * Parses a condition of a FIX Orchestra rule, in the part of its Score language that conditions are written in: field
 * names (also with `this.`, `in.` or `$` before them), text and numbers, `^CodeName` for a listed value of the field compared with, `==` `!=`
 * `<` `<=` `>` `>=`, `in {..., ...}`, `exists F`, `not`, `and`, `or`, brackets. Answers undefined for anything else.
 */
export function parseCondition(
  text: string,
  fieldNamed: (name: string) => FieldFact | undefined
): Condition | undefined {
  const tokens = text.match(/"[^"]*"|'[^']*'|\^?[A-Za-z_$][\w.$]*|-?\d+(?:\.\d+)?|[=!<>]=|&&|\|\||[<>(){},!]|\S/g) ?? []
  const parser = new ConditionParser(tokens, fieldNamed)
  const condition = parser.either()
  return parser.finished ? condition : undefined
}

type Operand = { readonly field: FieldFact } | { readonly literal: string } | { readonly codeName: string }

class ConditionParser {
  readonly #tokens: readonly string[]
  readonly #fieldNamed: (name: string) => FieldFact | undefined
  #at = 0
  #failed = false
  #depth = 0

  constructor(tokens: readonly string[], fieldNamed: (name: string) => FieldFact | undefined) {
    this.#tokens = tokens
    this.#fieldNamed = fieldNamed
  }

  get finished(): boolean {
    return !this.#failed && this.#at === this.#tokens.length
  }

  either(): Condition {
    let left = this.#both()
    while (this.#take('or', '||')) {
      const [a, b] = [left, this.#both()]
      left = (textOf) => a(textOf) || b(textOf)
    }
    return left
  }

  #both(): Condition {
    let left = this.#one()
    while (this.#take('and', '&&')) {
      const [a, b] = [left, this.#one()]
      left = (textOf) => a(textOf) && b(textOf)
    }
    return left
  }

  #one(): Condition {
    if (++this.#depth > 100) return this.#fail()
    try {
      if (this.#take('not', '!')) {
        const inner = this.#one()
        return (textOf) => !inner(textOf)
      }
      if (this.#take('(')) {
        const inner = this.either()
        return this.#take(')') ? inner : this.#fail()
      }
      if (this.#take('exists')) {
        const operand = this.#operand()
        if (!operand || !('field' in operand)) return this.#fail()
        const { tag } = operand.field
        return (textOf) => textOf(tag) !== undefined
      }
      return this.#comparison()
    } finally {
      this.#depth -= 1
    }
  }

  #comparison(): Condition {
    const left = this.#operand()
    const operator = this.#tokens[this.#at++]
    if (!left || !('field' in left)) return this.#fail()
    const { tag } = left.field
    if (operator === 'in') {
      const values = this.#set(left.field)
      return (textOf) => values.includes(textOf(tag) ?? '')
    }
    const right = this.#operand()
    if (!right) return this.#fail()
    const compare = comparisons.get(operator ?? '')
    if (!compare) return this.#fail()
    if ('field' in right) {
      const other = right.field.tag
      return (textOf) => compare(textOf(tag), textOf(other))
    }
    const value = literalOf(right, left.field)
    return (textOf) => compare(textOf(tag), value)
  }

  #set(field: FieldFact): string[] {
    const values: string[] = []
    if (!this.#take('{')) this.#failed = true
    while (!this.#failed) {
      const operand = this.#operand()
      if (!operand || 'field' in operand) this.#failed = true
      else values.push(literalOf(operand, field))
      if (this.#take('}')) break
      if (!this.#take(',')) this.#failed = true
    }
    return values
  }

  #operand(): Operand | undefined {
    const token = this.#tokens[this.#at++]
    if (token === undefined) return undefined
    if (/^["']/.test(token)) return { literal: token.slice(1, -1) }
    if (/^-?\d/.test(token)) return { literal: token }
    if (token.startsWith('^')) return { codeName: token.slice(1) }
    const field = this.#fieldNamed(token.replace(/^\$|^(?:this|in)\./, ''))
    return field && { field }
  }

  #take(...tokens: readonly string[]): boolean {
    const found = tokens.includes(this.#tokens[this.#at] ?? '')
    if (found) this.#at += 1
    return found
  }

  #fail(): Condition {
    this.#failed = true
    return () => false
  }
}

function literalOf(operand: { literal: string } | { codeName: string }, field: FieldFact): string {
  if ('literal' in operand) return operand.literal
  return field.values.find((value) => value.name === operand.codeName)?.value ?? operand.codeName
}

type Comparison = (a: string | undefined, b: string | undefined) => boolean

/** Numbers are compared as numbers where both sides are such; a field that is absent equals nothing. */
const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['==', (a, b) => order(a, b) === 0],
  ['!=', (a, b) => order(a, b) !== 0],
  ['<', (a, b) => order(a, b) === -1],
  ['<=', (a, b) => [-1, 0].includes(order(a, b) ?? 2)],
  ['>', (a, b) => order(a, b) === 1],
  ['>=', (a, b) => [0, 1].includes(order(a, b) ?? 2)]
])

function order(a: string | undefined, b: string | undefined): -1 | 0 | 1 | undefined {
  if (a === undefined || b === undefined) return undefined
  if (a === b) return 0
  const [x, y] = isNumber(a) && isNumber(b) ? [Number(a), Number(b)] : [a, b]
  return x < y ? -1 : x > y ? 1 : 0
}

function isNumber(text: string): boolean {
  return /^-?\d+(?:\.\d*)?$/.test(text)
}
