import { BuiltFields, BuiltGroup } from './built-fields.js'
import { DuplicateTagError, FieldValueError } from './errors.js'
import type { FieldLayout, GroupLayout } from './field-layout.js'
import { checkTag, decodeText, type FieldInput, type FieldValue, textOfBytes, textOfValue } from './field-value.js'
import { tagsOf } from './object-tags.js'
import { isPlainField } from './plain-field.js'
import { TypedReads } from './typed-reads.js'
import type { WireFields } from './wire-fields.js'

export interface SetOptions {
  /** Replace a value that is there already. Default false. */
  readonly replace?: boolean | undefined
  /** Accept an empty value. Default false. */
  readonly allowEmpty?: boolean | undefined
}

/** The message that a set of fields belongs to. */
interface Root {
  /** Called before the first change: turns what was received into fields that can be changed. */
  beforeChange(): void
  get(tag: number): string | undefined
}

/** What the entries of a repeating group have in common. */
class Group {
  /** False when an entry of what was received has a group of its own. */
  isFlat = true
  entries: readonly GroupEntry[] = none

  constructor(
    readonly root: Root,
    /** What it was received in, and the field there that counts its entries. */
    readonly wire: WireFields | undefined,
    readonly field: number,
    readonly layout: GroupLayout | undefined,
    /** Another group of the same set of fields whose entries were asked for before. */
    readonly next: Group | undefined
  ) {}
}

const none: readonly never[] = []

/** Tags from here up are for users to define (FIX 4.4 Volume 1, "User defined fields"). */
const FIRST_USER_TAG = 5000

/**
 * Fields that belong together: those directly in a message, or those of one entry of a repeating group.
 *
 * Fields that were received are read from the message's text as they are asked for (`wire`). The first change of anything
 * in a message turns all of it, entries that were handed out included, into fields held as values (`built`).
 */
export abstract class FieldSet extends TypedReads {
  /** @internal Undefined as long as `wire` is what counts. */
  built: BuiltFields<GroupEntry> | undefined
  /**
   * @internal The group whose entries were asked for last. Not `#private`: the constructor of a base class that has such a field
   * is not put into those of its heirs by V8, which makes every message and entry dearer.
   */
  received: Group | undefined

  /** @internal */
  constructor(isReceived: boolean) {
    super()
    this.built = isReceived ? undefined : new BuiltFields()
    this.received = undefined
  }

  /** @internal Undefined once it is held as values. */
  abstract readonly wire: WireFields | undefined
  /** @internal First field in `wire` that belongs to it. */
  abstract readonly first: number
  /** @internal Behind the last field in `wire` that belongs to it. */
  abstract readonly last: number
  /** @internal What is known of its repeating groups. */
  abstract readonly layout: FieldLayout | undefined
  /** @internal */
  protected abstract readonly root: Root

  // ---- reading ---------------------------------------------------------------------------------------------------

  has(tag: number): boolean {
    return this.wire === undefined
      ? (this.built as BuiltFields<GroupEntry>).tags.includes(tag)
      : this.find(this.wire, tag) >= 0
  }

  /**
   * Text decoded by the message's MessageEncoding(347): ISO-2022-JP, EUC-JP, Shift_JIS or UTF-8; latin1 where there is
   * none. @throws FieldValueError for another encoding, or bytes that are wrong in it.
   */
  getText(tag: number): string | undefined {
    const text = this.get(tag)
    return text === undefined ? undefined : decodeText(tag, text, this.root.get(347))
  }

  /** Tags directly in it, in wire order; a repeating group shows as its count tag. */
  tags(): number[] {
    const wire = this.wire
    if (wire === undefined) return (this.built as BuiltFields<GroupEntry>).tags.slice()
    const tags: number[] = []
    for (let field = this.first; field < this.last; field = this.next(wire, field)) tags.push(wire.tagAt(field))
    return tags
  }

  /** True when `tag` is there and counts the entries of a repeating group that is known as one. */
  isGroup(tag: number): boolean {
    if (this.layout?.isCount(tag)) return this.has(tag)
    return this.built?.group(tag) !== undefined
  }

  /** The entries of a repeating group, live: what is changed in them is changed in the message. Empty when absent. */
  groups(countTag: number): readonly GroupEntry[] {
    const wire = this.wire
    if (wire === undefined) return (this.built as BuiltFields<GroupEntry>).group(countTag)?.entries ?? none
    if (!this.layout?.isCount(countTag)) return none
    const field = this.find(wire, countTag)
    return field < 0 ? none : this.entries(wire, countTag, field)
  }

  // ---- writing ---------------------------------------------------------------------------------------------------

  /**
   * Sets a field; a new one comes last. A data field that is given as bytes gets its Length field too; of a counterparty's own
   * data field set the Length field first.
   *
   * @throws DuplicateTagError when it is there already and `replace` is not true.
   * @throws FieldValueError for a value that cannot be written (see `textOfValue`), for MsgType(35), which a message keeps
   *   for life, and for the count of a repeating group that has entries, which follows them by itself.
   */
  set(tag: number, value: FieldValue, options?: SetOptions): this {
    if (this.built?.putPlain(tag, value) === true) {
      this.root.beforeChange()
      return this
    }
    checkTag(tag)
    const text =
      value instanceof Uint8Array && this.isMeasured(tag, value)
        ? textOfBytes(value)
        : textOfValue(tag, value, options?.allowEmpty === true)
    if (tag === 35) throw new FieldValueError(35, 'the MsgType it was made with', text, 'Make a new FixMessage.')
    this.root.beforeChange()
    const built = this.built as BuiltFields<GroupEntry>
    const at = built.find(tag)
    if (at >= 0) this.checkReplace(built, at, text, options?.replace === true)
    if (at < 0 && isPlainField(tag)) built.add(tag, text)
    else built.put(tag, text, value instanceof Uint8Array)
    return this
  }

  /**
   * True for bytes that a counterparty's own Length field, set directly before, measures: they may hold SOH, as data fields
   * that the standard knows may. Whether the tags are such a pair is for the counterparty's dictionary to say.
   */
  private isMeasured(tag: number, value: Uint8Array): boolean {
    if (tag < FIRST_USER_TAG || value.length === 0 || this.built === undefined) return false
    const { tags, values } = this.built
    return (tags.at(-1) ?? 0) >= FIRST_USER_TAG && values[tags.length - 1] === String(value.length)
  }

  /**
   * Sets many fields, in the order given; an object's keys come out ascending. Those before one that is refused stay set.
   *
   * @throws as `set` does.
   */
  setAll(fields: FieldInput, options?: SetOptions): this {
    if (Array.isArray(fields)) {
      for (const [tag, value] of fields as readonly (readonly [number, FieldValue])[])
        this.set(Number(tag), value, options)
    } else {
      const values = Object.values(fields) as FieldValue[]
      for (const [at, tag] of tagsOf(fields as Readonly<Record<number, FieldValue>>, values).entries()) {
        this.set(tag, values[at] as FieldValue, options)
      }
    }
    return this
  }

  private checkReplace(built: BuiltFields<GroupEntry>, at: number, text: string, replace: boolean): void {
    const tag = built.tags[at] as number
    const present = built.values[at] as string | BuiltGroup<GroupEntry>
    if (!replace) throw new DuplicateTagError(tag, typeof present === 'string' ? present : present.count)
    if (typeof present === 'string') return
    throw new FieldValueError(tag, 'the number of entries', text, 'It follows the entries: use addGroup or delete.')
  }

  /**
   * Removes a field, or a repeating group with all its entries; a Length field takes its data field along and the other
   * way round. False when it was not there.
   *
   * @throws FieldValueError for MsgType(35).
   */
  delete(tag: number): boolean {
    if (!this.has(tag)) return false
    if (tag === 35) throw new FieldValueError(35, 'a message with a MsgType', '', 'Make a new FixMessage.')
    this.root.beforeChange()
    return (this.built as BuiltFields<GroupEntry>).remove(tag)
  }

  /**
   * Adds an entry to a repeating group, which is made when it is not there, and keeps its count right.
   *
   * @throws DuplicateTagError when the count tag is there as a plain field other than 0.
   */
  addGroup(countTag: number, fields: FieldInput = {}): GroupEntry {
    checkTag(countTag)
    const entry = newEntry(this.root, this.layout?.group(countTag))
    entry.fill(fields)
    this.root.beforeChange()
    const built = this.built as BuiltFields<GroupEntry>
    let group = built.group(countTag)
    if (group === undefined) {
      const present = built.get(countTag)
      if (present !== undefined && present !== '0') throw new DuplicateTagError(countTag, present)
      group = new BuiltGroup<GroupEntry>('0', [])
      built.putGroup(countTag, group)
    }
    group.entries.push(entry)
    group.count = String(group.entries.length)
    return entry
  }

  /** @internal Sets the first fields of a set that is new. */
  protected fill(fields: FieldInput): void {
    if (Array.isArray(fields)) {
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i] as readonly [number, FieldValue]
        this.fillOne(field[0], field[1])
      }
      return
    }
    const values = Object.values(fields) as FieldValue[]
    const tags = tagsOf(fields as Readonly<Record<number, FieldValue>>, values)
    for (let i = 0; i < tags.length; i++) this.fillOne(tags[i] as number, values[i] as FieldValue)
  }

  /** As `set`, in fewer steps for what most fields are. */
  private fillOne(tag: number, value: FieldValue): void {
    if (!(this.built as BuiltFields<GroupEntry>).putPlain(tag, value)) this.set(tag, value)
  }

  // ---- from what was received to what can be changed ---------------------------------------------------------------

  /** @internal Holds all fields as values from now on. */
  build(): void {
    const wire = this.wire
    if (wire === undefined) return
    const built = new BuiltFields<GroupEntry>()
    for (let field = this.first; field < this.last; field = this.next(wire, field)) {
      const tag = wire.tagAt(field)
      const entries = this.layout?.isCount(tag) ? this.entries(wire, tag, field) : none
      if (entries.length === 0) {
        built.append(tag, wire.textAt(field))
        continue
      }
      for (const entry of entries) entry.build()
      built.append(tag, new BuiltGroup(wire.textAt(field), entries as GroupEntry[]))
    }
    this.built = built
    this.received = undefined
  }

  /** @internal Takes over copies of another set's fields. */
  protected copyFrom(other: BuiltFields<GroupEntry>): void {
    const built = this.built as BuiltFields<GroupEntry>
    if (built.copyPlain(other)) return
    for (const [at, tag] of other.tags.entries()) {
      const value = other.values[at] as string | BuiltGroup<GroupEntry>
      if (typeof value === 'string') {
        built.append(tag, value)
        continue
      }
      const entries = value.entries.map((original) => {
        const entry = newEntry(this.root, original.layout)
        entry.copyFrom(original.built as BuiltFields<GroupEntry>)
        return entry
      })
      built.append(tag, new BuiltGroup(value.count, entries))
    }
  }

  private find(wire: WireFields, tag: number): number {
    return this.layout === undefined
      ? wire.find(tag, this.first, this.last)
      : this.layout.find(wire, tag, this.first, this.last)
  }

  private next(wire: WireFields, field: number): number {
    return this.layout === undefined ? field + 1 : this.layout.next(wire, field, this.last)
  }

  /** The entries of the group whose count stands at `field`, the same objects each time. */
  private entries(wire: WireFields, countTag: number, field: number): readonly GroupEntry[] {
    for (let group = this.received; group !== undefined; group = group.next) {
      if (group.field === field) return group.entries
    }
    const layout = this.layout?.group(countTag) as GroupLayout
    const group = new Group(this.root, wire, field, layout, this.received)
    const { entries: count, starts, isFlat } = layout.split(wire, field, this.last)
    group.isFlat = isFlat
    const entries = new Array<GroupEntry>(count)
    for (let i = 0; i < count; i++) {
      entries[i] = new GroupEntry(group, starts[i] as number, starts[i + 1] as number, true)
    }
    group.entries = entries
    this.received = group
    return entries
  }
}

/** One entry of a repeating group: reads and writes like the message it belongs to. */
export class GroupEntry extends FieldSet {
  /** @internal */
  override readonly first: number
  /** @internal */
  override readonly last: number
  private readonly group: Group

  /** @internal */
  constructor(group: Group, first: number, last: number, isReceived: boolean) {
    super(isReceived)
    this.group = group
    this.first = first
    this.last = last
  }

  /** The text on the wire, exactly, one character a byte; undefined when the field is not there. */
  override get(tag: number): string | undefined {
    if (this.built !== undefined) return this.built.get(tag)
    const { group } = this
    const wire = group.wire as WireFields
    const layout = group.layout as GroupLayout
    if (group.isFlat || !layout.hides(tag)) return wire.textWithin(tag, this.first, this.last)
    const field = layout.find(wire, tag, this.first, this.last)
    return field < 0 ? undefined : wire.textAt(field)
  }

  /** @internal */
  override get wire(): WireFields | undefined {
    return this.built === undefined ? this.group.wire : undefined
  }

  /** @internal */
  override get layout(): GroupLayout | undefined {
    return this.group.layout
  }

  /** @internal */
  protected override get root(): Root {
    return this.group.root
  }
}

/** An entry without fields. */
function newEntry(root: Root, layout: GroupLayout | undefined): GroupEntry {
  return new GroupEntry(new Group(root, undefined, 0, layout, undefined), 0, 0, false)
}
