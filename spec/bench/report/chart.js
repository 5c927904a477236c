import { readable } from './table.js'

const BAR = 16
const GAP = 5
const SPACE = 22
const LABEL = 360
const PLOT = 440
const WIDTH = LABEL + PLOT + 110
const COLOURS = { QuickFIX: '#8c6bb1', jspurefix: '#4a90a4' }

/**
 * How many times better gapfill is than each other engine, as bars on a logarithmic scale; the line in the middle means
 * equal. Colours and text are readable on light and dark pages.
 */
export function chart(outcomes, { date, cpu, node }) {
  const works = outcomes
    .map(({ name, rows }) => ({ name, bars: rows.filter(({ ratio }) => ratio !== undefined) }))
    .filter(({ bars }) => bars.length > 0)
  const ratios = works.flatMap(({ bars }) => bars.map(({ ratio }) => ratio))
  const most = Math.log10(Math.max(10, ...ratios))
  const least = Math.log10(Math.min(0.5, ...ratios))
  const x = (ratio) => LABEL + ((Math.log10(ratio) - least) / (most - least)) * PLOT
  const parts = []
  let y = 64
  for (const { name, bars } of works) {
    parts.push(text(LABEL - 10, y + BAR - 4, name, 'end', 600))
    for (const { engine, ratio } of bars) {
      const from = Math.min(x(1), x(ratio))
      const width = Math.max(1, Math.abs(x(ratio) - x(1)))
      parts.push(
        `<rect x="${round(from)}" y="${y}" width="${round(width)}" height="${BAR}" rx="2" fill="${colourOf(engine)}"/>`,
        text(Math.max(x(1), x(ratio)) + 6, y + BAR - 4, `${readable(ratio)}x ${engine}`, 'start', 400, 11)
      )
      y += BAR + GAP
    }
    y += SPACE - GAP
  }
  const ticks = [0.1, 0.5, 1, 2, 5, 10, 20, 50, 100].filter((tick) => x(tick) >= LABEL && x(tick) <= LABEL + PLOT)
  const grid = ticks.map(
    (tick) =>
      `<line x1="${round(x(tick))}" y1="54" x2="${round(x(tick))}" y2="${y - 10}" stroke="#999" stroke-width="${tick === 1 ? 1.5 : 0.4}"/>` +
      text(x(tick), 48, `${tick}x`, 'middle', 400, 11)
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH + 60}" height="${y + 16}" viewBox="0 0 ${WIDTH + 60} ${y + 16}" font-family="system-ui, sans-serif">`,
    '<title>How many times faster gapfill is than other engines</title>',
    '<style>text { fill: #333 } @media (prefers-color-scheme: dark) { text { fill: #ddd } }</style>',
    text(10, 20, 'gapfill, everything saved: how many times faster (right of 1x) than', 'start', 600, 14),
    text(10, y + 6, `${date.slice(0, 10)}, ${node}, ${cpu}`, 'start', 400, 11),
    ...grid,
    ...parts,
    '</svg>',
    ''
  ].join('\n')
}

function colourOf(engine) {
  return engine.startsWith('QuickFIX') ? COLOURS.QuickFIX : COLOURS.jspurefix
}

function text(x, y, content, anchor, weight, size = 12) {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${round(x)}" y="${y}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}">${escaped}</text>`
}

function round(value) {
  return Math.round(value * 10) / 10
}
