import { isSecret, mask } from './secret-tags.js'

/**
 * The root of every error that gapfill throws or emits.
 *
 * `code` is stable across releases: programs may switch on it, people may search for it. The message says what was
 * expected, what came instead and what to do about it.
 */
export class FixError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** `FixMessage.set` met a tag that the message has already. Code `DUPLICATE_TAG`. Values of secret fields are not shown. */
export class DuplicateTagError extends FixError {
  readonly tag: number

  constructor(tag: number, present: string) {
    super(
      'DUPLICATE_TAG',
      `Tag ${tag} is already set (to "${isSecret(tag, undefined) ? mask : present}"): pass { replace: true } to replace it, or delete it first.`
    )
    this.tag = tag
  }
}

/**
 * A field's value cannot be written, or cannot be read as what it was asked for. Code `FIELD_VALUE`.
 * `expected` names the FIX data type, `value` is the offending text (cut at 64 characters; *** for a
 * secret field such as Password(554)).
 */
export class FieldValueError extends FixError {
  readonly tag: number
  readonly expected: string
  readonly value: string

  constructor(tag: number, expected: string, value: string, advice: string) {
    const cut = value.length > 64 ? `${value.slice(0, 64)}...` : value
    const shown = isSecret(tag, undefined) ? mask : cut
    super('FIELD_VALUE', `Tag ${tag}: expected ${expected}, got "${shown}". ${advice}`)
    this.tag = tag
    this.expected = expected
    this.value = shown
  }
}
