import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BusyPoll } from '../../lib/transport/busy-poll.js'

let now = 1
let poll: BusyPoll

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setImmediate'] })
  now = 1
  poll = new BusyPoll(() => now)
})

afterEach(() => {
  vi.useRealTimers()
})

/** True when the event loop would look for input without sleeping. */
const awake = (): boolean => vi.getTimerCount() > 0

/** One turn of the event loop. */
const turn = (): void => {
  vi.advanceTimersToNextTimer()
}

/** A write that nothing answers within its window. */
const missed = (): void => {
  poll.sent(100)
  now += 0.2
  while (awake()) turn()
}

/** How many writes go by until it stays awake for one. */
const rests = (): number => {
  for (let writes = 0; writes < 10_000; writes++) {
    poll.sent(100)
    if (awake()) return writes
  }
  return Number.POSITIVE_INFINITY
}

describe('after a write', () => {
  it('stays awake until its time is over', () => {
    poll.sent(100)
    for (let n = 0; n < 5; n++) {
      expect(awake()).toBe(true)
      turn()
    }
    now += 0.101
    turn()
    expect(awake()).toBe(false)
  })

  it('stays awake no longer than until something comes', () => {
    poll.sent(100)
    poll.received()
    turn()
    expect(awake()).toBe(false)
  })

  it('stays awake once for many writes, until the time of the last is over', () => {
    poll.sent(100)
    now += 0.08
    poll.sent(100)
    expect(vi.getTimerCount()).toBe(1)
    now += 0.08
    turn()
    expect(awake()).toBe(true)
    now += 0.03
    turn()
    expect(awake()).toBe(false)
  })

  it('is told by an answer and a write of the same turn to go on', () => {
    poll.sent(100)
    poll.received()
    now += 0.09
    poll.sent(100)
    now += 0.09
    turn()
    expect(awake()).toBe(true)
    expect(vi.getTimerCount()).toBe(1)
  })

  it('sleeps at once when it is to', () => {
    poll.sent(0)
    expect(awake()).toBe(false)
  })
})

describe('where answers do not come so soon', () => {
  /** Three misses in a row, of which the first is the write that ended the pause. */
  const missedAgain = (): void => {
    now += 0.2
    while (awake()) turn()
    missed()
    missed()
  }

  it('stops after three in a row, for longer and longer, but not for ever', () => {
    for (let n = 0; n < 3; n++) missed()
    const pauses: number[] = []
    for (let n = 0; n < 9; n++) {
      pauses.push(rests())
      missedAgain()
    }
    expect(pauses).toEqual([64, 128, 256, 512, 1024, 2048, 4096, 4096, 4096])
  })

  it('takes an answer in time for a new beginning', () => {
    for (let n = 0; n < 3; n++) missed()
    rests()
    missedAgain()
    expect(rests()).toBe(128)
    poll.received()
    turn()
    for (let n = 0; n < 3; n++) missed()
    expect(rests()).toBe(64)
  })

  it('goes on where one in three is in time', () => {
    for (let n = 0; n < 20; n++) {
      missed()
      missed()
      poll.sent(100)
      expect(awake()).toBe(true)
      poll.received()
      turn()
    }
  })

  it('counts nothing that comes later', () => {
    missed()
    poll.received()
    missed()
    poll.received()
    missed()
    poll.sent(100)
    expect(awake()).toBe(false)
  })
})
