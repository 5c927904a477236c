import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const child = fileURLToPath(new URL('stopped-proxy.mjs', import.meta.url))

/** Of what `npm run build` made. */
it.each([
  'latency',
  'stall',
  'single bytes',
  'a black hole',
  'half-open links',
  'a reset',
  'a cut to come',
  'refused dials',
  'refused dials, taken again'
])('a stopped FaultProxy holds no process: %s', { timeout: 60_000 }, (fault) => {
  const { status, signal, stderr } = spawnSync(process.execPath, [child, fault], { encoding: 'utf8', timeout: 50_000 })
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
})
