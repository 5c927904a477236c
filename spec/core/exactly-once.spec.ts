import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CorePair } from '../support/core-pair.js'
import type { CoreSessionOptions } from '../support/core-session.js'

type Step =
  | readonly ['send' | 'carry' | 'damage' | 'answer' | 'reset', 'initiator' | 'acceptor']
  | readonly ['cut' | 'connect' | 'pass']

const side = fc.constantFrom('initiator' as const, 'acceptor' as const)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('send' as const), side) },
  { weight: 12, arbitrary: fc.tuple(fc.constant('carry' as const), side) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('damage' as const), side) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('answer' as const), side) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('cut' as const, 'pass' as const)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('connect' as const)) }
)

const steps = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' })

const options: fc.Arbitrary<CoreSessionOptions> = fc.record({
  beginString: fc.constantFrom('FIX.4.2', 'FIX.4.4'),
  resendRequestChunkSize: fc.constantFrom(0, 2, 5),
  closedResendInterval: fc.boolean(),
  sendNextExpectedMsgSeqNum: fc.boolean(),
  maxHeldMessages: fc.constantFrom(2, 100),
  sendRedundantResendRequests: fc.boolean(),
  dialect: fc.constantFrom('quickfix', 'quickfixn')
})

function play(pair: CorePair, all: readonly Step[]): void {
  for (const [verb, of = 'initiator'] of all) {
    if (verb === 'send') pair.send(of)
    else if (verb === 'carry') pair.carry(of)
    else if (verb === 'damage') pair.carry(of, true)
    else if (verb === 'answer') pair.answer(of)
    else if (verb === 'reset') pair.reset(of)
    else if (verb === 'cut') pair.cut()
    else if (verb === 'connect') pair.connect()
    else pair.pass(7)
  }
}

describe('two cores', () => {
  it('come together from any state, with every message delivered in order and exactly once', () => {
    fc.assert(
      fc.property(options, fc.boolean(), fc.integer({ min: 1, max: 4 }), steps, (settings, slow, pageSize, all) => {
        const pair = new CorePair(settings)
        for (const session of [pair.initiator, pair.acceptor]) {
          session.pageSize = pageSize
          if (slow) session.withhold('decideReplay', 'readJournal')
        }
        pair.connect()
        play(pair, all)
        pair.settle()
        expect(pair.got.acceptor).toEqual(pair.sent.initiator)
        expect(pair.got.initiator).toEqual(pair.sent.acceptor)
        expect([pair.initiator.core.state, pair.acceptor.core.state]).toEqual(['Active', 'Active'])
        const faults = [...pair.initiator.events, ...pair.acceptor.events].filter((event) =>
          /fault (?!HELD|LOGON)/.test(event)
        )
        expect(faults).toEqual([])
      }),
      { numRuns: 300 }
    )
  })

  it('do not tell each other that a number is too low', () => {
    fc.assert(
      fc.property(options, steps, (settings, all) => {
        const pair = new CorePair(settings)
        pair.connect()
        play(pair, all)
        pair.settle()
        const closed = [pair.initiator, pair.acceptor].flatMap(({ events }) => events).join()
        expect(closed).not.toContain('TOO_LOW')
        expect(closed).not.toContain('LOGON_INVALID')
      }),
      { numRuns: 100 }
    )
  })

  const resets = fc.tuple(fc.constant('reset' as const), side)

  it('lose and double nothing by resets in session, whoever asks and whatever is under way', () => {
    const calm = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constant('send' as const), side) },
      { weight: 10, arbitrary: fc.tuple(fc.constant('carry' as const), side) },
      { weight: 1, arbitrary: resets }
    )
    fc.assert(
      fc.property(options, fc.array(calm, { minLength: 1, maxLength: 100, size: 'max' }), (settings, all) => {
        const pair = new CorePair(settings)
        pair.connect()
        play(pair, all)
        pair.settle()
        expect(pair.got.acceptor).toEqual(pair.sent.initiator)
        expect(pair.got.initiator).toEqual(pair.sent.acceptor)
      }),
      { numRuns: 200 }
    )
  })

  it('come together after resets that were cut off', () => {
    fc.assert(
      fc.property(
        options,
        fc.array(
          fc.oneof(
            { weight: 8, arbitrary: step.filter(([verb]) => verb !== 'damage') },
            { weight: 1, arbitrary: resets }
          ),
          {
            minLength: 1,
            maxLength: 100,
            size: 'max'
          }
        ),
        (settings, all) => {
          const pair = new CorePair(settings)
          pair.connect()
          play(pair, all)
          pair.settle()
          for (const from of ['initiator', 'acceptor'] as const) pair.send(from)
          pair.settle()
          expect(pair.got.acceptor.at(-1)).toBe(pair.sent.initiator.at(-1))
          expect(pair.got.initiator.at(-1)).toBe(pair.sent.acceptor.at(-1))
          const events = [...pair.initiator.events, ...pair.acceptor.events].join()
          expect(events).not.toContain('TOO_LOW')
          expect(events).not.toContain('REFUSED')
        }
      ),
      { numRuns: 200 }
    )
  })
})
