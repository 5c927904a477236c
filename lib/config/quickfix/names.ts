/**
 * Whether a key of a settings file is the setting of that name: in any case; `<n>` stands for a number, `<ver>` for the
 * rest.
 */
export function matchesName(name: string, key: string): boolean {
  const [start = '', placeholder] = name.split(/<(n|ver)>$/, 2)
  if (placeholder === undefined) return name.toLowerCase() === key.toLowerCase()
  if (!key.toLowerCase().startsWith(start.toLowerCase())) return false
  const rest = key.slice(start.length)
  return placeholder === 'n' ? /^\d+$/.test(rest) : rest !== ''
}
