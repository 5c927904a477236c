import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyDeeds, anyOptions, anyWithheld, perform } from '../support/any-deed.js'
import { CoreSession } from '../support/core-session.js'
import { EffectWatch } from '../support/effect-watch.js'

describe('any input', () => {
  it('neither throws nor breaks what has to hold', () => {
    fc.assert(
      fc.property(anyOptions, anyWithheld, anyDeeds, (options, withheld, deeds) => {
        const s = new CoreSession(options).withhold(...withheld)
        const watch = new EffectWatch(s)
        s.watch = (effects) => watch.check(effects)
        s.link()
        for (const deed of deeds) perform(s, deed)
      }),
      { numRuns: 500 }
    )
  })

  it('leaves no deadline behind that has passed', () => {
    fc.assert(
      fc.property(anyOptions, anyWithheld, anyDeeds, (options, withheld, deeds) => {
        const s = new CoreSession(options).withhold(...withheld).link()
        for (const deed of deeds) {
          perform(s, deed)
          s.do((core, now) => core.time(now))
          const deadline = s.core.deadline()
          if (deadline !== undefined) expect(deadline).toBeGreaterThan(s.now.mono)
        }
      }),
      { numRuns: 200 }
    )
  })

  it('has the same effects again', () => {
    fc.assert(
      fc.property(anyOptions, anyWithheld, anyDeeds, (options, withheld, deeds) => {
        const run = () => {
          const s = new CoreSession(options).withhold(...withheld).link()
          for (const deed of deeds) perform(s, deed)
          return [s.kinds, s.states, s.events, s.sentWhole()]
        }
        expect(run()).toEqual(run())
      }),
      { numRuns: 50 }
    )
  })
})
