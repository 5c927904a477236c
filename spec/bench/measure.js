/** Median, least and most of what the rounds gave. */
export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  return { median, min: sorted[0], max: sorted.at(-1), samples }
}

/**
 * Measures variants of one work in interleaved rounds, A B A B, so that whatever else the machine does meets all of them.
 * Each variant's `round` answers an object of numbers; the first round of each is a warm-up and does not count.
 *
 * @param {{ name: string, round: () => Promise<Record<string, number>> }[]} variants
 * @returns {Promise<Map<string, Record<string, ReturnType<typeof summary>>>>} by variant, then by number
 */
export async function interleaved(variants, rounds, progress) {
  const results = new Map(variants.map(({ name }) => [name, []]))
  for (let n = 0; n <= rounds; n++) {
    for (const { name, round } of variants) {
      progress(`${name}, ${n === 0 ? 'warm-up' : `round ${n} of ${rounds}`}`)
      const numbers = await round()
      if (n > 0) results.get(name).push(numbers)
    }
  }
  return new Map(
    [...results].map(([name, all]) => [
      name,
      Object.fromEntries(Object.keys(all[0]).map((key) => [key, summary(all.map((numbers) => numbers[key]))]))
    ])
  )
}

/** What engines made of the same work has to be the same: a fast wrong answer is none. */
export function requireEqual(what, byName) {
  const [[firstName, first], ...others] = Object.entries(byName)
  for (const [name, value] of others) {
    if (value === first) continue
    throw new Error(`${what}: ${firstName} has ${first}, ${name} has ${value}`)
  }
}
