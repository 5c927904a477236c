import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { batch, message, range, temporaryPath } from '../support/journal.js'

/** What happens to a journal between two pages. */
type Change =
  | { readonly kind: 'nothing' | 'reset' | 'failure' }
  | { readonly kind: 'added' | 'replaced'; readonly count: number; readonly at: number }

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom('nothing' as const, 'nothing' as const, 'reset' as const, 'failure' as const) }),
  fc.record({
    kind: fc.constantFrom('added' as const, 'replaced' as const),
    count: fc.integer({ min: 1, max: 60 }),
    at: fc.double({ min: 0, max: 1, noNaN: true })
  })
)

it('a page has what the journal has at that moment, whatever was read and whatever happened before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyChange, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 80 })), {
        minLength: 2,
        maxLength: 25
      }),
      fc.boolean(),
      (steps, inOrder) => {
        const journal = new SqliteJournal(temporaryPath())
        journal.load('S', 0)
        let texts = new Map<number, string>()
        let next = 1
        let generation = 0
        const put = (from: number, count: number): void => {
          generation++
          const numbers = range(from, from + count - 1)
          const out = numbers.map((number) => message(number, `${number}|${generation}|${'x'.repeat(60)}`))
          for (const number of numbers) texts.set(number, `${number}|${generation}`)
          next = Math.max(next, from + count)
          journal.commit([batch('S', { out, nextNumOut: next })])
        }
        put(1, 200)
        let at = 1
        for (const [change, place, limit] of steps) {
          if (change.kind === 'added') put(next, change.count)
          if (change.kind === 'replaced') put(1 + Math.floor((next - 1) * change.at), change.count)
          if (change.kind === 'reset') {
            texts = new Map()
            next = 1
            journal.commit([batch('S', { reset: 1, nextNumOut: 1 })])
            put(1, 30)
          }
          if (change.kind === 'failure') {
            expect(() => journal.commit([batch('S', { out: [message(-1, 'x')], nextNumOut: next })])).toThrow()
            journal.load('S', 0)
          }
          const from = inOrder ? at : 1 + Math.floor(next * place)
          const page = journal.read('S', 'out', from, next - 1, limit)
          const expected = [...texts]
            .filter(([number]) => number >= from)
            .sort(([a], [b]) => a - b)
            .slice(0, limit)
            .map(([, text]) => text)
          expect(
            page.map(({ bytes }) => Buffer.from(bytes).toString().replaceAll('\u0001', '|').split('|x')[0])
          ).toEqual(expected)
          at = page.length < limit ? 1 : (page.at(-1)?.msgSeqNum ?? 0) + 1
        }
        journal.close()
      }
    ),
    { numRuns: 40, endOnFailure: true }
  )
}, 60_000)
