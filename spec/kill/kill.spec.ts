import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** The short form of `npm run test:kill`, of what `npm run build` made. */
it('SIGKILL of either side, and of both at once, while messages flow loses nothing and doubles nothing', () => {
  const main = fileURLToPath(new URL('main.js', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--rounds', '5', '--seed', '1'], {
    encoding: 'utf8'
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^round 5\/5: BROKER and BUYSIDE killed, \d+ orders saved with their reports$/m)
  expect(stdout).toMatch(
    /^[1-9]\d{2,} application messages sent, [1-9]\d{2,} received; 5 rounds: .* 1 of both at once$/m
  )
  expect(stdout).toMatch(/^[1-9]\d+ orders in what each kill/m)
  expect(stdout).toMatch(/^0 lost, 0 duplicated$/m)
}, 120_000)
