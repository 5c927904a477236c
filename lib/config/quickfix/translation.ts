import { nearest } from '../nearest.js'
import type { Option } from '../option.js'
import { type OptionRow, optionRows } from '../options.js'
import { leftOut, whyLeftOut } from './left-out.js'
import { matchesName } from './names.js'
import { holdsReference } from './references.js'
import type { Note, SessionSection, Setting } from './settings-file.js'

/** An option of ours that came out of a settings file. */
export interface Carried {
  readonly value: unknown
  /** All of it stood under [DEFAULT]. */
  readonly inherited: boolean
  /** Where it stood. */
  readonly line: number
}

/** Where files are, seen from the JSON that is being written. */
export interface Places {
  /** The path to write for a file of the settings, or undefined where there is no such file. */
  find(path: string): string | undefined
}

/** One session on its way from settings to options. Each carrier takes the settings it understands. */
export class Translation {
  readonly role: 'initiator' | 'acceptor'
  readonly line: number
  readonly places: Places
  readonly notes: Note[] = []
  /** By dotted name. */
  readonly options = new Map<string, Carried>()
  private readonly settings: ReadonlyMap<string, Setting>
  private readonly taken = new Set<Setting>()

  constructor(role: 'initiator' | 'acceptor', section: SessionSection, places: Places) {
    this.role = role
    this.line = section.line
    this.settings = section.settings
    this.places = places
  }

  /** The setting of that name, which then is dealt with. An empty value is none. */
  take(key: string): Setting | undefined {
    const setting = this.settings.get(key.toLowerCase())
    if (setting === undefined) return undefined
    this.taken.add(setting)
    return setting.value === '' ? undefined : setting
  }

  /** The settings of a name with a placeholder, in the order of their numbers or of the file. */
  takeAll(name: string): Setting[] {
    const found = [...this.settings.values()].filter(({ key }) => matchesName(name, key))
    for (const setting of found) this.taken.add(setting)
    const number = ({ key }: Setting) => Number(/\d+$/.exec(key)?.[0] ?? 0)
    return name.endsWith('<n>') ? found.sort((a, b) => number(a) - number(b)) : found
  }

  /** What no carrier has taken. */
  rest(): Setting[] {
    return [...this.settings.values()].filter((setting) => !this.taken.has(setting))
  }

  set(option: string, value: unknown, ...from: readonly Setting[]): void {
    const inherited = from.length > 0 && from.every((setting) => setting.inherited)
    this.options.set(option, { value, inherited, line: from[0]?.line ?? this.line })
  }

  /** Sets what the engines have without a setting; it belongs where `along` stands. */
  assume(option: string, value: unknown, along: Pick<Setting, 'inherited' | 'line'> | undefined): void {
    this.options.set(option, { value, inherited: along?.inherited ?? false, line: along?.line ?? this.line })
  }

  note(setting: Setting, text: string): void {
    this.notes.push({ line: setting.line, key: setting.key, text })
  }

  /** The option of ours for a name of the family's, where this session's role has one. */
  rowOf(key: string): OptionRow | undefined {
    const rows = optionRows().filter(({ option }) => option.quickfix.some((name) => matchesName(name, key)))
    return rows.find(({ role }) => role === undefined || role === this.role) ?? rows[0]
  }

  /** Carries a setting over to the option that has its meaning, value for value. */
  carry(setting: Setting): void {
    this.taken.add(setting)
    if (setting.value === '') return
    const row = this.rowOf(setting.key)
    if (row === undefined) {
      this.note(setting, `not carried over. ${whyLeftOut(setting.key) ?? unknown(setting.key)}`)
    } else if (row.role !== undefined && row.role !== this.role) {
      if (!setting.inherited) this.note(setting, `left out: an ${this.role} has no use for it`)
    } else {
      const value = meant(row.option, setting.value)
      if (value === undefined)
        this.note(setting, `left out: expected ${expected(row.option)}, got ${JSON.stringify(setting.value)}`)
      else this.set(row.name, value, setting)
    }
  }
}

/** What the text of a setting stands for as a value of an option: Y and N, a number, or itself. */
export function meant(option: Option, text: string): unknown {
  if (holdsReference(text)) return text
  const values: unknown[] = [text]
  if (/^-?\d+(\.\d+)?$/.test(text)) values.unshift(Number(text))
  if (/^[yn]$/i.test(text)) values.unshift(/^y$/i.test(text))
  return values.find((value) => option.type().safeParse(value).success)
}

function expected(option: Option): string {
  const fault = option.type().safeParse(undefined).error?.issues[0]?.message ?? 'something else'
  return fault === 'true or false' ? 'Y or N' : fault
}

function unknown(key: string): string {
  const names = [...optionRows().flatMap(({ option }) => option.quickfix), ...leftOut.flatMap(({ names }) => names)]
  const likely = nearest(key, names)
  return `No engine of the family has it, so it may be the application's own.${likely === undefined ? '' : ` Did you mean ${likely}?`}`
}
