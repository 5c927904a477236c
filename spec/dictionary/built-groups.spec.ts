import { expect, it } from 'vitest'
import { Codec } from '../../lib/codec/codec.js'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import { FixMessage } from '../../lib/fix/message.js'

const dictionary = Dictionary.loadSync('FIX.4.4')

/** Object keys come out ascending in JavaScript: the encoder puts members in order, and validation judges what it writes. */
function order(): FixMessage {
  const message = new FixMessage('D', { 11: 'A-1', 54: '1', 55: 'MSFT', 60: '20260101-00:00:00', 38: '1', 40: '1' })
  const first = message.addGroup(453, { 447: 'D', 448: 'P', 452: '1' })
  first.addGroup(802, { 523: 'X', 803: '1' })
  message.addGroup(453, { 447: 'D', 448: 'Q', 452: '3' })
  return message
}

it('validates a built message as it will be encoded', () => {
  expect(dictionary.validate(order())).toEqual([])
  const codec = new Codec({ beginString: 'FIX.4.4', dictionary })
  const header = { senderCompId: 'A', targetCompId: 'B', msgSeqNum: 1, sendingTime: 0 }
  expect(dictionary.validate(codec.decode(codec.encode(order(), header)) as FixMessage)).toEqual([])
})

it('names the entry that is at fault, and leaves the message as it is', () => {
  const message = order()
  message.groups(453)[1]?.set(447, '?', { replace: true })
  const before = message.toString()
  expect(dictionary.validate(message)).toMatchObject([{ refTagId: 447, path: 'NoPartyIDs[1].PartyIDSource' }])
  expect(message.toString()).toBe(before)
})
