import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FixMessage } from '../../lib/fix/message.js'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'

/** Logged on, with a full bucket: `burst` messages at once, one a second after that. */
function limited(burst: number, options: CoreSessionOptions = {}): CoreSession {
  const s = new CoreSession({ outboundLimit: { messagesPerSecond: 1, burst }, heartBtInt: 0, ...options })
  return s.logOn('35=A|34=1|98=0|108=0').pass(burst + 1)
}

const order = (s: CoreSession, id: string): number | undefined => s.send('D', { 11: id })
const cancel = (s: CoreSession, id: string, of: string): number | undefined => s.send('F', { 11: id, 41: of })
/** What was sent, as `D A` for an order with ClOrdID(11)=A. */
const sent = (s: CoreSession): string[] =>
  s.sent().map((text) => `${/^35=(\w+)/.exec(text)?.[1]} ${/\|11=(\w+)/.exec(text)?.[1] ?? ''}`.trim())
const told = ({ events }: CoreSession): string[] => events.filter((event) => /^(sent|dropped)/.test(event))
const refusal = (action: () => unknown): string | undefined => {
  try {
    action()
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('outboundLimit', () => {
  it('lets a burst out at once, the rest by and by, each with its number when it goes', () => {
    const s = limited(2)
    expect(['A', 'B', 'C', 'D'].map((id) => order(s, id))).toEqual([2, 3, undefined, undefined])
    expect([sent(s), s.core.nextNumOut, s.stored.size]).toEqual([['D A', 'D B'], 4, 3])
    s.pass(0.999)
    expect(sent(s)).toEqual([])
    s.pass(0.001)
    expect(sent(s)).toEqual(['D C'])
    s.pass(1)
    expect([sent(s), told(s)]).toEqual([['D D'], ['sent 4 C', 'sent 5 D']])
    expect(order(s.pass(1), 'E')).toBe(6)
  })

  it('keeps what comes later behind what waits', () => {
    const s = limited(1)
    for (const id of ['A', 'B', 'C']) order(s, id)
    s.do((core, now) => {
      core.now = now
    })
    // The time has come, but nobody has said so yet.
    const wall = s.now.wall + 1000
    s.now = { wall, mono: s.now.mono + 1000 }
    expect(order(s, 'D')).toBeUndefined()
    s.pass(10)
    expect(sent(s)).toEqual(['D A', 'D B', 'D C', 'D D'])
  })

  it('lets cancels go first, in their order', () => {
    const s = limited(1)
    for (const id of ['A', 'B', 'C']) order(s, id)
    cancel(s, 'X', 'live')
    cancel(s, 'Y', 'alive')
    s.pass(10)
    expect(sent(s)).toEqual(['D A', 'F X', 'F Y', 'D B', 'D C'])
  })

  it('keeps a cancel behind its order, behind what replaces that, and behind earlier cancels of it', () => {
    const s = limited(1)
    for (const id of ['A', 'B', 'C']) order(s, id)
    s.send('G', { 11: 'R', 41: 'B' })
    cancel(s, 'X', 'B')
    cancel(s, 'Y', 'R')
    cancel(s, 'Z', 'B')
    order(s, 'D')
    s.pass(20)
    expect(sent(s)).toEqual(['D A', 'D B', 'D C', 'G R', 'F X', 'F Y', 'F Z', 'D D'])
  })

  it('does not let a cancel overtake its order through a bucket of its own', () => {
    const s = limited(1, { outboundLimit: { byMsgType: { D: { messagesPerSecond: 1, burst: 1 } } } })
    for (const id of ['A', 'B']) order(s, id)
    expect(cancel(s, 'X', 'B')).toBeUndefined()
    expect(cancel(s, 'Y', 'A')).toBe(3)
    s.pass(1)
    expect(sent(s)).toEqual(['D A', 'F Y', 'D B', 'F X'])
  })

  it('limits types each by itself, and keeps the order of what waits', () => {
    const s = limited(1, { outboundLimit: { byMsgType: { D: { messagesPerSecond: 1, burst: 1 } } } })
    expect([order(s, 'A'), s.send('V', { 262: 'x' }), order(s, 'B'), s.send('V', { 262: 'y' })]).toEqual([
      2,
      3,
      undefined,
      undefined
    ])
    s.pass(1)
    expect(sent(s)).toEqual(['D A', 'V', 'D B', 'V'])
  })

  it('does not hold up administrative messages and answers, which count', () => {
    const s = limited(2)
    s.receive('35=1|34=2|112=x', '35=1|34=3|112=y', '35=1|34=4|112=z')
    s.do((core, now) => core.businessReject(new FixMessage('8', { 37: 'x' }), {}, now))
    s.send('3', { 45: '2' })
    expect(sent(s)).toEqual(['0', '0', '0', 'j', '3'])
    expect(order(s, 'A')).toBeUndefined()
    // At most a burst is owed.
    s.pass(2.9)
    expect(sent(s)).toEqual([])
    s.pass(0.1)
    expect(sent(s)).toEqual(['D A'])
  })

  it('holds back what is new during a resend, so that it does not leave in a lump', () => {
    const s = limited(3).withhold('readJournal').receive('35=2|34=2|7=1|16=0')
    expect([order(s, 'A'), order(s, 'B')]).toEqual([undefined, undefined])
    s.pass(10).answer('readJournal')
    s.pass(0)
    expect(sent(s)).toEqual(['4', 'D A', 'D B'])
  })

  it('refuses what is too much, and what may not wait', () => {
    const s = limited(1, { maxQueued: 2, maxMessageAges: { E: 0 } })
    for (const id of ['A', 'B', 'C']) order(s, id)
    expect(refusal(() => order(s, 'D'))).toBe('QUEUE_FULL')
    expect(refusal(() => cancel(s, 'X', 'A'))).toBe('QUEUE_FULL')
    expect(refusal(() => s.send('E', { 66: 'list' }))).toBe('THROTTLED')
    s.pass(5)
    expect(sent(s)).toEqual(['D A', 'D B', 'D C'])
    const tight = limited(1, { maxOutboundBuffer: 150 })
    order(tight, 'A')
    expect(order(tight, 'B')).toBeUndefined()
    expect(refusal(() => order(tight, 'C'))).toBe('QUEUE_FULL')
  })

  it('drops what has waited too long', () => {
    const s = limited(1, { maxMessageAge: 2 })
    for (const id of ['A', 'B', 'C', 'D', 'E']) order(s, id)
    s.pass(10)
    expect(told(s)).toEqual(['sent 3 B', 'dropped STALE C', 'dropped STALE D', 'dropped STALE E'])
    expect(s.core.deadline()).toBeUndefined()
  })

  it('drops what waits when the link ends', () => {
    const s = limited(1)
    for (const id of ['A', 'B', 'C']) order(s, id)
    s.cut()
    expect(told(s)).toEqual(['dropped NOT_LOGGED_ON B', 'dropped NOT_LOGGED_ON C'])
    s.do((core, now) => core.connected(now)).receive('35=A|34=2|98=0|108=0')
    s.pass(10)
    expect(sent(s)).toEqual(['D A', 'A'])
  })

  it('lets it wait for the next logon where messages may, and then keeps to the limit', () => {
    const s = limited(1, { sendWhileLoggedOff: 'queue' })
    for (const id of ['A', 'B']) order(s, id)
    s.cut()
    order(s, 'C')
    cancel(s, 'X', 'live')
    cancel(s, 'Y', 'C')
    expect(told(s)).toEqual([])
    s.pass(5).do((core, now) => core.connected(now))
    s.receive('35=A|34=2|98=0|108=0')
    // The Logon has taken what was there.
    expect(sent(s)).toEqual(['D A', 'A'])
    s.pass(2)
    expect(sent(s)).toEqual(['F X', 'D B'])
    s.pass(2)
    expect(sent(s)).toEqual(['D C', 'F Y'])
  })

  it('sends nothing that waits while it logs out', () => {
    const s = limited(1)
    for (const id of ['A', 'B']) order(s, id)
    s.do((core, now) => core.logout(undefined, now)).pass(1.5)
    expect(sent(s)).toEqual(['D A', '5'])
    s.pass(1)
    expect(told(s)).toEqual(['dropped NOT_LOGGED_ON B'])
  })
})

describe('whatever is sent, and however often the link is cut', () => {
  type Step =
    | { readonly what: 'send'; readonly msgType: string; readonly of: number }
    | { readonly what: 'pass'; readonly seconds: number }
    | { readonly what: 'cut' }
  const anySteps: fc.Arbitrary<Step[]> = fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          what: fc.constant('send' as const),
          msgType: fc.constantFrom('D', 'D', 'F', 'V'),
          of: fc.nat(60)
        })
      },
      {
        weight: 3,
        arbitrary: fc.record({ what: fc.constant('pass' as const), seconds: fc.constantFrom(0, 0.1, 0.5, 1, 3) })
      },
      { weight: 1, arbitrary: fc.record({ what: fc.constant('cut' as const) }) }
    ),
    { maxLength: 60, size: 'max' }
  )
  const anyLimit = fc.record({
    messagesPerSecond: fc.constantFrom(1, 2.5, 10),
    burst: fc.constantFrom(1, 3, undefined),
    byMsgType: fc.constantFrom(undefined, { D: { messagesPerSecond: 0.7, burst: 1 } })
  })

  it('each message is sent once or dropped, lanes keep their order, no cancel comes before its order, and the limit holds', () => {
    fc.assert(
      fc.property(anyLimit, fc.boolean(), anySteps, (outboundLimit, queues, steps) => {
        const s = new CoreSession({ outboundLimit, sendWhileLoggedOff: queues ? 'queue' : 'refuse', heartBtInt: 0 })
        s.logOn('35=A|34=1|98=0|108=0')
        const given: string[] = []
        const atOnce = new Set<string>()
        const wire: { id: string; msgType: string; mono: number }[] = []
        s.watch = (effects) => {
          for (const effect of effects) {
            const id = effect.kind === 'send' ? effect.message.get(11) : undefined
            if (effect.kind === 'send' && id !== undefined)
              wire.push({ id, msgType: effect.message.msgType, mono: s.now.mono })
          }
        }
        steps.forEach((step, index) => {
          if (step.what === 'pass') s.pass(step.seconds)
          else if (step.what === 'cut') {
            s.cut()
            s.do((core, now) => core.connected(now)).receive(`35=A|34=${s.core.nextNumIn}|98=0|108=0`)
          } else {
            const id = `${step.msgType}${index}`
            const earlier = given[step.of % Math.max(1, given.length)]
            const fields = step.msgType === 'F' && earlier !== undefined ? { 11: id, 41: earlier } : { 11: id }
            given.push(id)
            if (s.send(step.msgType, fields) !== undefined) atOnce.add(id)
          }
        })
        s.pass(1000)
        // Each ended in one way.
        const dropped = s.events.flatMap((event) => /^dropped \w+ (\w+)/.exec(event)?.[1] ?? [])
        const ids = wire.map(({ id }) => id)
        expect([...ids, ...dropped].sort()).toEqual([...given].sort())
        if (queues) expect(dropped).toEqual([])
        const sentLater = s.events.flatMap((event) => /^sent \d+ (\w+)/.exec(event)?.[1] ?? [])
        expect([...atOnce, ...sentLater].sort()).toEqual([...ids].sort())
        // Those that go first are not counted here: one of a waiting order goes with the rest.
        const rest = wire.filter(({ msgType }) => msgType !== 'F').map(({ id }) => Number(id.slice(1)))
        expect(rest).toEqual([...rest].sort((a, b) => a - b))
        for (const { id, msgType } of wire) {
          const of = steps[Number(id.slice(1))]
          if (msgType !== 'F' || of?.what !== 'send') continue
          const target = given[of.of % Math.max(1, given.indexOf(id))]
          if (target !== undefined && ids.includes(target) && target !== id)
            expect(ids.indexOf(target)).toBeLessThan(ids.indexOf(id))
        }
        // Never more than the limit, whatever window.
        const burst = outboundLimit.burst ?? Math.ceil(outboundLimit.messagesPerSecond)
        wire.forEach((one, first) => {
          for (let last = first; last < wire.length; last++) {
            const seconds = ((wire[last]?.mono ?? 0) - one.mono) / 1000
            expect(last - first + 1).toBeLessThanOrEqual(burst + seconds * outboundLimit.messagesPerSecond + 1e-6)
          }
        })
      }),
      { numRuns: 300 }
    )
  })
})
