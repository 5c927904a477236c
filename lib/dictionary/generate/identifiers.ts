/** Words that cannot be names of exports, and names that generated code uses itself. */
const reserved = new Set(
  (
    'any as async await boolean break case catch class const continue debugger default delete do else enum export ' +
    'extends false finally for function if implements import in instanceof interface let new null number object ' +
    'package private protected public return static string super switch symbol this throw true try type typeof ' +
    'undefined unknown var void while with yield Data Date Decimal Entries FieldTags GroupDelimiters Int Message MessageType MsgType ' +
    'Object Omit Partial Symbol Tag Timestamp TypedMessage messageType'
  ).split(' ')
)

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/** A key of an object type: quoted where it is no identifier. */
export function key(name: string): string {
  // In a literal, __proto__ would name the object's prototype; computed, it is a key like any other.
  if (name === '__proto__') return "['__proto__']"
  return identifier.test(name) ? name : quoted(name)
}

/** A string literal with single quotes. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}

/** Turns any text into an identifier. */
export function toIdentifier(text: string): string {
  const plain = text.replaceAll(/[^\p{ID_Continue}$]/gu, '_')
  return identifier.test(plain) ? plain : `_${plain}`
}

/** Gives each thing a name of its own. */
export class Names {
  readonly #taken = new Set<string>(reserved)

  /** The first of `wanted` that is free, or the last with a number behind it. */
  take(...wanted: readonly string[]): string {
    const names = wanted.map(toIdentifier)
    const last = names[names.length - 1] ?? '_'
    for (let n = 2; ; n++) {
      const free = names.find((name) => !this.#taken.has(name))
      if (free !== undefined) {
        this.#taken.add(free)
        return free
      }
      names.push(`${last}${n}`)
    }
  }
}

/** The name of a listed value: `BuyMinus` for BUY_MINUS. What is not all upper case stays as it is. */
export function valueName(name: string): string {
  if (/[a-z]/.test(name)) return toIdentifier(name)
  const words = name.split(/[^A-Z0-9]+/i).filter((word) => word !== '')
  return toIdentifier(words.map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join(''))
}
