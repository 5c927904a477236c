import { describe, expect, it } from 'vitest'
import { FixMessage } from '../../lib/fix/message.js'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'

const hour = 3600
const theirLogon = '35=A|34=1|98=0|108=30'

/** An acceptor whose messages wait for a logon. */
function queueing(options: CoreSessionOptions = {}): CoreSession {
  return new CoreSession({ sendWhileLoggedOff: 'queue', ...options })
}

const send = (session: CoreSession, clOrdId: string, msgType = 'D') => session.send(msgType, { 11: clOrdId })
const sentOrDropped = ({ events }: CoreSession) => events.filter((event) => /^(sent|dropped)/.test(event))
const refusal = (session: CoreSession, message: FixMessage): string | undefined => {
  try {
    session.core.send(message, session.now)
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a message that is sent while nobody is logged on', () => {
  it('is refused where nothing else is said', () => {
    const session = new CoreSession().link()
    expect(refusal(session, new FixMessage('D', { 11: 'A' }))).toBe('NOT_LOGGED_ON')
    session.receive(theirLogon)
    expect(session.sent()).toEqual(['35=A|34=1|98=0|108=30'])
  })

  it('waits, and goes out behind the Logon, in the order in which it came', () => {
    const session = queueing()
    expect([send(session, 'A'), send(session, 'B', 'F')]).toEqual([undefined, undefined])
    expect([session.core.nextNumOut, session.stored.size, sentOrDropped(session)]).toEqual([1, 0, []])
    session.link().receive(theirLogon)
    expect(session.sent()).toEqual(['35=A|34=1|98=0|108=30', '35=D|34=2|11=A', '35=F|34=3|11=B'])
    expect(session.events).toEqual(['connect', 'logon', 'sent 2 A', 'sent 3 B'])
    expect([...session.stored.keys()]).toEqual([1, 2, 3])
    expect(send(session, 'C')).toBe(4)
  })

  it.each(['disconnected', 'connecting', 'signingLogon', 'logonSent', 'logoutSent'] as const)(
    'waits in phase %s',
    (phase) => {
      const session = queueing({ role: 'initiator', parts: { asksSignature: phase === 'signingLogon' } })
      if (phase === 'connecting') session.do((core, now) => core.connect(now))
      if (phase === 'signingLogon' || phase === 'logonSent') session.link()
      if (phase === 'logoutSent') session.logOn().do((core, now) => core.logout(undefined, now))
      expect(session.core.phase.name).toBe(phase)
      expect(send(session, 'A')).toBeUndefined()
    }
  )

  it('waits for the next logon when it came during a logout', () => {
    const session = queueing().logOn()
    session.do((core, now) => core.logout(undefined, now))
    expect(send(session, 'A')).toBeUndefined()
    session.receive('35=5|34=2')
    session.sent()
    session.do((core, now) => core.connected(now)).receive('35=A|34=3|98=0|108=30')
    expect(session.sent()).toEqual(['35=A|34=3|98=0|108=30', '35=D|34=4|11=A'])
  })

  it('is a copy: the application may go on with its own', () => {
    const session = queueing()
    const order = new FixMessage('D', { 11: 'A' })
    session.core.send(order, session.now)
    order.set(11, 'B', { replace: true })
    session.core.send(order, session.now)
    session.link().receive(theirLogon)
    expect(session.sent().slice(1)).toEqual(['35=D|34=2|11=A', '35=D|34=3|11=B'])
  })

  it('is refused where it could not be sent anyhow', () => {
    const session = queueing()
    expect(refusal(session, new FixMessage('0'))).toBe('NOT_LOGGED_ON')
    expect(refusal(session, new FixMessage('3', { 45: '1' }))).toBe('NOT_LOGGED_ON')
    const failing = queueing({
      parts: {
        encode: () => {
          throw new Error('no')
        }
      }
    })
    expect(() => failing.core.send(new FixMessage('D'), failing.now)).toThrow('no')
    expect(failing.core.deadline()).toBeUndefined()
  })

  it('is dropped when it can no longer be encoded, and those behind it go out', () => {
    const session = queueing()
    let fails = false
    const encode = session.core.parts.encode
    const picky = queueing({
      parts: {
        encode: (message, header) => {
          if (fails && message.get(11) === 'A') throw new Error('no')
          return encode(message, header)
        }
      }
    })
    send(picky, 'A')
    send(picky, 'B')
    fails = true
    picky.link().receive(theirLogon)
    expect(sentOrDropped(picky)).toEqual(['dropped NOT_ENCODED A', 'sent 2 B'])
    expect(picky.core.nextNumOut).toBe(3)
  })
})

describe('what waits when logons have been exchanged', () => {
  it('goes out although a gap is open', () => {
    const session = queueing()
    send(session, 'A')
    session.link().receive('35=A|34=9|98=0|108=30')
    expect(session.sent()).toEqual(['35=A|34=1|98=0|108=30', '35=2|34=2|7=1|16=0', '35=D|34=3|11=A'])
  })

  it('goes out behind a resend that the Logon asks for, in the order of its numbers', () => {
    const session = queueing({ nextNumOut: 3, sendNextExpectedMsgSeqNum: true })
    session.withhold('readJournal')
    send(session, 'A')
    session.link().receive('35=A|34=1|98=0|108=30|789=1')
    expect(session.events.at(-1)).toBe('sent 4 A')
    expect(session.sent()).toEqual(['35=A|34=3|98=0|108=30|789=2'])
    session.answer('readJournal')
    expect(session.sent().map((text) => text.slice(0, 9))).toEqual(['35=4|34=1', '35=D|34=4'])
  })

  it('is before what a listener of logon sends', () => {
    const session = queueing()
    send(session, 'A')
    session.link()
    const { core, now } = session
    core.message(received(session, theirLogon), now)
    // The shell carries out the effects only now, the event among them.
    expect(core.send(new FixMessage('D', { 11: 'B' }), now)).toBe(3)
    session.do(() => {})
    expect(session.sent()).toEqual(['35=A|34=1|98=0|108=30', '35=D|34=2|11=A', '35=D|34=3|11=B'])
  })

  it('goes out once', () => {
    const session = queueing()
    send(session, 'A')
    session.logOn().cut()
    session.do((core, now) => core.connected(now)).receive('35=A|34=2|98=0|108=30')
    expect(session.sent()).toEqual(['35=A|34=3|98=0|108=30'])
  })
})

describe('what waits too long', () => {
  const ages = { maxMessageAge: 60, maxMessageAges: { D: 5, N: 0 } }

  it('is dropped at its time, by type, and told', () => {
    const session = queueing(ages)
    send(session, 'A')
    send(session, 'F', 'F')
    session.pass(4.999)
    expect(session.events).toEqual([])
    session.pass(0.001)
    expect(session.events).toEqual(['dropped STALE A'])
    session.pass(54.999)
    expect(session.events).toEqual(['dropped STALE A'])
    session.pass(0.001)
    expect(session.events).toEqual(['dropped STALE A', 'dropped STALE F'])
    expect(session.core.deadline()).toBeUndefined()
    session.logOn()
    expect(session.core.nextNumOut).toBe(2)
  })

  it('is each told apart by when it came', () => {
    const session = queueing(ages)
    send(session, 'A')
    session.pass(3)
    send(session, 'B')
    session.pass(3).link().receive(theirLogon)
    expect(sentOrDropped(session)).toEqual(['dropped STALE A', 'sent 2 B'])
  })

  it('may be none: age 0 is refused at once', () => {
    const session = queueing(ages)
    expect(refusal(session, new FixMessage('N'))).toBe('NOT_LOGGED_ON')
    expect(refusal(queueing({ maxMessageAge: 0 }), new FixMessage('D'))).toBe('NOT_LOGGED_ON')
  })

  it('is seen by the clock on the wall too, where the other one stood still', () => {
    const session = queueing(ages)
    send(session, 'A')
    session.now = { wall: session.now.wall + hour * 1000, mono: session.now.mono }
    session.link().receive(theirLogon)
    expect(sentOrDropped(session)).toEqual(['dropped STALE A'])
  })

  it('is not kept longer by a clock that is set back', () => {
    const session = queueing(ages)
    send(session, 'A')
    session.now = { wall: session.now.wall - hour * 1000, mono: session.now.mono }
    session.pass(5)
    expect(sentOrDropped(session)).toEqual(['dropped STALE A'])
  })

  it('is nothing where no age is given', () => {
    const session = queueing()
    send(session, 'A')
    expect(session.core.deadline()).toBeUndefined()
    session
      .pass(1000 * hour)
      .link()
      .receive(theirLogon)
    expect(sentOrDropped(session)).toEqual(['sent 2 A'])
  })

  it('does not read types off a prototype', () => {
    const session = queueing({ maxMessageAges: { D: 5 } })
    expect(send(session, 'A', 'constructor')).toBeUndefined()
    expect(session.core.deadline()).toBeUndefined()
  })
})

describe('the number of messages that wait', () => {
  it('is limited', () => {
    const session = queueing({ maxQueued: 2 })
    send(session, 'A')
    send(session, 'B')
    expect(refusal(session, new FixMessage('D', { 11: 'C' }))).toBe('QUEUE_FULL')
    session.link().receive(theirLogon)
    expect(sentOrDropped(session)).toEqual(['sent 2 A', 'sent 3 B'])
    session.cut()
    expect(send(session, 'D')).toBeUndefined()
  })

  it('has a default', () => {
    const session = queueing()
    for (let n = 0; n < 1000; n++) send(session, String(n))
    expect(refusal(session, new FixMessage('D'))).toBe('QUEUE_FULL')
  })

  it('is limited by their bytes too', () => {
    const session = queueing({ maxOutboundBuffer: 1000 })
    const big = () => new FixMessage('D', { 58: 'x'.repeat(350) })
    expect([1, 2, 3].map(() => refusal(session, big()))).toEqual([undefined, undefined, 'QUEUE_FULL'])
  })

  it('does not count what has waited too long', () => {
    const session = queueing({ maxQueued: 1, maxMessageAge: 5 })
    send(session, 'A')
    session.now = { wall: session.now.wall + 5000, mono: session.now.mono }
    expect(send(session, 'B')).toBeUndefined()
    expect(session.events).toEqual(['dropped STALE A'])
  })
})

describe('what waits', () => {
  it('is dropped when it is given up', () => {
    const session = queueing({ maxMessageAge: 60 })
    send(session, 'A')
    session.do((core, now) => core.abandonQueue({ code: 'STOPPED', text: 'stopped' }, now))
    expect(session.events).toEqual(['dropped STOPPED A'])
    expect(session.core.deadline()).toBeUndefined()
    session.logOn()
    expect(session.core.nextNumOut).toBe(2)
  })

  it('outlives a reset of the numbers, since it has none', () => {
    const session = queueing({ nextNumOut: 50 })
    send(session, 'A')
    session.do((core, now) => core.resetSeqNums(now))
    session.link().receive(theirLogon)
    expect(session.sent().at(-1)).toBe('35=D|34=2|11=A')
  })
})

describe('a ResendRequest for messages that have become stale', () => {
  const asked: string[] = []

  function resent(options: CoreSessionOptions, seconds: number): string[] {
    const session = new CoreSession({ heartBtInt: 0, ...options }).logOn('35=A|34=1|98=0|108=0')
    asked.length = 0
    session.shouldReplay = (message) => {
      asked.push(message.get(11) ?? '')
      return true
    }
    send(session, 'old')
    send(session, 'cancel', 'F')
    session.pass(seconds)
    send(session, 'new')
    session.sent()
    session.receive('35=2|34=2|7=1|16=0')
    return session.sent().map((text) => text.replace(/\|(43|122)=[^|]*/g, ''))
  }

  it('is answered by a GapFill for them, without asking shouldReplay', () => {
    expect(resent({ maxMessageAge: 60, maxMessageAges: { D: 5 } }, 5)).toEqual([
      '35=4|34=1|36=3|123=Y',
      '35=F|34=3|11=cancel',
      '35=D|34=4|11=new'
    ])
    expect(asked).toEqual(['cancel', 'new'])
  })

  it('resends what is younger', () => {
    expect(resent({ maxMessageAge: 5 }, 4.999)).toHaveLength(4)
    expect(resent({ maxMessageAge: 5 }, 5)).toEqual(['35=4|34=1|36=4|123=Y', '35=D|34=4|11=new'])
  })

  it('never resends what may have no age', () => {
    expect(resent({ maxMessageAges: { D: 0 } }, 0)).toEqual([
      '35=4|34=1|36=3|123=Y',
      '35=F|34=3|11=cancel',
      '35=4|34=4|36=5|123=Y'
    ])
  })

  it('goes on behind a page of which all is stale', () => {
    const session = new CoreSession({ heartBtInt: 0, maxMessageAge: 5 }).logOn('35=A|34=1|98=0|108=0')
    session.pageSize = 2
    for (const id of ['a', 'b', 'c', 'd']) send(session, id)
    session.pass(5)
    send(session, 'e')
    session.sent()
    session.receive('35=2|34=2|7=2|16=0')
    expect(session.sent().map((text) => text.replace(/\|(43|122)=[^|]*/g, ''))).toEqual([
      '35=4|34=2|36=6|123=Y',
      '35=D|34=6|11=e'
    ])
    expect(session.logged.filter((text) => text.includes('too old'))).toHaveLength(2)
  })

  it('resends all where no age is given', () => {
    expect(resent({}, 1000 * hour)).toHaveLength(4)
  })
})

function received(session: CoreSession, text: string): FixMessage {
  const message = session.codec.decode(session.text.bytes(text, session.now.wall))
  if (message.garbled) throw new Error(message.text)
  return message
}
