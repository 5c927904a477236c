import { FieldValueError } from '../../fix/errors.js'
import type { FieldSet } from '../../fix/field-set.js'
import { FixMessage } from '../../fix/message.js'
import type { Dictionary } from '../dictionary.js'
import { zonesOf } from './zones.js'

/** Fields by name; a repeating group is an array of such objects, any other value its text on the wire. */
export interface JsonFields {
  [name: string]: string | JsonFields[]
}

/**
 * A message as JSON, in the form of the FIX Trading Community's "Encoding FIX using JSON": field names as keys (the tag
 * where a field has none), texts as values, groups as arrays under the name of their count.
 */
export interface JsonMessage {
  Header: JsonFields
  Body: JsonFields
  Trailer: JsonFields
}

/** Values are as they stood on the wire, one character a byte. Of a tag that stands twice where it must not, the first counts. */
export function messageToJson(message: FixMessage, dictionary: Dictionary): JsonMessage {
  const zones = zonesOf(message, dictionary)
  const fieldsOf = (set: FieldSet, tags: readonly number[]): JsonFields => {
    const fields: JsonFields = {}
    for (const tag of tags) {
      const name = dictionary.field(tag)?.name ?? String(tag)
      const value = set.isGroup(tag)
        ? set.groups(tag).map((entry) => fieldsOf(entry, entry.tags()))
        : (set.get(tag) ?? '')
      // Plain assignment would take "__proto__" for something else.
      Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true })
    }
    return fields
  }
  return {
    Header: fieldsOf(message, zones.header),
    Body: fieldsOf(message, zones.body),
    Trailer: fieldsOf(message, zones.trailer)
  }
}

/**
 * Reads back what `messageToJson` gives, or what another program writes in that form: keys may be names or tags, values
 * texts, numbers that are integers, or booleans; parts may be missing but for MsgType in the header.
 *
 * @throws FieldValueError for anything else.
 */
export function messageFromJson(json: unknown, dictionary: Dictionary): FixMessage {
  if (!isObject(json)) throw mistake(0, 'an object with Header, Body and Trailer', json)
  const header = json.Header
  if (!isObject(header)) throw mistake(35, 'a Header with MsgType', header)
  const msgType = header.MsgType ?? header['35']
  if (typeof msgType !== 'string') throw mistake(35, 'MsgType as text', msgType)
  const message = new FixMessage(msgType)
  for (const part of [header, json.Body ?? {}, json.Trailer ?? {}]) {
    if (!isObject(part)) throw mistake(0, 'an object of fields', part)
    fill(message, part, dictionary, 0)
  }
  return message
}

/** Deeper than groups nest in any version. */
const maxDepth = 32

function fill(set: FieldSet, fields: Record<string, unknown>, dictionary: Dictionary, depth: number): void {
  if (depth > maxDepth) throw mistake(0, `groups at most ${maxDepth} deep`, fields)
  for (const [name, value] of Object.entries(fields)) {
    const tag = dictionary.field(name)?.tag ?? (/^[1-9]\d{0,8}$/.test(name) ? Number(name) : undefined)
    if (tag === undefined) throw mistake(0, 'the name of a field or a tag', name)
    if (tag === 35) continue
    if (!Array.isArray(value)) {
      if (typeof value !== 'string' && typeof value !== 'boolean' && !Number.isSafeInteger(value)) {
        throw mistake(tag, 'text, a whole number, a boolean or an array of objects', value)
      }
      // A data field has set its Length already, and the other way round.
      set.set(tag, value as string | number | boolean, { replace: set.has(tag), allowEmpty: true })
      continue
    }
    if (value.length === 0) set.set(tag, '0')
    for (const entry of value) {
      if (!isObject(entry)) throw mistake(tag, 'an array of objects', entry)
      fill(set.addGroup(tag), entry, dictionary, depth + 1)
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mistake(tag: number, expected: string, value: unknown): FieldValueError {
  const shown = Array.isArray(value) ? 'an array' : isObject(value) ? 'an object' : String(value)
  return new FieldValueError(tag, expected, shown, 'See messageToJson for the form.')
}
