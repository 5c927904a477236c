import { type Head, headLength, headOf } from './separators.js'

/** A message in a log, as it stands there. */
export interface FoundMessage {
  /** One character a byte. */
  readonly raw: string
  readonly separator: string
  readonly beginString: string
  /** Where it begins, from 1. */
  readonly line: number
  /** What stands before it in its line. */
  readonly prefix: string
  /** False for one that ends before its CheckSum(10). */
  readonly complete: boolean
}

/** Longer than this is no message. */
const maxMessageLength = 1_048_576
/** Of a line's beginning, what is kept to be shown before a message. */
const longestPrefix = 200

const start = /(?<![0-9A-Za-z.])8=/g

/**
 * Finds messages in a text that comes in pieces cut anywhere, between whatever else it holds. Keeps no more than one message.
 *
 * A message ends where its BodyLength(9) says, if a right CheckSum(10) stands there: only so can data hold what looks like
 * the end of a message. Else it ends behind its first CheckSum(10), and at the latest where the next one begins, so that
 * a broken one takes nothing with it.
 */
export class MessageFinder {
  #text = ''
  #line = 1
  /** The current line so far, up to `#text`. */
  #before = ''
  #ended = false

  /** How many lines have been seen. */
  get lines(): number {
    return this.#line - (this.#before === '' && this.#text === '' ? 1 : 0)
  }

  /** Takes the next piece; answers the messages that are whole with it. */
  push(piece: string): FoundMessage[] {
    this.#text += piece
    return this.#find()
  }

  /** No more comes: answers what is left. */
  end(): FoundMessage[] {
    this.#ended = true
    const found = this.#find()
    this.#drop(this.#text.length)
    return found
  }

  #find(): FoundMessage[] {
    const found: FoundMessage[] = []
    for (;;) {
      const at = this.#startFrom(0)
      const head = at < 0 ? undefined : this.#headAt(at)
      if (at < 0 || head === undefined) {
        // What may yet become a message is kept, and so is what tells whether it can be the beginning of one.
        this.#drop(at < 0 ? Math.max(0, this.#text.length - 3) : at)
        return found
      }
      const end = this.#endOf(at, head)
      if (end === undefined) {
        this.#drop(at)
        return found
      }
      this.#drop(at)
      const length = end.at - at
      found.push({
        raw: this.#text.slice(0, length),
        separator: head.separator,
        beginString: head.beginString,
        line: this.#line,
        prefix: this.#before.trim(),
        complete: end.complete
      })
      this.#drop(length)
    }
  }

  /** Where the next message begins, or might begin once more has come; -1 for nowhere. */
  #startFrom(from: number): number {
    for (start.lastIndex = from; ; ) {
      const match = start.exec(this.#text)
      if (match === null) return -1
      if (this.#headAt(match.index) !== undefined) return match.index
      const rest = this.#text.slice(match.index + 2, match.index + 2 + headLength)
      if (!this.#ended && rest.length < headLength && !/[\r\n]/.test(rest)) return match.index
    }
  }

  #headAt(at: number): Head | undefined {
    return headOf(this.#text.slice(at + 2, at + 2 + headLength), this.#ended)
  }

  /** Undefined while it has not come. */
  #endOf(at: number, { separator, length }: Head): { readonly at: number; readonly complete: boolean } | undefined {
    const text = this.#text
    const body = at + 2 + length
    const announced = separator.length === 1 ? announcedEnd(text, body, separator) : undefined
    if (announced !== undefined && announced - at <= maxMessageLength) {
      if (announced + 6 >= text.length && !this.#ended) return undefined
      if (isRightEnd(text, at, announced, separator)) return this.#behind(announced + 6, separator)
    }
    const next = this.#startFrom(body)
    const limit = next < 0 ? text.length : next
    const rest = text.slice(body - separator.length, limit)
    const trailer = rest.indexOf(`${separator}10=`)
    if (trailer >= 0) {
      const value = body + trailer + 3
      const digits = /^\d*/.exec(text.slice(value, value + 16))?.[0].length ?? 0
      if (value + digits + separator.length > text.length && !this.#ended) return undefined
      return this.#behind(value + digits, separator)
    }
    const isNext = next >= 0 && this.#headAt(next) !== undefined
    if (!isNext && !this.#ended && text.length - at <= maxMessageLength) return undefined
    const lineEnd = text.slice(body, limit).search(/[\r\n]/)
    const cut = lineEnd < 0 ? Math.min(limit, at + maxMessageLength) : body + lineEnd
    return { at: cut, complete: false }
  }

  #behind(end: number, separator: string): { readonly at: number; readonly complete: boolean } {
    return { at: this.#text.startsWith(separator, end) ? end + separator.length : end, complete: true }
  }

  /** Lets go of the text up to `at`, counting its lines. */
  #drop(at: number): void {
    const dropped = this.#text.slice(0, at)
    this.#text = this.#text.slice(at)
    const lineStart = dropped.lastIndexOf('\n') + 1
    for (let next = dropped.indexOf('\n'); next >= 0; next = dropped.indexOf('\n', next + 1)) this.#line += 1
    this.#before = ((lineStart === 0 ? this.#before : '') + dropped.slice(lineStart)).slice(0, longestPrefix)
  }
}

/** Where CheckSum(10) stands by BodyLength(9), which begins at `at`. */
function announcedEnd(text: string, at: number, separator: string): number | undefined {
  const [field, digits] = /^9=(\d{1,7})(.)/s.exec(text.slice(at, at + 12)) ?? []
  if (field === undefined || field.at(-1) !== separator) return undefined
  return at + field.length + Number(digits)
}

function isRightEnd(text: string, at: number, trailer: number, separator: string): boolean {
  if (text[trailer - 1] !== separator || !text.startsWith('10=', trailer)) return false
  let sum = 0
  for (let i = at; i < trailer; i++) {
    const code = text.charCodeAt(i)
    sum += text[i] === separator ? 1 : code
  }
  return text.slice(trailer + 3, trailer + 6) === String(1000 + (sum % 256)).slice(1)
}
