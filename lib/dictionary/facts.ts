/**
 * What a dictionary states, as plain data: the same whether it came from one of our own tables or from an XML file.
 *
 * Members keep the form in which a dictionary writes them (components by name), so that two dictionaries can be compared
 * and written out again; `MemberTree` expands them.
 */

/** One of the values that an enumerated field may have. */
export interface FieldValue {
  /** The text on the wire, e.g. `1`. */
  readonly value: string
  /** The dictionary's name for it, e.g. `BUY`. */
  readonly name: string
}

export interface FieldFact {
  readonly tag: number
  readonly name: string
  /** Data type in upper case, e.g. `UTCTIMESTAMP`; see `dataTypes`. */
  readonly type: string
  /** Empty where the field is not enumerated. In the dictionary's order. */
  readonly values: readonly FieldValue[]
  /** A data type whose values are good beside the enumerated ones (FIX Orchestra `unionDataType`), or `STRING` for any. */
  readonly union?: string | undefined
}

export interface FieldMember {
  readonly kind: 'field'
  readonly tag: number
  readonly required: boolean
  /** FIX Orchestra: a rule under which the field is required though it is otherwise optional. */
  readonly requiredWhen?: string | undefined
}

export interface GroupMember {
  readonly kind: 'group'
  /** The NumInGroup field. */
  readonly tag: number
  readonly required: boolean
  readonly members: readonly Member[]
}

export interface ComponentMember {
  readonly kind: 'component'
  readonly name: string
  readonly required: boolean
}

export type Member = FieldMember | GroupMember | ComponentMember

export type MessageCategory = 'admin' | 'app'

export interface MessageFact {
  readonly msgType: string
  readonly name: string
  readonly category: MessageCategory
  readonly members: readonly Member[]
}

export interface ComponentFact {
  readonly name: string
  readonly members: readonly Member[]
}

/** Facts by key. Implementations may parse an entry only when it is asked for. */
export interface Facts {
  /** `FIX.4.4`, `FIXT.1.1`, `FIX.5.0SP2`. */
  readonly version: string
  /** Where they come from, for error messages: a built-in version or a file. */
  readonly source: string
  readonly header: readonly Member[]
  readonly trailer: readonly Member[]
  field(tag: number): FieldFact | undefined
  /** The name alone, for less. */
  nameOf(tag: number): string | undefined
  fieldNamed(name: string): FieldFact | undefined
  component(name: string): ComponentFact | undefined
  message(msgType: string): MessageFact | undefined
  messageNamed(name: string): MessageFact | undefined
  /** In the dictionary's order. */
  tags(): readonly number[]
  componentNames(): readonly string[]
  msgTypes(): readonly string[]
}

/** The built-in versions, oldest first. */
export const builtInVersions = [
  'FIX.4.0',
  'FIX.4.1',
  'FIX.4.2',
  'FIX.4.3',
  'FIX.4.4',
  'FIXT.1.1',
  'FIX.5.0',
  'FIX.5.0SP1',
  'FIX.5.0SP2'
] as const

export type BuiltInVersion = (typeof builtInVersions)[number]

export function isBuiltInVersion(text: string): text is BuiltInVersion {
  return (builtInVersions as readonly string[]).includes(text)
}

/** True for FIXT.1.1 and for the application versions that are carried by it. */
export function usesFixt(version: string): boolean {
  return /^(?:FIXT|FIX\.(?:[5-9]|Latest))/.test(version)
}
