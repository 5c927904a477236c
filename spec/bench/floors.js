/** What of `outcomes` falls under its floor, or has none to be held against, in words. */
export function underFloors(outcomes, floors) {
  const faults = []
  for (const [work, byEngine] of Object.entries(floors)) {
    const rows = outcomes.find(({ name }) => name === work)?.rows ?? []
    for (const [engine, floor] of Object.entries(byEngine)) {
      const ratio = rows.find((row) => row.engine === engine)?.ratio
      if (ratio === undefined) faults.push(`${work}: expected a ratio against ${engine}, it was not measured`)
      else if (ratio < floor) {
        faults.push(
          `${work}: expected gapfill to be at least ${floor}x as fast as ${engine}, it is ${ratio.toFixed(2)}x`
        )
      }
    }
  }
  return faults
}
