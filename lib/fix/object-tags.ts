import type { FieldValue } from './field-value.js'

const PLACES = 16

/** Tags of objects that were given lately, in the place that their number gives. */
const seen: (readonly number[])[] = Array.from({ length: PLACES }, () => [])

/**
 * The tags that an object has as keys, as Object.keys orders them: ascending.
 *
 * V8 makes texts of such keys, which takes longer than to make a message of the values. Objects that one place of a program
 * makes have the same ones, so most need only be held against one that was given before.
 *
 * @param values what Object.values says.
 */
export function tagsOf(fields: Readonly<Record<number, FieldValue>>, values: readonly FieldValue[]): readonly number[] {
  const place = values.length % PLACES
  const known = seen[place] as readonly number[]
  if (hasTags(fields, values, known)) return known
  const tags = Object.keys(fields).map(Number)
  if (tags.every((tag, at) => at === 0 || tag > (tags[at - 1] as number))) seen[place] = tags
  return tags
}

/** True when these, which differ from each other, are as many as it has, and its own: then they are all. */
function hasTags(
  fields: Readonly<Record<number, FieldValue>>,
  values: readonly FieldValue[],
  tags: readonly number[]
): boolean {
  if (values.length !== tags.length || Object.getPrototypeOf(fields) !== Object.prototype) return false
  for (let at = 0; at < tags.length; at++) {
    const value = values[at]
    if (value === undefined || fields[tags[at] as number] !== value) return false
  }
  return true
}
