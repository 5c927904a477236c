/** One `key=value` line. */
export interface Setting {
  /** As it was written. */
  readonly key: string
  readonly value: string
  readonly line: number
  /** It stands under [DEFAULT]. */
  readonly inherited: boolean
}

/** What is to be told about a line of the file; `key` where it is about one setting. */
export interface Note {
  readonly line: number
  readonly key?: string | undefined
  readonly text: string
}

/** One [SESSION] with what it has from [DEFAULT], by lower-case key. */
export interface SessionSection {
  readonly line: number
  readonly settings: ReadonlyMap<string, Setting>
}

export interface SettingsFile {
  readonly sessions: readonly SessionSection[]
  readonly notes: readonly Note[]
}

type Section = Map<string, Setting>

/**
 * Reads a settings file as the engines of the QuickFIX family do: `[DEFAULT]` and `[SESSION]` sections of `key=value`
 * lines, `#` for comments; keys and section names in any case. What none of them would understand is noted.
 */
export function readSettings(text: string): SettingsFile {
  const notes: Note[] = []
  const defaults: Section = new Map()
  const sessions: { line: number; own: Section; before: Section }[] = []
  let defaultSections = 0
  let section: Section | undefined
  text.split(/\r\n|\n|\r/).forEach((written, index) => {
    const line = index + 1
    const content = written.replace(/^\uFEFF/, '').trim()
    if (content === '' || content.startsWith('#')) return
    const name = /^\[(.*)\]$/.exec(content)?.[1]?.trim().toUpperCase()
    if (name === 'DEFAULT') {
      section = defaults
      defaultSections++
    } else if (name === 'SESSION') {
      section = new Map()
      sessions.push({ line, own: section, before: new Map(defaults) })
    } else if (name !== undefined) {
      section = undefined
      notes.push({ line, text: `[${name}] is no section of a settings file: what stands there is left out` })
    } else if (section === undefined) {
      notes.push({ line, text: 'stands in no section: left out' })
    } else {
      const setting = settingOf(content, line, section === defaults)
      if (setting === undefined) notes.push({ line, text: 'is no key=value: left out' })
      else add(section, setting, defaultSections > 1 && section === defaults ? [] : notes)
    }
  })
  // QuickFIX/J lets further [DEFAULT] sections speak for the sessions after them; a single one speaks for all.
  const common = (before: Section) => (defaultSections > 1 ? before : defaults)
  return {
    sessions: sessions.map(({ line, own, before }) => ({ line, settings: new Map([...common(before), ...own]) })),
    notes
  }
}

function settingOf(content: string, line: number, inherited: boolean): Setting | undefined {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(content) ?? []
  return key.trim() === '' ? undefined : { key: key.trim(), value: value.trim(), line, inherited }
}

function add(section: Section, setting: Setting, notes: Note[]): void {
  const name = setting.key.toLowerCase()
  const earlier = section.get(name)
  if (earlier !== undefined) {
    notes.push({ line: earlier.line, key: earlier.key, text: `stands again in line ${setting.line}, which counts` })
  }
  section.set(name, setting)
}
