import fc from 'fast-check'
import { Format, formatOf } from '../../lib/dictionary/data-types.js'
import type { MemberDefinition } from '../../lib/dictionary/definitions.js'
import type { Dictionary } from '../../lib/dictionary/dictionary.js'
import { dataTagOf, lengthTagOf } from '../../lib/fix/data-fields.js'
import type { FieldSet } from '../../lib/fix/field-set.js'
import { sessionTags } from '../../lib/fix/header.js'
import { FixMessage } from '../../lib/fix/message.js'

const pad = (number: number, width: number): string => String(number).padStart(width, '0')

const date = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, day]) => pad(year, 4) + pad(month, 2) + pad(day, 2))
const minutes = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${pad(hour, 2)}:${pad(minute, 2)}`)
const seconds = fc.tuple(minutes, fc.integer({ min: 0, max: 59 })).map(([time, second]) => `${time}:${pad(second, 2)}`)
const fraction = fc.oneof(
  fc.constant(''),
  ...[3, 6, 9, 12].map((digits) => fc.stringMatching(new RegExp(`^\\.[0-9]{${digits}}$`)))
)
const utcTime = fc.tuple(seconds, fraction).map(([time, digits]) => time + digits)
const zone = fc.oneof(fc.constant(''), fc.constant('Z'), fc.stringMatching(/^[+-](0[0-9]|1[0-2])(:[0-5][0-9])?$/))
const text = fc.stringMatching(/^[\x20-\x7e\xa1-\xff]{1,12}$/)
const decimal = fc.stringMatching(/^-?[0-9]{1,9}(\.[0-9]{0,6})?$/)

/** Texts that are good by the standard's rules, written down independently of the validator's. */
const byFormat: Record<Format, fc.Arbitrary<string>> = {
  [Format.Text]: text,
  [Format.Int]: fc.stringMatching(/^-?[0-9]{1,9}$/),
  [Format.Unsigned]: fc.stringMatching(/^[0-9]{1,6}$/),
  [Format.DayOfMonth]: fc.integer({ min: 1, max: 31 }).map(String),
  [Format.Decimal]: decimal,
  [Format.Char]: fc.stringMatching(/^[!-~]$/),
  [Format.Boolean]: fc.constantFrom('Y', 'N'),
  [Format.MultipleChar]: fc.stringMatching(/^[A-Za-z0-9]( [A-Za-z0-9]){0,3}$/),
  [Format.MultipleString]: fc.stringMatching(/^[A-Z0-9]{1,3}( [A-Z0-9]{1,3}){0,3}$/),
  [Format.Country]: fc.stringMatching(/^[A-Z]{2}$/),
  [Format.Currency]: fc.stringMatching(/^[A-Z]{3}$/),
  [Format.Language]: fc.stringMatching(/^[a-z]{2}$/),
  [Format.MonthYear]: fc.oneof(
    date.map((day) => day.slice(0, 6)),
    date,
    fc.tuple(date, fc.integer({ min: 1, max: 5 })).map(([day, week]) => `${day.slice(0, 6)}w${week}`)
  ),
  [Format.Date]: date,
  [Format.UtcTimestamp]: fc.tuple(date, utcTime).map(([day, time]) => `${day}-${time}`),
  [Format.UtcTimeOnly]: utcTime,
  [Format.LocalMktTime]: seconds,
  [Format.TzTimeOnly]: fc.tuple(fc.oneof(minutes, seconds), zone).map(([time, offset]) => time + offset),
  [Format.TzTimestamp]: fc
    .tuple(date, fc.oneof(minutes, utcTime), zone)
    .map(([day, time, offset]) => `${day}-${time}${offset}`),
  [Format.Tenor]: fc.stringMatching(/^[DMWY][1-9][0-9]?$/),
  [Format.Reserved100Plus]: fc.integer({ min: 100, max: 9999 }).map(String),
  [Format.Reserved1000Plus]: fc.integer({ min: 1000, max: 9999 }).map(String),
  [Format.Reserved4000Plus]: fc.integer({ min: 4000, max: 9999 }).map(String),
  [Format.Data]: fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 12
  })
}

const several: readonly Format[] = [Format.MultipleChar, Format.MultipleString]

function randomValue(dictionary: Dictionary, tag: number): fc.Arbitrary<string> {
  const field = dictionary.field(tag)
  if (!field) throw new Error(`no field ${tag}`)
  const format = formatOf(field.type, dictionary.version)
  if (field.values.length === 0) return byFormat[format]
  const listed = fc.constantFrom(...field.values.map((value) => value.value))
  if (several.includes(format))
    return fc.array(listed, { minLength: 1, maxLength: 3 }).map((values) => values.join(' '))
  return field.union ? fc.oneof(listed, byFormat[formatOf(field.union, dictionary.version)]) : listed
}

type Pick = <T>(arbitrary: fc.Arbitrary<T>) => T

/** A message of that type with all required fields and some others, groups nested, as an application would build it. */
export function randomMessage(dictionary: Dictionary, msgType: string, gen: fc.GeneratorValue): FixMessage {
  const pick: Pick = (arbitrary) => gen(() => arbitrary)
  const definition = dictionary.message(msgType)
  if (!definition) throw new Error(`no message ${msgType}`)
  const message = new FixMessage(msgType)
  const own = (member: MemberDefinition): boolean => !sessionTags.includes(member.tag)
  fill(dictionary, message, dictionary.header.filter(own), 0, pick)
  fill(
    dictionary,
    message,
    definition.fields.filter((member) => own(member) && !message.has(member.tag)),
    0,
    pick
  )
  fill(dictionary, message, dictionary.trailer.filter(own), 0, pick)
  return message
}

function fill(
  dictionary: Dictionary,
  fields: FieldSet,
  members: readonly MemberDefinition[],
  depth: number,
  pick: Pick
): void {
  const optional = members.filter((member) => !member.required)
  const wanted = new Set(
    optional.length === 0 ? [] : pick(fc.subarray([...optional], { maxLength: Math.min(optional.length, 6 - depth) }))
  )
  // An entry is nothing without its delimiter; where that is a Length field, the data behind it brings it along.
  const first = depth > 0 ? members[0]?.tag : undefined
  const isDelimiter = ({ tag }: MemberDefinition): boolean => tag === first || lengthTagOf(tag) === first
  for (const member of members) {
    if (!member.required && !wanted.has(member) && !isDelimiter(member)) continue
    if (member.group) {
      const entries = pick(fc.integer({ min: 1, max: depth > 1 ? 1 : 2 }))
      for (let i = 0; i < entries; i++)
        fill(dictionary, fields.addGroup(member.tag), member.group.fields, depth + 1, pick)
    } else if (lengthTagOf(member.tag) !== 0) {
      fields.set(member.tag, Buffer.from(pick(randomValue(dictionary, member.tag)), 'latin1'))
    } else if (dataTagOf(member.tag) === 0) {
      fields.set(member.tag, pick(randomValue(dictionary, member.tag)))
    }
  }
}
