import type { z } from 'zod'
import { zod } from '../packages.js'

/** What one option is: read by the schema, by README's table and by the answers to unknown names. */
export interface OptionFacts<Type extends z.ZodType> {
  /** Makes what accepts the value, when that is first needed; its messages say what was expected (`expected a number of seconds above 0, got ...`). */
  readonly type: () => Type
  /** One sentence: what it does, with the unit, and what a special value means. */
  readonly meaning: string
  /** What the QuickFIX family calls it; none where the family has no such setting. */
  readonly quickfix: readonly string[]
  /** Set where the value must not be shown, whatever is wrong with it. */
  readonly secret?: true
  /** Set where the option says nothing to the other BeginStrings; it is then refused there. */
  readonly only?: 'FIXT.1.1'
}

export type Need = 'required' | 'optional' | 'defaulted'

export interface Option<Type extends z.ZodType = z.ZodType, N extends Need = Need> extends OptionFacts<Type> {
  readonly need: N
  /** As a user would write it; present when `need` is `defaulted`. */
  readonly default?: z.input<Type>
}

/** Options that are written as one object, such as `journal: { path, ... }`. */
export interface OptionGroup<Members extends Options = Options, N extends GroupNeed = GroupNeed> {
  readonly members: Members
  readonly need: N
}

/** `optional`: its absence is a meaning of its own; otherwise an empty one is there. */
export type GroupNeed = 'optional' | 'defaulted'

export interface Options {
  readonly [name: string]: Option | OptionGroup
}

/** An option without which there is no session. */
export function required<Type extends z.ZodType>(facts: OptionFacts<Type>): Option<Type, 'required'> {
  return { ...facts, need: 'required' }
}

/** An option whose absence is a meaning of its own. */
export function optional<Type extends z.ZodType>(facts: OptionFacts<Type>): Option<Type, 'optional'> {
  return { ...facts, need: 'optional' }
}

/** An option that is `value` unless something else is said. */
export function defaulted<Type extends z.ZodType>(
  value: z.input<Type>,
  facts: OptionFacts<Type>
): Option<Type, 'defaulted'> {
  return { ...facts, need: 'defaulted', default: value }
}

export function group<Members extends Options>(members: Members): OptionGroup<Members, 'defaulted'> {
  return { members, need: 'defaulted' }
}

export function optionalGroup<Members extends Options>(members: Members): OptionGroup<Members, 'optional'> {
  return { members, need: 'optional' }
}

export function isGroup(entry: Option | OptionGroup): entry is OptionGroup {
  return 'members' in entry
}

type RequiredNames<O extends Options> = {
  [Name in keyof O]: O[Name] extends { readonly need: 'required' } ? Name : never
}[keyof O]

type OptionalNames<O extends Options> = {
  [Name in keyof O]: O[Name] extends { readonly need: 'optional' } ? Name : never
}[keyof O]

type Written<Entry> =
  Entry extends OptionGroup<infer Members>
    ? InputOf<Members>
    : Entry extends Option<infer Type>
      ? DeepReadonly<z.input<Type>>
      : never

type Read<Entry> =
  Entry extends OptionGroup<infer Members>
    ? OutputOf<Members>
    : Entry extends Option<infer Type>
      ? DeepReadonly<z.output<Type>>
      : never

type WrittenAll<O, Names extends keyof O> = { readonly [Name in Names]: Written<O[Name]> }
type WrittenSome<O, Names extends keyof O> = { readonly [Name in Names]?: Written<O[Name]> | undefined }
type ReadAll<O, Names extends keyof O> = { readonly [Name in Names]: Read<O[Name]> }
type ReadSome<O, Names extends keyof O> = { readonly [Name in Names]?: Read<O[Name]> | undefined }

/** What a user writes for these options. The mapping keeps "go to definition" on the table's own entries. */
export type InputOf<O extends Options> = WrittenAll<O, RequiredNames<O>> &
  WrittenSome<O, Exclude<keyof O, RequiredNames<O>>>

/** What the rest of gapfill reads of these options: complete and unchangeable. */
export type OutputOf<O extends Options> = ReadAll<O, Exclude<keyof O, OptionalNames<O>>> & ReadSome<O, OptionalNames<O>>

export type DeepReadonly<T> = T extends object ? { readonly [Name in keyof T]: DeepReadonly<T[Name]> } : T

/** The zod type of one entry, default included. */
export type SchemaOf<Entry> =
  Entry extends OptionGroup<infer Members, infer N>
    ? {
        optional: z.ZodOptional<z.ZodObject<ShapeOf<Members>, z.core.$strict>>
        defaulted: z.ZodPrefault<z.ZodObject<ShapeOf<Members>, z.core.$strict>>
      }[N]
    : Entry extends Option<infer Type, infer N>
      ? { required: Type; optional: z.ZodOptional<Type>; defaulted: z.ZodPrefault<Type> }[N]
      : never

export type ShapeOf<O extends Options> = { -readonly [Name in keyof O]: SchemaOf<O[Name]> }

/** The shape of a zod object of these options. */
export function shapeOf<O extends Options>(options: O): ShapeOf<O> {
  const shape = Object.fromEntries(Object.entries(options).map(([name, entry]) => [name, schemaOf(entry)]))
  return shape as ShapeOf<O> // fromEntries forgets which name has which type
}

function schemaOf(entry: Option | OptionGroup): z.ZodType {
  if (isGroup(entry)) {
    const object = zod().strictObject(shapeOf(entry.members), { error: 'an object' })
    return entry.need === 'optional' ? object.optional() : object.prefault({})
  }
  const type = entry.type()
  if (entry.need === 'required') return type
  return entry.need === 'optional' ? type.optional() : type.prefault(entry.default)
}
