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
  const compareMembers = (where: string, wanted: readonly Member[], got: readonly Member[]): void => {
    const [expectedPlaces, places] = [placesOf(wanted), placesOf(got)]
    for (const place of union([...expectedPlaces.keys()], [...places.keys()])) {
      compare(`${where}, ${place}`, expectedPlaces.get(place), places.get(place))
    }
    const [order, actualOrder] = [[...expectedPlaces.keys()], [...places.keys()]].map((keys) => keys.join(' '))
    if (order?.length === actualOrder?.length) compare(`${where}, order`, order, actualOrder)
  }
  compare('version', expected.version, actual.version)
  compareMembers('header', expected.header, actual.header)
  compareMembers('trailer', expected.trailer, actual.trailer)
  for (const tag of union(expected.tags(), actual.tags())) {
    compare(`field ${tag}`, describeField(expected.field(tag)), describeField(actual.field(tag)))
  }
  for (const name of union(expected.componentNames(), actual.componentNames())) {
    const [wanted, got] = [expected.component(name), actual.component(name)]
    compare(`component ${name}`, wanted?.name, got?.name)
    if (wanted && got) compareMembers(`component ${name}`, wanted.members, got.members)
  }
  for (const msgType of union(expected.msgTypes(), actual.msgTypes())) {
    const [wanted, got] = [expected.message(msgType), actual.message(msgType)]
    const where = `message ${msgType}`
    compare(where, wanted && `${wanted.name} (${wanted.category})`, got && `${got.name} (${got.category})`)
    if (wanted && got) compareMembers(where, wanted.members, got.members)
  }
  return differences
}

function union<T>(a: readonly T[], b: readonly T[]): Set<T> {
  return new Set([...a, ...b])
}

function describeField(field: FieldFact | undefined): string | undefined {
  return (
    field && `${field.name} ${field.type} ${field.values.map(({ value, name }) => `${value}=${name}`).join(' ')}`.trim()
  )
}

/** Every member by its place, `453/448` for PartyID(448) in NoPartyIDs(453), with what is said of it there. */
function placesOf(members: readonly Member[], path = '', places = new Map<string, string>()): Map<string, string> {
  for (const member of members) {
    const own = path + (member.kind === 'component' ? member.name : member.tag)
    let place = own
    // QuickFIX's FIX43.xml lists a field twice in one message.
    for (let time = 2; places.has(place); time++) place = `${own}#${time}`
    places.set(place, `${member.kind}, ${member.required ? 'required' : 'optional'}`)
    if (member.kind === 'group') placesOf(member.members, `${place}/`, places)
  }
  return places
}
