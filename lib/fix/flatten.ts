import type { BuiltFields } from './built-fields.js'
import { IndexSlab } from './field-index.js'
import type { GroupEntry } from './field-set.js'
import { WireFields } from './wire-fields.js'

/**
 * Lays out fields that are held as values as they stand on the wire, in their own order. BodyLength(9) and CheckSum(10)
 * are made right where they stand second and last, as in a message that was received and then changed.
 */
export function flatten(built: BuiltFields<GroupEntry>): WireFields {
  const tags: number[] = []
  const values: string[] = []
  collect(built, tags, values)
  if (tags[0] === 8 && tags[1] === 9 && tags.at(-1) === 10) close(tags, values)
  const slab = new IndexSlab(tags.length)
  const { cells, room } = slab
  let text = ''
  for (const [field, tag] of tags.entries()) {
    const value = values[field] as string
    const name = `${tag}=`
    const valueStart = text.length + name.length
    cells[field] = tag
    cells[field + room] = valueStart
    cells[field + 2 * room] = valueStart + value.length
    text += `${name}${value}\u0001`
  }
  return new WireFields(text, 0, text.length, tags.length, slab, 0, 0)
}

function collect(built: BuiltFields<GroupEntry>, tags: number[], values: string[]): void {
  for (const [at, tag] of built.tags.entries()) {
    const value = built.values[at]
    tags.push(tag)
    if (typeof value === 'object') {
      values.push(value.count)
      for (const entry of value.entries) collect(entry.built as BuiltFields<GroupEntry>, tags, values)
    } else {
      values.push(value as string)
    }
  }
}

/** Puts the right BodyLength(9) and CheckSum(10) into a whole message. */
function close(tags: number[], values: string[]): void {
  let bodyLength = 0
  for (let field = 2; field < tags.length - 1; field++) {
    bodyLength += String(tags[field]).length + (values[field] as string).length + 2
  }
  values[1] = String(bodyLength)
  let sum = 0
  for (let field = 0; field < tags.length - 1; field++) {
    const text = `${tags[field]}=${values[field]}\u0001`
    for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i)
  }
  values[values.length - 1] = String(1000 + (sum % 256)).slice(1)
}
