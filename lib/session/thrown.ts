/** What someone else's code threw, in words. Anything can be thrown, also what cannot be made a text of. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'something without a text'
  }
}

/** What someone else's code threw, as an error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(textOf(thrown), { cause: thrown })
}
