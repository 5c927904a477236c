import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MessageRun } from '../../lib/journal/message-run.js'
import { toStored } from '../../lib/journal/message-text.js'

const message = fc.record({
  msgSeqNum: fc.nat(),
  time: fc.maxSafeInteger(),
  bytes: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ max: 127, maxLength: 800 }))
})

it('a run has the text of each message, whatever bytes came, one behind the other', () => {
  fc.assert(
    fc.property(fc.array(fc.array(message, { maxLength: 6 }), { maxLength: 6 }), (batches) => {
      const run = new MessageRun()
      for (const round of [0, 1]) {
        run.clear()
        for (const batch of batches) {
          run.add(
            batch,
            batch.reduce((sum, { bytes }) => sum + bytes.length, 0)
          )
        }
        const all = batches.flat().map(toStored)
        expect([run.count, round]).toEqual([all.length, round])
        for (const [index, { msgSeqNum, time, text }] of all.entries()) {
          expect([run.numbers[index], run.times[index]]).toEqual([msgSeqNum, time])
          expect(Buffer.compare(run.texts(index, index + 1), text)).toBe(0)
        }
        expect(Buffer.compare(run.texts(0, run.count), Buffer.concat(all.map(({ text }) => text)))).toBe(0)
      }
    }),
    { endOnFailure: true }
  )
})
