/** ApplVerID(1128) and DefaultApplVerID(1137): the version that each value stands for (FIX session layer, FIXT.1.1). */
export const applVerIds: ReadonlyMap<string, string> = new Map([
  ['2', 'FIX.4.0'],
  ['3', 'FIX.4.1'],
  ['4', 'FIX.4.2'],
  ['5', 'FIX.4.3'],
  ['6', 'FIX.4.4'],
  ['7', 'FIX.5.0'],
  ['8', 'FIX.5.0SP1'],
  ['9', 'FIX.5.0SP2'],
  ['10', 'FIX.Latest']
])

const values = new Map([...applVerIds].map(([value, name]) => [name, value]))

/** The wire value for a wire value or a version's name; undefined for anything else. */
export function applVerIdOf(text: string): string | undefined {
  return applVerIds.has(text) ? text : values.get(text)
}

/** For messages: every value with its name. */
export const applVerIdNames = [...applVerIds].map(([value, name]) => `${value} (${name})`).join(', ')
