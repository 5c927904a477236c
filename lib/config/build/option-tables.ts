import { acceptorTable, initiatorTable, type OptionRow, optionRows } from '../options.js'
import { leftOut } from '../quickfix/left-out.js'

const begin = '<!-- options:begin -->'
const end = '<!-- options:end -->'

/** The part of README that says what options there are, and which of the QuickFIX family there are not. */
export function optionTables(): string {
  return [
    'Written by `npm run docs` from the tables of options that also make the schema.',
    table(['Option', 'Default', 'Meaning', 'QuickFIX'], linesOf(optionRows())),
    'Settings of QuickFIX C++, QuickFIX/J, QuickFIX/n and QuickFIX/Go that are left out, and why:',
    table(
      ['QuickFIX', 'Why it is left out'],
      leftOut.map(({ names, why }) => [names.map(code).join(' '), why])
    )
  ].join('\n\n')
}

/** `readme` with the tables between its two markers; undefined where it has none. */
export function withOptionTables(readme: string): string | undefined {
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end, from)
  if (from < 0 || to < 0) return undefined
  return `${readme.slice(0, from + begin.length)}\n${optionTables()}\n${readme.slice(to)}`
}

/** Options in the order of the file they stand in, each section under its title. */
function linesOf(rows: readonly OptionRow[]): string[][] {
  let section: string | undefined
  return rows.flatMap((row) => {
    const title = row.section === section ? [] : [[`**${row.section}**`, '', '', '']]
    section = row.section
    return [...title, [nameOf(row), defaultOf(row), meaningOf(row), row.option.quickfix.map(code).join(' ')]]
  })
}

/** With the role, where the other one has an option of that name too. */
function nameOf({ name, role }: OptionRow): string {
  const both = Object.hasOwn(initiatorTable, name) && Object.hasOwn(acceptorTable, name)
  return role !== undefined && both ? `${code(name)} (${role})` : code(name)
}

function defaultOf({ option }: OptionRow): string {
  if (option.need === 'required') return 'required'
  return option.need === 'optional' ? '' : code(JSON.stringify(option.default))
}

function meaningOf({ option }: OptionRow): string {
  return option.only === undefined ? option.meaning : `${option.meaning} (${option.only})`
}

const code = (text: string): string => `\`${text}\``

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
