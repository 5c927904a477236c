import { FieldValueError } from '../../fix/errors.js'
import type { FieldSet } from '../../fix/field-set.js'
import type { FieldValue } from '../../fix/field-value.js'
import { FixMessage } from '../../fix/message.js'
import { tagsByProperty } from './property-name.js'
import type { MessageType, TagsByProperty } from './types.js'

const propertiesOf = new WeakMap<Readonly<Record<string, number>>, Map<string, number>>()

type Delimiters = Readonly<Record<number, number>>

/**
 * Makes what generated code exports for a message. `tags` are the dictionary's tags by field name, `delimiters` the first
 * fields of its groups' entries by count tag.
 *
 * What `new` gives is a plain FixMessage: types exist at compile time only, so that typed messages are read and encoded
 * by the same code, at the same speed, as all others.
 */
export function messageType<Type extends string, Fields extends object, Tags extends TagsByProperty>(
  msgType: Type,
  tags: Readonly<Record<string, number>>,
  delimiters: Delimiters
): MessageType<Type, Fields, Tags> {
  function Message(fields: Fields): FixMessage {
    const message = new FixMessage(msgType)
    fill(message, fields, properties(tags), delimiters)
    return message
  }
  Message.msgType = msgType
  Message.is = (message: FixMessage) => message.msgType === msgType
  Object.defineProperty(Message, Symbol.hasInstance, {
    value: (message: unknown) => message instanceof FixMessage && message.msgType === msgType
  })
  return Message as unknown as MessageType<Type, Fields, Tags>
}

function properties(tags: Readonly<Record<string, number>>): Map<string, number> {
  let found = propertiesOf.get(tags)
  if (!found) {
    found = tagsByProperty(tags)
    propertiesOf.set(tags, found)
  }
  return found
}

function fill(set: FieldSet, fields: object, tags: ReadonlyMap<string, number>, delimiters: Delimiters): void {
  const values: unknown[] = Object.values(fields)
  const properties = Object.keys(fields)
  for (let at = 0; at < properties.length; at++) {
    const value = values[at]
    if (value !== undefined) put(set, tagOf(properties[at] as string, tags), value, tags, delimiters)
  }
}

function put(
  set: FieldSet,
  tag: number,
  value: unknown,
  tags: ReadonlyMap<string, number>,
  delimiters: Delimiters
): void {
  if (typeof value === 'string') {
    set.set(tag, value)
  } else if (!Array.isArray(value)) {
    set.set(tag, isDecimal(value) ? value.toFixed() : (value as FieldValue))
  } else if (value.every((item) => typeof item === 'object' && item !== null)) {
    for (const entry of value) fill(set.addGroup(tag), delimiterFirst(entry, delimiters[tag], tags), tags, delimiters)
  } else {
    // MultipleCharValue and MultipleStringValue: one space between values.
    set.set(tag, value.join(' '))
  }
}

/** An entry begins with its delimiter, whatever the order in which its properties were written. */
function delimiterFirst(entry: object, delimiter: number | undefined, tags: ReadonlyMap<string, number>): object {
  const first = Object.entries(entry).find(([property]) => tags.get(property) === delimiter)
  return first === undefined ? entry : { [first[0]]: first[1], ...entry }
}

function tagOf(property: string, tags: ReadonlyMap<string, number>): number {
  const tag = tags.get(property)
  if (tag !== undefined) return tag
  throw new FieldValueError(0, 'a property that stands for a field', property, 'See the generated types.')
}

function isDecimal(value: unknown): value is { toFixed(): string } {
  return typeof value === 'object' && value !== null && 'toFixed' in value && typeof value.toFixed === 'function'
}
