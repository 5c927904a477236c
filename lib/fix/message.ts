import { BuiltFields } from './built-fields.js'
import type { FieldLayout } from './field-layout.js'
import { FieldSet, type GroupEntry } from './field-set.js'
import type { FieldInput } from './field-value.js'
import { readSeqNum, textOfValue } from './field-value.js'
import { flatten } from './flatten.js'
import { isSecret, mask } from './secret-tags.js'
import type { WireFields } from './wire-fields.js'

/**
 * A FIX message: one that was received, or one that is to be sent.
 *
 * A received one stays valid as long as it is referenced and may be changed; `bytes` keeps what came.
 */
export class FixMessage extends FieldSet {
  /** MsgType(35). */
  readonly msgType: string
  /** @internal */
  override wire: WireFields | undefined
  /** @internal */
  override readonly layout: FieldLayout | undefined
  // Not `#private`, see FieldSet.
  private readonly original: WireFields | undefined
  private flat: WireFields | undefined
  /** @internal What `ack` calls. */
  onAck: (() => void) | undefined

  /**
   * @param msgType MsgType(35), one or more characters.
   * @param fields set in the order given; an object's keys come out ascending.
   * @throws FieldValueError, DuplicateTagError as `set` does.
   */
  constructor(msgType: string, fields?: FieldInput)
  /** @internal A received message; the codec alone makes them. */
  constructor(msgType: string, fields: undefined, received: WireFields | undefined, layout: FieldLayout | undefined)
  constructor(msgType: string, fields?: FieldInput, received?: WireFields, layout?: FieldLayout) {
    super(received !== undefined)
    this.msgType = msgType
    this.wire = received
    this.layout = layout
    this.original = received
    this.flat = undefined
    this.onAck = undefined
    if (received !== undefined) return
    ;(this.built as BuiltFields<GroupEntry>).ofMessage(textOfValue(35, msgType, false))
    if (fields !== undefined) this.fill(fields)
  }

  /** @internal */
  protected override get root(): this {
    return this
  }

  /** @internal */
  override get first(): number {
    return 0
  }

  /** @internal */
  override get last(): number {
    return this.wire === undefined ? 0 : this.wire.count
  }

  /** The text on the wire, exactly, one character a byte; undefined when the field is not there. */
  override get(tag: number): string | undefined {
    const { wire, layout } = this
    if (wire === undefined) return (this.built as BuiltFields<GroupEntry>).get(tag)
    if (layout === undefined || !layout.hides(tag)) return wire.textOf(tag)
    const field = layout.find(wire, tag, 0, wire.count)
    return field < 0 ? undefined : wire.textAt(field)
  }

  /** Tells a message from a `Garbled`. */
  get garbled(): false {
    return false
  }

  /** MsgSeqNum(34), or undefined when it is absent or no number. */
  get msgSeqNum(): number | undefined {
    const text = this.get(34)
    return text === undefined ? undefined : readSeqNum(text)
  }

  /** The text exactly as it was received, one character a byte, whatever was changed since; undefined when built here. */
  get bytes(): string | undefined {
    return this.original?.text
  }

  /**
   * With `ack: 'manual'`: this message has been dealt with, so that the number expected next may become durable. Does
   * nothing otherwise, and nothing the second time.
   */
  ack(): void {
    const onAck = this.onAck
    this.onAck = undefined
    onAck?.()
  }

  // ---- fields as they stand on the wire, members of groups included --------------------------------------------------

  /**
   * How many fields there are in `source`. A received message has all of them, BeginString(8) to CheckSum(10); of one that
   * was built or changed here those that it holds, MsgType(35) first where it was built, in the order in which `toBytes`
   * writes them.
   */
  get fieldCount(): number {
    return this.wireFields().count
  }

  /** The text that positions refer to. Stays the same until the message is changed. */
  get source(): string {
    return this.wireFields().text
  }

  /** Tag of a field, 0 to `fieldCount` - 1. It may be 0 or negative on a received message. */
  tagAt(field: number): number {
    return this.wireFields().tagAt(field)
  }

  /** Text of a field. */
  textAt(field: number): string {
    return this.wireFields().textAt(field)
  }

  /** Where a field's value begins in `source`. */
  valueStart(field: number): number {
    return this.wireFields().valueStart(field)
  }

  /** Where a field's value ends in `source`: its SOH stands there. */
  valueEnd(field: number): number {
    return this.wireFields().valueEnd(field)
  }

  private wireFields(): WireFields {
    if (this.wire !== undefined) return this.wire
    this.flat ??= flatten(this.built as BuiltFields<GroupEntry>)
    return this.flat
  }

  // ---- the whole -----------------------------------------------------------------------------------------------------

  /**
   * What was received, or else the fields as they are now; BodyLength(9) and CheckSum(10) are made right where a message
   * that was changed has them. Header and framing of a message to be sent are the codec's (`Codec.encode`).
   */
  toBytes(): Buffer {
    return Buffer.from(this.source, 'latin1')
  }

  /** As `toBytes`, with | for SOH. */
  override toString(): string {
    return this.source.replaceAll('\u0001', '|')
  }

  /** All fields in wire order, for JSON.stringify; secrets, such as Password(554), as ***: what is printed is for people and logs. */
  toJSON(): { msgType: string; fields: [tag: number, value: string][] } {
    const fields: [number, string][] = []
    for (let field = 0; field < this.fieldCount; field++) {
      const tag = this.tagAt(field)
      fields.push([tag, isSecret(tag, this.msgType) ? mask : this.textAt(field)])
    }
    return { msgType: this.msgType, fields }
  }

  /** What console.log shows: as `toString`, with secrets as ***. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    let shown = 'FixMessage '
    for (const [tag, value] of this.toJSON().fields) shown += `${tag}=${value}|`
    return shown.replaceAll('\u0001', '|')
  }

  /** A message of its own with the same fields. */
  clone(): FixMessage {
    if (this.wire !== undefined) return new FixMessage(this.msgType, undefined, this.wire.copy(), this.layout)
    const copy = new FixMessage(this.msgType, undefined, undefined, this.layout)
    copy.built = new BuiltFields()
    copy.copyFrom(this.built as BuiltFields<GroupEntry>)
    return copy
  }

  /** @internal */
  beforeChange(): void {
    this.flat = undefined
    this.build()
    this.wire = undefined
  }
}
