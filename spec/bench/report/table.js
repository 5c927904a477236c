/** A number as people read it: three digits that matter, thousands apart. */
export function readable(value) {
  if (value === undefined || Number.isNaN(value)) return ''
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  if (Math.abs(value) >= 10) return value.toFixed(1)
  return value.toFixed(2)
}

/** The outcome of one work as lines of text. */
export function textTable({ name, unit, rows, goals }) {
  const width = Math.max(...rows.map(({ engine }) => engine.length))
  const lines = [`${name} (${unit})`]
  for (const { engine, median, min, max, ratio, also } of rows) {
    const compared = ratio === undefined ? '' : `gapfill is ${readable(ratio)}x`
    lines.push(
      `  ${engine.padEnd(width)} ${readable(median).padStart(10)}  ${`${readable(min)} to ${readable(max)}`.padEnd(22)} ${compared}`.trimEnd()
    )
    for (const { unit: alsoUnit, median: alsoMedian, min: least, max: most } of Object.values(also)) {
      const range = least === most ? '' : `  ${readable(least)} to ${readable(most)}`
      lines.push(`  ${''.padEnd(width)} ${readable(alsoMedian).padStart(10)}  ${alsoUnit}${range}`)
    }
  }
  for (const { text, got, reached } of goals) {
    lines.push(`  ${reached ? 'reached' : 'missed '} goal ${text}: ${readable(got)}`)
  }
  return lines.join('\n')
}

/** All outcomes as one Markdown table, a row a work and an engine. */
export function markdownTable(outcomes) {
  const lines = ['| work | engine | median (least to most) | gapfill is |', '| --- | --- | --- | --- |']
  for (const { name, unit, rows } of outcomes) {
    for (const [index, { engine, median, min, max, ratio, also }] of rows.entries()) {
      const range = min === max ? '' : ` (${readable(min)} to ${readable(max)})`
      const more = Object.values(also).map(({ unit: alsoUnit, median: value }) => `; ${readable(value)} ${alsoUnit}`)
      const compared = ratio === undefined ? '' : `${readable(ratio)}x`
      const work = index === 0 ? `${name}, ${unit}` : ''
      lines.push(`| ${work} | ${engine} | ${readable(median)}${range}${more.join('')} | ${compared} |`)
    }
  }
  return lines.join('\n')
}
