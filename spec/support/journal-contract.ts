import { afterEach, describe, expect, it } from 'vitest'
import type { Journal } from '../../lib/journal/journal.js'
import { batch, failure, message, messages, range, stored, textOf } from './journal.js'

/** What every journal promises, whatever it is made of. */
export function describeJournal(name: string, open: () => Journal): void {
  describe(name, () => {
    const opened: Journal[] = []

    afterEach(async () => {
      for (const journal of opened.splice(0)) await journal.close()
    })

    async function loaded(...sessionIds: readonly string[]): Promise<Journal> {
      const journal = open()
      opened.push(journal)
      for (const sessionId of sessionIds) await journal.load(sessionId, 500)
      return journal
    }

    describe('load', () => {
      it('makes a session that starts at 1', async () => {
        const journal = await loaded()
        const state = await journal.load('S', 500)
        expect(state).toEqual({ nextNumIn: 1, nextNumOut: 1, resetTime: 500, connectTime: undefined })
      })

      it('finds one that is there, whatever the time', async () => {
        const journal = await loaded('S')
        await journal.commit([batch('S', { nextNumIn: 7, nextNumOut: 9, connectTime: 600 })])
        const state = await journal.load('S', 9_999)
        expect(state).toEqual({ nextNumIn: 7, nextNumOut: 9, resetTime: 500, connectTime: 600 })
      })
    })

    describe('commit', () => {
      it('saves messages of both directions and both numbers', async () => {
        const journal = await loaded('S')
        const out = [message(1, '8=FIX.4.4|35=A|34=1|10=001|'), message(2, '8=FIX.4.4|35=D|34=2|10=002|')]
        const received = [message(1, '8=FIX.4.4|35=A|34=1|10=101|')]
        await journal.commit([batch('S', { out, in: received, nextNumOut: 3, nextNumIn: 2 })])
        expect(await stored(journal, 'S', 'out')).toEqual([
          [1, '8=FIX.4.4|35=A|34=1|10=001|'],
          [2, '8=FIX.4.4|35=D|34=2|10=002|']
        ])
        expect(await stored(journal, 'S', 'in')).toEqual([[1, '8=FIX.4.4|35=A|34=1|10=101|']])
        expect(await journal.load('S', 0)).toMatchObject({ nextNumIn: 2, nextNumOut: 3 })
      })

      it('leaves what is absent as it was', async () => {
        const journal = await loaded('S')
        await journal.commit([batch('S', { nextNumIn: 5, nextNumOut: 6, connectTime: 700 })])
        await journal.commit([batch('S', { nextNumOut: 7 })])
        await journal.commit([batch('S', {})])
        const state = await journal.load('S', 0)
        expect(state).toEqual({ nextNumIn: 5, nextNumOut: 7, resetTime: 500, connectTime: 700 })
      })

      it('keeps every byte and the time of a message', async () => {
        const journal = await loaded('S')
        const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256)
        await journal.commit([batch('S', { out: [{ msgSeqNum: 1, time: 1_760_000_000_123, bytes }] })])
        const [found] = await journal.read('S', 'out', 1, 1, 1)
        expect(Buffer.from(found?.bytes ?? [])).toEqual(Buffer.from(bytes))
        expect(found?.time).toBe(1_760_000_000_123)
      })

      it('keeps bytes outside ASCII among messages without', async () => {
        const journal = await loaded('S')
        const out = [message(1), message(2, '8=FIX.4.4|58=caf\u00e9|10=000|'), message(3)]
        await journal.commit([batch('S', { out })])
        expect((await stored(journal, 'S', 'out'))[1]).toEqual([2, '8=FIX.4.4|58=caf\u00e9|10=000|'])
        expect(await stored(journal, 'S', 'out')).toHaveLength(3)
      })

      it('copies the bytes: the caller may use its buffer again', async () => {
        const journal = await loaded('S')
        const reused = Buffer.from('8=FIX.4.4|34=1|')
        await journal.commit([batch('S', { out: [{ msgSeqNum: 1, time: 0, bytes: reused }] })])
        reused.fill(0)
        expect(await stored(journal, 'S', 'out')).toEqual([[1, '8=FIX.4.4|34=1|']])
      })

      it('hands out copies: what a reader does to them changes nothing', async () => {
        const journal = await loaded('S')
        await journal.commit([batch('S', { out: messages(1) })])
        const [found] = await journal.read('S', 'out', 1, 1, 1)
        found?.bytes.fill(0)
        const [again] = await journal.read('S', 'out', 1, 1, 1)
        expect(again && textOf(again)).toBe('8=FIX.4.4|35=8|34=1|10=000|')
      })

      it('replaces a number that is there', async () => {
        const journal = await loaded('S')
        await journal.commit([batch('S', { in: messages(...range(1, 5)) })])
        await journal.commit([batch('S', { in: [message(3, '34=3|43=Y|')] })])
        expect((await stored(journal, 'S', 'in')).map(([, text]) => text)).toEqual([
          '8=FIX.4.4|35=8|34=1|10=000|',
          '8=FIX.4.4|35=8|34=2|10=000|',
          '34=3|43=Y|',
          '8=FIX.4.4|35=8|34=4|10=000|',
          '8=FIX.4.4|35=8|34=5|10=000|'
        ])
      })

      it('replaces a run of numbers in one batch', async () => {
        const journal = await loaded('S')
        await journal.commit([batch('S', { in: messages(...range(1, 700)) })])
        await journal.commit([batch('S', { in: range(100, 600).map((number) => message(number, `${number}|43=Y|`)) })])
        const found = await stored(journal, 'S', 'in')
        expect(found.map(([number]) => number)).toEqual(range(1, 700))
        expect(found.filter(([, text]) => text.endsWith('|43=Y|')).map(([number]) => number)).toEqual(range(100, 600))
      })

      it('fills holes between numbers that are there', async () => {
        const journal = await loaded('S')
        await journal.commit([batch('S', { in: messages(5, 9, 12) })])
        await journal.commit([batch('S', { in: messages(6, 7, 11) })])
        await journal.commit([batch('S', { in: messages(1, 20) })])
        expect((await stored(journal, 'S', 'in')).map(([number]) => number)).toEqual([1, 5, 6, 7, 9, 11, 12, 20])
      })

      it('takes numbers in any order; of two with one number the later counts', async () => {
        const journal = await loaded('S')
        await journal.commit([
          batch('S', { in: [message(3), message(1), message(2, 'first|'), message(2, 'second|')] })
        ])
        expect(await stored(journal, 'S', 'in')).toEqual([
          [1, '8=FIX.4.4|35=8|34=1|10=000|'],
          [2, 'second|'],
          [3, '8=FIX.4.4|35=8|34=3|10=000|']
        ])
      })

      it('sets numbers back when the batch says so, and then replaces what is sent again', async () => {
        const journal = await loaded('S')
        await journal.commit([batch('S', { out: messages(1, 2, 3), nextNumOut: 4 })])
        await journal.commit([batch('S', { nextNumOut: 2 })])
        expect(await journal.load('S', 0)).toMatchObject({ nextNumOut: 2 })
        await journal.commit([batch('S', { out: [message(2, 'again|')], nextNumOut: 3 })])
        expect((await stored(journal, 'S', 'out')).map(([, text]) => text)).toEqual([
          '8=FIX.4.4|35=8|34=1|10=000|',
          'again|',
          '8=FIX.4.4|35=8|34=3|10=000|'
        ])
        expect(await journal.load('S', 0)).toMatchObject({ nextNumOut: 3 })
      })

      it('takes numbers far beyond 32 bits', async () => {
        const journal = await loaded('S')
        const number = 2 ** 45
        await journal.commit([batch('S', { in: messages(7, number, number + 1), nextNumIn: number + 2 })])
        expect((await journal.read('S', 'in', number, number + 9, 9)).map((found) => found.msgSeqNum)).toEqual([
          number,
          number + 1
        ])
        expect(await journal.load('S', 0)).toMatchObject({ nextNumIn: number + 2 })
      })

      it('takes one session twice, in order', async () => {
        const journal = await loaded('S')
        const large = range(3, 400)
        await journal.commit([
          batch('S', { out: messages(1, 2), nextNumOut: 3 }),
          batch('S', { out: messages(...large), nextNumOut: 401 }),
          batch('S', { out: messages(401), nextNumOut: 402 })
        ])
        expect((await stored(journal, 'S', 'out')).map(([number]) => number)).toEqual(range(1, 401))
        expect(await journal.load('S', 0)).toMatchObject({ nextNumOut: 402 })
      })
    })

    describe('reset', () => {
      it('begins anew', async () => {
        const journal = await loaded('S')
        const filled = { in: messages(1, 2), out: messages(1), nextNumIn: 3, nextNumOut: 2, connectTime: 600 }
        await journal.commit([batch('S', filled)])
        await journal.commit([batch('S', { reset: 900 })])
        expect(await journal.load('S', 0)).toEqual({
          nextNumIn: 1,
          nextNumOut: 1,
          resetTime: 900,
          connectTime: undefined
        })
        expect(await stored(journal, 'S', 'in')).toEqual([])
        expect(await stored(journal, 'S', 'out')).toEqual([])
      })

      it('comes before the messages and numbers of its batch', async () => {
        const journal = await loaded('S')
        await journal.commit([batch('S', { in: messages(1, 2, 3), out: messages(1, 2), nextNumIn: 4, nextNumOut: 3 })])
        const fresh = { reset: 900, out: [message(1, 'logon|')], nextNumOut: 2, connectTime: 901 }
        await journal.commit([batch('S', fresh)])
        expect(await journal.load('S', 0)).toEqual({ nextNumIn: 1, nextNumOut: 2, resetTime: 900, connectTime: 901 })
        expect(await stored(journal, 'S', 'in')).toEqual([])
        expect(await stored(journal, 'S', 'out')).toEqual([[1, 'logon|']])
      })

      it('concerns one session only', async () => {
        const journal = await loaded('S', 'T')
        const filled = { out: messages(1, 2), nextNumOut: 3 }
        await journal.commit([batch('S', filled), batch('T', filled)])
        await journal.commit([batch('S', { reset: 900 })])
        expect(await stored(journal, 'T', 'out')).toHaveLength(2)
        expect(await journal.load('T', 0)).toMatchObject({ nextNumOut: 3, resetTime: 500 })
      })
    })

    describe('read', () => {
      it('gives a range, ascending, at most the limit', async () => {
        const journal = await loaded('S')
        await journal.commit([batch('S', { out: messages(...range(1, 50)) })])
        const numbers = async (from: number, to: number, limit: number) =>
          (await journal.read('S', 'out', from, to, limit)).map((found) => found.msgSeqNum)
        expect(await numbers(10, 13, 100)).toEqual([10, 11, 12, 13])
        expect(await numbers(10, 40, 2)).toEqual([10, 11])
        expect(await numbers(50, 90, 9)).toEqual([50])
        expect(await numbers(51, 90, 9)).toEqual([])
        expect(await numbers(9, 8, 9)).toEqual([])
        expect(await numbers(1, 9, 0)).toEqual([])
      })

      it('pages through many messages that were saved one by one, with holes', async () => {
        const journal = await loaded('S')
        const numbers = range(1, 2_000).filter((number) => number % 7 !== 0)
        for (const number of numbers)
          await journal.commit([batch('S', { out: messages(number), nextNumOut: number + 1 })])
        const found: number[] = []
        for (let next = 1; ; ) {
          const page = await journal.read('S', 'out', next, 2_000, 300)
          const last = page.at(-1)
          if (last === undefined) break
          found.push(...page.map((each) => each.msgSeqNum))
          next = last.msgSeqNum + 1
        }
        expect(found).toEqual(numbers)
      })

      it('keeps sessions and directions apart', async () => {
        const journal = await loaded('S', 'T')
        await journal.commit([batch('S', { in: messages(1) }), batch('T', { out: messages(2) })])
        expect(await stored(journal, 'S', 'out')).toEqual([])
        expect(await stored(journal, 'T', 'in')).toEqual([])
        expect(await stored(journal, 'S', 'in')).toHaveLength(1)
        expect(await stored(journal, 'T', 'out')).toHaveLength(1)
      })

      it('refuses a session that was not loaded', async () => {
        const journal = await loaded()
        const error = await failure(() => journal.read('S', 'in', 1, 9, 9))
        expect(error.code).toBe('JOURNAL_READ')
      })
    })

    describe('a commit that is refused', () => {
      const wrong = [
        ['a fraction as MsgSeqNum(34)', { out: messages(1.5) }],
        ['MsgSeqNum(34) 0', { in: messages(0) }],
        ['a number that is none', { nextNumIn: Number.NaN }],
        ['a next number beyond 2^53', { nextNumOut: 2 ** 60 }],
        ['a time that is none', { reset: Number.POSITIVE_INFINITY }]
      ] as const

      it.each(wrong)('saves nothing of any batch: %s', async (_, changes) => {
        const journal = await loaded('S', 'T')
        const good = batch('S', { out: messages(1), nextNumOut: 2 })
        const error = await failure(() => journal.commit([good, batch('T', changes)]))
        expect(error.code).toBe('JOURNAL_WRITE')
        expect(error.message).toContain('T: expected')
        expect(await journal.load('S', 0)).toMatchObject({ nextNumOut: 1 })
        expect(await stored(journal, 'S', 'out')).toEqual([])
      })

      it('must be followed by load, so that nobody goes on from what was never saved', async () => {
        const journal = await loaded('S', 'T')
        await journal.commit([batch('S', { nextNumOut: 5 })])
        await failure(() => journal.commit([batch('S', { out: messages(5), nextNumOut: Number.NaN })]))
        const error = await failure(() => journal.commit([batch('S', { out: messages(6), nextNumOut: 7 })]))
        expect(error.code).toBe('JOURNAL_WRITE')
        expect(error.message).toContain('Load it')
        await journal.commit([batch('T', { nextNumOut: 2 })])
        expect(await journal.load('S', 0)).toMatchObject({ nextNumOut: 5 })
        await journal.commit([batch('S', { out: messages(5), nextNumOut: 6 })])
        expect(await journal.load('S', 0)).toMatchObject({ nextNumOut: 6 })
      })

      it('names a session that was never loaded', async () => {
        const journal = await loaded('S')
        const error = await failure(() => journal.commit([batch('S', { nextNumOut: 2 }), batch('X', {})]))
        expect(error.message).toContain('X: expected a session that was loaded')
        expect(await journal.load('S', 0)).toMatchObject({ nextNumOut: 1 })
      })
    })

    it('refuses everything after close, which may be repeated', async () => {
      const journal = await loaded('S')
      await journal.close()
      await journal.close()
      const calls = [
        () => journal.load('S', 0),
        () => journal.commit([batch('S', { nextNumOut: 2 })]),
        () => journal.read('S', 'out', 1, 1, 1)
      ]
      for (const call of calls) expect((await failure(call)).code).toBe('JOURNAL_CLOSED')
    })
  })
}
