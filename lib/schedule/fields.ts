/** One mistake in a schedule. `path` leads to it: `['windows', 1, 'endTime']`. */
export interface ScheduleProblem {
  readonly path: readonly (string | number)[]
  readonly expected: string
  readonly got: string
  /** What to do; empty where `expected` says it. */
  readonly advice: string
}

/** Options by name, right or wrong. */
export type Settings = Readonly<Record<string, unknown>>

/** Reads options of one object and collects what is wrong with them. */
export class Fields {
  readonly problems: ScheduleProblem[] = []
  private readonly settings: Settings
  private readonly raw: Settings
  private readonly path: readonly (string | number)[]

  /** `raw` is what the user wrote, for showing: what `${NAME}` stood for is never printed. */
  constructor(settings: Settings, raw: unknown, path: readonly (string | number)[]) {
    this.settings = settings
    this.raw = isSettings(raw) ? raw : {}
    this.path = path
  }

  has(name: string): boolean {
    return this.settings[name] !== undefined
  }

  /** True only for `true`. */
  isOn(name: string): boolean {
    const value = this.settings[name]
    if (value !== undefined && typeof value !== 'boolean') this.wrong(name, 'true or false')
    return value === true
  }

  /** The value of an option that is there and right. */
  read<T>(name: string, kind: Kind<T>): T | undefined {
    const value = this.settings[name]
    if (value === undefined) return undefined
    const parsed = typeof value === 'string' ? kind.parse(value) : undefined
    if (parsed === undefined) this.wrong(name, kind.expected)
    return parsed
  }

  /** The values of a list that is there; what is wrong in it is left out. */
  readList<T>(name: string, kind: Kind<T>, expected: string, least: number, most: number): T[] | undefined {
    const value = this.settings[name]
    if (value === undefined) return undefined
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      this.wrong(name, expected)
      return undefined
    }
    return value.flatMap((item: unknown, index) => {
      const parsed = typeof item === 'string' ? kind.parse(item) : undefined
      if (parsed !== undefined) return [parsed]
      this.wrongItem(name, index, kind.expected)
      return []
    })
  }

  wrong(name: string, expected: string, advice = ''): void {
    this.problems.push({ path: [...this.path, name], expected, got: shown(this.raw[name]), advice })
  }

  wrongItem(name: string, index: number, expected: string): void {
    const got = shown(itemOf(this.raw[name], index))
    this.problems.push({ path: [...this.path, name, index], expected, got, advice: '' })
  }
}

/** A kind of value: how its text is read, and how errors call it. */
export interface Kind<T> {
  readonly parse: (text: string) => T | undefined
  readonly expected: string
}

export function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function itemOf(list: unknown, index: number): unknown {
  return Array.isArray(list) ? list[index] : undefined
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}...` : value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
