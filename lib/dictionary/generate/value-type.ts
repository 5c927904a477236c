import { Format } from '../data-types.js'

/** The TypeScript type of a value of that format, as generated code names it. */
export function typeOf(format: Format): string {
  switch (format) {
    case Format.Int:
    case Format.Unsigned:
    case Format.DayOfMonth:
      return 'Int'
    case Format.Decimal:
      return 'Decimal'
    case Format.Boolean:
      return 'boolean'
    case Format.UtcTimestamp:
      return 'Timestamp'
    case Format.Data:
      return 'Data'
    case Format.MultipleChar:
    case Format.MultipleString:
      return 'readonly string[]'
    default:
      return 'string'
  }
}
