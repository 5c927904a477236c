import { dataTagOf, lengthTagOf } from './data-fields.js'
import { type Draft, drafts, isPlainText } from './drafts.js'
import { FieldValueError } from './errors.js'
import { type FieldValue, simpleText } from './field-value.js'
import { isTrailerTag } from './header.js'
import { entryTags, messageTags, type TagList } from './tag-list.js'

const none: number[] = []

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

/**
 * Copied for each set of fields, so that most never need more room. Not an array literal: V8 notes of one how long its
 * arrays live, and when an application keeps messages for a while it puts all later ones where only a full collection
 * finds them: building was three times slower.
 */
const room = Array.from({ length: 12 }, () => '')

/**
 * Fields that are held as values, in the order in which they will be written.
 *
 * A Length field and its data field live and die together: the length always stands directly before the data and is
 * always right, since a reader could otherwise not find the end of the data.
 */
export class BuiltFields<Entry> implements Draft {
  /** @internal Its tags, as long as each field was put last and all texts are plain: see `Drafts.add`. */
  list: TagList | undefined = entryTags
  /** Its tags, when it has no `list`. */
  private ownTags: number[] = none
  /** As many of them are its values as there are tags. */
  readonly values: (string | BuiltGroup<Entry>)[] = room.slice()
  /** False when all values are text, as long as it has a `list`. */
  hasGroups = false
  draftGeneration: Draft['draftGeneration'] = undefined
  draftStart = 0
  draftEnd = 0
  draftSum = 0

  get tags(): readonly number[] {
    return this.list === undefined ? this.ownTags : this.list.tags
  }

  /** Makes it those of a message. */
  ofMessage(msgType: string): void {
    this.list = messageTags
    this.values[0] = msgType
    drafts.begin(this)
  }

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

  /** Takes over the fields of another set whose fields are all plain. False when they are not. */
  copyPlain(other: BuiltFields<Entry>): boolean {
    const { list } = other
    if (list === undefined || other.hasGroups) return false
    this.list = list
    for (let at = 0; at <= list.at; at++) this.values[at] = other.values[at] as string
    return true
  }

  /** Puts a field last if it is like most: a plain one that is not there yet, with a value that may be written. False when not. */
  putPlain(tag: number, value: FieldValue): boolean {
    const list = this.list?.after(tag)
    if (list === undefined) return false
    const text = typeof value === 'string' ? value : simpleText(value)
    if (text === undefined || !drafts.add(this, list.name, text)) return false
    this.values[list.at] = text
    this.list = list
    return true
  }

  /** Puts a field last, without looking whether it is there. */
  append(tag: number, value: string | BuiltGroup<Entry>): void {
    this.changeableTags().push(tag)
    this.values.push(value)
  }

  /** Puts a new field last, but before the trailer that a message which was received ends with. */
  add(tag: number, value: string | BuiltGroup<Entry>): void {
    const tags = this.changeableTags()
    const { length } = tags
    let at = length
    while (at > 0 && isTrailerTag(tags[at - 1] as number)) at--
    if (at === length || isTrailerTag(tag)) {
      this.append(tag, value)
    } else {
      tags.splice(at, 0, tag)
      this.values.splice(at, 0, value)
    }
  }

  /** Puts a group last, or in the place of the first field with its tag. */
  putGroup(countTag: number, group: BuiltGroup<Entry>): void {
    const at = this.find(countTag)
    const list = at < 0 ? this.list?.after(countTag) : undefined
    this.hasGroups = true
    this.draftGeneration = undefined
    if (at >= 0) {
      this.values[at] = group
    } else if (list !== undefined) {
      this.values[list.at] = group
      this.list = list
    } else {
      this.add(countTag, group)
    }
  }

  /** Puts a value in the place of the first field with this tag, or last. */
  put(tag: number, text: string, withLength: boolean): void {
    const dataTag = dataTagOf(tag)
    if (dataTag !== 0) this.checkLength(tag, text, dataTag)
    const at = this.find(tag)
    if (at < 0) {
      this.add(tag, text)
    } else {
      if (!isPlainText(text)) this.changeableTags()
      this.values[at] = text
      this.draftGeneration = undefined
    }
    const lengthTag = lengthTagOf(tag)
    if (lengthTag !== 0) this.putLength(lengthTag, tag, withLength)
  }

  remove(tag: number): boolean {
    const found = this.drop(tag)
    if (found) {
      const partner = dataTagOf(tag) || lengthTagOf(tag)
      if (partner !== 0) this.drop(partner)
    }
    return found
  }

  private drop(tag: number): boolean {
    const tags = this.changeableTags()
    let found = false
    for (let at = tags.indexOf(tag); at >= 0; at = tags.indexOf(tag, at)) {
      tags.splice(at, 1)
      this.values.splice(at, 1)
      found = true
    }
    return found
  }

  private checkLength(lengthTag: number, text: string, dataTag: number): void {
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
  private putLength(lengthTag: number, dataTag: number, withLength: boolean): void {
    const text = this.values[this.tags.indexOf(dataTag)] as string
    if (!withLength && !text.includes('\u0001') && !this.tags.includes(lengthTag)) return
    this.drop(lengthTag)
    const tags = this.changeableTags()
    const at = tags.indexOf(dataTag)
    tags.splice(at, 0, lengthTag)
    this.values.splice(at, 0, String(text.length))
  }

  /** Its own tags from now on. */
  private changeableTags(): number[] {
    const { list } = this
    if (list !== undefined) {
      this.ownTags = list.tags.slice()
      this.values.length = list.tags.length
      this.list = undefined
      this.draftGeneration = undefined
    }
    return this.ownTags
  }
}
