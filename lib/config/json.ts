import { formatPath } from './mistake.js'
import type { Path } from './settings.js'

/** Where something stands in a text; both count from 1, columns in UTF-16 units. */
export interface JsonPosition {
  readonly line: number
  readonly column: number
}

/** Where the members and items of a JSON text stand, by path as `FixConfigError` writes it. */
export interface JsonMap {
  /** Of a member its name, of an item its first character. */
  readonly positions: ReadonlyMap<string, JsonPosition>
  /** Paths of members that an object has more than once; `JSON.parse` would silently take the last. */
  readonly repeated: readonly string[]
}

/** The place at which a text stops being JSON. */
export class JsonSyntaxError extends Error {
  readonly position: JsonPosition
  readonly expected: string
  /** The character there, for people. */
  readonly got: string

  constructor(position: JsonPosition, expected: string, got: string) {
    super(`line ${position.line}, column ${position.column}: expected ${expected}, got ${got}`)
    this.name = 'JsonSyntaxError'
    this.position = position
    this.expected = expected
    this.got = got
  }
}

const deepest = 64

/** Reads a JSON text (RFC 8259) for its places. Throws `JsonSyntaxError`, also for more than 64 levels. */
export function mapJson(text: string): JsonMap {
  return new Scanner(text).document()
}

/** The position of `path`, or of the nearest thing around it that is there. */
export function positionIn(map: JsonMap, path: string): JsonPosition | undefined {
  let around = path
  while (around !== '') {
    const found = map.positions.get(around)
    if (found !== undefined) return found
    around = around.slice(0, Math.max(around.lastIndexOf('.'), around.lastIndexOf('['), 0))
  }
  return map.positions.get(formatPath([]))
}

const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

class Scanner {
  private readonly text: string
  private at = 0
  private readonly positions = new Map<string, JsonPosition>()
  private readonly repeated: string[] = []
  /** Line breaks are counted up to `counted`; positions are asked for in ascending order. */
  private counted = 0
  private line = 1
  private lineStart = 0

  constructor(text: string) {
    this.text = text
  }

  document(): JsonMap {
    this.skipSpace()
    this.mark([])
    this.value([])
    if (this.at < this.text.length) this.fail('the end of the file')
    return { positions: this.positions, repeated: this.repeated }
  }

  private value(path: Path): void {
    if (path.length > deepest) this.fail(`no more than ${deepest} levels of objects and lists`)
    const first = this.text[this.at]
    if (first === '{') this.object(path)
    else if (first === '[') this.list(path)
    else if (first === '"') this.string()
    else this.scalar()
    this.skipSpace()
  }

  private object(path: Path): void {
    this.take('{')
    if (this.takeIf('}')) return
    const names = new Set<string>()
    do {
      const start = this.at
      if (this.text[start] !== '"')
        this.fail(names.size === 0 ? 'a name in double quotes or "}"' : 'a name in double quotes')
      const end = this.string()
      const name = String(JSON.parse(this.text.slice(start, end)))
      const member = [...path, name]
      if (names.has(name)) this.repeated.push(formatPath(member))
      names.add(name)
      this.markAt(start, member)
      this.take(':')
      this.value(member)
    } while (this.takeIf(','))
    if (!this.takeIf('}')) this.fail('"," or "}"')
  }

  private list(path: Path): void {
    this.take('[')
    if (this.takeIf(']')) return
    let index = 0
    do {
      const item = [...path, index++]
      this.mark(item)
      this.value(item)
    } while (this.takeIf(','))
    if (!this.takeIf(']')) this.fail('"," or "]"')
  }

  /** Answers where the string ends; the space after it is skipped. */
  private string(): number {
    this.at++
    for (;;) {
      const character = this.text[this.at]
      if (character === undefined || character < ' ') this.fail('a double quote that ends the text')
      this.at++
      if (character === '\\') this.escape()
      if (character === '"') break
    }
    const end = this.at
    this.skipSpace()
    return end
  }

  private escape(): void {
    const long = /u[0-9a-fA-F]{4}/y
    long.lastIndex = this.at
    if (long.test(this.text)) this.at += 5
    else if (/^["\\/bfnrt]$/.test(this.text[this.at] ?? '')) this.at++
    else this.fail('one of " \\ / b f n r t or u with four hexadecimal digits after a backslash')
  }

  private scalar(): void {
    scalar.lastIndex = this.at
    if (!scalar.test(this.text)) this.fail('a value')
    this.at = scalar.lastIndex
  }

  private skipSpace(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at++
  }

  private take(character: string): void {
    if (!this.takeIf(character)) this.fail(`"${character}"`)
  }

  /** Steps over `character` and the space after it, if it is there. */
  private takeIf(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at++
    this.skipSpace()
    return true
  }

  private mark(path: Path): void {
    this.markAt(this.at, path)
  }

  private markAt(index: number, path: Path): void {
    this.positions.set(formatPath(path), this.positionOf(index))
  }

  private positionOf(index: number): JsonPosition {
    for (; this.counted < index; this.counted++) {
      if (this.text[this.counted] !== '\n') continue
      this.line++
      this.lineStart = this.counted + 1
    }
    return { line: this.line, column: index - this.lineStart + 1 }
  }

  private fail(expected: string): never {
    const character = this.text[this.at]
    throw new JsonSyntaxError(this.positionOf(this.at), expected, named(character))
  }
}

function named(character: string | undefined): string {
  if (character === undefined) return 'the end of the file'
  return character === '"' ? 'a double quote' : JSON.stringify(character)
}
