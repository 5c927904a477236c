import { afterAll, describe, expect, it } from 'vitest'
import { Chance } from './mutate.js'
import { targets, xmlTarget } from './targets.js'

/*
 * Recorded messages, configs and a dictionary file, changed at random from a seed: nothing throws, nothing grows, numbers do not go
 * back, and a good message is understood afterwards. `npm run fuzz` goes on with other seeds for as long as wished
 * (GAPFILL_FUZZ_MINUTES, default 5); a failure names the seed of its input.
 */

const INPUTS = 100_000
const minutes = Number(process.env.GAPFILL_FUZZ_MINUTES ?? 0)

afterAll(() => xmlTarget.close())

function feed(target: (typeof targets)[number], seed: number): void {
  try {
    target.feed(new Chance(seed))
  } catch (error) {
    throw new Error(`${target.name}, seed ${seed}: ${String(error)}`, { cause: error })
  }
}

describe.each(targets)('$name', (target) => {
  it(`takes ${(INPUTS * target.share) / 100} inputs`, { timeout: 120_000 }, () => {
    const inputs = (INPUTS * target.share) / 100
    for (let seed = 1; seed <= inputs; seed++) feed(target, seed)
  })
})

it('shares add up to the promised number of inputs', () => {
  expect(targets.reduce((sum, { share }) => sum + share, 0)).toBe(100)
})

if (minutes > 0) {
  it('goes on with other seeds', { timeout: minutes * 60_000 + 60_000 }, () => {
    const end = Date.now() + minutes * 60_000
    let seed = Date.now()
    let inputs = 0
    for (; Date.now() < end; seed++) {
      for (const target of targets) feed(target, seed)
      inputs += targets.length
    }
    process.stdout.write(`${inputs} inputs\n`)
  })
}
