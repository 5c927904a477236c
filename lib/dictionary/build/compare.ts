import type { Facts, FieldFact, Member } from '../facts.js'

/**
 * Compares two dictionaries field by field: every difference as one text, [] where there is none. Union types and
 * conditions are left out: QuickFIX XML cannot state them.
 */
export function compareFacts(expected: Facts, actual: Facts): string[] {
  const differences: string[] = []
  const compare = (what: string, wanted: string | undefined, got: string | undefined): void => {
    if (wanted !== got)
      differences.push(`${expected.version} ${what}: expected ${wanted ?? 'none'}, got ${got ?? 'none'}`)
  }
  compare('version', expected.version, actual.version)
  compare('header', describeMembers(expected.header), describeMembers(actual.header))
  compare('trailer', describeMembers(expected.trailer), describeMembers(actual.trailer))
  for (const tag of union(expected.tags(), actual.tags())) {
    compare(`field ${tag}`, describeField(expected.field(tag)), describeField(actual.field(tag)))
  }
  for (const name of union(expected.componentNames(), actual.componentNames())) {
    const [wanted, got] = [expected.component(name), actual.component(name)]
    compare(`component ${name}`, wanted && describeMembers(wanted.members), got && describeMembers(got.members))
  }
  for (const msgType of union(expected.msgTypes(), actual.msgTypes())) {
    const [wanted, got] = [expected.message(msgType), actual.message(msgType)].map(
      (message) => message && `${message.name} ${message.category} ${describeMembers(message.members)}`
    )
    compare(`message ${msgType}`, wanted, got)
  }
  return differences
}

function union<T>(a: readonly T[], b: readonly T[]): Set<T> {
  return new Set([...a, ...b])
}

function describeField(field: FieldFact | undefined): string | undefined {
  return field && JSON.stringify([field.name, field.type, field.values.map((value) => [value.value, value.name])])
}

function describeMembers(members: readonly Member[]): string {
  return JSON.stringify(members.map(plain))
}

function plain(member: Member): unknown[] {
  if (member.kind === 'component') return ['component', member.name, member.required]
  if (member.kind === 'field') return ['field', member.tag, member.required]
  return ['group', member.tag, member.required, member.members.map(plain)]
}
