import { dataTagOf, lengthTagOf } from './data-fields.js'
import { FieldValueError } from './errors.js'
import { isTrailerTag } from './header.js'

/** A repeating group that is held as entries. */
export class BuiltGroup<Entry> {
  /** The text of the NumInGroup field: follows the entries from the first change on. */
  count: string
  readonly entries: Entry[]

  constructor(count: string, entries: Entry[]) {
    this.count = count
    this.entries = entries
  }
}

/*
 * Copied for each set of fields. V8 notes of an array literal how long its arrays live, and when an application keeps
 * messages for a while it puts all later ones where only a full collection finds them: building was three times slower.
 */
const noTags: number[] = []
const noValues: never[] = []

/**
 * Fields that are held as values, in the order in which they will be written.
 *
 * A Length field and its data field live and die together: the length always stands directly before the data and is
 * always right, since a reader could otherwise not find the end of the data.
 */
export class BuiltFields<Entry> {
  readonly tags: number[] = noTags.slice()
  readonly values: (string | BuiltGroup<Entry>)[] = noValues.slice()

  /** Where the first field with this tag stands, or -1. */
  find(tag: number): number {
    const { tags } = this
    for (let at = 0; at < tags.length; at++) if (tags[at] === tag) return at
    return -1
  }

  /** The text of the first field with this tag; that of a group is its count. */
  get(tag: number): string | undefined {
    const at = this.find(tag)
    if (at < 0) return undefined
    const value = this.values[at] as string | BuiltGroup<Entry>
    return typeof value === 'string' ? value : value.count
  }

  group(countTag: number): BuiltGroup<Entry> | undefined {
    const at = this.find(countTag)
    const value = at < 0 ? undefined : this.values[at]
    return typeof value === 'object' ? value : undefined
  }

  /** Puts a field last, without looking whether it is there. */
  append(tag: number, value: string | BuiltGroup<Entry>): void {
    this.tags.push(tag)
    this.values.push(value)
  }

  /** Puts a new field last, but before the trailer that a message which was received ends with. */
  add(tag: number, value: string | BuiltGroup<Entry>): void {
    const { length } = this.tags
    let at = length
    while (at > 0 && isTrailerTag(this.tags[at - 1] as number)) at--
    if (at === length || isTrailerTag(tag)) {
      this.append(tag, value)
    } else {
      this.tags.splice(at, 0, tag)
      this.values.splice(at, 0, value)
    }
  }

  /** Puts a value in the place of the first field with this tag, or last. */
  put(tag: number, text: string, withLength: boolean): void {
    const dataTag = dataTagOf(tag)
    if (dataTag !== 0) this.#checkLength(tag, text, dataTag)
    const at = this.find(tag)
    if (at < 0) this.add(tag, text)
    else this.values[at] = text
    const lengthTag = lengthTagOf(tag)
    if (lengthTag !== 0) this.#putLength(lengthTag, tag, withLength)
  }

  remove(tag: number): boolean {
    const found = this.#drop(tag)
    if (found) {
      const partner = dataTagOf(tag) || lengthTagOf(tag)
      if (partner !== 0) this.#drop(partner)
    }
    return found
  }

  #drop(tag: number): boolean {
    let found = false
    for (let at = this.tags.indexOf(tag); at >= 0; at = this.tags.indexOf(tag, at)) {
      this.tags.splice(at, 1)
      this.values.splice(at, 1)
      found = true
    }
    return found
  }

  #checkLength(lengthTag: number, text: string, dataTag: number): void {
    const data = this.get(dataTag)
    if (data === undefined || text === String(data.length)) return
    throw new FieldValueError(
      lengthTag,
      `the length of tag ${dataTag}, ${data.length}`,
      text,
      'It follows the data by itself: leave it out.'
    )
  }

  /** Data without SOH may do without its length: some counterparties send it so, and an echo must not add to it. */
  #putLength(lengthTag: number, dataTag: number, withLength: boolean): void {
    const text = this.values[this.tags.indexOf(dataTag)] as string
    if (!withLength && !text.includes('\u0001') && !this.tags.includes(lengthTag)) return
    this.#drop(lengthTag)
    const at = this.tags.indexOf(dataTag)
    this.tags.splice(at, 0, lengthTag)
    this.values.splice(at, 0, String(text.length))
  }
}
