import type { FieldFact } from '../facts.js'

/** Listed values of a field, as a constant. */
export interface ValuesModel {
  readonly name: string
  readonly field: FieldFact
  readonly members: readonly { readonly name: string; readonly value: string }[]
}

export interface PropertyModel {
  readonly property: string
  readonly type: string
  readonly required: boolean
  /** `ClOrdID(11)` */
  readonly comment: string
}

/** What an interface extends; where it is not required, all of it is optional. */
export interface BaseModel {
  readonly name: string
  readonly required: boolean
  /** Properties that another base or the interface itself has too. */
  readonly omit: readonly string[]
}

/** Fields that stand together: of a message, a component, the header, or an entry of a repeating group. */
export interface FieldsModel {
  readonly name: string
  readonly comment: string
  readonly bases: readonly BaseModel[]
  readonly properties: readonly PropertyModel[]
}

export interface MessageModel {
  readonly name: string
  readonly msgType: string
  readonly fields: FieldsModel
}

export interface Model {
  readonly version: string
  readonly source: string
  /** Tag by field name, ascending by tag. */
  readonly tags: readonly (readonly [name: string, tag: number])[]
  /** Tag by property. */
  readonly properties: readonly (readonly [property: string, tag: number])[]
  /** First field of an entry by count tag, where that is the same wherever the group stands. */
  readonly delimiters: readonly (readonly [countTag: number, delimiter: number])[]
  readonly values: readonly ValuesModel[]
  readonly header: FieldsModel
  readonly components: readonly FieldsModel[]
  readonly entries: readonly FieldsModel[]
  readonly messages: readonly MessageModel[]
}
