import type { BuiltFields, BuiltGroup } from '../fix/built-fields.js'
import { drafts } from '../fix/drafts.js'
import type { EncodeHeader } from '../fix/encode-header.js'
import { FixError } from '../fix/errors.js'
import type { GroupEntry } from '../fix/field-set.js'
import { Place, placeOf } from '../fix/header.js'
import { inDictionaryOrder } from '../fix/member-order.js'
import type { FixMessage } from '../fix/message.js'
import { isPlainField } from '../fix/plain-field.js'
import type { GroupStructure, StructureSource } from '../fix/structure.js'
import type { TagList } from '../fix/tag-list.js'
import { formatUtcTimestamp } from '../fix/timestamp.js'
import type { WireFields } from '../fix/wire-fields.js'
import { checkedTime, HeaderIds } from './header-ids.js'
import { MOST_ORDINARY, writeOrdinary } from './ordinary-message.js'
import { Run } from './run.js'
import { Slab } from './slab.js'
import { WireWriter } from './wire-writer.js'

type Value = string | BuiltGroup<GroupEntry>
type Groups = ReadonlyMap<number, GroupStructure> | undefined

/** A field of the message's own that belongs into the header. */
interface HeaderField {
  readonly tag: number
  readonly value: Value
}

/** All encoders write into the same slab: encoding is synchronous, and 10,000 sessions need no memory for it. */
const slab = new Slab()
const writer = new WireWriter(slab)

/**
 * Writes messages: header, body, trailer.
 *
 * The header is 8, 9, 35 and then ascending by tag; header fields that the message holds (50, 57, 97, 115, 1128, ...) move
 * there, those of the session (see `sessionTags`) come from `EncodeHeader` alone.
 */
export class Encoder {
  #dictionary: StructureSource | undefined
  #ownHeaderTags: ReadonlySet<number> | undefined
  readonly #prefix: Run
  readonly #precision: number
  readonly #ids = new HeaderIds()

  constructor(beginString: string, dictionary: StructureSource | undefined, precision: number | undefined) {
    this.dictionary = dictionary
    this.#prefix = prefixOf(beginString)
    this.#precision = precision ?? (beginString === 'FIX.4.0' || beginString === 'FIX.4.1' ? 0 : 3)
  }

  get dictionary(): StructureSource | undefined {
    return this.#dictionary
  }

  set dictionary(dictionary: StructureSource | undefined) {
    this.#dictionary = dictionary
    this.#ownHeaderTags = dictionary?.ownHeaderTags
  }

  encode(message: FixMessage, header: EncodeHeader): Buffer {
    this.#ids.take(header)
    return this.#ordinary(message, header) ?? this.#fieldByField(message, header)
  }

  /** Undefined for a message that takes more than an ordinary one. */
  #ordinary(message: FixMessage, header: EncodeHeader): Buffer | undefined {
    const built = message?.built
    const list = built?.list
    if (
      built === undefined ||
      list === undefined ||
      built.hasGroups ||
      list.header.length > 0 ||
      this.#precision !== 3 ||
      this.#ids.locations !== '' ||
      header.msgSeqNum > MOST_ORDINARY ||
      header.possDupFlag === true ||
      header.origSendingTime !== undefined ||
      header.lastMsgSeqNumProcessed !== undefined ||
      this.#hasOwnHeader(list.tags)
    ) {
      return undefined
    }
    const time = checkedTime(52, header.sendingTime)
    if (typeof time === 'string') return undefined
    if (!drafts.has(built)) drafts.draw(built, list.names, built.values as readonly string[])
    if (!drafts.has(built)) return undefined
    const ids = this.#ids
    const second = ids.secondOf(time)
    const idsAndTime = ids.withSecond(second, '.000')
    return writeOrdinary(
      slab,
      this.#prefix,
      message.msgType,
      header.msgSeqNum,
      idsAndTime,
      ids.afterSendingTime.length,
      (time - second) | 0,
      built
    )
  }

  #fieldByField(message: FixMessage, header: EncodeHeader): Buffer {
    writer.begin(this.#prefix.length)
    const wire = message?.wire
    if (wire === undefined || !this.#received(wire, message.msgType, header)) this.#built(message, header)
    return writer.finish(this.#prefix)
  }

  /**
   * Writes a message as it was received, its body in one piece. False when its header fields do not all stand before
   * its body and its trailer fields behind.
   */
  #received(wire: WireFields, msgType: string, header: EncodeHeader): boolean {
    let first = 3
    let own: HeaderField[] | undefined
    let trailer: HeaderField[] | undefined
    for (; first < wire.count; first++) {
      const place = this.#placeOf(wire.tagAt(first))
      if (place === Place.Header) {
        own ??= []
        own.push({ tag: wire.tagAt(first), value: wire.textAt(first) })
      } else if (place !== Place.Session || wire.tagAt(first) === 10) break
    }
    let last = first
    while (last < wire.count && this.#placeOf(wire.tagAt(last)) === Place.Body) last++
    for (let field = last; field < wire.count - 1; field++) {
      const tag = wire.tagAt(field)
      if (this.#placeOf(tag) !== Place.Trailer) return false
      trailer ??= []
      trailer.push({ tag, value: wire.textAt(field) })
    }
    this.#header(msgType, header, own, undefined)
    if (last > first) {
      const start = wire.valueEnd(first - 1) + 1
      writer.fields(wire.text, start, wire.valueEnd(last - 1) + 1)
    }
    if (trailer !== undefined) this.#trailer(trailer)
    return true
  }

  #built(message: FixMessage, header: EncodeHeader): void {
    const built = this.#builtFields(message)
    const { list } = built
    if (list !== undefined && drafts.has(built) && !this.#hasOwnHeader(list.tags)) {
      this.#header(message.msgType, header, headerFields(list, built.values), undefined)
      writer.copy(drafts.view, built.draftStart, built.draftEnd, built.draftSum)
    } else {
      this.#sorted(message, built.tags, built.values, header)
    }
  }

  /** Writes a message whose fields do not all go where they stand. */
  #sorted(message: FixMessage, tags: readonly number[], values: readonly Value[], header: EncodeHeader): void {
    let own: HeaderField[] | undefined
    let trailer: HeaderField[] | undefined
    let groups: Groups
    for (let at = 0; at < tags.length; at++) {
      const tag = tags[at] as number
      const place = this.#placeOf(tag)
      const value = values[at] as Value
      if (place === Place.Header) {
        own ??= []
        own.push({ tag, value })
      } else if (place === Place.Trailer) {
        trailer ??= []
        trailer.push({ tag, value })
      }
      if (groups === undefined && typeof value === 'object') groups = this.#groupsOf(message)
    }
    this.#header(message.msgType, header, own, groups)
    for (let at = 0; at < tags.length; at++) {
      const tag = tags[at] as number
      if (this.#placeOf(tag) === Place.Body) this.#field(tag, values[at] as Value, groups)
    }
    if (trailer !== undefined) this.#trailer(trailer)
  }

  /** Where a field goes: a counterparty's dictionary may have header fields of its own. */
  #placeOf(tag: number): number {
    return this.#ownHeaderTags?.has(tag) === true ? Place.Header : placeOf(tag)
  }

  #hasOwnHeader(tags: readonly number[]): boolean {
    const own = this.#ownHeaderTags
    return own !== undefined && tags.some((tag) => own.has(tag))
  }

  #builtFields(message: FixMessage): BuiltFields<GroupEntry> {
    if (message?.built !== undefined) return message.built
    if (typeof message?.clone !== 'function') refuse(message)
    const copy = message.clone()
    copy.beforeChange()
    return copy.built as BuiltFields<GroupEntry>
  }

  #groupsOf(message: FixMessage): Groups {
    return this.dictionary?.structureOf(message.msgType, message.get(1128))?.groups
  }

  #header(msgType: string, header: EncodeHeader, own: HeaderField[] | undefined, groups: Groups): void {
    writer.plain(35, msgType)
    if (own === undefined) this.#plainHeader(header)
    else this.#mergedHeader(header, own, groups)
  }

  #plainHeader(header: EncodeHeader): void {
    const { locations } = this.#ids
    writer.integer(34, header.msgSeqNum)
    if (header.possDupFlag === true) writer.plain(43, 'Y')
    this.#idsAndTime(checkedTime(52, header.sendingTime))
    if (header.origSendingTime !== undefined) this.#timestamp(122, header.origSendingTime)
    if (locations.length > 0) writer.text(locations)
    if (header.lastMsgSeqNumProcessed !== undefined) writer.integer(369, header.lastMsgSeqNumProcessed)
  }

  /** SenderCompID(49) to TargetSubID(57). */
  #idsAndTime(sendingTime: number | string): void {
    const ids = this.#ids
    const precision = this.#precision
    if (typeof sendingTime === 'number' && (precision === 3 || precision === 0)) {
      const second = ids.secondOf(sendingTime)
      writer.run(ids.withSecond(second, precision === 3 ? '.000' : ''))
      if (precision === 3) writer.milliseconds(ids.afterSendingTime.length + 3, (sendingTime - second) | 0)
      return
    }
    writer.text(ids.beforeSendingTime)
    writer.text(typeof sendingTime === 'string' ? sendingTime : formatUtcTimestamp(sendingTime, precision))
    writer.text(ids.afterSendingTime)
  }

  /** The header with fields of the message's own, which take the place of what `header` says of 50, 57, 142, 143. */
  #mergedHeader(header: EncodeHeader, own: HeaderField[], groups: Groups): void {
    if (own.length > 1) own.sort((a, b) => headerRank(a.tag) - headerRank(b.tag))
    let next = 0
    /** Writes the message's own fields up to `tag`; true when `tag` was among them. */
    const ownUpTo = (tag: number): boolean => {
      let written = 0
      while (next < own.length && headerRank((own[next] as HeaderField).tag) <= tag) {
        const { tag: ownTag, value } = own[next++] as HeaderField
        this.#field(ownTag, value, groups)
        written = ownTag
      }
      return written === tag
    }
    ownUpTo(34)
    writer.integer(34, header.msgSeqNum)
    ownUpTo(43)
    if (header.possDupFlag === true) writer.plain(43, 'Y')
    ownUpTo(49)
    writer.plain(49, header.senderCompId)
    if (!ownUpTo(50) && header.senderSubId !== undefined) writer.plain(50, header.senderSubId)
    ownUpTo(52)
    this.#timestamp(52, header.sendingTime)
    ownUpTo(56)
    writer.plain(56, header.targetCompId)
    if (!ownUpTo(57) && header.targetSubId !== undefined) writer.plain(57, header.targetSubId)
    ownUpTo(122)
    if (header.origSendingTime !== undefined) this.#timestamp(122, header.origSendingTime)
    if (!ownUpTo(142) && header.senderLocationId !== undefined) writer.plain(142, header.senderLocationId)
    if (!ownUpTo(143) && header.targetLocationId !== undefined) writer.plain(143, header.targetLocationId)
    ownUpTo(369)
    if (header.lastMsgSeqNumProcessed !== undefined) writer.integer(369, header.lastMsgSeqNumProcessed)
    ownUpTo(Number.POSITIVE_INFINITY)
  }

  #timestamp(tag: number, time: Date | number | string): void {
    const checked = checkedTime(tag, time)
    writer.plain(tag, typeof checked === 'string' ? checked : formatUtcTimestamp(checked, this.#precision))
  }

  /** SignatureLength(93) stands before Signature(89), which it measures. */
  #trailer(own: HeaderField[]): void {
    own.sort((a, b) => b.tag - a.tag)
    for (const { tag, value } of own) this.#field(tag, value, undefined)
  }

  #field(tag: number, value: Value, groups: Groups): void {
    if (typeof value === 'string') {
      if (isPlainField(tag)) writer.plain(tag, value)
      else writer.field(tag, value)
    } else {
      this.#group(tag, value, groups?.get(tag))
    }
  }

  #group(countTag: number, group: BuiltGroup<GroupEntry>, structure: GroupStructure | undefined): void {
    writer.field(countTag, group.count)
    for (const entry of group.entries) {
      const { tags, values } = entry.built as BuiltFields<GroupEntry>
      const order = structure === undefined ? undefined : inDictionaryOrder(tags, structure)
      for (let i = 0; i < tags.length; i++) {
        const at = order === undefined ? i : (order[i] as number)
        this.#field(tags[at] as number, values[at] as Value, structure?.groups)
      }
    }
  }
}

function headerFields({ header, tags }: TagList, values: readonly Value[]): HeaderField[] | undefined {
  if (header.length === 0) return undefined
  return header.map((at) => ({ tag: tags[at] as number, value: values[at] as Value }))
}

/** The one that was made last: most sessions of a process have the same. */
let lastPrefix = new Run('')
let lastBeginString = ''

/** `8=...|9=` */
function prefixOf(beginString: string): Run {
  if (beginString !== lastBeginString) {
    lastPrefix = new Run(`8=${beginString}\u00019=`)
    lastBeginString = beginString
  }
  return lastPrefix
}

function refuse(message: unknown): never {
  throw new FixError(
    'NOT_A_MESSAGE',
    `Expected a FixMessage, got ${message === null ? 'null' : typeof message}: make one with new FixMessage(msgType, fields).`
  )
}

/** The members of a NoHops(627) group that nobody knows as one stay behind their count. */
function headerRank(tag: number): number {
  return tag >= 628 && tag <= 630 ? 627 : tag
}
