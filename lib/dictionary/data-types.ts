/**
 * The data types that dictionaries name, and the lexical rule (`Format`) that each follows.
 *
 * Sources: FIX 5.0 SP2 Volume 1 and FIXT.1.1, "Data types"; the types that only older versions have from FIX 4.0
 * ("time", "date") and FIX 4.2/4.3 ("UTCDate", "MultipleValueString"). Names are upper case, as QuickFIX XML writes them.
 */
export const Format = {
  Text: 0,
  Int: 1,
  /** Digits only: Length, NumInGroup, SeqNum and TagNum are ints that cannot be negative. */
  Unsigned: 2,
  DayOfMonth: 3,
  Decimal: 4,
  Char: 5,
  Boolean: 6,
  /** Single characters, one space between them. */
  MultipleChar: 7,
  /** Words, one space between them. */
  MultipleString: 8,
  Country: 9,
  Currency: 10,
  Language: 11,
  MonthYear: 12,
  Date: 13,
  UtcTimestamp: 14,
  UtcTimeOnly: 15,
  LocalMktTime: 16,
  TzTimeOnly: 17,
  TzTimestamp: 18,
  Tenor: 19,
  Reserved100Plus: 20,
  Reserved1000Plus: 21,
  Reserved4000Plus: 22,
  /** Counted bytes of any kind; SOH among them. */
  Data: 23
} as const

export type Format = (typeof Format)[keyof typeof Format]

/** Format by type name. */
export const dataTypes: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['STRING', Format.Text],
  ['CHAR', Format.Char],
  ['INT', Format.Int],
  ['LENGTH', Format.Unsigned],
  ['NUMINGROUP', Format.Unsigned],
  ['SEQNUM', Format.Unsigned],
  ['TAGNUM', Format.Unsigned],
  ['DAYOFMONTH', Format.DayOfMonth],
  ['FLOAT', Format.Decimal],
  ['QTY', Format.Decimal],
  ['QUANTITY', Format.Decimal],
  ['PRICE', Format.Decimal],
  ['PRICEOFFSET', Format.Decimal],
  ['AMT', Format.Decimal],
  ['PERCENTAGE', Format.Decimal],
  ['BOOLEAN', Format.Boolean],
  ['MULTIPLECHARVALUE', Format.MultipleChar],
  ['MULTIPLEVALUESTRING', Format.MultipleString],
  ['MULTIPLESTRINGVALUE', Format.MultipleString],
  ['COUNTRY', Format.Country],
  ['CURRENCY', Format.Currency],
  ['EXCHANGE', Format.Text],
  ['LANGUAGE', Format.Language],
  ['MONTHYEAR', Format.MonthYear],
  ['DATE', Format.Date],
  ['UTCDATE', Format.Date],
  ['UTCDATEONLY', Format.Date],
  ['LOCALMKTDATE', Format.Date],
  ['TIME', Format.UtcTimestamp],
  ['UTCTIMESTAMP', Format.UtcTimestamp],
  ['UTCTIMEONLY', Format.UtcTimeOnly],
  ['UTCTIME', Format.UtcTimeOnly],
  ['LOCALMKTTIME', Format.LocalMktTime],
  ['TZTIMEONLY', Format.TzTimeOnly],
  ['TZTIMESTAMP', Format.TzTimestamp],
  ['PATTERN', Format.Text],
  ['TENOR', Format.Tenor],
  ['RESERVED100PLUS', Format.Reserved100Plus],
  ['RESERVED1000PLUS', Format.Reserved1000Plus],
  ['RESERVED4000PLUS', Format.Reserved4000Plus],
  ['XID', Format.Text],
  ['XIDREF', Format.Text],
  ['DATA', Format.Data],
  ['XMLDATA', Format.Data]
])

/** In FIX 4.0 and 4.1 "char" is any text (FIX 4.1, "Field data types": "alphanumeric character string"). */
export function formatOf(type: string, version: string): Format {
  if (type === 'CHAR' && (version === 'FIX.4.0' || version === 'FIX.4.1')) return Format.Text
  return dataTypes.get(type) ?? Format.Text
}
