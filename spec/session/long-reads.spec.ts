import { expect, it } from 'vitest'
import type { Clock } from '../../lib/clock.js'
import { Counterparty } from '../support/counterparty.js'
import { clOrdIds, order, type SeenSession, TwoSessions } from '../support/two-sessions.js'

/** One read of a socket has hundreds of messages: others have their turn before a slow listener is through with all of them. */

interface Slow {
  readonly two: TwoSessions
  readonly us: SeenSession
  readonly them: Counterparty
  /** Says twenty orders in one write. */
  say(first: number): Promise<void>
}

/** Each message takes the listener a millisecond of a clock that stands still otherwise. */
async function slow(): Promise<Slow> {
  const two = new TwoSessions()
  let spent = 0
  const clock: Clock = {
    now: () => two.clock.now(),
    monotonic: () => two.clock.monotonic() + spent,
    setTimer: (callback, delay) => two.clock.setTimer(callback, delay),
    endOfTurn: (callback) => two.clock.endOfTurn(callback)
  }
  const us = two.acceptor({}, { clock })
  us.on('message', () => spent++)
  await us.connect()
  const them = await new Counterparty(two, us.config).dial()
  await them.say('35=A|34=1|98=0|108=30')
  them.heard()
  const say = async (first: number): Promise<void> => {
    const texts = Array.from({ length: 20 }, (_, index) => `35=D|34=${first + index}|11=${first + index}`)
    them.connections.at(-1)?.write(Buffer.concat(texts.map((text) => them.bytes(text))))
  }
  return { two, us, them, say }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`)

it('a few milliseconds of messages are handled in a turn, all of them in the end, in order', async () => {
  const { two, us, say } = await slow()
  await say(2)
  let turns = 0
  for (let before = 0; us.seen.messages.length < 20; turns++) {
    await two.turn()
    expect(us.seen.messages.length - before).toBeLessThanOrEqual(3)
    before = us.seen.messages.length
    if (turns > 100) break
  }
  expect(turns).toBeGreaterThanOrEqual(7)
  expect(clOrdIds(us.seen.messages)).toEqual(numbers(2, 21))
  await say(22)
  await two.settle()
  expect(clOrdIds(us.seen.messages)).toEqual(numbers(2, 41))
  expect([us.state, us.nextNumIn]).toEqual(['Active', 42])
})

it('what is said in between goes out in between', async () => {
  const { two, us, them, say } = await slow()
  await say(2)
  while (us.seen.messages.length < 2) await two.turn()
  us.send(order('in between'))
  for (let turn = 0; turn < 3; turn++) await two.turn()
  expect(us.seen.messages.length).toBeLessThan(20)
  await two.settle()
  expect(them.heard()).toEqual(['35=D|34=2|11=in between|38=100|40=1|54=1|55=MSFT'])
  expect(us.seen.messages).toHaveLength(20)
})

it('a link that is cut meanwhile costs what was not handled, and it is asked for again', async () => {
  const { two, us, them, say } = await slow()
  await say(2)
  while (us.seen.messages.length < 2) await two.turn()
  void us.disconnect()
  await two.settle()
  const { length } = us.seen.messages
  expect([length < 20, us.nextNumIn]).toEqual([true, length + 2])
  await them.dial()
  await them.say('35=A|34=22|98=0|108=30')
  expect(them.heard().at(-1)).toBe(`35=2|34=${us.nextNumOut - 1}|7=${length + 2}|16=0`)
})

it('pause() in the middle leaves the rest where it is', async () => {
  const { two, us, say } = await slow()
  us.on('message', (message) => {
    if (message.get(11) === '5') us.pause()
  })
  await say(2)
  await two.settle()
  expect(clOrdIds(us.seen.messages)).toEqual(numbers(2, 5))
  us.resume()
  await two.settle()
  expect(clOrdIds(us.seen.messages)).toEqual(numbers(2, 21))
})
