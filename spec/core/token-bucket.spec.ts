import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from '../../lib/core/token-bucket.js'

const anyRate = fc.record({
  messagesPerSecond: fc.oneof(
    fc.constantFrom(0.1, 1, 3, 7, 10, 1000),
    fc.double({ min: 0.01, max: 5000, noNaN: true })
  ),
  burst: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined })
})

/** Milliseconds from one attempt to the next. */
const anyPauses = fc.array(fc.oneof(fc.constant(0), fc.nat(50), fc.double({ min: 0, max: 3000, noNaN: true })), {
  maxLength: 300
})

const burstOf = ({ messagesPerSecond, burst }: { messagesPerSecond: number; burst: number | undefined }): number =>
  burst ?? Math.max(1, Math.ceil(messagesPerSecond))

describe('a token bucket', () => {
  it('never gives more than burst + rate in any window', () => {
    fc.assert(
      fc.property(anyRate, anyPauses, (rate, pauses) => {
        const bucket = new TokenBucket(rate)
        const taken: number[] = []
        let now = 1000
        for (const pause of pauses) {
          now += pause
          if (bucket.nextAt > now) continue
          bucket.take(now)
          taken.push(now)
        }
        for (let first = 0; first < taken.length; first++) {
          for (let last = first; last < taken.length; last++) {
            const seconds = ((taken[last] ?? 0) - (taken[first] ?? 0)) / 1000
            const most = burstOf(rate) + seconds * rate.messagesPerSecond
            expect(last - first + 1).toBeLessThanOrEqual(most * (1 + 1e-9) + 1e-6)
          }
        }
      }),
      { numRuns: 200 }
    )
  })

  it('gives all that it may: who takes whenever there is one gets the rate', () => {
    fc.assert(
      fc.property(anyRate, fc.integer({ min: 1, max: 200 }), (rate, count) => {
        const bucket = new TokenBucket(rate)
        let now = 0
        for (let taken = 0; taken < count; taken++) {
          now = Math.max(now, bucket.nextAt)
          bucket.take(now)
        }
        const expected = (Math.max(0, count - burstOf(rate)) / rate.messagesPerSecond) * 1000
        expect(Math.abs(now - expected)).toBeLessThanOrEqual(1e-6 * (1 + expected))
      })
    )
  })

  it('is full again after a pause, and no fuller', () => {
    const bucket = new TokenBucket({ messagesPerSecond: 2, burst: 3 })
    const takenAt = (now: number): number => {
      let count = 0
      for (; bucket.nextAt <= now; count++) bucket.take(now)
      return count
    }
    expect([0, 499, 500, 3_600_000, 3_600_001].map(takenAt)).toEqual([3, 0, 1, 3, 0])
  })

  it('lets be owed what cannot wait, a burst of it at most', () => {
    const bucket = new TokenBucket({ messagesPerSecond: 10, burst: 5 })
    for (let taken = 0; taken < 7; taken++) bucket.take(0)
    expect(bucket.nextAt).toBeCloseTo(300)
    for (let taken = 0; taken < 1000; taken++) bucket.take(0)
    expect(bucket.nextAt).toBeCloseTo(600)
  })
})
