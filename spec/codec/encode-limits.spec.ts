import { describe, expect, it } from 'vitest'
import { Codec } from '../../lib/codec/codec.js'
import { FixMessage } from '../../lib/fix/message.js'

const header = { senderCompId: 'A', targetCompId: 'B', msgSeqNum: 1, sendingTime: 0 }

/* What this side would not read back from its journal cannot be resent: it is refused before it is numbered. */
describe('a message that could not be resent', () => {
  it('is refused when it is longer than maxMessageLength', () => {
    const codec = new Codec({ beginString: 'FIX.4.4', maxMessageLength: 1000 })
    const fits = new FixMessage('B', { 58: 'x'.repeat(900) })
    expect(codec.decode(codec.encode(fits, header))).toBeInstanceOf(FixMessage)
    const tooLong = new FixMessage('B', { 58: 'x'.repeat(1000) })
    expect(() => codec.encode(tooLong, header)).toThrow(expect.objectContaining({ code: 'MESSAGE_TOO_LONG' }))
  })

  it.each([
    [0, true],
    [1, false]
  ])('is refused when it has more fields than maxFields (%i more)', (more, fits) => {
    const codec = new Codec({ beginString: 'FIX.4.4', maxFields: 28 })
    // Header and trailer have eight fields: 8, 9, 35, 34, 49, 52, 56, 10.
    const fields = Array.from({ length: 20 + more }, (_, at) => [5001 + at, 'x'] as const)
    const message = new FixMessage('B', fields)
    if (fits) expect(codec.decode(codec.encode(message, header))).toBeInstanceOf(FixMessage)
    else expect(() => codec.encode(message, header)).toThrow(expect.objectContaining({ code: 'TOO_MANY_FIELDS' }))
  })
})
