import type { GroupEntry } from '../../fix/field-set.js'
import type { FixMessage } from '../../fix/message.js'

/** A field of type int. Never a fraction: `set` refuses one. */
export type Int = number | bigint

/**
 * A Qty, Price, Amt, ...: its text, or a number of a decimal library (big.js, bignumber.js, decimal.js and others have
 * such a `toFixed`). Never a JavaScript number, which could not hold it.
 */
export type Decimal = string | bigint | (object & { toFixed(): string })

/** A UTCTimestamp. A Date has milliseconds: give the text where finer digits or none are wanted. */
export type Timestamp = Date | string

/** A data field: its Length field is set with it. */
export type Data = Uint8Array | string

/** Entries of a repeating group, for construction. */
export type Entries<Fields extends object> = readonly Fields[]

/** The fields of a dictionary: their tags by property name. Generated code has one such interface. */
export type TagsByProperty = object

type PropertiesByTag<Tags extends TagsByProperty> = {
  [Property in keyof Tags as Tags[Property] extends number ? Tags[Property] : never]: Property
}

/** What the field with that tag is given in `Fields`; undefined for a tag that is none of them. */
type Given<Fields, Names, Tag extends number> = Tag extends keyof Names
  ? Names[Tag] extends keyof Fields
    ? Fields[Names[Tag]]
    : undefined
  : undefined

/** Texts of a listed field are what is listed; any other field's text is a string. */
type TextOf<Value> = Value extends string ? Value : Value extends undefined ? undefined : string

/** A field whose type is as wide as `string` (or a decimal's, a timestamp's) reads as string. */
type ReadText<Value> = Value extends undefined ? undefined : string extends Value ? string : TextOf<Value>

type IfGiven<Value, Result> = undefined extends Value ? Result | undefined : Result

/** Typed reading by tag: what is required is there, what is listed is one of the listed values. */
export interface TypedReading<Fields, Names> {
  get<Tag extends number>(tag: Tag): ReadText<Given<Fields, Names, Tag>> | Absent<Fields, Names, Tag>
  getInt<Tag extends number>(tag: Tag): IfGiven<Given<Fields, Names, Tag>, number>
  getDecimal<Tag extends number>(tag: Tag): IfGiven<Given<Fields, Names, Tag>, string>
  getBoolean<Tag extends number>(tag: Tag): IfGiven<Given<Fields, Names, Tag>, boolean>
  getUtcTimestamp<Tag extends number>(tag: Tag): IfGiven<Given<Fields, Names, Tag>, Date>
  groups<Tag extends number>(tag: Tag): readonly EntryOf<Given<Fields, Names, Tag>, Names>[]
}

/** A tag that the dictionary does not have for the message may be there all the same. */
type Absent<Fields, Names, Tag extends number> = [Given<Fields, Names, Tag>] extends [undefined]
  ? string | undefined
  : never

type EntryOf<Value, Names> =
  NonNullable<Value> extends readonly (infer Fields)[]
    ? Fields extends object
      ? TypedReading<Fields, Names> & GroupEntry
      : GroupEntry
    : GroupEntry

/** A message of one type, read by tag and typed by the fields that it is made with. */
export type TypedMessage<Type extends string, Fields, Tags extends TagsByProperty> = TypedReading<
  Fields,
  PropertiesByTag<Tags>
> &
  FixMessage & { readonly msgType: Type }

/** What generated code exports for each message: makes messages of that type and tells them. */
export interface MessageType<Type extends string, Fields, Tags extends TagsByProperty> {
  /** MsgType(35). */
  readonly msgType: Type
  /**
   * Makes a message with these fields. Groups are written where they are named, entries in the dictionary's order once a
   * codec with one encodes them. @throws FieldValueError for a value that cannot be written.
   */
  new (fields: Fields): TypedMessage<Type, Fields, Tags>
  /** True for a message of this type; it is then read with this type's fields. */
  is(message: FixMessage): message is TypedMessage<Type, Fields, Tags>
}
