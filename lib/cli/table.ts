/** Rows in columns, two spaces apart, each as wide as its widest cell. The first row may be styled as the head. */
export function formatTable(rows: readonly (readonly string[])[], head: (line: string) => string = (line) => line) {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .map((line, index) => `${index === 0 ? head(line) : line}\n`)
    .join('')
}
