/** Where the quantile `part` of sorted numbers lies. */
export function quantile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
}

/** p50, p99 and maximum of nanoseconds, in microseconds. */
export function latencies(nanoseconds) {
  const sorted = Float64Array.from(nanoseconds).sort()
  return { p50: quantile(sorted, 0.5) / 1000, p99: quantile(sorted, 0.99) / 1000, max: quantile(sorted, 1) / 1000 }
}
