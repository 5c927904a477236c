/** `${...}`, which QuickFIX/J and C++ replace by a property or a variable of the environment. */
export const holdsReference = (text: string): boolean => /\$\{[^}]+\}/.test(text)

/** A value as our JSON has it, and the variables that it then asks for. */
export function asReferences(text: string): { readonly text: string; readonly names: readonly string[] } {
  const names: string[] = []
  const converted = text.replace(/\$\{([^}]*)(\}?)/g, (written, inside: string, closed: string) => {
    const name = closed === '' ? '' : variableName(inside)
    if (name === '') return `$${written}`
    names.push(name)
    return `\${${name}}`
  })
  return { text: converted, names }
}

/** A name that an environment can have: `user.home` as `USER_HOME`; what is one already stays. Empty where nothing is left. */
export function variableName(text: string): string {
  if (/^[A-Za-z_]\w*$/.test(text)) return text
  const name = text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return /^\d/.test(name) ? `_${name}` : name
}
