import { dataTagOf } from './fix/data-fields.js'
import type { FixMessage } from './fix/message.js'
import { isSecret, mask } from './fix/secret-tags.js'

export { isSecret, mask } from './fix/secret-tags.js'

/** EncryptedPasswordMethod(1400) and the lengths 1401 and 1403 help nobody but who wants to guess. */
const aboutSecrets = new Set([1400, 1401, 1403])

const noTags: ReadonlySet<number> = new Set()
const soh = '\u0001'

/**
 * Masks the values of secret fields in wire text, whole or cut, with SOH or `|` between fields, also where it is quoted
 * within other text. When in doubt it masks too much: a secret ends where the next field begins beyond doubt. `more`: further
 * tags that are secret.
 */
export function redactMessage(text: string, more: ReadonlySet<number> = noTags): string {
  const separator = text.includes(soh) ? soh : '|'
  const end = new RegExp(`${separator === '|' ? '\\|' : soh}(?=\\d+=|["']|$)`, 'g')
  const field = /(?<![0-9A-Za-z])0*(\d{1,9})=/g
  let redacted = ''
  let copied = 0
  let msgType: string | undefined
  let data: { readonly tag: number; readonly length: number } | undefined
  for (let found = field.exec(text); found !== null; found = field.exec(text)) {
    const tag = Number(found[1])
    const start = field.lastIndex
    const announced = data?.tag === tag ? data.length : 0
    data = announcedBy(tag, text.slice(start, start + 10))
    if (tag === 8) msgType = undefined
    if (tag === 35) msgType = /^[0-9A-Za-z]*/.exec(text.slice(start, start + 16))?.[0]
    if (!isSecret(tag, msgType) && !aboutSecrets.has(tag) && !more.has(tag)) continue
    end.lastIndex = start + announced
    const stop = end.exec(text)?.index ?? text.length
    redacted += text.slice(copied, start) + mask
    copied = stop
    field.lastIndex = stop
  }
  return copied === 0 ? text : redacted + text.slice(copied)
}

/** The data field that a Length field speaks of; its value may hold the separator. */
function announcedBy(lengthTag: number, value: string): { tag: number; length: number } | undefined {
  const tag = dataTagOf(lengthTag)
  const length = Number.parseInt(value, 10)
  return tag === 0 || !(length >= 0) ? undefined : { tag, length }
}

/**
 * A copy of what is about to be logged, with secrets masked in its texts, errors and messages, and each of
 * `secrets` wherever it stands. What lies deeper than any log line has a reason to is left out.
 */
export function redactValue(value: unknown, secrets: readonly string[] = [], tags = noTags): unknown {
  return new Redaction(secrets, tags).value(value, 0)
}

/** As `redactMessage`, and each of `secrets` wherever it stands. */
export function redactText(text: string, secrets: readonly string[], tags = noTags): string {
  let redacted = redactMessage(text, tags)
  for (const secret of secrets) redacted = redacted.replaceAll(secret, mask)
  return redacted
}

/** The values of a Logon's secret fields, the longest first: a secret may begin with another one. */
export function secretsOf(logon: FixMessage, tags = noTags): readonly string[] {
  const secrets: string[] = []
  for (let field = 0; field < logon.fieldCount; field++) {
    const tag = logon.tagAt(field)
    const value = isSecret(tag, 'A') || tags.has(tag) ? logon.textAt(field) : ''
    if (value !== '') secrets.push(value)
  }
  return secrets.sort((a, b) => b.length - a.length)
}

/** What someone else's code threw or said, which may quote one of `secrets` bare: the same object where it does not. */
export function withoutSecrets(secrets: readonly string[], thrown: unknown): unknown {
  const redaction = new Redaction(secrets)
  const clean = redaction.value(thrown, 1)
  return redaction.masked ? clean : thrown
}

class Redaction {
  /** Something was masked. */
  masked = false
  private readonly secrets: readonly string[]
  private readonly tags: ReadonlySet<number>

  constructor(secrets: readonly string[], tags = noTags) {
    this.secrets = secrets
    this.tags = tags
  }

  value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.text(value)
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    if (depth > 5) return '[...]'
    if (value instanceof Error) return this.error(value, depth)
    if (value instanceof Uint8Array) return this.text(Buffer.from(value).toString('latin1'))
    if (Array.isArray(value)) return value.map((item) => this.value(item, depth + 1))
    const prototype = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return this.text(String(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.value(item, depth + 1)]))
  }

  /** The same class, code and stack, with clean texts. Errors about a secret field quote its value: it goes too. */
  private error(error: Error, depth: number): Error {
    const aboutSecret = 'tag' in error && typeof error.tag === 'number' && isSecret(error.tag, undefined)
    if (aboutSecret) this.masked = true
    const clean = (text: string) => this.text(aboutSecret ? text.replace(/".*"/s, `"${mask}"`) : text)
    const message = clean(error.message)
    const copy: Error = Object.create(Object.getPrototypeOf(error))
    for (const name of Object.getOwnPropertyNames(error)) {
      const own: unknown = Reflect.get(error, name)
      let value = aboutSecret && name === 'value' ? mask : this.value(own, depth + 1)
      if (name === 'message') value = message
      if (name === 'stack') value = redactStack(String(own), error.message, message, clean)
      Object.defineProperty(copy, name, { value, enumerable: Object.prototype.propertyIsEnumerable.call(error, name) })
    }
    return copy
  }

  private text(text: string): string {
    const redacted = redactText(text, this.secrets, this.tags)
    if (redacted !== text) this.masked = true
    return redacted
  }
}

/** A stack begins with the message; its frames are kept. */
function redactStack(stack: string, message: string, cleanMessage: string, clean: (text: string) => string): string {
  const start = message === '' ? -1 : stack.indexOf(message)
  return start < 0 ? clean(stack) : stack.slice(0, start) + cleanMessage + stack.slice(start + message.length)
}
