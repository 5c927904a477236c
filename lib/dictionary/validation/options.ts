import type { Drift } from './drift.js'

/**
 * Which rules are held, one switch each. Those that engines of the QuickFIX family have carry their names and defaults.
 */
export interface ValidationOptions {
  /** Header before body before trailer: 373=14. Default true. */
  readonly validateFieldsOutOfOrder?: boolean | undefined
  /** MsgType(35) is known: 373=11. Default true. */
  readonly validateMsgType?: boolean | undefined
  /** Required fields of header, body, components and group entries: 373=1. Default true. */
  readonly validateRequiredFields?: boolean | undefined
  /** Fields that the dictionary requires under a condition that holds: 373=1. Default true. */
  readonly validateConditionalFields?: boolean | undefined
  /** No field is empty: 373=4. Default true. An empty value that is let in is not held against its type. */
  readonly validateFieldsHaveValues?: boolean | undefined
  /** No tag stands twice outside repeating groups, or twice in an entry: 373=13. Default true. */
  readonly validateRepeatedTags?: boolean | undefined
  /** Values have the form of their data type: 373=6. Default true. */
  readonly validateFieldTypes?: boolean | undefined
  /** Let values in that the dictionary does not list: else 373=5. Default false. */
  readonly allowUnknownEnumValues?: boolean | undefined
  /** Refuse tags from 5000 up that are unknown (373=0) or not defined for the message (373=2). Default true. */
  readonly validateUserDefinedFields?: boolean | undefined
  /** Let tags below 5000 in that are unknown or not defined for the message. Default false. */
  readonly allowUnknownMsgFields?: boolean | undefined
  /** A group has as many entries as its NumInGroup field says: 373=16. Default true. */
  readonly validateGroupCounts?: boolean | undefined
  /** Each entry of a group begins with the group's first field: see `missingDelimiterReason`. Default true. */
  readonly validateGroupDelimiters?: boolean | undefined
  /** Fields of an entry stand in the dictionary's order: 373=15. Default true. */
  readonly validateUnorderedGroupFields?: boolean | undefined
  /** The first field that arrives in a group separates its entries, whatever the dictionary says. Default false. */
  readonly firstFieldInGroupIsDelimiter?: boolean | undefined
  /**
   * How an entry that does not begin with the delimiter is refused: 15 names the field that stands in its place (as
   * QuickFIX/J does), 99 the group's count (as QuickFIX/n does). Default 15.
   */
  readonly missingDelimiterReason?: 15 | 99 | undefined
  /** Accept unknown tags, tags not defined for the message and unlisted values, and record each new kind here. */
  readonly drift?: Drift | undefined
}

/** All options with a value. */
export type ValidationRules = {
  readonly [Name in Exclude<keyof ValidationOptions, 'drift'>]-?: NonNullable<ValidationOptions[Name]>
} & { readonly drift: Drift | undefined }

export function rulesOf(options: ValidationOptions): ValidationRules {
  return {
    validateFieldsOutOfOrder: options.validateFieldsOutOfOrder ?? true,
    validateMsgType: options.validateMsgType ?? true,
    validateRequiredFields: options.validateRequiredFields ?? true,
    validateConditionalFields: options.validateConditionalFields ?? true,
    validateFieldsHaveValues: options.validateFieldsHaveValues ?? true,
    validateRepeatedTags: options.validateRepeatedTags ?? true,
    validateFieldTypes: options.validateFieldTypes ?? true,
    allowUnknownEnumValues: options.allowUnknownEnumValues ?? false,
    validateUserDefinedFields: options.validateUserDefinedFields ?? true,
    allowUnknownMsgFields: options.allowUnknownMsgFields ?? false,
    validateGroupCounts: options.validateGroupCounts ?? true,
    validateGroupDelimiters: options.validateGroupDelimiters ?? true,
    validateUnorderedGroupFields: options.validateUnorderedGroupFields ?? true,
    firstFieldInGroupIsDelimiter: options.firstFieldInGroupIsDelimiter ?? false,
    missingDelimiterReason: options.missingDelimiterReason ?? 15,
    drift: options.drift
  }
}
