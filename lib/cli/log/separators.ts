/**
 * What logs write for SOH between fields: itself, `|`, how `less` and `cat -v` show it, how JSON and other languages escape
 * it, U+2401 in UTF-8, and what some tools put there. All as text of one character a byte.
 */
const separators = ['\u0001', '|', '^A', '\\u0001', '\\x01', '\\001', '<SOH>', '[SOH]', '\xe2\x90\x81', ';', '~']

const escaped = separators.map((separator) => separator.replaceAll(/[\\^|[\]]/g, '\\$&')).join('|')

/** BeginString(8) from its `=` on, whatever separates it from BodyLength(9). */
const anySeparator = /^(FIXT?\.\d\.\d(?:SP\d)?)([^0-9A-Za-z\r\n]{1,4})(?=9=\d)/

/** BeginString(8) from its `=` on, and a separator that is known as one. */
const beginString = new RegExp(`^([\\x21-\\x7e]{0,24}?)(${escaped})`)

/** Longest text that `headOf` has to see: a BeginString, a separator, and `9=`. */
export const headLength = 40

export interface Head {
  readonly beginString: string
  readonly separator: string
  /** Its length, separator included. */
  readonly length: number
}

/** What a text that follows `8=` begins with, or undefined where that is no message. `isAll`: no more text follows. */
export function headOf(text: string, isAll: boolean): Head | undefined {
  const [whole, value = '', separator = ''] = anySeparator.exec(text) ?? beginString.exec(text) ?? []
  if (whole === undefined) {
    const [cutOff, end] = /^FIXT?\.\d[!-~]{0,16}([\r\n]|$)/.exec(text) ?? []
    if (cutOff === undefined || (end === '' && !isAll)) return undefined
    const alone = cutOff.trim()
    return { beginString: alone, separator: '\u0001', length: alone.length }
  }
  // Whatever calls itself FIX is a message, good or not; anything else only if it goes on like one.
  if (!value.startsWith('FIX') && !text.startsWith('9=', whole.length)) return undefined
  return { beginString: value, separator, length: whole.length }
}

/** The message on the wire of a message in a log: one character a byte, SOH between its fields and at the end. */
export function toWire(raw: string, separator: string): string {
  const text = withoutLast(raw, separator)
  return `${separator === '\\u0001' ? unescaped(text) : text.replaceAll(separator, '\u0001')}\u0001`
}

/** The same where values may hold the separator: what does not begin with a tag is the rest of one. */
export function toWireByTags(raw: string, separator: string): string | undefined {
  if (separator === '\u0001') return undefined
  const fields: string[] = []
  for (const piece of withoutLast(raw, separator).split(separator)) {
    if (fields.length === 0 || /^-?\d+=/.test(piece)) fields.push(piece)
    else fields[fields.length - 1] += separator + piece
  }
  return `${fields.join('\u0001')}\u0001`
}

function withoutLast(raw: string, separator: string): string {
  return raw.endsWith(separator) ? raw.slice(0, -separator.length) : raw
}

/** A piece of a JSON string. */
function unescaped(text: string): string {
  try {
    const value: unknown = JSON.parse(`"${Buffer.from(text, 'latin1').toString('utf8')}"`)
    return toLatin1(String(value)) ?? Buffer.from(String(value), 'utf8').toString('latin1')
  } catch {
    return text.replaceAll('\\u0001', '\u0001')
  }
}

/** Text whose characters are bytes, as our journal keeps messages; undefined for text with others. */
function toLatin1(text: string): string | undefined {
  return /[^\0-\xff]/.test(text) ? undefined : text
}

/**
 * The same text where its bytes are UTF-8 of characters that stand for one byte each (our journal's text, exported);
 * undefined where they are not.
 */
export function fromUtf8(wire: string): string | undefined {
  if (!/[\x80-\xff]/.test(wire)) return undefined
  const text = Buffer.from(wire, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? undefined : toLatin1(text)
}
