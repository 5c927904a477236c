import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** The short form of `npm run test:kill`, of what `npm run build` made. */
it('SIGKILL of either side while messages flow loses nothing and doubles nothing', () => {
  const main = fileURLToPath(new URL('main.js', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--kills', '3', '--seed', '1'], {
    encoding: 'utf8'
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^kill 3\/3: /m)
  expect(stdout).toMatch(/^[1-9]\d{2,} application messages sent, [1-9]\d{2,} received, 3 kills$/m)
  expect(stdout).toMatch(/^0 lost, 0 duplicated$/m)
}, 60_000)
