import { describe, expect, it } from 'vitest'
import { type FixMessage, ListenerError, type SessionConfig } from '../../lib/index.js'
import { converse } from '../support/conversation.js'
import { clOrdIds, order, report, TwoSessions } from '../support/two-sessions.js'

/** DESIGN, law 3: at least once in. */

async function desk(config: Partial<SessionConfig> = {}) {
  const conversation = await converse({}, config)
  conversation.trace.length = 0
  return conversation
}

describe('a message and its listeners', () => {
  it('is counted only after the last of them has returned', async () => {
    const { two, broker, buySide } = await desk()
    const expected: number[] = []
    buySide.on('message', () => expected.push(buySide.nextNumIn))
    buySide.on('message', () => expected.push(buySide.nextNumIn))
    broker.send(report('A'))
    broker.send(report('B'))
    await two.settle()
    expect(expected).toEqual([2, 2, 3, 3])
    expect(buySide.nextNumIn).toBe(4)
  })

  it('comes once and in order, whatever the listeners do meanwhile', async () => {
    const { two, broker, buySide } = await desk()
    const seen: (string | undefined)[] = []
    buySide.on('message', (message) => {
      seen.push(message.get(11))
      buySide.send(order(`answer to ${message.get(11)}`))
    })
    for (const id of ['A', 'B', 'C']) broker.send(report(id))
    await two.settle()
    expect(seen).toEqual(['A', 'B', 'C'])
    expect(clOrdIds(broker.seen.messages)).toEqual(['answer to A', 'answer to B', 'answer to C'])
  })

  it('stays valid as long as somebody keeps it', async () => {
    const { two, broker, buySide } = await desk()
    for (let n = 0; n < 50; n++) broker.send(report(`R-${n}`))
    await two.settle()
    const [first] = buySide.seen.messages
    for (let n = 0; n < 20_000; n++) broker.send(report(`S-${n}`))
    await two.settle()
    expect(first?.get(11)).toBe('R-0')
    expect(first?.msgSeqNum).toBe(2)
  })

  it('is saved, and told once in the log, when nobody listens', async () => {
    const two = new TwoSessions()
    const warnings: string[] = []
    const logger = {
      debug() {},
      info() {},
      warn: (...args: unknown[]) => warnings.push(String(args.at(-1))),
      error() {}
    }
    const { broker, buySide } = await two.loggedOn(two.acceptor(), two.initiator({}, { logger }))
    buySide.removeAllListeners('message')
    broker.send(report('A'))
    broker.send(report('B'))
    await two.settle()
    expect(buySide.nextNumIn).toBe(4)
    expect(warnings.filter((line) => line.includes('nobody listens'))).toHaveLength(1)
  })
})

describe('a listener that throws', () => {
  it('does not keep the others from running, and is an error event with the message', async () => {
    const { two, broker, buySide } = await desk()
    const ran: string[] = []
    const bug = new Error('bug')
    buySide.on('message', () => {
      ran.push('first')
      throw bug
    })
    buySide.on('message', () => ran.push('second'))
    broker.send(report('A'))
    await two.settle()
    expect(ran).toEqual(['first', 'second'])
    const [error] = buySide.seen.errors
    expect(error).toBeInstanceOf(ListenerError)
    expect(error).toMatchObject({ code: 'LISTENER_FAILED', event: 'message', cause: bug })
    expect((error as ListenerError).fixMessage?.get(11)).toBe('A')
    expect(error?.message).toContain('MsgType(35)=8 MsgSeqNum(34)=2')
  })

  it('of any event is an error event, and the session goes on', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const buySide = two.initiator()
    const events = ['connect', 'logon', 'message', 'stateChange', 'sent', 'logout', 'disconnect', 'reject'] as const
    for (const event of events) {
      buySide.on(event, () => {
        throw new Error(event)
      })
    }
    await two.loggedOn(broker, buySide)
    buySide.send(order('A'))
    broker.send(report('B'))
    await two.settle()
    const [refused] = broker.seen.messages
    if (refused !== undefined) broker.reject(refused)
    await two.settle()
    expect(buySide.state).toBe('Active')
    void buySide.logout()
    await two.settle()
    const failed = new Set(buySide.seen.errors.map((error) => (error as ListenerError).event))
    expect([...failed].sort()).toEqual(['disconnect', 'logout', 'message', 'reject', 'sent', 'stateChange'])
  })

  it('of error itself goes to the log, and does not go round in circles', async () => {
    const two = new TwoSessions()
    const logged: unknown[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (...args: unknown[]) => logged.push(args.at(-1)) }
    const { broker, buySide } = await two.loggedOn(two.acceptor(), two.initiator({}, { logger }))
    buySide.on('error', () => {
      throw new Error('worse')
    })
    buySide.on('message', () => {
      throw new Error('bad')
    })
    broker.send(report('A'))
    await two.settle()
    expect(logged).toEqual(["A listener of 'error' failed."])
    expect(buySide.seen.errors).toHaveLength(1)
    expect(buySide.state).toBe('Active')
  })

  it('is logged when nobody listens to error', async () => {
    const two = new TwoSessions()
    const logged: unknown[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (...args: unknown[]) => logged.push(args.at(-1)) }
    const { broker, buySide } = await two.loggedOn(two.acceptor(), two.initiator({}, { logger }))
    buySide.removeAllListeners('error')
    buySide.on('message', () => {
      throw new Error('bad')
    })
    broker.send(report('A'))
    await two.settle()
    expect(logged).toEqual([expect.stringContaining("A listener of 'message' failed")])
  })

  it('may throw anything', async () => {
    const { two, broker, buySide } = await desk()
    const things = [
      undefined,
      null,
      'text',
      42,
      Object.create(null),
      {
        toString: () => {
          throw new Error('no')
        }
      }
    ]
    buySide.on('message', () => {
      throw things.shift()
    })
    for (let n = 0; n < 6; n++) broker.send(report(String(n)))
    await two.settle()
    expect(buySide.seen.errors).toHaveLength(6)
    expect(buySide.nextNumIn).toBe(8)
  })
})

describe('a listener whose promise rejects', () => {
  it('is caught, and an error event with the message', async () => {
    const { two, broker, buySide } = await desk()
    const bug = new Error('later')
    buySide.on('message', async () => {
      await Promise.resolve()
      throw bug
    })
    broker.send(report('A'))
    await two.settle()
    expect(buySide.seen.errors).toMatchObject([{ code: 'LISTENER_FAILED', cause: bug }])
    expect((buySide.seen.errors[0] as ListenerError).fixMessage?.get(11)).toBe('A')
    expect([buySide.state, buySide.nextNumIn]).toEqual(['Active', 3])
  })
})

describe('onListenerError', () => {
  const failing = {
    'at once': () => {
      throw new Error('bug')
    },
    'by its promise': async () => {
      throw new Error('bug')
    }
  }

  describe.each(Object.entries(failing))('where a listener fails %s', (when, listener) => {
    it('continue: the message counts, and nothing is said', async () => {
      const { two, broker, buySide } = await desk({ onListenerError: 'continue' })
      buySide.on('message', listener)
      broker.send(report('A'))
      await two.settle()
      expect([buySide.state, buySide.nextNumIn, buySide.nextNumOut]).toEqual(['Active', 3, 2])
    })

    it('reject: it counts, and BusinessMessageReject(j) says so', async () => {
      const { two, broker, buySide } = await desk({ onListenerError: 'reject' })
      buySide.on('message', listener)
      broker.send(report('A'))
      await two.settle()
      expect([buySide.state, buySide.nextNumIn]).toEqual(['Active', 3])
      const [reject] = broker.seen.messages
      expect([35, 45, 372].map((tag) => reject?.get(tag))).toEqual(['j', '2', '8'])
    })

    it('disconnect: the link is closed', async () => {
      const { two, broker, buySide } = await desk({ onListenerError: 'disconnect' })
      buySide.once('message', listener)
      broker.send(report('A'))
      broker.send(report('B'))
      await two.settle()
      expect(buySide.seen.events).toContain('disconnect LISTENER_FAILED')
      await two.pass(2)
      expect(buySide.state).toBe('Active')
      // At once: not counted, and seen again. By its promise: it was counted, and later ones may have been seen.
      const seen = buySide.seen.messages.map((message) => `${message.get(11)}${message.get(43) ?? ''}`)
      expect(seen).toEqual(when === 'at once' ? ['A', 'AY', 'BY'] : ['A', 'B'])
    })
  })
})

describe('listeners come and go', () => {
  it('as those of Node’s emitters do', async () => {
    const { two, broker, buySide } = await desk()
    const heard: string[] = []
    const listener = (message: FixMessage) => void heard.push(`on ${message.get(11)}`)
    buySide.on('message', listener)
    buySide.once('message', (message) => void heard.push(`once ${message.get(11)}`))
    expect(buySide.listenerCount('message')).toBe(3)
    expect(buySide.listeners('message')).toContain(listener)
    broker.send(report('A'))
    await two.settle()
    expect(buySide.listenerCount('message')).toBe(2)
    buySide.off('message', listener)
    broker.send(report('B'))
    await two.settle()
    expect(heard).toEqual(['on A', 'once A'])
  })

  it('added twice is called twice, and removed one by one, the latest first', async () => {
    const { two, broker, buySide } = await desk()
    let calls = 0
    const listener = () => {
      calls++
    }
    buySide.on('message', listener).once('message', listener).on('message', listener)
    buySide.off('message', listener)
    broker.send(report('A'))
    await two.settle()
    expect(calls).toBe(2)
    broker.send(report('B'))
    await two.settle()
    expect(calls).toBe(3)
    buySide.removeListener('message', listener).removeListener('message', listener)
    expect(buySide.listeners('message')).not.toContain(listener)
  })
})
