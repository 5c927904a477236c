/**
 * The property that stands for a field in typed code: `clOrdId` for ClOrdID, `securityIdSource` for SecurityIDSource.
 * Generated types and the code that reads them must agree on it.
 */
export function propertyName(field: string): string {
  const words = field.match(/[A-Z]+s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+/g) ?? []
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('')
  return joined.charAt(0).toLowerCase() + joined.slice(1)
}

/** The property that stands for a repeating group, `partyIds` for NoPartyIDs; that of the field where it has no "No". */
export function groupPropertyName(countField: string): string {
  return propertyName(/^No[A-Z]/.test(countField) ? countField.slice(2) : countField)
}

/** The tags that properties stand for. A field's own property comes before a group's where both are the same. */
export function tagsByProperty(tags: Readonly<Record<string, number>>): Map<string, number> {
  const properties = new Map<string, number>(Object.entries(tags))
  const add = (property: string, tag: number): void => {
    if (!properties.has(property)) properties.set(property, tag)
  }
  for (const [field, tag] of Object.entries(tags)) add(propertyName(field), tag)
  for (const [field, tag] of Object.entries(tags)) add(groupPropertyName(field), tag)
  return properties
}
