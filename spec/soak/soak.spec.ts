import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** The short form of `npm run soak`, of what `npm run build` made. */
it('faults of every kind, one after the other, lose nothing and double nothing', () => {
  const main = fileURLToPath(new URL('main.js', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--seconds', '12', '--seed', '1'], {
    encoding: 'utf8'
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^\d\d:\d\d {2}[\d,]+ messages {2}\d+ faults survived: .* {2}RSS \d+ and \d+ MB$/m)
  expect(stdout).toMatch(
    /^[1-9]\d* application messages sent, [1-9]\d* received, in 1 rounds; \d+ orders, each with its report$/m
  )
  expect(stdout).toMatch(/^0 lost, 0 duplicated\n$/m)
}, 300_000)
