/** An object as a user wrote it, before anything is known of its values. */
export type Settings = Readonly<Record<string, unknown>>

export type Path = readonly (string | number)[]

/** No option lies deeper; what does is refused unread, so that no input can exhaust the stack. */
const deepest = 16

export function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `over` laid on `under`: objects merge, everything else (lists too) replaces. What is undefined is not there. */
export function merge(under: Settings, over: Settings, depth = 0): Settings {
  const merged: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(under)) if (value !== undefined) merged[name] = value
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name]
    if (value === undefined) continue
    merged[name] = depth < deepest && isSettings(below) && isSettings(value) ? merge(below, value, depth + 1) : value
  }
  return merged
}

/** A copy in which `replace` has answered for every text. */
export function mapTexts(value: unknown, replace: (text: string, path: Path) => unknown, path: Path = []): unknown {
  if (typeof value === 'string') return replace(value, path)
  if (path.length > deepest) return value
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, replace, [...path, index]))
  if (!isSettings(value)) return value
  const copy: Record<string, unknown> = Object.create(null)
  for (const [name, item] of Object.entries(value)) copy[name] = mapTexts(item, replace, [...path, name])
  return copy
}

/** What stands at `path`, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let here = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = Reflect.get(here, step)
  }
  return here
}

/**
 * True where `value` decides what is at `path`: it has it, or it has something on the way that replaces what lay under
 * it (a list, a text).
 */
export function decides(value: Settings, path: Path): boolean {
  let here: unknown = value
  for (const step of path) {
    if (!isSettings(here)) return true
    if (!Object.hasOwn(here, step) || here[step] === undefined) return false
    here = here[step]
  }
  return true
}

/** Freezes all that a config is made of. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const item of Object.values(value)) deepFreeze(item)
  }
  return value
}
